"""The five real texts, where they are present."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

import pytest

from assistant.corpus.cards import read_cards
from assistant.corpus.chunking import sentences_of, split_cards, split_document
from assistant.corpus.cleaning import Cleaned, Vocabulary
from assistant.corpus.documents import build_document, clean_original
from assistant.corpus.evidence import find_lost, link_statements, unsupported
from assistant.corpus.manifest import Manifest, read_headings, read_manifest
from assistant.corpus.readers import read_original
from assistant.domain import Card, Document

pytestmark = pytest.mark.originals

CORPUS = Path(__file__).parents[2] / "corpus"


@pytest.fixture(scope="module")
def bibliography() -> Manifest:
    return read_manifest(CORPUS / "sources.yaml")


@pytest.fixture(scope="module")
def texts(originals: Path, bibliography: Manifest) -> dict[str, str]:
    read = {entry.source.id: read_original(originals, entry.source.id) for entry in bibliography.sources}
    assert None not in read.values()
    return {source_id: text for source_id, text in read.items() if text is not None}


@pytest.fixture(scope="module")
def words(texts: Mapping[str, str]) -> Vocabulary:
    return Vocabulary(texts.values())


@pytest.fixture(scope="module")
def cleaned(bibliography: Manifest, texts: Mapping[str, str], words: Vocabulary) -> dict[str, Cleaned]:
    entries = bibliography.sources
    return {entry.source.id: clean_original(entry, texts[entry.source.id], words) for entry in entries}


@pytest.fixture(scope="module")
def documents(bibliography: Manifest, texts: Mapping[str, str], words: Vocabulary) -> dict[str, Document]:
    entries = bibliography.sources
    return {entry.source.id: build_document(entry, texts[entry.source.id], words) for entry in entries}


@pytest.fixture(scope="module")
def cards(bibliography: Manifest) -> tuple[Card, ...]:
    return read_cards(CORPUS / "cards", bibliography, read_headings(CORPUS / "headings.yaml"))


def test_all_sections_are_found_in_order(bibliography: Manifest, documents: Mapping[str, Document]) -> None:
    for entry in bibliography.sources:
        document = documents[entry.source.id]
        assert tuple(section.title for section in document.sections) == entry.source.sections
        starts = [section.span.start for section in document.sections]
        assert starts == sorted(set(starts))
        assert starts[0] == 0


def test_every_unchanged_character_leads_back_to_the_file(
    texts: Mapping[str, str], documents: Mapping[str, Document]
) -> None:
    for document in documents.values():
        original = texts[document.source_id]
        for run in document.origin:
            cleaned = document.text[run.cleaned : run.cleaned + run.length]
            assert cleaned == original[run.original : run.original + run.length]


def test_no_letter_is_ours_unless_a_repair_says_so(cleaned: Mapping[str, Cleaned]) -> None:
    for clean in cleaned.values():
        covered = {run.cleaned + at for run in clean.origin for at in range(run.length)}
        ours = {at for at, letter in enumerate(clean.text) if letter.isalnum() and at not in covered}
        told = {repair.offset + at for repair in clean.repairs for at in range(len(repair.after))}
        assert ours <= told


def test_no_letter_is_lost_but_those_of_the_repairs(
    texts: Mapping[str, str], cleaned: Mapping[str, Cleaned]
) -> None:
    for source_id, clean in cleaned.items():
        balance = Counter(filter(str.isalnum, texts[source_id]))
        for repair in clean.repairs:
            balance.subtract(filter(str.isalnum, repair.before))
            balance.update(filter(str.isalnum, repair.after))
        assert balance == Counter(filter(str.isalnum, clean.text))


def test_the_letters_stand_in_the_order_of_the_file_but_for_swapped_columns(
    bibliography: Manifest, cleaned: Mapping[str, Cleaned]
) -> None:
    for entry in bibliography.sources:
        runs = pairwise(cleaned[entry.source.id].origin)
        back = [one for one, other in runs if other.original < one.original]
        assert len(back) == len(entry.columns)


def test_only_words_that_the_bibliography_or_a_pattern_names_are_dropped(
    cleaned: Mapping[str, Cleaned],
) -> None:
    furniture = {"aside", "caption", "contact", "markdown", "pull-quote", "repeated-line", "running-head"}
    for clean in cleaned.values():
        dropped = [
            repair for repair in clean.repairs if re.search(r"\w{3}", repair.before) and not repair.after
        ]
        assert {repair.kind for repair in dropped} <= furniture


def test_no_telephone_number_or_address_is_left(documents: Mapping[str, Document]) -> None:
    for document in documents.values():
        assert "@" not in document.text
        assert not re.search(r"(?<!\d)(?:\+31|0)[\d ()-]{8,}\d", document.text)


def test_the_known_defects_are_gone(documents: Mapping[str, Document]) -> None:
    defects = (
        r"\b(?:diein|danin|enaan|Eris|ledereen|statenin|opleverdevoorde|partnersisingesteld|In1988|voor-en)\b",
        r"[a-z]é(?:n|ren|le|nt|er)",
        r"\bco(?:d|O|o)perati(?:e|eve)\b",
        r"[a-z]{3}\.[\d®™*°s?]",
        r"[¹²³€\u00ad\u200b]",
        r"\*\*|^#|\]\(",
        r"[a-zà-ÿ,]\n\n[a-zà-ÿ]",
        r"INLEIDING|EGUIGUREN|EXECUTIVE|must_r",
    )
    for document in documents.values():
        for defect in defects:
            found = re.search(defect, document.text, re.MULTILINE)
            assert found is None, (document.source_id, defect, document.text[found.start() - 20 :][:60])


def test_what_was_whole_stays_whole(documents: Mapping[str, Document]) -> None:
    text = "\n".join(document.text for document in documents.values())
    for word in (
        "alliantiemanagers",
        "waardengedreven",
        "auto-industrie",
        "IT-branche",
        "één",
        "NOC*NSF",
        "WASH",
    ):
        assert word in text


def test_columns_are_read_in_order(documents: Mapping[str, Document]) -> None:
    text = documents["alliantiemanager"].text
    assert "meerwaarde suggereert en dus hanteert hij" in text
    assert "Aan de allianties die een organisatie" in text
    assert "een grote strategische waarde" in text


def test_passages_are_exact_and_hold_every_sentence(
    bibliography: Manifest, documents: Mapping[str, Document]
) -> None:
    for entry in bibliography.sources:
        document = documents[entry.source.id]
        skip = {mark.title for mark in entry.marks if not mark.indexed}
        chunks = split_document(document, entry.source, skip)
        assert len({chunk.id for chunk in chunks}) == len(chunks)
        spans = [chunk.span for chunk in chunks if chunk.span]
        assert [document.text[span.start : span.end] for span in spans] == [chunk.text for chunk in chunks]
        for section in document.sections:
            for sentence in sentences_of(document.text, section):
                held = [s for s in spans if s.start <= sentence.start and sentence.end <= s.end]
                assert len(held) == (section.title not in skip)


def test_every_citation_of_a_card_has_an_exact_quote(
    cards: tuple[Card, ...], documents: Mapping[str, Document]
) -> None:
    for proofs in link_statements(cards, documents).values():
        for proof in proofs:
            assert proof.span is not None
            assert proof.quote == documents[proof.source_id].text[proof.span.start : proof.span.end]


def test_every_passage_that_a_card_names_is_found_and_has_full_support(
    cards: tuple[Card, ...], documents: Mapping[str, Document]
) -> None:
    assert list(find_lost(cards, documents)) == []
    proofs = link_statements(cards, documents)
    weak = [name for name, evidence in proofs.items() if any(one.score < 1 for one in evidence)]
    assert weak == []


def test_every_statement_of_a_card_is_supported(
    cards: tuple[Card, ...], documents: Mapping[str, Document]
) -> None:
    assert unsupported(link_statements(cards, documents)) == ()


def test_every_card_section_is_a_chunk(cards: tuple[Card, ...], bibliography: Manifest) -> None:
    chunks = split_cards(cards, bibliography)
    assert len(chunks) == sum(len(card.sections) for card in cards)
    assert len({chunk.id for chunk in chunks}) == len(chunks)
