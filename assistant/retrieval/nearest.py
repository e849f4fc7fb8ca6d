"""Sentences in groups, of which the nearest counts: how near a chunk or a statement is by its phrasings."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.domain import phrased_by
from assistant.retrieval.chunk_rows import ABSENT, ChunkRows, Scores
from assistant.retrieval.sentence_index import SentenceIndex


class Groups:
    """Which sentence belongs to which group, in their order; those without a name belong to none."""

    def __init__(self, groups: Sequence[str]) -> None:
        named = np.array([row for row, name in enumerate(groups) if name], np.intp)
        names, numbers = np.unique([groups[row] for row in named], return_inverse=True)
        order = np.argsort(numbers, kind="stable")
        self.names: list[str] = names.tolist()
        self._order = named[order]
        self._starts = np.searchsorted(numbers[order], np.arange(len(names)))

    def nearest(self, closeness: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return how near the nearest sentence of each group is, in the order of ``names``."""
        if not self.names:
            return np.zeros(0, np.float32)
        return np.maximum.reduceat(closeness[self._order], self._starts)


class Phrasings:
    """Phrasings, and which chunk and which statement each asks for."""

    def __init__(self, index: SentenceIndex, rows: ChunkRows) -> None:
        asked = [phrased_by(id_) for id_ in index.ids]
        self._index = index
        self._chunks = Groups([chunk for chunk, _ in asked])
        self._statements = Groups([statement for _, statement in asked])
        self._rows = rows.of(self._chunks.names)
        self._blank = np.full(len(rows), ABSENT)

    def nearest(self, vector: NDArray[np.float32]) -> tuple[Scores, dict[str, float]]:
        """Return how near the nearest phrasing of each chunk is, and that of each statement by its id.

        What lies farther than 0 isn't near.
        """
        near = self._index.similarities(vector)
        chunks = self._blank.copy()
        chunks[self._rows] = self._chunks.nearest(near)
        chunks[chunks <= 0] = ABSENT
        found = zip(self._statements.names, self._statements.nearest(near).tolist(), strict=True)
        return chunks, {id_: closeness for id_, closeness in found if closeness > 0}
