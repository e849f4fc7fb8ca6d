"""The composer on the shipped cards: each kind of question gets the form that suits it."""

from __future__ import annotations

import re
from itertools import groupby

import pytest

from assistant.answering.citations import CitationCheck
from assistant.answering.prompts import Texts
from assistant.answering.rendering import render_claim
from assistant.bootstrap import Assistant
from assistant.domain import (
    ORIGINAL,
    Answer,
    CheckedClaim,
    Claim,
    ClaimForm,
    Filters,
    Intent,
    PassagesFound,
    Question,
    Refusal,
    Support,
    outcome_of,
)
from assistant.settings import default_prompts

LIST_FORMS = (ClaimForm.BULLET, ClaimForm.NUMBERED)


def answer(assistant: Assistant, text: str) -> Answer:
    outcome = outcome_of(assistant.ask(Question(text)))
    assert isinstance(outcome, Answer), text
    return outcome


def cards_used(outcome: Answer) -> list[str]:
    return [claim.claim.cites[0].split("#")[0] for claim in outcome.claims]


def test_a_definition_opens_with_the_definition(from_cards: Assistant) -> None:
    outcome = answer(from_cards, "Wat is een grenswerker?")
    core = from_cards.catalogue.cards["grenswerker"].sections[0]
    assert outcome.claims[0].claim.text == core.statements[0].text


@pytest.mark.parametrize(
    ("question", "card"),
    [
        (
            "Welke vier fasen kent een waardengedreven alliantie?",
            "vier-fasen-van-een-waardengedreven-alliantie",
        ),
        ("Wat zijn de Rochdale-principes?", "rochdale"),
        ("Welke paradoxen spelen er in allianties?", "twaalf-paradoxen"),
    ],
)
def test_a_list_is_complete_and_in_its_own_order(from_cards: Assistant, question: str, card: str) -> None:
    forms = groupby(answer(from_cards, question).claims, key=lambda claim: claim.claim.form)
    runs = ([claim.claim.cites[0] for claim in claims] for form, claims in forms if form in LIST_FORMS)
    given = next(runs)
    lists = [
        [statement.id for statement in section.statements if statement.is_item]
        for section in from_cards.catalogue.cards[card].sections
    ]
    assert given
    assert given in lists


def test_a_contrast_of_one_side_with_something_else_does_not_open_a_comparison(from_cards: Assistant) -> None:
    virtual = "Een gewone en een virtuele joint venture verschillen"
    both = answer(from_cards, "Wat is het verschil tussen een joint venture en een virtuele joint venture?")
    other = answer(from_cards, "Wat is het verschil tussen een joint venture en een netwerk?")
    assert both.markdown.startswith(virtual)
    assert virtual not in other.markdown
    assert {"joint-venture", "netwerk"} <= {*cards_used(other)}


def test_a_comparison_names_both_sides(from_cards: Assistant) -> None:
    outcome = answer(from_cards, "Wat is het verschil tussen formeren en funderen?")
    used = cards_used(outcome)
    assert used[0] == "formeren"
    assert "funderen" in used
    assert used.count("formeren") + used.count("funderen") > len(used) / 2


@pytest.mark.parametrize(
    ("question", "sides"),
    [
        (
            "Past een joint venture of een contractuele alliantie beter bij ons?",
            ("joint-venture", "contractuele-alliantie"),
        ),
        ("Zet de gilden en de VOC naast elkaar", ("gilden", "voc")),
    ],
)
def test_two_sides_that_no_card_sets_side_by_side_are_both_told_of(
    from_cards: Assistant, question: str, sides: tuple[str, str]
) -> None:
    outcome = answer(from_cards, question)
    used = cards_used(outcome)
    assert outcome.query.intent is Intent.COMPARISON
    for side in sides:
        assert f"{side}#1" in [claim.claim.cites[0] for claim in outcome.claims]
    assert min(used.count(side) for side in sides) > 1


