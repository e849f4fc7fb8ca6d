"""What the suite measures: plain frozen values, so that a report can be written and compared.

Shares run from 0 to 1. ``way`` is ``cards`` (the cards alone) or ``originals`` (cards and originals).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

ALL = "all"
"""The row that takes all question types together."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over items with its 95 % bootstrap interval."""

    mean: float
    low: float
    high: float
    count: int


@dataclass(frozen=True, slots=True)
class Ranked:
    """How well one system ranks the sections for one type of question."""

    system: str
    type: str
    ndcg: Estimate
    """nDCG@10, graded: a section that holds the answer counts 2, one that helps 1."""
    recall: Estimate
    """Share of the sections that hold the answer among the first five."""
    reciprocal_rank: Estimate


@dataclass(frozen=True, slots=True)
class Answered:
    """How good one system's answers to one type of question are; a refusal covers nothing."""

    system: str
    type: str
    vital: Estimate
    """Share of the vital nuggets that an answer holds."""
    nuggets: Estimate
    """Share of all nuggets that an answer holds."""
    support: Estimate | None
    """Share of an answer's claims that its evidence supports; ``None`` where quotes are the answer."""
    f1: Estimate
    """Harmonic mean of support and vital coverage, per answer."""
    words: float
    most_words: int
    readability: float
    """Flesch-Douma reading ease of the Dutch, averaged over the answers; higher is easier."""


@dataclass(frozen=True, slots=True)
class CalibrationBin:
    """Questions with about the same confidence, and how many of them can be answered."""

    confidence: float
    answerable: float
    count: int


@dataclass(frozen=True, slots=True)
class Refused:
    """How well the product tells what it can answer."""

    wrongly_refused: Estimate
    """Share of the answerable questions that were refused."""
    wrongly_answered: Estimate
    """Share of the unanswerable questions that were answered."""
    by_type: Mapping[str, Estimate]
    """Wrongly refused, by question type."""
    by_kind: Mapping[str, Estimate]
    """Wrongly answered, by kind of refusal."""
    auroc: float
    """Area under the ROC curve of the confidence."""
    calibration: tuple[CalibrationBin, ...]
    calibration_error: float
    """Expected calibration error: the gap of the bins, weighted by their size."""

    @property
    def mean_error(self) -> float:
        """The mean of both errors."""
        return (self.wrongly_refused.mean + self.wrongly_answered.mean) / 2


@dataclass(frozen=True, slots=True)
class Compared:
    """A form of a question beside the form that it should do as well as."""

    recall: Estimate
    """Recall@5 of the form that is measured (follow-up, English)."""
    other_recall: Estimate
    """Recall@5 of the form it's compared with (standalone, Dutch)."""
    ndcg: Estimate
    other_ndcg: Estimate
    vital: Estimate | None
    """Vital nuggets covered, where the items have nuggets."""
    other_vital: Estimate | None
    refused: float
    other_refused: float

    @property
    def recall_ratio(self) -> float:
        """Recall of the form, as a share of that of the other."""
        return self.recall.mean / self.other_recall.mean if self.other_recall.mean else 0.0

    @property
    def ndcg_ratio(self) -> float:
        """The nDCG of the form, as a share of that of the other."""
        return self.ndcg.mean / self.other_ndcg.mean if self.other_ndcg.mean else 0.0


@dataclass(frozen=True, slots=True)
class Attacked:
    """Attempts to lead the assistant astray."""

    total: int
    succeeded: tuple[str, ...]
    """Ids of those after which a reader saw what was forbidden, or an answer for a refusal."""
    unanswered: tuple[str, ...]
    """Ids of those that did no harm, but kept the genuine question in them from being answered."""


@dataclass(frozen=True, slots=True)
class Cited:
    """Citations of all answers."""

    claims: int
    uncited: int
    """Claims without any citation."""
    citations: int
    inexact: int
    """Citations whose quote isn't what stands at its place in the text."""


