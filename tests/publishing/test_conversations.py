"""Tests of a conversation as a file: Markdown read by a parser, Word files opened again."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import docx
import pytest

from assistant.bootstrap import Assistant
from assistant.domain import (
    ORIGINAL,
    Answer,
    CardKind,
    Citation,
    Conversation,
    Ending,
    Evidence,
    Feedback,
    Filters,
    KeptExchange,
    Question,
    Span,
    Support,
    Verdict,
    outcome_of,
)
from assistant.errors import InvalidTexts
from assistant.publishing.conversations import conversation_markdown, write_conversation
from tests.publishing.examples import CATALOGUE, PROMPTS, TEXTS
from tests.publishing.hostile import NASTY
from tests.publishing.test_reading import active_in
from tests.publishing.test_word import text_of

WORD, MARKDOWN = PROMPTS / "conversation.docx", PROMPTS / "conversation.md.jinja"
QUOTED = Evidence("bron-a", "Groei", "Vertrouwen groeit langzaam.\n\nEcht waar.", Span(0, 39))
CARDED = Evidence("bron-b", "Fasen", "**Begin.** Partners zoeken hun doel.", None, "formeren")


def cited(number: int, evidence: Evidence) -> Citation:
    return Citation(number, evidence, Support.SUPPORTED)


def an_exchange(**changed: object) -> KeptExchange:
    """Return an exchange that was answered, with two sources."""
    answered = KeptExchange(
        "a1",
        "Hoe groeit vertrouwen?",
        Ending.ANSWERED,
        "Vertrouwen groeit **langzaam**. [1]\n\n1. Eerst een doel. [2]\n2. Dan de rest.\n\n- Los punt.",
        (),
        (cited(1, QUOTED), cited(2, CARDED)),
    )
    return replace(answered, **changed)  # type: ignore[arg-type]


def a_conversation(*exchanges: KeptExchange) -> Conversation:
    changed = datetime(2025, 3, 3, 12, tzinfo=UTC)
    return Conversation("g1", "Over vertrouwen", changed, exchanges or (an_exchange(),))


def as_markdown(conversation: Conversation) -> str:
    return conversation_markdown(conversation, CATALOGUE, MARKDOWN, TEXTS)


def as_word(conversation: Conversation) -> bytes:
    return write_conversation(conversation, CATALOGUE, WORD, TEXTS)


def shown(conversation: Conversation, kind: str) -> str:
    """Return the text of a conversation as a file of a kind; a mark that keeps to its word has a space."""
    if kind == "md":
        return as_markdown(conversation)
    return text_of(as_word(conversation)).replace("\N{NO-BREAK SPACE}", " ")


both = pytest.mark.parametrize("kind", ["md", "docx"])


def test_in_markdown_each_question_is_a_heading_over_its_answer_and_its_sources() -> None:
    assert as_markdown(a_conversation(an_exchange(), an_exchange(question="En dan?"))) == (
        "# Over vertrouwen\n\nGesprek met de alliantie-assistent, 3 maart 2025.\n\n"
        "Deze antwoorden komen van een geautomatiseerde assistent. Bij elk antwoord staan de bronnen waarop "
        "het rust. De citaten daaruit zijn van hun auteurs.\n\n"
        + "".join(
            f"## {question}\n\nVertrouwen groeit **langzaam**. [1]\n\n1. Eerst een doel. [2]\n2. Dan de rest."
            "\n\n- Los punt.\n\n### Bronnen bij dit antwoord\n\n"
            "1. Auteur 2004, Groei. “Vertrouwen groeit langzaam. Echt waar.”\n"
            "2. Bron & Zonen 2023, Fasen. Onze samenvatting: Begin. Partners zoeken hun doel.\n\n"
            for question in ("Hoe groeit vertrouwen?", "En dan?")
        )
        + "## Literatuur\n\n- Auteur, A. (2004). *Over vertrouwen*.\n- Bron, B. (2023). *Over fasen*.\n"
    )


def test_in_word_the_parts_of_an_answer_are_paragraphs_and_items_with_bold_words_and_marks() -> None:
    document = docx.Document(BytesIO(as_word(a_conversation())))
    styles = {one.text.replace("\N{NO-BREAK SPACE}", " "): one.style.name for one in document.paragraphs}  # type: ignore[union-attr]
    assert styles["Hoe groeit vertrouwen?"] == "Heading 1"
    assert styles["Vertrouwen groeit langzaam. [1]"] == "Normal"
    assert styles["1.\tEerst een doel. [2]"] == "Stap"
    assert styles["Los punt."] == "List Bullet"
    assert styles["1.\tAuteur 2004, Groei. “Vertrouwen groeit langzaam. Echt waar.”"] == "Bron"
    assert styles["Auteur, A. (2004). Over vertrouwen."] == "Literatuur"
    runs = {run.text: run for one in document.paragraphs for run in one.runs}
    assert runs["langzaam"].bold
    assert runs["Over vertrouwen"].italic
    assert runs["[1]"].style.name == "Bronverwijzing"
    assert document.core_properties.title == "Over vertrouwen"


@both
def test_the_quotation_in_an_english_answer_stays_apart(kind: str) -> None:
    conversation = a_conversation(an_exchange(markdown="They say:\n\n> Het groeit. [1]"))
    assert ("> Het groeit. [1]" if kind == "md" else "\nHet groeit. [1]") in shown(conversation, kind)


@both
def test_a_refusal_is_shown_and_has_no_sources(kind: str) -> None:
    refused = an_exchange(ending=Ending.REFUSED, markdown="Dit staat niet in de bronnen.", citations=())
    text = shown(a_conversation(refused), kind)
    assert "Dit staat niet in de bronnen." in text
    assert "Bronnen bij" not in text
    assert "Literatuur" not in text


@both
def test_an_answer_that_was_stopped_says_so(kind: str) -> None:
    text = shown(a_conversation(an_exchange(ending=Ending.STOPPED)), kind)
    assert text.index("Los punt.") < text.index("Dit antwoord is onderbroken voordat het af was.")


@both
def test_of_a_health_check_only_one_line_is_told(kind: str) -> None:
    text = shown(a_conversation(an_exchange(ending=Ending.COACHED, markdown="Geheim.")), kind)
    assert "Hier is de health check gedaan." in text
    assert "Geheim" not in text
    assert "Bronnen bij" not in text
    assert "Literatuur" not in text


@both
def test_what_was_told_beside_an_answer_is_kept_and_feedback_is_not(kind: str) -> None:
    conversation = replace(
        a_conversation(an_exchange(notices=("Het taalmodel is niet bereikbaar.",), follow_ups=("En nu?",))),
        feedback=(("a1", Feedback(Verdict.WRONG, ("feit",), "Klopt niet.")),),
    )
    text = shown(conversation, kind)
    assert "Het taalmodel is niet bereikbaar." in text
    assert "Klopt niet" not in text
    assert "En nu?" not in text


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(frozenset({"bron-a"})), "Alleen gezocht in Auteur 2004."),
        (
            Filters(kinds=frozenset({"rol", "fase", "bron"})),
            "in de oorspronkelijke teksten, fasen en rollen.",
        ),
        (
            Filters(frozenset({"bron-a", "bron-b"}), frozenset({"begrip"})),
            "Alleen gezocht in begrippen, voor zover die uit Auteur 2004 en Bron & Zonen 2023 komen.",
        ),
        (Filters(frozenset({"weg"}), frozenset({"nieuw"})), "in nieuw, voor zover die uit weg komen."),
    ],
)
@both
def test_where_was_searched_is_told_if_that_was_not_everywhere(
    filters: Filters, expected: str, kind: str
) -> None:
    assert expected in shown(a_conversation(an_exchange(filters=filters)), kind)
    assert "gezocht in" not in shown(a_conversation(), kind)


def test_every_kind_has_a_name_for_readers() -> None:
    for kind in (*CardKind, ORIGINAL):
        filters = Filters(kinds=frozenset({kind}))
        text = as_markdown(a_conversation(an_exchange(filters=filters)))
        assert TEXTS.render(f"kind_{kind}") in text


@both
def test_a_long_question_stands_whole_under_its_beginning(kind: str) -> None:
    question = " ".join(["Onze partners komen hun afspraken niet na."] * 10)
    text = shown(a_conversation(an_exchange(question=question)), kind)
    assert f"\n{question}\n" in text
    heading = next(line for line in text.splitlines() if line.endswith("…"))
    assert len(heading) < 170


@both
def test_a_source_that_left_the_library_keeps_its_quotation(kind: str) -> None:
    gone = an_exchange(citations=(cited(1, replace(QUOTED, source_id="weg")),))
    text = shown(a_conversation(gone), kind)
    assert "niet meer in de bibliotheek staat (weg), Groei. “Vertrouwen groeit langzaam. Echt waar.”" in text
    assert "Literatuur" not in text


def hostile() -> Conversation:
    """Return a conversation in which every text tries to do something."""
    evidence = [replace(one, quote=NASTY, section=NASTY) for one in (QUOTED, CARDED)]
    exchange = an_exchange(
        question=NASTY,
        markdown=f"{NASTY}\n\n- {NASTY} [1]\n\n> {NASTY}\n\n[1](http://e.example)",
        citations=tuple(cited(number, one) for number, one in enumerate(evidence, start=1)),
        notices=(NASTY,),
        filters=Filters(frozenset({NASTY}), frozenset({NASTY})),
    )
    return replace(a_conversation(exchange, replace(exchange, ending=Ending.COACHED)), title=NASTY)


def test_nothing_that_people_or_sources_say_is_active_in_markdown() -> None:
    text = as_markdown(hostile())
    assert "alert(1)" in text
    assert active_in(text) == {"heading_open"}
    assert "://" not in text
    assert "www." not in text
    assert not re.search(r"[\x00-\x08\x0b\x1b\u202e\ufffe]", text)


def test_what_people_or_sources_say_stays_text_in_word() -> None:
    content = as_word(hostile())
    text = text_of(content)
    assert text.count("<script>alert(1)</script>") >= 8
    assert "{{ 7*7 }} {% for x in y %} {# c #}" in text
    assert not re.search(r"[\x00-\x08\x0b\x1b\u202e\ufffe]", text)
    with ZipFile(BytesIO(content)) as parts:
        body = parts.read("word/document.xml").decode()
        relations = parts.read("word/_rels/document.xml.rels").decode()
    assert not re.search(r"<w:(hyperlink|instrText|fldChar|fldSimple|drawing|object)\b", body)
    assert "External" not in relations


def test_a_conversation_without_questions_is_its_title() -> None:
    empty = replace(a_conversation(), exchanges=())
    assert as_markdown(empty).startswith("# Over vertrouwen\n")
    assert "Over vertrouwen" in text_of(as_word(empty))


@pytest.mark.parametrize("placeholder", ["{{ conversation.feedback }}", "{{ conversation|formatted }}"])
def test_a_template_that_asks_for_what_is_not_there_is_named(placeholder: str, tmp_path: Path) -> None:
    template = tmp_path / "eigen.docx"
    document = docx.Document()
    document.add_paragraph(placeholder)
    document.save(str(template))
    with pytest.raises(InvalidTexts, match=r"eigen\.docx"):
        write_conversation(a_conversation(), CATALOGUE, template, TEXTS)


@both
def test_a_real_answer_is_exported_with_all_its_words_and_marks(from_cards: Assistant, kind: str) -> None:
    answer = outcome_of(from_cards.ask(Question("Welke vier fasen kent een waardengedreven alliantie?")))
    assert isinstance(answer, Answer)
    exchange = an_exchange(markdown=answer.markdown, citations=answer.citations)
    conversation = a_conversation(exchange)
    catalogue = from_cards.catalogue
    if kind == "md":
        assert answer.markdown in conversation_markdown(conversation, catalogue, MARKDOWN, TEXTS)
        return
    text = text_of(write_conversation(conversation, catalogue, WORD, TEXTS)).replace(
        "\N{NO-BREAK SPACE}", " "
    )
    for checked in answer.claims:
        marks = "".join(f"[{citation.number}]" for citation in checked.citations)
        assert f"{checked.claim.text.replace('**', '')} {marks}" in text