def test_advice_says_first_what_it_is_about(from_cards: Assistant) -> None:
    outcome = answer(from_cards, "Hoe houd je stabiliteit en wendbaarheid in balans?")
    assert set(cards_used(outcome)[:3]) == {"stabiliteit-en-wendbaarheid"}
    assert outcome.claims[0].claim.cites == ("stabiliteit-en-wendbaarheid#1",)


def test_signs_pitfalls_and_examples_come_from_the_sections_that_hold_them(from_cards: Assistant) -> None:
    assert "rangorde" in answer(from_cards, "Waaraan herken je de ontwikkelfase?").markdown
    assert "ASML" in answer(from_cards, "Geef een voorbeeld van een joint venture").markdown


def test_a_story_gets_the_tension_behind_it(from_cards: Assistant) -> None:
    story = (
        "Wij blijven onze partners maar analyseren en niemand neemt een besluit, terwijl de energie wegloopt "
        "uit de groep. Iedereen wil nog een rapport over de betrouwbaarheid van de ander."
    )
    outcome = answer(from_cards, story)
    assert outcome.query.intent is Intent.SITUATION
    used = cards_used(outcome)
    tension = "vertrouwen-op-gevoel-en-analyse"
    assert used.count(tension) > len(used) / 2
    back = from_cards.catalogue.cards[tension].question_back
    assert back is not None
    assert back in outcome.markdown


def test_nothing_is_said_twice(from_cards: Assistant) -> None:
    for card in from_cards.catalogue.cards.values():
        for question in card.questions[:1]:
            claims = [claim.claim.text for claim in answer(from_cards, question).claims]
            assert len(claims) == len(set(claims)), question


def test_an_english_question_is_answered_in_an_english_frame_around_dutch_quotes(
    from_cards: Assistant,
) -> None:
    outcome = answer(from_cards, "How do you deal with a paradox?")
    texts = Texts.read(default_prompts() / "answers.yaml")
    title = from_cards.catalogue.cards["omgaan-met-paradoxen"].title
    opening, _, quoted = outcome.markdown.partition("\n\n")
    assert opening == texts.render("english_how_to", topic=title)
    assert all(line.startswith(">") for line in quoted.splitlines())
    assert "> 1. **Uithouden.**" in quoted
    assert len(outcome.follow_ups) == 3
    assert all(re.match(r"(What|How|Which|Why)\b", question) for question in outcome.follow_ups)


def test_a_greeting_gets_a_greeting_and_no_citations(from_cards: Assistant) -> None:
    outcome = answer(from_cards, "Hallo!")
    assert outcome.citations == ()
    assert outcome.follow_ups


def test_how_people_ask_is_never_shown(from_cards: Assistant) -> None:
    sections = [section for card in from_cards.catalogue.cards.values() for section in card.sections]
    phrasings = [phrasing for section in sections for phrasing in section.phrasings]
    shown: set[str] = set()
    for section in sections[::4]:
        events = list(from_cards.ask(Question(section.phrasings[0])))
        shown.add(outcome_of(events).markdown)
        for event in events:
            if isinstance(event, PassagesFound):
                shown.update(passage.chunk.text for passage in event.passages)
            if isinstance(event, CheckedClaim):
                shown.update(citation.evidence.quote for citation in event.citations)
    text = "\n".join(sorted(shown)).casefold()
    assert [one for one in phrasings if one.casefold() in text] == []


@pytest.mark.originals
def test_every_passage_of_a_statement_gets_a_number_of_its_own(from_originals: Assistant) -> None:
    check = CitationCheck(from_originals.catalogue, {})
    in_one_section = [
        statement
        for card in from_originals.catalogue.cards.values()
        for statement in card.statements
        if len(statement.references) > len(set(statement.references))
    ]
    assert len(in_one_section) > 20
    for statement in in_one_section:
        (checked,) = check.check([Claim(statement.text, (statement.id,))])
        quotes = [citation.evidence.quote for citation in checked.citations]
        assert len(quotes) == len(set(quotes)) == len(statement.references), statement.id
        marks = "".join(f"[{number}]" for number in range(1, len(quotes) + 1))
        assert render_claim(checked).endswith(f" {marks}")


