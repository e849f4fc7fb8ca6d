"""Sentences in groups, of which the nearest counts: how near a chunk or a statement is by its phrasings."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.domain import phrased_by
from assistant.retrieval.sentence_index import SentenceIndex


class Groups:
    """Which sentence belongs to which group, in their order; those without a name belong to none."""

    def __init__(self, groups: Sequence[str]) -> None:
        named = np.array([row for row, name in enumerate(groups) if name], np.intp)
        names, numbers = np.unique([groups[row] for row in named], return_inverse=True)
        order = np.argsort(numbers, kind="stable")
        self._names: list[str] = names.tolist()
        self._order = named[order]
        self._starts = np.searchsorted(numbers[order], np.arange(len(names)))

    def nearest(self, closeness: NDArray[np.float32]) -> dict[str, float]:
        """Return how near the nearest sentence of each group is, where that is above 0."""
        if not self._names:
            return {}
        best = np.maximum.reduceat(closeness[self._order], self._starts).tolist()
        return {name: near for name, near in zip(self._names, best, strict=True) if near > 0}


class Phrasings:
    """Phrasings, and which chunk and which statement each asks for."""

    def __init__(self, index: SentenceIndex) -> None:
        asked = [phrased_by(id_) for id_ in index.ids]
        self._index = index
        self._chunks = Groups([chunk for chunk, _ in asked])
        self._statements = Groups([statement for _, statement in asked])

    def nearest(self, vector: NDArray[np.float32]) -> tuple[dict[str, float], dict[str, float]]:
        """Return how near the nearest phrasing of each chunk is, and that of each statement, by their ids."""
        near = self._index.similarities(vector)
        return self._chunks.nearest(near), self._statements.nearest(near)
