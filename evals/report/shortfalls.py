"""Where a part falls short of a target: by question type, and by the items that did worst."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from evals.report.rows import KINDS, PRODUCT, TYPES, find, fusion_gap, in_order, mean_of, types_of
from evals.report.targets import TargetKey, Verdict
from evals.results import Answered, Estimate, ItemResult, Part, Ranked, Report

WITHHELD = "test"
"""The split whose texts no report shows, so that nobody tunes on them."""
WORST = 10


@dataclass(frozen=True, slots=True)
class Weak:
    """An item that did badly, and what was measured for it."""

    item: ItemResult
    measured: float


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A target that a part misses."""

    part: Part
    verdict: Verdict
    by_type: Mapping[str, float]
    """What was measured, by question type (or kind of refusal)."""
    worst: tuple[Weak, ...]
    """The answerable items that did worst, worst first."""
    ids: tuple[str, ...]
    """Other items that went wrong, known by their ids alone."""


def withhold_texts(report: Report) -> Report:
    """Return the report without the questions and facts of the test split."""
    return replace(report, parts=tuple(map(_withhold, report.parts)))


def find_shortfalls(part: Part, verdicts: Sequence[Verdict]) -> tuple[Shortfall, ...]:
    """Return where the part misses a target, in the order of the verdicts on it."""
    missed = (verdict for verdict in verdicts if verdict.is_met is False)
    return tuple(
        Shortfall(part, verdict, _by_type(verdict.key, part), _worst(verdict, part), _ids(verdict.key, part))
        for verdict in missed
    )


def _withhold(part: Part) -> Part:
    if part.split != WITHHELD:
        return part
    return replace(part, items=tuple(replace(item, question="", missing=()) for item in part.items))


def _by_type(key: TargetKey, part: Part) -> Mapping[str, float]:
    found: Mapping[str, float | None] = {}
    if key is TargetKey.REFUSING:
        errors = {**part.refused.by_type, **part.refused.by_kind}
        found = {name: mean_of(errors[name]) for name in in_order(errors, (*TYPES, *KINDS))}
    elif key is TargetKey.FUSION:
        found = {type_: fusion_gap(part, type_) for type_ in types_of(part.ranked)}
    elif key in _RANKED:
        found = {type_: _of_ranked(key, part, type_) for type_ in types_of(part.ranked)}
    elif key in _ANSWERED:
        found = {type_: _of_answered(key, part, type_) for type_ in types_of(part.answered)}
    return {name: value for name, value in found.items() if value is not None}


def _of_ranked(key: TargetKey, part: Part, type_: str) -> float | None:
    row = find(part.ranked, PRODUCT, type_)
    return mean_of(_RANKED[key](row)) if row else None


def _of_answered(key: TargetKey, part: Part, type_: str) -> float | None:
    row = find(part.answered, PRODUCT, type_)
    if row is None:
        return None
    value = _ANSWERED[key](row)
    return value if isinstance(value, int) else mean_of(value)


def _worst(verdict: Verdict, part: Part) -> tuple[Weak, ...]:
    if verdict.key is TargetKey.FUSION:
        types = {
            type_ for type_, gap in _by_type(verdict.key, part).items() if not verdict.target.allows(gap)
        }
        weak = [
            Weak(item, item.ndcg)
            for item in part.items
            if item.type in types and item.ndcg is not None and item.ndcg < 1
        ]
        return tuple(sorted(weak, key=lambda one: (one.measured, one.item.id))[:WORST])
    measure = _ITEMS.get(verdict.key)
    if measure is None:
        return ()
    measured = ((item, measure(item)) for item in part.items)
    weak = [Weak(item, value) for item, value in measured if value is not None]
    wrong = [one for one in weak if not verdict.target.allows(one.measured)]
    return tuple(sorted(wrong, key=lambda one: (verdict.target.slack(one.measured), one.item.id))[:WORST])


def _ids(key: TargetKey, part: Part) -> tuple[str, ...]:
    if key is TargetKey.REFUSING:
        return part.wrongly_answered
    if key is TargetKey.FOLLOW_UPS:
        return part.weak_follow_ups
    return part.weak_twins if key is TargetKey.ENGLISH else ()


_RANKED: Mapping[TargetKey, Callable[[Ranked], Estimate]] = {
    TargetKey.NDCG: lambda row: row.ndcg,
    TargetKey.RECALL: lambda row: row.recall,
}
_ANSWERED: Mapping[TargetKey, Callable[[Answered], Estimate | int | None]] = {
    TargetKey.SUPPORT: lambda row: row.support,
    TargetKey.VITAL: lambda row: row.vital,
    TargetKey.NUGGETS: lambda row: row.nuggets,
    TargetKey.WORDS: lambda row: row.most_words,
}
_ITEMS: Mapping[TargetKey, Callable[[ItemResult], float | None]] = {
    TargetKey.NDCG: lambda item: item.ndcg,
    TargetKey.RECALL: lambda item: item.recall,
    TargetKey.SUPPORT: lambda item: item.support,
    TargetKey.VITAL: lambda item: item.vital,
    TargetKey.NUGGETS: lambda item: item.nuggets,
    TargetKey.WORDS: lambda item: item.words,
    TargetKey.REFUSING: lambda item: float(item.outcome != "answered"),
}
