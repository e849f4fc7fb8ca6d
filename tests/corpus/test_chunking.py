"""Chunks are exact and lose nothing."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from assistant.corpus.cards import read_cards
from assistant.corpus.chunking import PASSAGE_LENGTH, sentences_of, split_cards, split_document
from assistant.corpus.manifest import Manifest
from assistant.domain import ORIGINAL, Document, DocumentSection, Phrasing, Source, Span
from tests.corpus.conftest import WriteCard
from tests.corpus.examples import CARD, HEADINGS

SOURCE = Source("bron", (), None, "Bron", "", "nl", "", "Bron 1999", ("Een", "Twee", "Noten"))

sentence = st.text(alphabet="abcdé ,", min_size=1, max_size=120).map(lambda words: f"A{words.strip()}.")
section = st.lists(sentence, min_size=1, max_size=25).map(" ".join)


def document_of(*texts: str) -> Document:
    titles = SOURCE.sections
    text, sections = "", []
    for title, body in zip(titles, texts, strict=False):
        start = len(text)
        text += f"{title}\n\n{body}\n\n"
        sections.append(DocumentSection(title, Span(start, len(text))))
    return Document(SOURCE.id, text, tuple(sections), ())


@given(section, section)
def test_passages_are_exact_and_lose_no_sentence(one: str, two: str) -> None:
    document = document_of(one, two)
    chunks = split_document(document, SOURCE, skip=())
    for chunk in chunks:
        assert chunk.span is not None
        assert document.text[chunk.span.start : chunk.span.end] == chunk.text
    for part in document.sections:
        inside = [chunk for chunk in chunks if chunk.section == part.title]
        for span in sentences_of(document.text, part):
            holders = [c for c in inside if c.span and c.span.start <= span.start and span.end <= c.span.end]
            assert len(holders) == 1


@given(section, section)
def test_a_passage_knows_its_sentences_whole_and_in_order(one: str, two: str) -> None:
    document = document_of(one, two)
    chunks = split_document(document, SOURCE, skip=())
    for part in document.sections:
        known = [
            chunk.text[span.start : span.end]
            for chunk in chunks
            if chunk.section == part.title
            for span in chunk.sentences
        ]
        assert known == [document.text[span.start : span.end] for span in sentences_of(document.text, part)]


def test_an_abbreviation_between_brackets_does_not_cut_a_sentence() -> None:
    body = "Vertrouwen groeit langzaam bij iedereen (Jansen e.a. 2004). Daarna volgt de rest vanzelf."
    (chunk,) = split_document(document_of(body), SOURCE, skip=())
    first = chunk.sentences[0]
    assert chunk.text[first.start : first.end].endswith("(Jansen e.a. 2004).")


@given(section)
def test_passages_are_about_as_long_as_wanted(body: str) -> None:
    for chunk in split_document(document_of(body), SOURCE, skip=()):
        assert len(chunk.text) <= 1.5 * PASSAGE_LENGTH + 2 * 123


def test_a_passage_never_crosses_a_section_and_says_where_it_stands() -> None:
    first, second = split_document(document_of("Kort.", "Ook kort."), SOURCE, skip=())
    assert (first.text, first.context, first.kind) == ("Kort.", "Bron 1999, Een", ORIGINAL)
    assert (second.text, second.section, second.source_ids) == ("Ook kort.", "Twee", ("bron",))


def test_a_section_that_is_not_indexed_is_left_out() -> None:
    chunks = split_document(document_of("Kort.", "Ook kort.", "Een noot."), SOURCE, skip={"Noten"})
    assert {chunk.section for chunk in chunks} == {"Een", "Twee"}


def test_the_same_text_keeps_its_id_and_equal_texts_have_their_own() -> None:
    one, two = split_document(document_of("Zo.", "Zo."), SOURCE, skip=())
    again, _ = split_document(document_of("Zo.", "Anders."), SOURCE, skip=())
    assert one.id == again.id != two.id
    assert one.id.startswith("bron-")
    assert len(one.id) == len("bron-") + 16
    twice = Document(
        "bron", "Zo.\n\nZo.", tuple(DocumentSection("Een", s) for s in (Span(0, 5), Span(5, 8))), ()
    )
    assert len({chunk.id for chunk in split_document(twice, SOURCE, skip=())}) == 2


def test_a_card_gives_one_chunk_for_each_section(manifest: Manifest, write_card: WriteCard) -> None:
    core, parts = split_cards(read_cards(write_card(CARD), manifest, HEADINGS), manifest)
    assert core.text == "Een pijler draagt een brug. Hij staat vaak in het water."
    assert core.context == "Pijler — Kern (brugpijler)"
    assert (core.kind, core.section, core.card_id, core.span) == ("begrip", "Kern", "pijler", None)
    assert core.source_ids == ("jansen-1999", "vries-2001")
    assert core.id.startswith("card-")
    assert (core.phrasings, parts.phrasings) == ((), ())
    assert parts.text == (
        "Een pijler heeft twee delen.\n\n1. **Voet.** Rust op de bodem.\n2. **Kop.** Draagt het dek."
    )


def test_phrasings_go_with_their_chunk_and_change_neither_its_text_nor_its_id(
    manifest: Manifest, write_card: WriteCard
) -> None:
    plain, _ = split_cards(read_cards(write_card(CARD), manifest, HEADINGS), manifest)
    folder = write_card(CARD)
    path = folder.parent / "phrasings" / "begrip" / "pijler.yaml"
    path.parent.mkdir(parents=True)
    path.write_text("Kern: {section: [wat houdt dit overeind], statements: [[], [waarin]]}", encoding="utf-8")
    core, parts = split_cards(read_cards(folder, manifest, HEADINGS), manifest)
    asked = (Phrasing("wat houdt dit overeind"), Phrasing("waarin", "pijler#2"))
    assert core == replace(plain, phrasings=asked)
    assert parts.phrasings == ()
    assert core.indexed_text == plain.indexed_text
    assert core.sought_text == f"{core.indexed_text}\nwat houdt dit overeind\nwaarin"
    assert parts.sought_text == parts.indexed_text
