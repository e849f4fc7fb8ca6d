"""The text of a source, or the surroundings of a span, in paragraphs and pieces with the cited span apart."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from assistant.corpus.sentences import split_sentences
from assistant.domain import Document, DocumentSection, Span

_PARAGRAPH = re.compile(r"\S(?:.*?\S)??(?=\s*\n\s*\n|\s*\Z)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text that is cited as a whole, or not at all."""

    text: str
    is_cited: bool
    is_first: bool = False
    """Whether the cited span begins here: what a link leads to."""


@dataclass(frozen=True, slots=True)
class ShownSection:
    """A section as a heading and paragraphs."""

    heading: tuple[Piece, ...]
    paragraphs: tuple[tuple[Piece, ...], ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A heading or a paragraph."""

    pieces: tuple[Piece, ...]
    section: int | None = None
    """Of a heading the section that it opens, counted from 0; ``None`` for a paragraph."""


@dataclass(frozen=True, slots=True)
class ShownPage:
    """A page of a document; its number is ``None`` in one that has no pages."""

    number: int | None
    blocks: tuple[Block, ...]


def show_pages(document: Document, pages: Sequence[Span], cited: Span | None) -> tuple[ShownPage, ...]:
    """Return a document page by page, each heading on the page where its section begins.

    ``pages`` cover the text in order; without any, the whole of it is one page without a number.
    """
    spans = pages or (Span(0, len(document.text)),)
    blocks: list[list[Block]] = [[] for _ in spans]
    ends = [one.end for one in spans]
    for place, section in enumerate(document.sections):
        first = bisect_right(ends, section.span.start)
        for number in range(first, len(spans)):
            page = spans[number]
            if page.start >= section.span.end:
                break
            within = Span(max(page.start, section.span.start), min(page.end, section.span.end))
            blocks[number] += _blocks(document, place if number == first else None, within, cited)
    return tuple(
        ShownPage(number if pages else None, tuple(them)) for number, them in enumerate(blocks, start=1)
    )


def _blocks(document: Document, opened: int | None, within: Span, cited: Span | None) -> Iterator[Block]:
    """Yield what stands within a span; the heading of a section that opens there stands there once."""
    spans = list(_paragraphs(document.text, within))
    if opened is not None:
        title = document.sections[opened].title
        is_in_text = spans and _same(document.text[spans[0].start : spans[0].end], title)
        pieces = _cut(document.text, spans.pop(0), cited) if is_in_text else (Piece(title, False),)
        yield Block(pieces, opened)
    for span in spans:
        yield Block(_cut(document.text, span, cited))


def show_document(document: Document, cited: Span | None) -> tuple[ShownSection, ...]:
    """Return the sections of a document in order; a heading that the text itself has stands there once."""
    return tuple(_show(document, section, cited) for section in document.sections)


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A span with what stands around it in its section."""

    section: str
    paragraphs: tuple[tuple[Piece, ...], ...]
    is_cut_before: bool
    is_cut_after: bool


AROUND = 600
"""Code points to show before a cited span, and after it."""
_SLACK = 300
"""How much earlier or later than that an excerpt may begin or end, to do so at a good place."""


def show_excerpt(document: Document, cited: Span) -> Excerpt:
    """Return a span of a document in its surroundings, cut where a paragraph or else a sentence ends."""
    sections = [one for one in document.sections if _meets(one.span, cited)]
    first = sections[0].span.start if sections else 0
    last = sections[-1].span.end if sections else len(document.text)
    within = Span(min(first, cited.start), max(last, cited.end))
    shown = Span(_begin(document.text, within, cited.start), _end(document.text, within, cited.end))
    title = sections[0].title if sections else ""
    paragraphs = [
        span
        for span in _paragraphs(document.text, shown)
        if _meets(span, cited) or not _same(document.text[span.start : span.end], title)
    ]
    return Excerpt(
        title,
        tuple(_cut(document.text, span, cited) for span in paragraphs),
        bool(paragraphs) and _has_more(document.text, Span(within.start, shown.start), title),
        bool(document.text[shown.end : within.end].strip()),
    )


def is_within(document: Document, span: Span) -> bool:
    """Return whether a span is a part of the text of a document."""
    return 0 <= span.start < span.end <= len(document.text)


def _begin(text: str, within: Span, cited: int) -> int:
    """Return where an excerpt begins: with a paragraph, else a sentence, else a word, about so far away."""
    wanted = cited - AROUND
    if wanted - _SLACK <= within.start:
        return within.start
    near = Span(wanted - _SLACK, wanted + _SLACK)
    paragraphs = (one.start for one in _paragraphs(text, within))
    sentences = (near.start + one.start for one in split_sentences(text[near.start : cited])[1:])
    place = _nearest(wanted, near, paragraphs) or _nearest(wanted, near, sentences)
    return place or text.find(" ", wanted, cited) + 1 or wanted


def _end(text: str, within: Span, cited: int) -> int:
    """Return where an excerpt ends, likewise."""
    wanted = cited + AROUND
    if wanted + _SLACK >= within.end:
        return within.end
    near = Span(wanted - _SLACK, wanted + _SLACK)
    paragraphs = (one.end for one in _paragraphs(text, within))
    sentences = (cited + one.end for one in split_sentences(text[cited : near.end])[:-1])
    place = _nearest(wanted, near, paragraphs) or _nearest(wanted, near, sentences)
    return place or max(text.rfind(" ", cited, wanted), cited)


def _nearest(wanted: int, near: Span, places: Iterable[int]) -> int | None:
    within = (place for place in places if near.start <= place <= near.end)
    return min(within, key=lambda place: abs(place - wanted), default=None)


def _has_more(text: str, span: Span, title: str) -> bool:
    left = text[span.start : span.end]
    return bool(left.strip()) and not _same(left, title)


def _meets(span: Span, other: Span) -> bool:
    return span.start < other.end and other.start < span.end


def _show(document: Document, section: DocumentSection, cited: Span | None) -> ShownSection:
    spans = list(_paragraphs(document.text, section.span))
    heading: tuple[Piece, ...] = (Piece(section.title, False),)
    if spans and _same(document.text[spans[0].start : spans[0].end], section.title):
        heading = _cut(document.text, spans.pop(0), cited)
    return ShownSection(heading, tuple(_cut(document.text, span, cited) for span in spans))


def _paragraphs(text: str, within: Span) -> Iterator[Span]:
    for found in _PARAGRAPH.finditer(text, within.start, within.end):
        yield Span(found.start(), found.end())


def _same(first: str, second: str) -> bool:
    return first.casefold().split() == second.casefold().split()


def _cut(text: str, span: Span, cited: Span | None) -> tuple[Piece, ...]:
    """Cut a span where the cited one begins and ends."""
    if cited is None:
        return (Piece(text[span.start : span.end], False),)
    start, end = (min(max(place, span.start), span.end) for place in (cited.start, cited.end))
    pieces = (
        Piece(text[span.start : start], False),
        Piece(text[start:end], True, span.start <= cited.start < span.end),
        Piece(text[end : span.end], False),
    )
    return tuple(piece for piece in pieces if piece.text)
