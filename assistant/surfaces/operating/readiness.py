"""What must be in order, beside the index, before the process is ready for questions."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from time import monotonic

from assistant.errors import StorageUnavailable
from assistant.surfaces.api.problems import Rejection
from assistant.surfaces.operating.stopping import Stopping

_FRESH_SECONDS = 1.0

_log = logging.getLogger(__name__)


class Sampled:
    """A check that is done once a second at most, by one thread at a time; others get the last result.

    So who asks whether we are ready, which everybody may, costs the database next to nothing.
    """

    def __init__(self, check: Callable[[], None]) -> None:
        self._check = check
        self._lock = threading.Lock()
        self._fault: Rejection | None = None
        self._looked: float | None = None

    def __call__(self) -> None:
        """Raise what the check raised."""
        is_first = self._looked is None
        if self._lock.acquire(blocking=is_first):
            try:
                self._look()
            finally:
                self._lock.release()
        if self._fault is not None:
            raise self._fault

    def _look(self) -> None:
        now = monotonic()
        if self._looked is not None and now - self._looked < _FRESH_SECONDS:
            return
        try:
            self._check()
        except Rejection as error:
            self._fault = error
        else:
            self._fault = None
        self._looked = monotonic()


def check_serving(stopping: Stopping) -> Callable[[], None]:
    """Return a check that raises once the process is being stopped."""

    def check() -> None:
        if stopping.has_begun:
            raise Rejection(503, "server-stopt")

    return check


def check_database(ask: Callable[[], None]) -> Callable[[], None]:
    """Return a check that raises while the database can't be used; why is for the log alone."""

    def check() -> None:
        try:
            ask()
        except StorageUnavailable as error:
            _log.warning("not ready: %s", error)
            raise Rejection(503, "database-weg") from error

    return Sampled(check)
