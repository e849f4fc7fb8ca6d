"""Linking statements to sentences."""

from __future__ import annotations

import pytest

from assistant.corpus.cards import read_cards
from assistant.corpus.cleaning import Vocabulary
from assistant.corpus.documents import build_document
from assistant.corpus.evidence import (
    SUPPORT_BAR,
    find_lost,
    find_misplaced,
    find_passage,
    link_statements,
    unsupported,
)
from assistant.corpus.manifest import Manifest
from assistant.domain import Card, Document, Evidence, Reference
from tests.corpus.conftest import WriteCard
from tests.corpus.examples import CARD, HEADINGS, ORIGINAL

BASIS = "Pijlers: de basis"
FOOT = "Een pijler rust met zijn voet op de bodem van de rivier."
HEAD = "Op de kop ligt het dek dat het verkeer draagt."


@pytest.fixture
def cards(manifest: Manifest, write_card: WriteCard) -> tuple[Card, ...]:
    return read_cards(write_card(CARD), manifest, HEADINGS)


@pytest.fixture
def document(manifest: Manifest, vocabulary: Vocabulary) -> Document:
    return build_document(manifest.sources[0], ORIGINAL, vocabulary)


@pytest.fixture
def evidence(cards: tuple[Card, ...], document: Document) -> dict[str, tuple[Evidence, ...]]:
    return link_statements(cards, {document.source_id: document})


def test_each_reference_of_each_statement_has_its_evidence(
    cards: tuple[Card, ...], evidence: dict[str, tuple[Evidence, ...]]
) -> None:
    for card in cards:
        for section in card.sections:
            for statement in section.statements:
                found = [(proof.source_id, proof.section) for proof in evidence[statement.id]]
                assert found == [(ref.source_id, ref.section) for ref in statement.references]


def test_a_quote_is_exact_and_lies_in_the_section(
    document: Document, evidence: dict[str, tuple[Evidence, ...]]
) -> None:
    spans = {section.title: section.span for section in document.sections}
    quoted = [proof for proofs in evidence.values() for proof in proofs if proof.span]
    assert len(quoted) == 4
    for proof in quoted:
        assert proof.span is not None
        assert proof.quote == document.text[proof.span.start : proof.span.end]
        assert spans[proof.section].start <= proof.span.start < proof.span.end <= spans[proof.section].end
        assert proof.card_id == "pijler"
        assert 0.0 <= proof.score <= 1.0


def test_the_sentence_that_says_it_is_the_one_that_is_quoted(
    evidence: dict[str, tuple[Evidence, ...]],
) -> None:
    (foot,) = evidence["pijler#4"]
    assert foot.quote.startswith("Een pijler rust met zijn voet")
    assert "dek" not in foot.quote


def test_without_the_document_the_statement_is_its_own_evidence(
    evidence: dict[str, tuple[Evidence, ...]],
) -> None:
    (head,) = evidence["pijler#5"]
    assert head == Evidence("vries-2001", "Sluizen", "Kop. Draagt het dek.", None, "pijler")


def test_what_leads_a_list_may_rest_on_what_its_items_say(evidence: dict[str, tuple[Evidence, ...]]) -> None:
    (lead,) = evidence["pijler#3"]
    assert "voet" in lead.quote


def test_a_statement_that_no_text_says_is_reported(
    manifest: Manifest, write_card: WriteCard, document: Document
) -> None:
    card = CARD.replace("Een pijler draagt een brug.", "Amsterdam telde 900 molens rond 1650.")
    cards = read_cards(write_card(card), manifest, HEADINGS)
    evidence = link_statements(cards, {document.source_id: document})
    assert unsupported(evidence) == ("pijler#1",)
    assert evidence["pijler#1"][0].score < SUPPORT_BAR


def test_without_any_document_nothing_is_unsupported(cards: tuple[Card, ...]) -> None:
    assert unsupported(link_statements(cards, {})) == ()


