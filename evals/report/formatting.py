"""Numbers as a Dutch reader expects them, and texts that can stand in a cell of a table."""

from __future__ import annotations

import math
from collections.abc import Sequence

from evals.report.targets import Unit
from evals.results import Estimate

NOTHING = "–"
"""Stands where nothing was measured."""
FEW = 6
_DECIMALS = {Unit.SHARE: 3, Unit.PERCENT: 1, Unit.COUNT: 0, Unit.MILLISECONDS: 1, Unit.TIMES: 2}


def number(value: float | None, decimals: int = 3) -> str:
    """Write a number with a comma and a real minus sign."""
    if value is None or math.isnan(value):
        return NOTHING
    written = f"{value:.{decimals}f}"
    if not float(written):
        written = written.removeprefix("-")
    return written.replace(".", ",").replace("-", "−")


def percentage(share: float | None, decimals: int = 1) -> str:
    """Write a share as a percentage."""
    return NOTHING if share is None or math.isnan(share) else f"{number(100 * share, decimals)} %"


def estimate(value: Estimate | None) -> str:
    """Write a mean with its interval."""
    if value is None or not value.count:
        return NOTHING
    return f"{number(value.mean)} ({number(value.low)}–{number(value.high)})"


def estimated_percentage(value: Estimate | None) -> str:
    """Write a mean with its interval, in percentages."""
    if value is None or not value.count:
        return NOTHING
    return f"{percentage(value.mean)} ({number(100 * value.low, 1)}–{number(100 * value.high, 1)})"


def in_unit(value: float | None, unit: Unit) -> str:
    """Write what was measured in the unit of its target."""
    if value is None:
        return NOTHING
    written = number(100 * value if unit is Unit.PERCENT else value, _DECIMALS[unit])
    return written + _sign(unit)


def bound_in_unit(value: float, unit: Unit) -> str:
    """Write a bound in its unit, without digits that say nothing."""
    written = f"{100 * value if unit is Unit.PERCENT else value:g}".replace(".", ",")
    return written + _sign(unit)


def cell(text: str) -> str:
    """Return a text on one line that can't end a cell or open a tag."""
    return " ".join(text.split()).replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")


def few(ids: Sequence[str]) -> str:
    """Name the first ids of a list."""
    return ", ".join(ids[:FEW]) + (", …" if len(ids) > FEW else "")


def _sign(unit: Unit) -> str:
    return {Unit.PERCENT: " %", Unit.MILLISECONDS: " ms", Unit.TIMES: " ×"}.get(unit, "")
