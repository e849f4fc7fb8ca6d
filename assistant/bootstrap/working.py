"""Work that goes on beside serving: a thread that takes turns, and a lease that is kept while one lasts."""

from __future__ import annotations

import logging
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Protocol

from assistant.domain import Lease
from assistant.errors import IndexUnavailable, StorageUnavailable

_log = logging.getLogger(__name__)

LEASE = timedelta(seconds=30)
"""How long a job stays with a process that gives no sign of life."""

NAP = 1.0
"""Seconds after which somebody who found no work looks again."""

_LONG_NAP = 5.0
_FAREWELL = 5.0


class Leases(Protocol):
    """Where what is worked on is lent out."""

    def renew(self, lease: Lease, duration: timedelta) -> bool:
        """Move the deadline of a lease; return whether it still holds."""
        ...

    def release(self, lease: Lease) -> None:
        """Give back what a lease is on."""
        ...


class Turns:
    """A thread that takes one turn after another, until it is closed.

    ``take`` does something and returns for how many seconds to rest; the event that it gets is set once
    it has to end soon. ``name`` says in the log what is worked on.
    """

    def __init__(self, name: str, take: Callable[[threading.Event], float]) -> None:
        self._name = name
        self._take = take
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Take no more turns; wait for the one that is being taken."""
        self._stopping.set()
        self._thread.join(_FAREWELL)

    def _work(self) -> None:
        while not self._stopping.is_set():
            self._stopping.wait(self._rested())

    def _rested(self) -> float:
        """Return how long to rest after a turn, also after one that failed: the next may go well."""
        try:
            return self._take(self._stopping)
        except (IndexUnavailable, StorageUnavailable) as error:
            _log.warning("%s have to wait: %s", self._name, error)
        except Exception as error:  # noqa: BLE001 - a thread has no caller, and the work waits for it
            _log.error("work on %s failed: %s\n%s", self._name, type(error).__name__, frames_of(error))
        return _LONG_NAP


@contextmanager
def held(leases: Leases, lease: Lease, duration: timedelta = LEASE) -> Iterator[threading.Event]:
    """Renew a lease for as long as this lasts, and give it back at the end; tell when it was lost."""
    ended, lost = threading.Event(), threading.Event()

    def renew() -> None:
        while not ended.wait(duration.total_seconds() / 3):
            try:
                if not leases.renew(lease, duration):
                    lost.set()
            except StorageUnavailable as error:
                _log.warning("a lease isn't renewed: %s", error)

    renewing = threading.Thread(target=renew, name="lease", daemon=True)
    renewing.start()
    try:
        yield lost
    finally:
        ended.set()
        renewing.join(_FAREWELL)
        leases.release(lease)


def frames_of(error: Exception) -> str:
    """Return where an error came from, without what it says: that may hold what people wrote."""
    return "".join(traceback.format_tb(error.__traceback__))
