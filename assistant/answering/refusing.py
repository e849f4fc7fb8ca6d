"""When the sources don't answer a question: decided from raw engine scores and word coverage."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from assistant.domain import Findings, Intent, Language, Query, RefusalReason


@dataclass(frozen=True, slots=True)
class RefusalPolicy:
    """Bounds on what was found, below which a question is refused.

    Similarity is that of the nearest passage or statement; coverage is the share of the question's
    content words, weighted by rarity, that the best passages hold. Similarity alone doesn't tell:
    scores of e5 on Dutch lie close together. So a question that is less similar must be covered
    better. A story has many words that no text holds, and an English question has none in common
    with Dutch texts. The bounds were set on ``evals/questions.yaml``, for multilingual-e5-small.
    """

    off_topic: float = 0.84
    """Below this similarity a question is about something else altogether."""
    lowest: float = 0.855
    """Below this similarity no coverage is enough."""
    near: float = 0.885
    """At this similarity it takes ``fair`` coverage; at ``lowest`` it takes ``strict``."""
    nearest: float = 0.91
    """At this similarity, ``lenient`` coverage is enough."""
    certain: float = 0.935
    """From this similarity on, ``least`` coverage is enough."""
    strict: float = 0.95
    fair: float = 0.58
    lenient: float = 0.35
    least: float = 0.1
    story: float = 0.4
    """Coverage that a situation told as a story needs."""
    english: float = 0.86
    """Similarity that an English question needs."""

    def decide(self, query: Query, findings: Findings) -> RefusalReason | None:
        """Return why the question is refused, or ``None`` to answer it."""
        similarity = max([findings.best_dense, *findings.closeness.values()])
        if not findings.passages or similarity < self.off_topic:
            return RefusalReason.OUT_OF_SCOPE
        if query.language is Language.ENGLISH:
            return None if similarity >= self.english else RefusalReason.NOT_IN_SOURCES
        is_near = similarity >= self.lowest
        needed = self.story if query.intent is Intent.SITUATION else self._needed_coverage(similarity)
        return None if is_near and findings.coverage >= needed else RefusalReason.NOT_IN_SOURCES

    def _needed_coverage(self, similarity: float) -> float:
        """Return the coverage that a similarity needs: straight lines between the bounds."""
        similarities = (self.lowest, self.near, self.nearest, self.certain)
        coverages = (self.strict, self.fair, self.lenient, self.least)
        return float(np.interp(similarity, similarities, coverages))