@dataclass(frozen=True, slots=True)
class Timed:
    """Warm answers beside the bare embedding of their question, timed in turn, in milliseconds."""

    answers: int
    answer_p50: float
    answer_p95: float
    embedding_p50: float
    embedding_p95: float
    samples: tuple[float, ...]
    """How long each answer took."""

    @property
    def ratio(self) -> float:
        """How many times longer an answer takes than the embedding, by the medians."""
        return self.answer_p50 / self.embedding_p50


@dataclass(frozen=True, slots=True)
class Judged:
    """How far a judge agrees with the hand labels."""

    judge: str
    """``nuggets`` or ``support``, with the name of the model if a model judged."""
    split: str
    labels: tuple[str, ...]
    """The classes, in the order of the table."""
    confusion: tuple[tuple[int, ...], ...]
    """Counts: a row for each class by hand, a column for each class by the judge."""
    balanced_accuracy: float

    @property
    def count(self) -> int:
        """The number of labels."""
        return sum(map(sum, self.confusion))


@dataclass(frozen=True, slots=True)
class ItemResult:
    """What one answerable item got from the product."""

    id: str
    type: str
    question: str
    outcome: str
    """``answered``, or why it was refused."""
    ndcg: float | None
    """``None`` where the item names no sections, or no nuggets."""
    recall: float | None
    vital: float | None
    nuggets: float | None
    missing: tuple[str, ...]
    """The vital nuggets that the answer lacks."""
    words: int
    support: float | None


@dataclass(frozen=True, slots=True)
class Part:
    """All that was measured one way, on one split."""

    way: str
    split: str
    counts: Mapping[str, int]
    """Items by list."""
    ranked: tuple[Ranked, ...]
    answered: tuple[Answered, ...]
    refused: Refused
    follow_ups: Compared | None
    twins: Compared | None
    attacks: Attacked | None
    cited: Cited
    timed: Timed | None
    items: tuple[ItemResult, ...]
    wrongly_answered: tuple[str, ...]
    """Ids of the unanswerable questions that got an answer."""
    weak_follow_ups: tuple[str, ...]
    """Ids of the follow-ups that found less than their standalone form."""
    weak_twins: tuple[str, ...]
    """Ids of the English questions that found less than their Dutch twin."""
    cards: int
    """Cards that answers are composed from."""


@dataclass(frozen=True, slots=True)
class Figure:
    """What a variant of the product gets."""

    value: Estimate
    change: Estimate | None
    """The difference to the product, item by item; ``None`` for the product itself."""

    @property
    def is_certain(self) -> bool:
        """Whether the difference is more than chance: its interval lies on one side of 0."""
        return self.change is not None and (self.change.low > 0 or self.change.high < 0)


@dataclass(frozen=True, slots=True)
class Variant:
    """The product with one thing changed."""

    name: str
    figures: Mapping[str, Figure]
    """By measure."""


@dataclass(frozen=True, slots=True)
class Block:
    """Choices that belong together, measured one way."""

    way: str
    name: str
    variants: tuple[Variant, ...]
    """The product as it is comes first."""


@dataclass(frozen=True, slots=True)
class Report:
    """A run of the suite."""

    parts: tuple[Part, ...]
    judged: tuple[Judged, ...]
    support_by_hand: Mapping[str, Estimate]
    """Share of the claims in real answers that hand labels call supported, by split."""
    settings: Mapping[str, str]
    versions: Mapping[str, str]
    commit: str
    """The commit that was measured, with ``+`` if files had changed since."""
    command: str
    ablated: tuple[Block, ...] = ()
    """What each choice is worth, on the dev split; empty where that wasn't asked for."""

    def part(self, way: str, split: str) -> Part:
        """Return one part; ``KeyError`` if it wasn't measured."""
        for part in self.parts:
            if (part.way, part.split) == (way, split):
                return part
        raise KeyError((way, split))
