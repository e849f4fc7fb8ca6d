"""The text of a source, cut into sections, paragraphs and pieces, with the cited span apart."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

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


def show_document(document: Document, cited: Span | None) -> tuple[ShownSection, ...]:
    """Return the sections of a document in order; a heading that the text itself has stands there once."""
    return tuple(_show(document, section, cited) for section in document.sections)


def is_within(document: Document, span: Span) -> bool:
    """Return whether a span is a part of the text of a document."""
    return 0 <= span.start < span.end <= len(document.text)


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
