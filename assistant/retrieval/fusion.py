"""One ranking out of two: a convex combination of normalised scores.

Plain reciprocal-rank fusion throws away how much better a hit is; it stays as the
baseline that the evals compare with.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assistant.domain import Hit, Ranking
from assistant.retrieval.chunk_rows import Scores, scores_of

E5_RANGE = (0.75, 0.95)
"""Cosine similarities of E5 on Dutch: far off topic .77 to .82, on topic .87 to .93."""

FULL_RANGE = (0.0, 1.0)
"""For models that use all of the scale."""


def fuse(
    dense: Ranking, keywords: Ranking, weight: float, dense_range: tuple[float, float] = E5_RANGE
) -> Ranking:
    """Add ``weight`` times the dense score to the rest times the keyword score, each from 0 to 1.

    A cosine is placed in a fixed range, so that a weak best hit stays weak. BM25 has no scale
    that holds between questions: it's divided by the best score of this question.
    A chunk that an engine doesn't return gets 0 from it; an engine that returns nothing
    (keywords for an English question) leaves the whole weight to the other.
    """
    found = _Found.of(dense, keywords)
    low, high = dense_range
    placed = np.clip((found.cosines - low) / (high - low), 0.0, 1.0)
    best = max((hit.score for hit in keywords), default=0.0)
    shared = np.maximum(found.words, 0.0) / best if best > 0 else np.zeros_like(placed)
    share = weight if dense and best > 0 else float(bool(dense))
    return found.ranked(share * placed + (1 - share) * shared)


def fuse_by_rank(dense: Ranking, keywords: Ranking, k: int = 60) -> Ranking:
    """Reciprocal-rank fusion: each engine adds 1 / (k + rank)."""
    found = _Found.of(dense, keywords)
    fused = dict.fromkeys(found.ids, 0.0)
    for ranking in (dense, keywords):
        best_first = sorted(ranking, key=lambda hit: (-hit.score, hit.chunk_id))
        for rank, hit in enumerate(best_first, start=1):
            fused[hit.chunk_id] += 1 / (k + rank)
    return found.ranked(np.array([fused[id_] for id_ in found.ids]))


@dataclass(frozen=True, slots=True)
class _Found:
    """What either engine found, by id, with its score of each: ``ABSENT`` where it didn't find it."""

    ids: Sequence[str]
    cosines: Scores
    words: Scores

    @classmethod
    def of(cls, dense: Ranking, keywords: Ranking) -> _Found:
        ids = sorted({hit.chunk_id for hit in (*dense, *keywords)})
        rows = {id_: row for row, id_ in enumerate(ids)}
        return cls(ids, scores_of(dense, rows), scores_of(keywords, rows))

    def ranked(self, fused: Scores) -> Ranking:
        """Best first; equal scores are told apart by the raw ones, and last by id."""
        order = np.lexsort((-self.words, -self.cosines, -fused)).tolist()
        return tuple(Hit(self.ids[row], float(fused[row]), "fusion") for row in order)
