"""Splits as the tutorials make them: a thousand characters, two hundred of them shared."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from assistant.domain import Card, Catalogue, Document, Reference, Span

SIZE = 1000
OVERLAP = 200


@dataclass(frozen=True, slots=True)
class Split:
    """A piece of text, and the sections that it lies in, longest part first."""

    text: str
    sections: tuple[Reference, ...]


@dataclass(frozen=True, slots=True)
class _Page:
    """A text with what lies where."""

    text: str
    places: tuple[tuple[Span, Reference], ...]


def split_like_a_textbook(catalogue: Catalogue) -> list[Split]:
    """Split the originals, or the cards where there are no originals."""
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    splitter = RecursiveCharacterTextSplitter(chunk_size=SIZE, chunk_overlap=OVERLAP, add_start_index=True)
    pages = [_of_document(document) for document in catalogue.documents.values()]
    if not pages:
        pages = [_of_card(card) for card in catalogue.cards.values()]
    return [
        Split(piece.page_content, _within(page, piece.metadata["start_index"], len(piece.page_content)))
        for page in pages
        for piece in splitter.create_documents([page.text])
    ]


def _of_document(document: Document) -> _Page:
    places = ((section.span, Reference(document.source_id, section.title)) for section in document.sections)
    return _Page(document.text, tuple(places))


def _of_card(card: Card) -> _Page:
    text = card.title
    places: list[tuple[Span, Reference]] = []
    for section in card.sections:
        text += f"\n\n{section.heading}\n"
        for statement in section.statements:
            start = len(text) + 1
            text += f"\n{statement.plain}"
            places.extend((Span(start, len(text)), reference) for reference in statement.references)
    return _Page(text, tuple(places))


def _within(page: _Page, start: int, length: int) -> tuple[Reference, ...]:
    shares: dict[Reference, int] = {}
    for span, reference in _overlapping(page, start, start + length):
        share = min(span.end, start + length) - max(span.start, start)
        shares[reference] = shares.get(reference, 0) + share
    return tuple(sorted(shares, key=lambda reference: -shares[reference]))


def _overlapping(page: _Page, start: int, end: int) -> Iterator[tuple[Span, Reference]]:
    return ((span, ref) for span, ref in page.places if span.start < end and span.end > start)
