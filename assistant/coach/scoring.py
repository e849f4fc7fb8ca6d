"""From answers to scores: means and spreads, of all respondents and by group.

Everything is exact until it is rounded, half up, to one decimal: the order of answers can't matter.
A figure rests on at least three answers; one by group on at least three of each group that answered.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import floor, isqrt

from assistant.coach.grouping import Partition, is_traceable
from assistant.coach.norms import Norms
from assistant.domain import SMALLEST_GROUP, Condition, ConditionResult, GroupScore, Score, Submission


@dataclass(frozen=True, slots=True)
class Answers:
    """One respondent's scores by item id, and the label of the group in which they count."""

    group: str
    scores: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class _Value:
    group: str
    value: Fraction


def read_answers(
    submissions: Sequence[Submission], partition: Partition, asked: Collection[str]
) -> tuple[Answers, ...]:
    """Return each respondent's scores for what was asked, in the order of the groups.

    What doesn't apply has no score. Nothing is returned if the respondents are too few to be shown.
    """
    if not partition.groups:
        return ()
    order = [group.label for group in partition.groups]
    answers = [
        Answers(
            partition.labels[one.organisation_id],
            {r.item_id: r.score for r in one.responses if r.score is not None and r.item_id in asked},
        )
        for one in submissions
    ]
    return tuple(sorted(answers, key=lambda one: order.index(one.group)))


def score_item(item_id: str, title: str, answers: Sequence[Answers]) -> Score:
    """Score one item or tension, without a band."""
    values = [_Value(one.group, Fraction(one.scores[item_id])) for one in answers if item_id in one.scores]
    return _score(item_id, title, values)


def score_condition(condition: Condition, answers: Sequence[Answers], norms: Norms) -> ConditionResult:
    """Score a condition and its items, of which a pulse asks only one.

    A respondent's score is the mean of their answers, if they answered at least half of the items.
    No more goes into it than its items show: its groups are compared on the items that show groups,
    and its total rests on the same answers, so that subtracting can't reveal what an item hides.
    Where groups can't be compared so, the total rests on all items that show one.
    """
    items = tuple(_banded(score_item(one.id, one.text, answers), norms) for one in condition.items)

    def score(ids: Collection[str]) -> Score:
        values = _condition_values(answers, ids, at_least=(len(items) + 1) // 2)
        return _banded(_score(condition.id, condition.title, values), norms)

    by_group = score({one.id for one in items if one.groups})
    if by_group.groups:
        return ConditionResult(by_group, items)
    total = score({one.id for one in items if one.mean is not None})
    return ConditionResult(replace(total, groups=()), items)


def mean_of(item_id: str, answers: Sequence[Answers]) -> Fraction | None:
    """Return the exact mean of an item; ``None`` when fewer than three answered."""
    values = [Fraction(one.scores[item_id]) for one in answers if item_id in one.scores]
    return _mean(values) if len(values) >= SMALLEST_GROUP else None


def rounded(value: Fraction) -> float:
    """Round to one decimal, half away from zero, so that both sides of a tension are treated alike."""
    size = floor(abs(value) * 10 + Fraction(1, 2))
    return (size if value >= 0 else -size) / 10


def _condition_values(answers: Sequence[Answers], ids: Collection[str], at_least: int) -> list[_Value]:
    """Return the mean of each respondent who answered enough of the items."""
    values = []
    for one in answers:
        given = [Fraction(score) for item_id, score in one.scores.items() if item_id in ids]
        if len(given) >= at_least:
            values.append(_Value(one.group, _mean(given)))
    return values


def _score(score_id: str, title: str, values: Sequence[_Value]) -> Score:
    if len(values) < SMALLEST_GROUP:
        return Score(score_id, title, None, None, 0)
    numbers = [one.value for one in values]
    mean, spread = rounded(_mean(numbers)), _spread(numbers)
    return Score(score_id, title, mean, spread, len(numbers), _group_scores(values))


def _banded(score: Score, norms: Norms) -> Score:
    return score if score.mean is None else replace(score, band=norms.band_of(score.mean).label)


def _group_scores(values: Sequence[_Value]) -> tuple[GroupScore, ...]:
    """Score each group, in the order of the answers, unless one of them could be traced."""
    groups = defaultdict[str, list[Fraction]](list)
    for one in values:
        groups[one.group].append(one.value)
    if is_traceable([len(group) for group in groups.values()]):
        return ()
    return tuple(GroupScore(label, rounded(_mean(group)), len(group)) for label, group in groups.items())


def _mean(values: Sequence[Fraction]) -> Fraction:
    return sum(values, Fraction()) / len(values)


def _spread(values: Sequence[Fraction]) -> float:
    """Return the population standard deviation, rounded half up to one decimal without an inexact root."""
    mean = _mean(values)
    variance = _mean([(value - mean) ** 2 for value in values])
    return (isqrt(floor(400 * variance)) + 1) // 2 / 10
