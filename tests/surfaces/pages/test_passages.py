"""The text of a source cut into pieces, whole or around a cited span."""

from __future__ import annotations

import pytest

from assistant.bootstrap import Assistant
from assistant.domain import Document, DocumentSection, Span
from assistant.surfaces.pages.passages import (
    AROUND,
    Excerpt,
    Piece,
    show_document,
    show_excerpt,
    show_pages,
)

TEXT = "Groei\n\nVertrouwen groeit <b>traag</b>.\n\nHet verdwijnt snel.\n"
DOCUMENT = Document("bron", TEXT, (DocumentSection("Groei", Span(0, len(TEXT))),), ())

SENTENCES = " ".join(f"Zin {number} is er een van vele." for number in range(200))
LONG = f"Begin\n\n{SENTENCES}\n\nSlot"
LONG_DOCUMENT = Document("bron", LONG, (DocumentSection("Begin", Span(0, len(LONG))),), ())


def marked(excerpt: Excerpt) -> str:
    return " ".join(piece.text for paragraph in excerpt.paragraphs for piece in paragraph if piece.is_cited)


def whole(excerpt: Excerpt) -> str:
    return "\n\n".join("".join(piece.text for piece in paragraph) for paragraph in excerpt.paragraphs)


@pytest.mark.parametrize("start", range(0, len(TEXT), 7))
@pytest.mark.parametrize("length", [1, 9, 40])
def test_the_marked_pieces_of_a_text_are_the_cited_words_and_one_of_them_is_first(
    start: int, length: int
) -> None:
    cited = Span(start, min(start + length, len(TEXT.rstrip())))
    (section,) = show_document(DOCUMENT, cited)
    pieces = [piece for line in (section.heading, *section.paragraphs) for piece in line]
    assert "".join(TEXT.split()) == "".join("".join(piece.text for piece in pieces).split())
    marked = "".join(piece.text for piece in pieces if piece.is_cited)
    assert marked.split() == TEXT[cited.start : cited.end].split() or "\n" in TEXT[cited.start : cited.end]
    assert sum(piece.is_first for piece in pieces) == bool(TEXT[cited.start].strip())


def test_a_heading_that_the_text_has_itself_is_shown_once() -> None:
    (section,) = show_document(DOCUMENT, None)
    assert section.heading == (Piece("Groei", False),)
    assert len(section.paragraphs) == 2


def test_an_excerpt_of_a_short_section_is_all_of_it_without_its_heading() -> None:
    excerpt = show_excerpt(DOCUMENT, Span(7, 17))
    assert marked(excerpt) == "Vertrouwen"
    assert whole(excerpt).startswith("Vertrouwen groeit")
    assert whole(excerpt).endswith("Het verdwijnt snel.")
    assert not excerpt.is_cut_before
    assert not excerpt.is_cut_after


def test_a_heading_that_is_cited_itself_is_shown() -> None:
    assert marked(show_excerpt(DOCUMENT, Span(0, 5))) == "Groei"


@pytest.mark.parametrize("number", [60, 100, 140])
def test_a_long_paragraph_is_cut_at_sentences_at_about_the_right_distance(number: int) -> None:
    start = LONG.index(f"Zin {number} ")
    cited = Span(start, LONG.index("Zin", start + 1) - 1)
    excerpt = show_excerpt(LONG_DOCUMENT, cited)
    before, after = whole(excerpt).split(LONG[cited.start : cited.end])
    assert before.startswith("Zin ")
    assert after.endswith("vele.")
    assert abs(len(before) - AROUND) < 40
    assert abs(len(after) - AROUND) < 40
    assert excerpt.is_cut_before
    assert excerpt.is_cut_after


def test_an_excerpt_near_the_end_says_that_nothing_follows() -> None:
    excerpt = show_excerpt(LONG_DOCUMENT, Span(len(LONG) - 4, len(LONG)))
    assert marked(excerpt) == "Slot"
    assert excerpt.is_cut_before
    assert not excerpt.is_cut_after


def test_words_without_an_end_of_sentence_are_cut_between_two_of_them() -> None:
    text = "woord " * 1000
    document = Document("bron", text, (DocumentSection("Deel", Span(0, len(text))),), ())
    excerpt = show_excerpt(document, Span(3000, 3005))
    assert set(whole(excerpt).split()) == {"woord"}
    assert 1100 < len(whole(excerpt)) < 1300


@pytest.mark.originals
def test_every_cited_span_is_marked_in_its_excerpt_and_stands_in_its_section(
    from_originals: Assistant,
) -> None:
    catalogue = from_originals.catalogue
    for several in catalogue.evidence.values():
        for evidence in several:
            assert evidence.span
            document = catalogue.documents[evidence.source_id]
            excerpt = show_excerpt(document, evidence.span)
            assert marked(excerpt).split() == evidence.quote.split()
            assert excerpt.section == evidence.section
            assert len(whole(excerpt)) <= len(evidence.quote) + 2 * (AROUND + 300)


# ── Page by page ─────────────────────────────────────────────────────────────


def test_a_heading_stands_on_the_page_where_its_section_begins_and_no_text_is_lost() -> None:
    text = "Begin\n\nEerste deel.\n\nVerder op twee.\n\nSlot\n\nHet einde."
    second = text.index("Verder")
    last = text.index("Slot")
    sections = (DocumentSection("Begin", Span(0, last)), DocumentSection("Slot", Span(last, len(text))))
    document = Document("eigen-1", text, sections, ())
    pages = show_pages(document, (Span(0, second), Span(second, len(text))), Span(second, second + 6))
    assert [one.number for one in pages] == [1, 2]
    shown = [
        [(block.section, "".join(piece.text for piece in block.pieces)) for block in page.blocks]
        for page in pages
    ]
    assert shown == [
        [(0, "Begin"), (None, "Eerste deel.")],
        [(None, "Verder op twee."), (1, "Slot"), (None, "Het einde.")],
    ]
    assert pages[1].blocks[0].pieces[0] == Piece("Verder", True, True)


def test_a_text_without_pages_is_one_page_without_a_number() -> None:
    (page,) = show_pages(DOCUMENT, (), None)
    assert page.number is None
    assert page.blocks[0].section == 0
