"""Who goes first: people who wait for an answer, before work that nobody waits for."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from math import inf
from time import monotonic

_QUIET = 0.25
"""Seconds after an answer in which who got it may well ask for another."""


class Precedence:
    """Counts the questions that somebody waits for, and lets other work wait until there are none."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._first = 0
        self._quiet_from = -inf

    @contextmanager
    def first(self) -> Iterator[None]:
        """Go before other work, for as long as this lasts."""
        with self._changed:
            self._first += 1
        try:
            yield
        finally:
            with self._changed:
                self._first -= 1
                self._quiet_from = monotonic() + _QUIET
                self._changed.notify_all()

    def give_way(self, seconds: float) -> None:
        """Wait until it is quiet, but not longer than this: a slow reader mustn't stop all work."""
        patience = monotonic() + seconds
        with self._changed:
            while (until := min(patience, self._expected_quiet())) > (now := monotonic()):
                self._changed.wait(until - now)

    def _expected_quiet(self) -> float:
        """Return the moment at which it is quiet, if nobody asks before: never, while somebody waits."""
        return inf if self._first else self._quiet_from
