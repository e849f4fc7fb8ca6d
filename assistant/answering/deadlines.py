"""An iterator that others may hold up, run in a thread of its own and never waited for too long."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar

T = TypeVar("T")


class Background(Generic[T]):
    """Runs what ``start`` returns until it ends, it is stopped, or ``limit`` seconds have passed.

    A thread can't be interrupted: one that waits for the network is left alone, and ends with the
    next thing that comes in or with the network's own time limit.
    """

    def __init__(self, start: Callable[[], Iterator[T]], limit: float) -> None:
        self._items: SimpleQueue[tuple[T] | BaseException | None] = SimpleQueue()
        self._is_stopped = threading.Event()
        self._end = time.monotonic() + limit
        threading.Thread(target=self._run, args=(start,), daemon=True).start()

    def next_item(self, seconds_left: float) -> T | None:
        """Return the next item, ``None`` at the end; raise ``TimeoutError`` or what the iterator raised."""
        try:
            item = self._items.get(timeout=max(0.0, seconds_left))
        except Empty:
            raise TimeoutError from None
        if isinstance(item, BaseException):
            raise item
        return None if item is None else item[0]

    def stop(self) -> None:
        """Let the thread end as soon as it can."""
        self._is_stopped.set()

    def _run(self, start: Callable[[], Iterator[T]]) -> None:
        ended: BaseException | None = None
        try:
            for item in start():
                if self._is_stopped.is_set():
                    break
                if time.monotonic() > self._end:
                    raise TimeoutError
                self._items.put((item,))
        except Exception as error:  # noqa: BLE001 - what breaks here is raised where the items are taken
            ended = error
        self._items.put(ended)
