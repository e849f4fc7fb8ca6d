"""Figures and dates as a Dutch reader writes them."""

from __future__ import annotations

from datetime import date
from typing import Protocol


class Texts(Protocol):
    """The texts of ``prompts/publishing.yaml``."""

    def render(self, key: str, /, **values: object) -> str:
        """Return the text for ``key`` with its placeholders filled."""
        ...


def figure(value: float | None, texts: Texts) -> str:
    """Return a score with one decimal ("3,4"), or that there were too few answers."""
    return texts.render("too_few") if value is None else decimal(value)


def decimal(value: float) -> str:
    """Return a number with one decimal and a comma; what rounds to nothing has no sign."""
    return f"{round(value, 1) + 0.0:.1f}".replace(".", ",")


def percentage(share: float) -> str:
    """Return a share, from 0 to 1, in whole percents."""
    return f"{share:.0%}"


def day(value: date, texts: Texts) -> str:
    """Return a date in full: "3 maart 2025"."""
    month = texts.render(f"month_{value.month}")
    return texts.render("day", day=value.day, month=month, year=value.year)
