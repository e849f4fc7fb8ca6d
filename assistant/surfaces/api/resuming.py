"""Streams that can be resumed: kept a while after their reader left, for who began them alone."""

from __future__ import annotations

import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import anyio
from anyio.to_thread import run_sync

from assistant.surfaces.api.problems import Rejection
from assistant.surfaces.api.pulling import FrameSource

_SWEEPS = 12
"""How often is looked for streams whose time is over, within the time that they are kept."""


@dataclass(frozen=True, slots=True)
class StreamLimits:
    """How streams are held open, and for how long after their reader left."""

    heartbeat_seconds: float = 15.0
    kept_seconds: float = 60.0
    most_kept: int = 256
    """Streams that nobody reads. Over it the oldest goes, and those that are complete go first."""
    most_at_work: int = 40
    """Answers that may be worked on at once, in threads apart: what waits for a model stops nothing else."""


@dataclass(frozen=True, slots=True)
class _Kept:
    owner: str
    source: FrameSource


class KeptStreams:
    """The streams of one process, by id: those that are read, and those that were left not long ago.

    Nothing is pulled from a stream that nobody reads. Its generator is closed when its time is over,
    when there are too many, and when serving stops.
    """

    def __init__(self, limits: StreamLimits) -> None:
        self.limits = limits
        self.room = anyio.CapacityLimiter(limits.most_at_work)
        self._lock = threading.Lock()
        self._kept: dict[str, _Kept] = {}

    def keep(self, stream_id: str, owner: str, source: FrameSource) -> None:
        """Keep a stream from now on, and let those go whose time is over."""
        with self._lock:
            self._kept[stream_id] = _Kept(owner, source)
        self.sweep()

    def find(self, stream_id: str, owner: str) -> FrameSource:
        """Return a stream for its owner to read on; raise ``Rejection`` (404) if it isn't kept."""
        self.sweep()
        with self._lock:
            kept = self._kept.get(stream_id)
            if kept is None or kept.owner != owner:
                raise Rejection(404, "stroom-verlopen")
            kept.source.touch()
            return kept.source

    def sweep(self) -> None:
        """Close the streams whose time is over, and the oldest of too many."""
        with self._lock:
            gone = [self._kept.pop(stream_id) for stream_id in self._overdue()]
        for kept in gone:
            kept.source.close()

    def close(self) -> None:
        """Close all streams; who reads one gets no more of it."""
        with self._lock:
            gone = list(self._kept.values())
            self._kept.clear()
        for kept in gone:
            kept.source.close()

    @asynccontextmanager
    async def tending(self, app: object = None) -> AsyncIterator[None]:
        """Sweep while serving, and close all streams when serving stops: a lifespan for the routes."""
        async with anyio.create_task_group() as group:
            group.start_soon(self._sweep_for_ever)
            try:
                yield
            finally:
                group.cancel_scope.cancel()
                with anyio.CancelScope(shield=True):
                    await run_sync(self.close)

    async def _sweep_for_ever(self) -> None:
        while True:
            await anyio.sleep(self.limits.kept_seconds / _SWEEPS)
            await run_sync(self.sweep)

    def _overdue(self) -> list[str]:
        idle = {
            stream_id: (not kept.source.is_over, since)
            for stream_id, kept in self._kept.items()
            if (since := kept.source.idle_since) is not None
        }
        soonest_first = sorted(idle, key=lambda stream_id: idle[stream_id])
        excess = len(idle) - self.limits.most_kept
        latest = time.monotonic() - self.limits.kept_seconds
        return [
            stream_id
            for place, stream_id in enumerate(soonest_first)
            if place < excess or idle[stream_id][1] <= latest
        ]
