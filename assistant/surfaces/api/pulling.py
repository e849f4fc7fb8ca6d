"""Frames of server-sent events, made one step at a time while somebody reads."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator, Sequence

Steps = Generator[Sequence[bytes], None, None]
"""Makes the frames of one event at each step. A step may block, and never raises."""

AHEAD = 16
"""Frames that may be made and not yet taken: who reads slowly holds the work up."""


class FrameSource:
    """What a stream says: the frames made so far, and the steps that make the others.

    There is one reader at a time: a newer one takes over from the one before. A step that was begun
    is finished, in its thread, even when its reader has left; what it made is kept for the next reader,
    and no other step is taken. The first step is taken at once: what was begun can be closed. Safe to use
    from several threads.
    """

    def __init__(self, steps: Steps) -> None:
        self._steps = steps
        self._changed = threading.Condition()
        self._frames: list[bytes] = list(next(steps, ()))
        self._taken = 0
        self._reader: object | None = None
        self._idle_since: float | None = time.monotonic()
        self._is_stepping = self._is_over = self._is_closed = False

    @property
    def idle_since(self) -> float | None:
        """When the last reader left, in seconds of the monotonic clock; ``None`` while somebody reads."""
        return self._idle_since

    @property
    def is_over(self) -> bool:
        """Whether all frames are made."""
        return self._is_over

    @property
    def count(self) -> int:
        """How many frames are made."""
        return len(self._frames)

    def touch(self) -> None:
        """Begin the time anew that nobody reads."""
        with self._changed:
            if self._reader is None:
                self._idle_since = time.monotonic()

    def enter(self) -> object:
        """Return a new reader, who takes over from the one before."""
        with self._changed:
            self._reader, self._idle_since = object(), None
            self._changed.notify_all()
            return self._reader

    def leave(self, reader: object) -> None:
        """Take note that a reader left, unless another has taken over."""
        with self._changed:
            if self._reader is reader:
                self._reader, self._idle_since = None, time.monotonic()
                self._changed.notify_all()

    def is_read_by(self, reader: object) -> bool:
        """Return whether a reader hasn't left and nobody has taken over."""
        return self._reader is reader

    def take(self, position: int) -> tuple[list[bytes], bool]:
        """Return the frames after the first ``position``, and whether no others will come."""
        with self._changed:
            self._taken = len(self._frames)
            self._changed.notify_all()
            return self._frames[position:], self._is_over

    def pull(self, reader: object, tell: Callable[[], None]) -> None:
        """Make frames for as long as ``reader`` is there to take them; ``tell`` after each step. Blocks."""
        while self._begin_step(reader):
            made: Sequence[bytes] | None = None
            try:
                made = next(self._steps, None)
            finally:
                self._end_step(made)
            tell()

    def close(self) -> None:
        """Let the steps end for good, at once or else when the one that is under way has ended."""
        with self._changed:
            if self._is_closed:
                return
            self._is_closed, self._reader = True, None
            self._changed.notify_all()
            if self._is_stepping:
                return
        self._steps.close()

    def _begin_step(self, reader: object) -> bool:
        """Wait until a step may be taken: a reader who left may have one under way. False if none may."""
        with self._changed:
            self._changed.wait_for(lambda: self._is_done_for(reader) or self._may_step())
            if self._is_done_for(reader):
                return False
            self._is_stepping = True
            return True

    def _is_done_for(self, reader: object) -> bool:
        return self._reader is not reader or self._is_over

    def _may_step(self) -> bool:
        return not self._is_stepping and len(self._frames) - self._taken < AHEAD

    def _end_step(self, made: Sequence[bytes] | None) -> None:
        with self._changed:
            self._is_stepping = False
            self._frames.extend(made or ())
            self._is_over = made is None
            must_close = self._is_closed
            self._changed.notify_all()
        if must_close:
            self._steps.close()
