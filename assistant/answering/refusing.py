"""When the sources don't answer a question: decided from raw engine scores and word coverage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

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
    answered_from: float = 0.5
    """Confidence from which a question is answered."""

    _RANGE: ClassVar[float] = 0.1
    """Similarities from the bound to where nothing is in doubt any more."""

    def confidence(self, query: Query, findings: Findings) -> float:
        """Return how surely the sources answer a question, from 0 to 1; it is answered from .5 on."""
        if not findings.passages:
            return 0.0
        similarity = _similarity(findings)
        if query.language is Language.ENGLISH:
            margin = (similarity - self.english) / self._RANGE
        else:
            is_story = query.intent is Intent.SITUATION
            needed = self.story if is_story else self._needed_coverage(similarity)
            margin = min((similarity - self.lowest) / self._RANGE, findings.coverage - needed)
        return float(np.clip(0.5 + margin / 2, 0.0, 1.0))

    def decide(self, query: Query, findings: Findings) -> RefusalReason | None:
        """Return why the question is refused, or ``None`` to answer it."""
        if self.confidence(query, findings) >= self.answered_from:
            return None
        is_off_topic = not findings.passages or _similarity(findings) < self.off_topic
        return RefusalReason.OUT_OF_SCOPE if is_off_topic else RefusalReason.NOT_IN_SOURCES

    def _needed_coverage(self, similarity: float) -> float:
        """Return the coverage that a similarity needs: straight lines between the bounds."""
        similarities = (self.lowest, self.near, self.nearest, self.certain)
        coverages = (self.strict, self.fair, self.lenient, self.least)
        return float(np.interp(similarity, similarities, coverages))


def _similarity(findings: Findings) -> float:
    return max([findings.best_dense, *findings.closeness.values()])
