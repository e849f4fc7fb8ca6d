"""How an answer is begun and completed, on invented cards where every score is known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pytest

from assistant.answering.completing import MOST_ADDED, ROOM
from assistant.answering.composing import MOST_SEEN, Composer
from assistant.answering.drafting import Draft
from assistant.answering.shelf import Shelf
from assistant.domain import (
    USUAL_ROOM,
    Card,
    CardKind,
    CardSection,
    Catalogue,
    Chunk,
    Claim,
    ClaimForm,
    Filters,
    Findings,
    Intent,
    Language,
    Passage,
    Query,
    Reference,
    SectionRole,
    Statement,
)
from tests.answering.cards import Words

QUESTION = "brug?"
EVERYWHERE = Filters()
SECOND, THIRD, FOURTH, ADVICE, ASIDE = "Kenmerken", "Feiten", "Valkuilen", "Wat helpt", "Grenzen"


def sentence(name: str, length: int = 10) -> str:
    """Return a sentence of so many words, that shares none with a sentence of another name."""
    return " ".join(f"{name}{number:03}" for number in range(length)) + "."


ROLES = {"Wat helpt": SectionRole.APPROACH, "Grenzen": SectionRole.LIMITS}
"""Sections that give advice, and that say nothing about a situation; all others state facts."""


def card_of(id_: str, sections: dict[str, list[str]], sources: Mapping[str, str] = {}) -> Card:
    """Return a card; a text with a bold lead is an item, and ``sources`` are by heading."""
    built: list[CardSection] = []
    position = 0
    for heading, texts in sections.items():
        statements: list[Statement] = []
        for text in texts:
            position += 1
            is_item = text.startswith("**")
            cited = (Reference(sources.get(heading, "boek"), "Deel"),)
            statements.append(Statement(f"{id_}#{position}", text, None, is_item, cited, position))
        role = ROLES.get(heading, SectionRole.FACTS)
        built.append(CardSection(heading, role, False, tuple(statements)))
    return Card(id_, CardKind.CONCEPT, f"{id_}titel", (), None, (), (), tuple(built))


def compose(
    cards: Iterable[Card],
    found: dict[tuple[str, str], float],
    *,
    intent: Intent = Intent.SITUATION,
    closeness: dict[str, float] | None = None,
    filters: Filters = EVERYWHERE,
    room: int = USUAL_ROOM,
) -> list[Claim]:
    """Compose with passages whose scores are given by card and heading."""
    known = {card.id: card for card in cards}
    passages = tuple(
        Passage(Chunk(f"{id_}/{heading}", "", "", "begrip", heading, ("boek",), id_), score)
        for (id_, heading), score in sorted(found.items(), key=lambda entry: -entry[1])
    )
    near = {statement.id: 0.8 for card in known.values() for statement in card.statements}
    findings = Findings(passages, 0.9, 1.0, (), near | (closeness or {}))
    shelf = Shelf(Catalogue({}, known, {}, {}), Words())
    query = Query(QUESTION, Language.DUTCH, intent, filters, room=room)
    return list(Composer(shelf).compose(query, findings))


def ids(claims: Iterable[Claim]) -> list[str]:
    return [cited for claim in claims for cited in claim.cites]


def words(claims: Iterable[Claim]) -> int:
    return sum(len(claim.text.split()) for claim in claims)


def test_a_situation_opens_with_what_suits_it_best_and_needs_no_core() -> None:
    cards = [
        card_of("anker", {"Kern": [sentence("aaa")], SECOND: [sentence("bbb")]}),
        card_of("boei", {"Kern": [sentence("ccc"), sentence("ddd")], SECOND: [sentence("eee")]}),
    ]
    assert ids(compose(cards, {("boei", SECOND): 0.9, ("anker", "Kern"): 0.2})) == ["boei#3"]


def test_a_situation_ends_with_the_advice_of_the_nearest_cards() -> None:
    cards = [
        card_of("anker", {"Kern": [sentence("aaa")], SECOND: [sentence("bbb")], ADVICE: [sentence("ccc")]}),
        card_of("boei", {"Kern": [sentence("ddd")], ADVICE: [sentence("eee"), sentence("fff")]}),
    ]
    claims = compose(cards, {("anker", SECOND): 0.9, ("boei", "Kern"): 0.5})
    assert ids(claims) == ["anker#2", "anker#3", "boei#2", "boei#3"]
    assert claims[1].form is claims[2].form is ClaimForm.PARAGRAPH


def test_a_situation_is_not_told_what_the_texts_leave_aside() -> None:
    card = card_of("anker", {"Kern": [sentence("aaa")], ASIDE: [sentence("bbb")]})
    assert ids(compose([card], {("anker", "Kern"): 0.6, ("anker", ASIDE): 0.6}))[:1] == ["anker#1"]


def test_advice_for_which_there_is_no_room_is_left_out_whole() -> None:
    long = [sentence(letter * 3, 40) for letter in "bcd"]
    card = card_of("anker", {"Kern": [sentence("aaa")], ADVICE: long})
    assert ids(compose([card], {("anker", "Kern"): 0.9})) == ["anker#1"]


def test_a_situation_for_which_nothing_is_found_gets_no_answer() -> None:
    assert compose([card_of("anker", {"Kern": [sentence("aaa")]})], {}) == []


def test_of_a_long_section_that_suits_a_situation_a_few_statements_are_told() -> None:
    texts = [sentence(letter * 3, 29) for letter in "bcdef"]
    claims = compose([card_of("anker", {"Kern": [sentence("aaa")], SECOND: texts})], {("anker", SECOND): 0.9})
    assert ids(claims) == [f"anker#{number}" for number in range(2, 2 + MOST_SEEN)]
    assert words(claims) <= ROOM[Intent.SITUATION]


@pytest.mark.parametrize(
    ("intent", "room"),
    [
        (Intent.DEFINITION, USUAL_ROOM),
        *((intent, ROOM[intent]) for intent in (Intent.FACT, Intent.SITUATION)),
    ],
)
def test_an_answer_is_completed_as_far_as_its_room_goes(intent: Intent, room: int) -> None:
    texts = [sentence(letter * 3, 15) for letter in "bcdefghijklm"]
    card = card_of("anker", {"Kern": [sentence("aaa")], SECOND: texts})
    claims = compose([card], {("anker", SECOND): 0.9}, intent=intent)
    assert room - 15 < words(claims) <= room <= USUAL_ROOM


@pytest.mark.parametrize("room", [70, 280])
def test_an_answer_that_may_have_more_or_less_room_is_completed_as_far_as_that(room: int) -> None:
    texts = [sentence(letter * 3, 15) for letter in "bcdefghijklm"]
    cards = [card_of("anker", {"Kern": texts[:1]}), card_of("boei", {"Kern": texts[1:]})]
    found = {("anker", "Kern"): 1.0, ("boei", "Kern"): 0.85}
    claims = compose(cards, found, intent=Intent.DEFINITION, room=room)
    assert len(claims) == min(1 + MOST_ADDED, room // 15)


def test_no_more_than_a_few_statements_complete_an_answer() -> None:
    texts = [sentence(letter * 3, 4) for letter in "bcdefghijklmnop"]
    others = card_of("boei", {"Kern": texts})
    cards = [card_of("anker", {"Kern": [sentence("aaa")]}), others]
    claims = compose(cards, {("anker", "Kern"): 1.0, ("boei", "Kern"): 0.85}, intent=Intent.FACT)
    assert len(claims) == 1 + MOST_ADDED


def test_what_is_said_is_not_said_again_in_nearly_the_same_words() -> None:
    said = sentence("aaa")
    again = said.replace("aaa009.", "anders.")
    other, almost_other = sentence("bbb"), sentence("bbb").replace("bbb000", "anders")
    cards = [
        card_of("anker", {"Kern": [said]}),
        card_of("boei", {"Kern": [again, other]}),
        card_of("cape", {"Kern": [almost_other, sentence("ccc")]}),
    ]
    found = {("anker", "Kern"): 0.9, ("boei", "Kern"): 0.8, ("cape", "Kern"): 0.7}
    assert ids(compose(cards, found)) == ["anker#1", "boei#2", "cape#2"]


def test_statements_that_are_alike_take_room_once() -> None:
    alike = card_of("boei", {"Kern": [sentence("bbb", 4)] * (MOST_ADDED + 1)})
    cards = [
        card_of("anker", {"Kern": [sentence("aaa")]}),
        alike,
        card_of("cape", {"Kern": [sentence("ccc")]}),
    ]
    found = {("anker", "Kern"): 1.0, ("boei", "Kern"): 0.9, ("cape", "Kern"): 0.8}
    assert ids(compose(cards, found)) == ["anker#1", "boei#1", "cape#1"]


def test_neither_what_leads_a_list_nor_an_item_completes_an_answer() -> None:
    led = card_of("boei", {"Kern": [sentence("bbb"), f"**Een.** {sentence('ccc')}", sentence("ddd")]})
    claims = compose(
        [card_of("anker", {"Kern": [sentence("aaa")]}), led], {("anker", "Kern"): 1.0, ("boei", "Kern"): 0.9}
    )
    assert ids(claims) == ["anker#1", "boei#3"]


def test_statements_of_one_section_stay_together_in_its_order() -> None:
    cards = [
        card_of("anker", {"Kern": [sentence("aaa")]}),
        card_of("boei", {"Kern": [sentence(letter * 3) for letter in "bcd"], SECOND: [sentence("eee")]}),
    ]
    found = {("anker", "Kern"): 1.0, ("boei", "Kern"): 0.77, ("boei", SECOND): 0.76}
    closeness = {"boei#3": 0.82, "boei#4": 0.81, "boei#1": 0.79}
    claims = compose(cards, found, closeness=closeness)
    assert ids(claims) == ["anker#1", "boei#1", "boei#2", "boei#3", "boei#4"]
    assert [claim.form for claim in claims[1:]] == [
        ClaimForm.PARAGRAPH,
        ClaimForm.SENTENCE,
        ClaimForm.SENTENCE,
        ClaimForm.PARAGRAPH,
    ]


def test_the_section_of_the_nearest_statement_completes_first() -> None:
    cards = [
        card_of("anker", {"Kern": [sentence("aaa")]}),
        card_of("boei", {"Kern": [sentence("bbb")], SECOND: [sentence("ccc")], THIRD: [sentence("ddd")]}),
    ]
    found = {("anker", "Kern"): 1.0, ("boei", THIRD): 0.8, ("boei", "Kern"): 0.7, ("boei", SECOND): 0.75}
    assert ids(compose(cards, found)) == ["anker#1", "boei#3", "boei#2", "boei#1"]


def test_what_suits_the_question_much_less_well_is_left_out() -> None:
    cards = [
        card_of("anker", {"Kern": [sentence("aaa")]}),
        card_of("boei", {"Kern": [sentence("bbb")]}),
        card_of("cape", {"Kern": [sentence("ccc")]}),
    ]
    claims = compose(cards, {("anker", "Kern"): 1.0, ("boei", "Kern"): 0.75, ("cape", "Kern"): 0.65})
    assert ids(claims) == ["anker#1", "boei#1"]


def test_statements_that_a_filter_keeps_out_take_no_room() -> None:
    others = [sentence(letter * 3, 12) for letter in "bcdefghijklm"]
    mixed = card_of("boei", {"Kern": others, FOURTH: [sentence("yyy")]}, {"Kern": "krant"})
    own = card_of("cape", {"Kern": [sentence("zzz")]})
    cards = [card_of("anker", {"Kern": [sentence("aaa")]}), mixed, own]
    found = {("anker", "Kern"): 1.0, ("boei", "Kern"): 0.9, ("cape", "Kern"): 0.75}
    claims = compose(cards, found, filters=Filters(sources=frozenset({"boek"})))
    assert ids(claims) == ["anker#1", "cape#1"]


def test_items_that_complete_an_answer_do_not_lengthen_the_list_of_another_section() -> None:
    asked = card_of("anker", {"Kern": [sentence("aaa"), *(f"**Een.** {sentence(x * 3)}" for x in "bc")]})
    other = card_of(
        "boei", {"Kern": [sentence("ddd")], SECOND: [f"**Twee.** {sentence(x * 3)}" for x in "ef"]}
    )
    draft = Draft(Shelf(Catalogue({}, {asked.id: asked, other.id: other}, {}, {}), Words()), frozenset())
    draft.add_section(asked.sections[0])
    draft.add_some(other.sections[1].statements)
    draft.add_some([asked.sections[0].statements[0], *other.sections[0].statements])
    assert [claim.form for claim in draft.claims] == [
        ClaimForm.PARAGRAPH,
        ClaimForm.BULLET,
        ClaimForm.BULLET,
        ClaimForm.PARAGRAPH,
        ClaimForm.SENTENCE,
        ClaimForm.PARAGRAPH,
    ]


def test_items_behind_a_paragraph_are_bullets() -> None:
    card = card_of("anker", {"Kern": [sentence("aaa"), *(f"**Een.** {sentence(x * 3)}" for x in "bc")]})
    draft = Draft(Shelf(Catalogue({}, {card.id: card}, {}, {}), Words()), frozenset())
    draft.add_some(card.statements)
    forms = [claim.form for claim in draft.claims]
    assert forms == [ClaimForm.PARAGRAPH, ClaimForm.BULLET, ClaimForm.BULLET]


def test_a_statement_is_new_if_neither_the_answer_nor_the_others_say_it() -> None:
    card = card_of("anker", {"Kern": [sentence("aaa"), sentence("aaa"), sentence("bbb"), sentence("bbb")]})
    first, again, second, second_again = card.statements
    draft = Draft(Shelf(Catalogue({}, {card.id: card}, {}, {}), Words()), frozenset())
    draft.add_paragraph([first])
    assert not draft.is_new(again, [])
    assert draft.is_new(second, [])
    assert not draft.is_new(second_again, [second])


def test_what_was_said_is_not_said_again_in_pieces() -> None:
    first, second = sentence("aaa"), sentence("bbb")
    pieces = " ".join([*first.split()[:5], *second.split()[:5]])
    cards = [
        card_of("anker", {"Kern": [first, second]}),
        card_of("boei", {"Kern": [f"{pieces}.", sentence("ccc")]}),
    ]
    assert ids(compose(cards, {("anker", "Kern"): 1.0, ("boei", "Kern"): 0.9})) == [
        "anker#1",
        "anker#2",
        "boei#2",
    ]