@pytest.mark.originals
def test_an_answer_lists_every_passage_of_a_statement(from_originals: Assistant) -> None:
    outcome = answer(from_originals, "Wat is calculatief vertrouwen?")
    (checked,) = [one for one in outcome.claims if one.claim.cites == ("calculatief-vertrouwen#3",)]
    one, other = checked.citations
    assert one.evidence.section == other.evidence.section
    assert one.evidence.quote != other.evidence.quote
    assert {one, other} <= set(outcome.citations)
    assert f"[{one.number}][{other.number}]" in outcome.markdown


@pytest.mark.originals
def test_what_only_the_original_says_is_quoted(from_originals: Assistant) -> None:
    filters = Filters(kinds=frozenset({ORIGINAL}))
    question = Question("Hoe begonnen CEMS en de GABV?", filters=filters)
    outcome = [event for event in from_originals.ask(question) if isinstance(event, Answer)][-1]
    assert {citation.support for citation in outcome.citations} == {Support.QUOTED}
    assert outcome.claims[0].claim.text.startswith("“")


@pytest.mark.parametrize(
    "filters",
    [Filters(sources=frozenset({"jansen-2004-alliantievertrouwen"})), Filters(kinds=frozenset({"begrip"}))],
)
def test_filters_hold_for_everything_in_the_answer(from_cards: Assistant, filters: Filters) -> None:
    question = Question("Wat is calculatief vertrouwen?", filters=filters)
    events = list(from_cards.ask(question))
    cards = from_cards.catalogue.cards
    for event in events:
        if isinstance(event, PassagesFound):
            assert all(
                passage.chunk.kind in (filters.kinds or {passage.chunk.kind}) for passage in event.passages
            )
        if isinstance(event, CheckedClaim):
            cited = {citation.evidence.source_id for citation in event.citations}
            assert not filters.sources or cited & filters.sources
            assert not filters.kinds or cards[event.claim.cites[0].split("#")[0]].kind in filters.kinds
    assert isinstance(events[-1], Answer)


def test_filters_that_leave_nothing_end_in_a_refusal(from_cards: Assistant) -> None:
    question = Question("Wat is calculatief vertrouwen?", filters=Filters(kinds=frozenset({ORIGINAL})))
    assert isinstance(list(from_cards.ask(question))[-1], Refusal)


@pytest.mark.parametrize("file", ["answers.yaml", "page.yaml"])
def test_every_first_question_is_answered(from_cards: Assistant, file: str) -> None:
    texts = Texts.read(default_prompts() / file)
    keys = [key for key in texts.entries if key.startswith("first_question") and not key.endswith("title")]
    offered = [question for key in keys for question in texts.render(key).splitlines()]
    assert len(offered) == 6
    for question in offered:
        answer(from_cards, question)


@pytest.mark.originals
def test_every_statement_of_every_card_passes_the_check_against_the_originals(
    from_originals: Assistant,
) -> None:
    check = CitationCheck(from_originals.catalogue, {})
    statements = [
        statement
        for card in from_originals.catalogue.cards.values()
        for section in card.sections
        for statement in section.statements
    ]
    withheld = [one.id for one in statements if not list(check.check([Claim(one.text, (one.id,))]))]
    assert withheld == []


def test_a_refusal_names_the_words_that_the_sources_lack_as_they_were_typed(from_cards: Assistant) -> None:
    refusal = outcome_of(from_cards.ask(Question("Wat is de hoofdstad van Australië?")))
    assert isinstance(refusal, Refusal)
    assert refusal.markdown.endswith("Dit komt er niet in voor: ‘hoofdstad’ en ‘Australië’.")


def test_a_refusal_repeats_few_words_and_no_markup(from_cards: Assistant) -> None:
    refusal = outcome_of(
        from_cards.ask(Question("<b>zxq</b> [zxr](http://zxs.nl) ![zxt](zxu) zxv zxw zxy " + "zx" * 200))
    )
    assert isinstance(refusal, Refusal)
    named = refusal.markdown.split("niet in voor: ")[1]
    assert named.count("‘") <= 5
    assert not set("<>[](!_*") & set(named)
