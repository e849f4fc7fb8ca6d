"""Numbers are written as a Dutch reader expects them."""

from __future__ import annotations

import pytest

from evals.report import formatting
from evals.report.targets import Unit
from evals.results import Estimate


@pytest.mark.parametrize(
    ("value", "written"),
    [(0.9567, "0,957"), (-0.012, "−0,012"), (-0.0001, "0,000"), (None, "–"), (float("nan"), "–")],
)
def test_a_number_has_a_comma_and_a_real_minus(value: float | None, written: str) -> None:
    assert formatting.number(value) == written


def test_an_estimate_over_nothing_is_a_dash() -> None:
    assert formatting.estimate(Estimate(0.0, 0.0, 0.0, 0)) == "–"
    assert formatting.estimated_percentage(None) == "–"
    assert formatting.estimate(Estimate(0.5, 0.4, 0.61, 9)) == "0,500 (0,400–0,610)"


@pytest.mark.parametrize(
    ("value", "unit", "measured", "bound"),
    [
        (0.03, Unit.PERCENT, "3,0 %", "3 %"),
        (150, Unit.COUNT, "150", "150"),
        (100, Unit.MILLISECONDS, "100,0 ms", "100 ms"),
        (1.5, Unit.TIMES, "1,50 ×", "1,5 ×"),
        (0.985, Unit.SHARE, "0,985", "0,985"),
    ],
)
def test_each_unit_has_its_decimals_and_sign(value: float, unit: Unit, measured: str, bound: str) -> None:
    assert formatting.in_unit(value, unit) == measured
    assert formatting.bound_in_unit(value, unit) == bound


def test_a_long_list_of_ids_ends_in_an_ellipsis() -> None:
    assert formatting.few(["a", "b"]) == "a, b"
    assert formatting.few([str(number) for number in range(9)]) == "0, 1, 2, 3, 4, 5, …"
