"""A clock that stands still until a test moves it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class Clock:
    """Tells a time in 2026, later by all the days that passed."""

    def __init__(self) -> None:
        self._time = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        """Tell the time."""
        return self._time

    def pass_days(self, days: float) -> None:
        """Let days pass."""
        self._time += timedelta(days=days)
