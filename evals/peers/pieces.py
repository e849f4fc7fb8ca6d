"""The pieces of text that peers index, and the sections of the sources that they lie in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Protocol

from assistant.domain import Catalogue, Chunk, Reference
from evals.bench import sections_of
from evals.peers.worker import Found
from evals.textbook import split_like_a_textbook


class Sections(Protocol):
    """Tells in which sections a piece lies that was found; ``KeyError`` if nobody indexed it."""

    def of(self, page: str, text: str) -> Sequence[Reference]:
        """Return sections, longest part first."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A split of a text or a card; ``page`` is the id of either."""

    page: str
    text: str
    sections: tuple[Reference, ...]


def read_pieces(catalogue: Catalogue) -> tuple[Piece, ...]:
    """Split all texts and all cards as the tutorials do."""
    return tuple(
        Piece(page, split.text, split.sections)
        for page, alone in _one_by_one(catalogue)
        for split in split_like_a_textbook(alone)
    )


def _one_by_one(catalogue: Catalogue) -> Iterator[tuple[str, Catalogue]]:
    for id_, document in catalogue.documents.items():
        yield id_, replace(catalogue, documents={id_: document}, cards={})
    for id_, card in catalogue.cards.items():
        yield id_, replace(catalogue, documents={}, cards={id_: card})


class SectionsOfPieces:
    """Finds a piece back by its page and its text, whatever became of the white space."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self._known: dict[tuple[str, str], tuple[Reference, ...]] = {}
        for piece in pieces:
            self._known.setdefault((piece.page, _bare(piece.text)), piece.sections)

    def of(self, page: str, text: str) -> Sequence[Reference]:
        """Return the sections of a piece."""
        return self._known[page, _bare(text)]


class SectionsOfChunks:
    """Finds the product's own chunks back by their id, which stands for the page."""

    def __init__(self, chunks: Mapping[str, Chunk], catalogue: Catalogue) -> None:
        self._chunks = chunks
        self._catalogue = catalogue

    def of(self, page: str, text: str) -> Sequence[Reference]:
        """Return the sections that a chunk carries."""
        return sections_of(self._chunks[page], self._catalogue)


def rank_sections(found: Found, sections: Sections) -> tuple[Reference, ...]:
    """Rank the sections that the pieces lie in, each once."""
    return tuple(dict.fromkeys(chain.from_iterable(sections.of(page, text) for page, text in found)))


def _bare(text: str) -> str:
    return "".join(text.split())