def test_the_name_of_the_source_proves_nothing(
    manifest: Manifest, write_card: WriteCard, document: Document
) -> None:
    plain = link_statements(read_cards(write_card(CARD), manifest, HEADINGS), {document.source_id: document})
    named = CARD.replace("draagt een brug.", "draagt volgens Jansen een brug.").replace(" volgens", "")
    with_name = link_statements(
        read_cards(write_card(named), manifest, HEADINGS), {document.source_id: document}
    )
    assert with_name["pijler#1"][0].score == plain["pijler#1"][0].score


@pytest.mark.parametrize(
    ("passage", "quote"),
    [
        ("Een pijler rust", FOOT),
        ("voet", FOOT),
        ("Een pijler … de rivier", FOOT),
        ("voet op … de", FOOT),
        ("DEK", HEAD),
        ("Op de kop … draagt", HEAD),
        ("zijn voet … het dek", f"{FOOT} {HEAD}"),
    ],
)
def test_a_passage_runs_over_whole_sentences_with_full_support(
    manifest: Manifest, write_card: WriteCard, document: Document, passage: str, quote: str
) -> None:
    cards = read_cards(write_card(_named(passage)), manifest, HEADINGS)
    evidence = link_statements(cards, {document.source_id: document})
    (proof,) = evidence["pijler#1"]
    assert proof.span is not None
    assert proof.quote == document.text[proof.span.start : proof.span.end]
    assert " ".join(proof.quote.split()) == quote
    assert proof.score == 1
    assert list(find_lost(cards, {document.source_id: document})) == []


@pytest.mark.parametrize(
    "passage",
    [
        "voe",
        "rust op de kop",
        "twee oevers",
        "met zijn voet … twee oevers",
        "op de kop … Dit is een noot",
        "het dek … zijn voet",
        "voet … voet",
        "…",
        "… de rivier",
    ],
)
def test_words_that_are_not_in_the_section_leave_it_to_wording_and_are_reported(
    manifest: Manifest, write_card: WriteCard, document: Document, passage: str
) -> None:
    documents = {document.source_id: document}
    guessed = link_statements(read_cards(write_card(CARD), manifest, HEADINGS), documents)
    cards = read_cards(write_card(_named(passage)), manifest, HEADINGS)
    assert link_statements(cards, documents) == guessed
    ((statement, reference),) = find_lost(cards, documents)
    assert (statement.id, reference.section, reference.passage) == ("pijler#1", BASIS, passage)


def test_a_reference_without_a_passage_or_to_an_unknown_section_has_no_place(document: Document) -> None:
    assert find_passage(document, Reference("jansen-1999", BASIS)) is None
    assert find_passage(document, Reference("jansen-1999", "Bogen", "voet")) is None


def test_without_the_document_no_passage_is_lost(manifest: Manifest, write_card: WriteCard) -> None:
    assert list(find_lost(read_cards(write_card(_named("nergens")), manifest, HEADINGS), {})) == []


def test_two_passages_of_one_section_are_two_pieces_of_evidence(
    manifest: Manifest, write_card: WriteCard, document: Document
) -> None:
    text = _named(f"zijn voet; @jansen-1999, {BASIS} | het dek")
    cards = read_cards(write_card(text), manifest, HEADINGS)
    one, other = cards[0].sections[0].statements[0].references
    assert one == other
    evidence = link_statements(cards, {document.source_id: document})["pijler#1"]
    assert [" ".join(proof.quote.split()) for proof in evidence] == [FOOT, HEAD]
    assert [proof.score for proof in evidence] == [1, 1]


def test_a_section_that_a_curator_named_a_passage_of_is_not_misplaced(
    manifest: Manifest, write_card: WriteCard, document: Document
) -> None:
    said = CARD.replace("draagt een brug.", "is er in vele maten, van hout en van steen.")
    named = said.replace(f"steen. [@jansen-1999, {BASIS}]", f"steen. [@jansen-1999, {BASIS} | zijn voet]")
    assert said != named
    found = [
        find_misplaced(read_cards(write_card(text), manifest, HEADINGS), {document.source_id: document})
        for text in (said, named)
    ]
    assert [[one.statement_id for one in misplaced] for misplaced in found] == [["pijler#1"], []]


def _named(passage: str) -> str:
    cited = f"een brug. [@jansen-1999, {BASIS}"
    assert CARD.count(cited) == 1
    return CARD.replace(cited, f"{cited} | {passage}")
