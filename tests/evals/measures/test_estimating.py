"""Means and their intervals."""

from __future__ import annotations

from statistics import mean, stdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.measures.estimating import estimate
from evals.results import Estimate

SHARES = st.lists(st.floats(0, 1), min_size=1, max_size=40)


@given(SHARES)
def test_the_interval_holds_the_mean_and_stays_within_the_values(values: list[float]) -> None:
    found = estimate(values)
    assert found.mean == pytest.approx(mean(values))
    assert found.count == len(values)
    slack = 1e-9
    assert min(values) - slack <= found.low <= found.high <= max(values) + slack
    if len(values) == 1:
        assert found.low == found.high == found.mean


def test_the_interval_lies_about_two_standard_errors_to_either_side() -> None:
    values = [float(at % 10 < 7) for at in range(200)]
    found = estimate(values)
    error = stdev(values) / 200**0.5
    assert found.mean - found.low == pytest.approx(1.96 * error, rel=0.15)
    assert found.high - found.mean == pytest.approx(1.96 * error, rel=0.15)
    assert found.low < found.mean < found.high


def test_a_second_run_gives_the_same_interval() -> None:
    values = [0.0, 0.25, 1.0, 0.5, 0.75]
    assert estimate(values) == estimate(values)


def test_more_of_the_same_values_make_the_interval_narrower() -> None:
    few, many = estimate([0.0, 1.0] * 5), estimate([0.0, 1.0] * 100)
    assert many.high - many.low < (few.high - few.low) / 2


def test_no_values_count_as_zero() -> None:
    assert estimate([]) == Estimate(0.0, 0.0, 0.0, 0)


def test_flags_count_as_zero_and_one() -> None:
    assert estimate([True, False, False, False]).mean == 0.25
