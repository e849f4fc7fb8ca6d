"""Showing only the newest: what comes faster than it can be shown is skipped, and the last never is."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Generic, TypeVar

V = TypeVar("V")

PAUSE = 0.12
"""Seconds between two values: what is shown for less is drawn for nobody."""
FIRST = 0.6
"""Seconds before the first: what is whole by then is drawn once."""
REST = 4
"""How many times as long as showing the last one took: when many ask, answering goes before drawing."""


def newest(values: Iterator[V], pause: float = PAUSE, first: float = FIRST) -> Iterator[V]:
    """Yield the newest of ``values`` each time that one is asked for, and the last one in the end.

    Between two of them lie ``pause`` seconds, or ``REST`` times as long as showing one takes if that is
    more, unless the last is there sooner.

    They are made in a thread of their own. An error there is raised here, after what came before it;
    who stops asking stops that thread at its next value.
    """
    slot: _Slot[V] = _Slot()
    thread = threading.Thread(target=slot.fill, args=(values,), daemon=True)
    thread.start()
    try:
        yield from slot.empty(pause, first)
    finally:
        slot.is_left = True
    thread.join()


class _Slot(Generic[V]):
    """Room for one value, between who makes them and who takes them."""

    def __init__(self) -> None:
        self.is_left = False
        self._changed = threading.Condition()
        self._waiting: list[V] = []
        self._has_ended = False
        self._error: BaseException | None = None

    def fill(self, values: Iterator[V]) -> None:
        """Put each value in the place of the one before it, until nobody asks any more."""
        try:
            for value in values:
                with self._changed:
                    self._waiting = [value]
                    self._changed.notify()
                if self.is_left:
                    break
        except Exception as error:  # noqa: BLE001 - it is raised where the values are taken
            self._error = error
        finally:
            with self._changed:
                self._has_ended = True
                self._changed.notify()

    def empty(self, pause: float, rest: float) -> Iterator[V]:
        """Yield what there is, as long as more may come; the first after ``rest`` seconds."""
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._has_ended, timeout=rest)
                self._changed.wait_for(lambda: self._waiting or self._has_ended)
                taken, self._waiting = self._waiting, []
                is_last = self._has_ended
            began = time.monotonic()
            yield from taken
            if is_last:
                break
            rest = max(pause, REST * (time.monotonic() - began))
        if self._error is not None:
            raise self._error
