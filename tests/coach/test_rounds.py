"""Rounds: like is compared with like, and a small change says nothing."""

from __future__ import annotations

import pytest

from assistant.coach.rounds import SMALLEST_NOISE, noise_between
from assistant.domain import CheckKind, Report, Score, Trend
from tests.coach.checks import profile, report_of, shipped

TREND = shipped().norms.trend
AMBITION = [one.id for one in shipped().questionnaire.conditions[0].items]


def _round(number: int, score: int, *earlier: Report, kind: CheckKind = CheckKind.FULL) -> Report:
    people = [{**profile(), **dict.fromkeys(AMBITION, score)}] * 4
    return report_of(people, kind=kind, number=number, earlier=earlier)


def _trend(report: Report) -> Trend:
    return next(one for one in report.trends if one.id == "ambitie")


@pytest.mark.parametrize(
    ("before", "now", "template"), [(2, 4, TREND.up), (4, 2, TREND.down), (3, 3, TREND.noise)]
)
def test_a_trend_says_up_down_or_nothing(before: int, now: int, template: str) -> None:
    trend = _trend(_round(2, now, _round(1, before)))
    assert trend.rounds == ((1, before), (2, now))
    assert trend.sentence == template.format(titel="Ambitie en waarden")


def test_noise_is_twice_the_standard_error_of_the_difference() -> None:
    """Spreads of 1.0 among 5 and 1.5 among 10: twice the root of 1/4 + 2.25/9 is 1.41."""
    one, other = Score("a", "", 3.0, 1.0, 5), Score("a", "", 3.0, 1.5, 10)
    assert noise_between(one, other) == 1.4


def test_noise_is_at_least_three_tenths_even_where_all_agree() -> None:
    one = Score("a", "", 3.0, 0.0, 400)
    assert noise_between(one, one) == SMALLEST_NOISE == 0.3


def test_the_first_round_has_no_trends() -> None:
    assert _round(1, 3).trends == ()


def test_rounds_stand_in_order_and_later_ones_do_not_count() -> None:
    first, third = _round(1, 2), _round(3, 5)
    second = _round(2, 3, third, first)
    assert _trend(second).rounds == ((1, 2.0), (2, 3.0))
    assert _trend(_round(4, 4, third, second, first)).rounds == ((1, 2.0), (2, 3.0), (3, 5.0), (4, 4.0))


def test_a_pulse_follows_its_one_item_through_full_checks() -> None:
    full = report_of([profile(["ambitie-levend"])] * 3)
    pulse = _round(2, 2, full, kind=CheckKind.PULSE)
    assert _trend(pulse).rounds == ((1, 5.0), (2, 2.0))


def test_a_full_check_is_compared_with_full_checks_alone() -> None:
    first = _round(1, 2)
    pulse = _round(2, 5, first, kind=CheckKind.PULSE)
    assert _trend(_round(3, 3, first, pulse)).rounds == ((1, 2.0), (3, 3.0))


def test_a_round_that_shows_no_figure_is_passed_over() -> None:
    unseen = report_of([profile()] * 2)
    assert _round(2, 3, unseen).trends == ()
