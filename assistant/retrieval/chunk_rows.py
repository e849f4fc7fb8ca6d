"""Chunks as rows of an array, so that all of them are scored and ranked at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from assistant.domain import Chunk, Filters, Hit, Ranking

ABSENT = -np.inf
"""The score of a chunk that isn't ranked."""

_MASKS_KEPT = 64

Scores = NDArray[np.float64]
"""A score of each chunk, or ``ABSENT``; shape (chunks,)."""


class ChunkRows:
    """The rows of chunks, in the order of their ids."""

    def __init__(self, chunks: Mapping[str, Chunk]) -> None:
        self._chunks = [chunks[id_] for id_ in sorted(chunks)]
        self._rows = {chunk.id: row for row, chunk in enumerate(self._chunks)}
        self.admitted = lru_cache(_MASKS_KEPT)(self._admitted)

    def __len__(self) -> int:
        return len(self._chunks)

    def of(self, ids: Iterable[str]) -> NDArray[np.intp]:
        """Return the rows of chunks, by their ids."""
        return np.array([self._rows[id_] for id_ in ids], np.intp)

    def scores(self, ranking: Ranking) -> Scores:
        """Return the scores of a ranking; chunks that aren't in it are absent."""
        return scores_of(ranking, self._rows)

    def best(self, scores: Scores, limit: int) -> NDArray[np.intp]:
        """Return the rows that score highest, best first; those that score the same by their ids."""
        rows = np.argsort(-scores, kind="stable")[:limit]
        return rows[scores[rows] > ABSENT]

    def ranking(self, scores: Scores, limit: int) -> Ranking:
        """Rank the chunks that score highest."""
        rows = self.best(scores, limit)
        pairs = zip(rows.tolist(), scores[rows].tolist(), strict=True)
        return tuple(Hit(self._chunks[row].id, score, "dense") for row, score in pairs)

    def _admitted(self, filters: Filters) -> NDArray[np.bool_]:
        """Return which chunks may be found under these filters, shape (chunks,)."""
        return np.array([_admits(filters, chunk) for chunk in self._chunks], np.bool_)


def scores_of(ranking: Ranking, rows: Mapping[str, int]) -> Scores:
    """Return the scores of a ranking in an array with these rows, by id; what isn't in it is absent."""
    scores = np.full(len(rows), ABSENT)
    scores[[rows[hit.chunk_id] for hit in ranking]] = [hit.score for hit in ranking]
    return scores


def _admits(filters: Filters, chunk: Chunk) -> bool:
    is_kind = not filters.kinds or chunk.kind in filters.kinds
    return is_kind and (not filters.sources or not filters.sources.isdisjoint(chunk.source_ids))
