"""Vectors of single sentences: how close each statement or phrasing of the cards is to a question.

There are some hundreds or thousands, so they are held in memory and compared all at once.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.errors import IndexDamaged


class SentenceIndex:
    """The sentences' ids with their vectors, shape (n, dimension), normalised."""

    def __init__(self, ids: Sequence[str], vectors: NDArray[np.float32]) -> None:
        self.ids = tuple(ids)
        self._vectors = vectors

    @classmethod
    def open(cls, path: Path) -> SentenceIndex:
        """Open what ``write_sentence_index`` wrote; raise ``IndexDamaged`` when it isn't that."""
        try:
            with np.load(path, allow_pickle=False) as arrays:
                return cls(arrays["ids"].tolist(), arrays["vectors"].astype(np.float32))
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
            raise IndexDamaged(file=str(path)) from error

    def among(self, keeps: Callable[[str], bool]) -> SentenceIndex:
        """Return an index of only the sentences whose ids pass."""
        kept = [row for row, id_ in enumerate(self.ids) if keeps(id_)]
        return SentenceIndex([self.ids[row] for row in kept], self._vectors[kept])

    def similarities(self, vector: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the cosine similarity of each sentence to a vector of shape (dimension,), in their order."""
        return self._vectors @ vector if self.ids else np.zeros(0, np.float32)

    def closeness(self, vector: NDArray[np.float32]) -> dict[str, float]:
        """Return the cosine similarity of every sentence to a vector of shape (dimension,)."""
        return dict(zip(self.ids, self.similarities(vector).tolist(), strict=True))

    def nearest(self, vector: NDArray[np.float32]) -> float:
        """Return the cosine similarity of the nearest sentence; 0 if there is none nearer than that."""
        return max(0.0, float(self.similarities(vector).max(initial=0.0)))


def write_sentence_index(path: Path, ids: Sequence[str], vectors: NDArray[np.float32]) -> None:
    """Write the sentences' vectors, of shape (len(ids), dimension), as npz without pickle."""
    if len(ids) != len(vectors):
        raise ValueError(f"{len(ids)} sentences with {len(vectors)} vectors")
    np.savez(path, ids=np.array(ids, dtype=np.str_), vectors=vectors.astype(np.float16))
