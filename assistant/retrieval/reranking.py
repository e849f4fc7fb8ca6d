"""A second reading of the best passages: a model that reads each together with the question.

The model itself is ``CrossEncoderReranker`` in ``embedding``, beside the others of its package.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.domain import Passage

RERANKED = 30
"""Passages that are read again: more than an answer is composed from, few enough to wait for."""


class Reranker(Protocol):
    """Says how well texts answer a question."""

    def relevance(self, question: str, texts: Sequence[str]) -> NDArray[np.float64]:
        """Score each text, shape (len(texts),); more is better, on a scale of the model's own."""


def rerank(reranker: Reranker, question: str, passages: Sequence[Passage]) -> tuple[Passage, ...]:
    """Put the first ``RERANKED`` passages, best first by fusion, in the order of the reranker.

    Order and distances are the reranker's, the range is that of fusion. The logits of a cross-encoder
    have no scale that holds between models or questions, and a sigmoid pushes most of them against 0
    or 1; what uses ``Passage.score`` is tuned on fused scores. So the logits are stretched linearly
    between the lowest and the highest fused score that were there: a weak best passage stays weak, and
    whatever comes after the passages that were read still scores no higher than they do.
    Nothing changes where the reranker sees no difference, or says what isn't a number.
    """
    first, rest = passages[:RERANKED], passages[RERANKED:]
    if len(first) < 2:
        return tuple(passages)
    relevance = reranker.relevance(question, [passage.chunk.indexed_text for passage in first])
    least, most = relevance.min(), relevance.max()
    if not least < most:
        return tuple(passages)
    scores = np.interp(relevance, (least, most), (first[-1].score, first[0].score))
    order = np.argsort(-relevance, kind="stable")
    return (*(replace(first[at], score=float(scores[at])) for at in order), *rest)
