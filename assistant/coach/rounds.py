"""What changed since earlier rounds, and whether it is more than chance."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from math import sqrt

from assistant.coach.norms import Norms, quoted
from assistant.domain import ConditionResult, Report, Score, Trend

SMALLEST_NOISE = 0.3
"""A smaller change of a mean says nothing, however many answered."""


def trends(
    number: int, conditions: Iterable[ConditionResult], earlier: Sequence[Report], norms: Norms
) -> tuple[Trend, ...]:
    """Compare each condition with earlier rounds that asked the same; there is none without such rounds.

    A full check is compared with full checks. A pulse asks one item of a condition, so that what is
    compared is that item, in earlier pulses and in earlier full checks.
    """
    before = sorted((one for one in earlier if one.round < number), key=lambda one: one.round)
    return tuple(trend for one in conditions for trend in _trend(number, one, before, norms))


def noise_between(one: Score, other: Score) -> float:
    """Return twice the standard error of the difference between two means, and at least 0.3.

    The same people may have answered both, but nobody can know: the two are taken as independent.
    """
    error = sqrt(sum((score.spread or 0) ** 2 / (score.count - 1) for score in (one, other)))
    return max(SMALLEST_NOISE, round(2 * error, 1))


def _trend(number: int, now: ConditionResult, earlier: Sequence[Report], norms: Norms) -> Iterator[Trend]:
    points = [(report.round, score) for report in earlier for score in _same(now, report)]
    if now.score.mean is None or not points:
        return
    noise = noise_between(points[-1][1], now.score)
    rounds = [*((at, score.mean or 0.0) for at, score in points), (number, now.score.mean)]
    yield Trend(
        now.score.id, now.score.title, tuple(rounds), noise, _sentence(now.score, rounds, noise, norms)
    )


def _same(now: ConditionResult, report: Report) -> Iterator[Score]:
    """Yield the score of an earlier report that rests on the same items, if it has one."""
    ids = {one.id for one in now.items}
    for then in report.conditions:
        scores = [then.score] if {one.id for one in then.items} == ids else []
        if not scores and len(ids) == 1:
            scores = [one for one in then.items if one.id in ids]
        yield from (one for one in scores if one.mean is not None)


def _sentence(score: Score, rounds: Sequence[tuple[int, float]], noise: float, norms: Norms) -> str:
    (_, then), (_, now) = rounds[-2:]
    change = round(now - then, 1)
    if abs(change) <= noise:
        template = norms.trend.noise
    else:
        template = norms.trend.up if change > 0 else norms.trend.down
    return template.format(titel=quoted(score.title))
