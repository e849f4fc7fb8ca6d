"""One ranking out of two: a convex combination of normalised scores.

Plain reciprocal-rank fusion throws away how much better a hit is; it stays as the
baseline that the evals compare with.
"""

from __future__ import annotations

import math

from assistant.domain import Hit, Ranking

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
    placed = {hit.chunk_id: _place(hit.score, dense_range) for hit in dense}
    best = max((hit.score for hit in keywords), default=0.0)
    shared = {hit.chunk_id: hit.score / best if best > 0 else 0.0 for hit in keywords}
    share = weight if placed and best > 0 else float(bool(placed))
    fused = {
        id_: share * placed.get(id_, 0.0) + (1 - share) * shared.get(id_, 0.0) for id_ in placed | shared
    }
    return _rank(fused, dense, keywords)


def fuse_by_rank(dense: Ranking, keywords: Ranking, k: int = 60) -> Ranking:
    """Reciprocal-rank fusion: each engine adds 1 / (k + rank)."""
    fused: dict[str, float] = {}
    for ranking in (dense, keywords):
        best_first = sorted(ranking, key=lambda hit: (-hit.score, hit.chunk_id))
        for rank, hit in enumerate(best_first, start=1):
            fused[hit.chunk_id] = fused.get(hit.chunk_id, 0.0) + 1 / (k + rank)
    return _rank(fused, dense, keywords)


def _place(score: float, between: tuple[float, float]) -> float:
    low, high = between
    return min(1.0, max(0.0, (score - low) / (high - low)))


def _rank(fused: dict[str, float], dense: Ranking, keywords: Ranking) -> Ranking:
    """Best first; equal scores are told apart by the raw ones, and last by id."""
    cosines = {hit.chunk_id: hit.score for hit in dense}
    scores = {hit.chunk_id: hit.score for hit in keywords}

    def order(id_: str) -> tuple[float, float, float, str]:
        return -fused[id_], -cosines.get(id_, -math.inf), -scores.get(id_, -math.inf), id_

    return tuple(Hit(id_, fused[id_], "fusion") for id_ in sorted(fused, key=order))
