"""The design's targets, and whether a part meets them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Self

import yaml
from pydantic import BaseModel, ConfigDict, model_validator

from evals.report.rows import PRODUCT, find, fusion_gap, has_both_errors, mean_of, types_of
from evals.results import Answered, Estimate, Part, Ranked

FILE = Path(__file__).with_name("targets.yaml")
TOLERANCE = 1e-9
"""What two sums of the same numbers may differ by."""


class TargetKey(StrEnum):
    """What a target is about."""

    NDCG = "ndcg"
    RECALL = "recall"
    FUSION = "fusion"
    """The smallest gap, over the question types, between the product and its better leg."""
    ENGLISH = "english"
    INEXACT = "inexact"
    UNCITED = "uncited"
    SUPPORT = "support"
    VITAL = "vital"
    NUGGETS = "nuggets"
    WORDS = "words"
    REFUSING = "refusing"
    FOLLOW_UPS = "follow_ups"
    ANSWER_P95 = "answer_p95"
    LATENCY_RATIO = "latency_ratio"


class Unit(StrEnum):
    """How the number of a target is shown."""

    SHARE = "share"
    PERCENT = "percent"
    COUNT = "count"
    MILLISECONDS = "milliseconds"
    TIMES = "times"


class Target(BaseModel):
    """A bound on what is measured: from below or from above."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: TargetKey
    at_least: float | None = None
    at_most: float | None = None
    unit: Unit

    @model_validator(mode="after")
    def _has_one_bound(self) -> Self:
        if (self.at_least is None) == (self.at_most is None):
            raise ValueError("a target has either `at_least` or `at_most`")
        return self

    @property
    def bound(self) -> float:
        """The number that must be reached, or not be passed."""
        return self.at_most if self.at_most is not None else self.at_least or 0.0

    def slack(self, measured: float) -> float:
        """Return how far ``measured`` is on the right side of the bound; negative on the wrong side."""
        return self.bound - measured if self.at_most is not None else measured - self.bound

    def allows(self, measured: float) -> bool:
        """Return whether ``measured`` is on the right side of the bound."""
        return self.slack(measured) >= -TOLERANCE


class Targets(BaseModel):
    """All targets, each once, in the order in which they're shown."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    targets: tuple[Target, ...]

    @model_validator(mode="after")
    def _names_each_once(self) -> Self:
        if sorted(target.key for target in self.targets) != sorted(TargetKey):
            raise ValueError("each target must occur once")
        return self


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was measured for one target; ``None`` if it wasn't."""

    target: Target
    measured: float | None

    @property
    def key(self) -> TargetKey:
        """What it's about."""
        return self.target.key

    @property
    def bound(self) -> float:
        """The number that must be reached, or not be passed."""
        return self.target.bound

    @property
    def is_met(self) -> bool | None:
        """Whether the target is met; ``None`` if it wasn't measured."""
        return None if self.measured is None else self.target.allows(self.measured)


@cache
def read_targets(path: Path = FILE) -> tuple[Target, ...]:
    """Read and validate the targets."""
    return Targets.model_validate(yaml.safe_load(path.read_text(encoding="utf-8"))).targets


def check_targets(part: Part, support_by_hand: Estimate | None = None) -> tuple[Verdict, ...]:
    """Return what was measured for each target; hand labels of support go before the judge's."""
    by_hand = {TargetKey.SUPPORT: mean_of(support_by_hand)} if mean_of(support_by_hand) is not None else {}
    return tuple(
        Verdict(target, by_hand.get(target.key, MEASURES[target.key](part))) for target in read_targets()
    )


def worst_fusion_gap(part: Part) -> float | None:
    """Return the smallest gap between the product's nDCG and its better leg's, over the types."""
    gaps = (fusion_gap(part, type_) for type_ in types_of(part.ranked))
    return min((gap for gap in gaps if gap is not None), default=None)


def _ranked(part: Part) -> Ranked | None:
    return find(part.ranked, PRODUCT)


def _answered(part: Part) -> Answered | None:
    return find(part.answered, PRODUCT)


def _ndcg(part: Part) -> float | None:
    row = _ranked(part)
    return mean_of(row.ndcg) if row else None


def _recall(part: Part) -> float | None:
    row = _ranked(part)
    return mean_of(row.recall) if row else None


def _english(part: Part) -> float | None:
    twins = part.twins
    return twins.ndcg_ratio if twins and twins.ndcg.count and twins.other_ndcg.mean else None


def _inexact(part: Part) -> float | None:
    return part.cited.inexact if part.cited.citations else None


def _uncited(part: Part) -> float | None:
    return part.cited.uncited if part.cited.claims else None


def _support(part: Part) -> float | None:
    row = _answered(part)
    return mean_of(row.support) if row else None


def _vital(part: Part) -> float | None:
    row = _answered(part)
    return mean_of(row.vital) if row else None


def _nuggets(part: Part) -> float | None:
    row = _answered(part)
    return mean_of(row.nuggets) if row else None


def _words(part: Part) -> float | None:
    row = _answered(part)
    return row.most_words if row and row.most_words else None


def _refusing(part: Part) -> float | None:
    return part.refused.mean_error if has_both_errors(part.refused) else None


def _follow_ups(part: Part) -> float | None:
    compared = part.follow_ups
    return (
        compared.recall_ratio if compared and compared.recall.count and compared.other_recall.mean else None
    )


def _answer_p95(part: Part) -> float | None:
    return part.timed.answer_p95 if part.timed else None


def _latency_ratio(part: Part) -> float | None:
    return part.timed.ratio if part.timed else None


MEASURES: Mapping[TargetKey, Callable[[Part], float | None]] = {
    TargetKey.NDCG: _ndcg,
    TargetKey.RECALL: _recall,
    TargetKey.FUSION: worst_fusion_gap,
    TargetKey.ENGLISH: _english,
    TargetKey.INEXACT: _inexact,
    TargetKey.UNCITED: _uncited,
    TargetKey.SUPPORT: _support,
    TargetKey.VITAL: _vital,
    TargetKey.NUGGETS: _nuggets,
    TargetKey.WORDS: _words,
    TargetKey.REFUSING: _refusing,
    TargetKey.FOLLOW_UPS: _follow_ups,
    TargetKey.ANSWER_P95: _answer_p95,
    TargetKey.LATENCY_RATIO: _latency_ratio,
}
"""How each target is measured; ``None`` if the part holds nothing to measure it by."""
