"""Linking statements to sentences."""

from __future__ import annotations

import pytest

from assistant.corpus.cards import read_cards
from assistant.corpus.cleaning import Vocabulary
from assistant.corpus.documents import build_document
from assistant.corpus.evidence import SUPPORT_BAR, link_statements, unsupported
from assistant.corpus.manifest import Manifest
from assistant.domain import Card, Document, Evidence
from tests.corpus.conftest import WriteCard
from tests.corpus.examples import CARD, HEADINGS, ORIGINAL


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
