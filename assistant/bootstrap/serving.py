"""The version of the index that answers: the best that can be opened, closed once nobody asks it any more."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from assistant.answering.pipeline import Pipeline
from assistant.domain import Degraded
from assistant.errors import DiskFull, IndexDamaged, IndexUnavailable
from assistant.indexing.opening import OpenVersion
from assistant.indexing.versions import IndexFolder

_log = logging.getLogger(__name__)

_SECOND_LOOK = 30.0
"""Seconds after which a version that couldn't be opened is looked at once more."""


class Serving:
    """An open version and how many questions are being asked of it; closed when retired and idle."""

    def __init__(self, opened: OpenVersion, pipeline: Pipeline) -> None:
        self.opened = opened
        self.pipeline = pipeline
        self._lock = threading.Lock()
        self._guests = 0
        self._is_retired = self._is_closed = False

    def enter(self) -> None:
        """Count a question that begins."""
        with self._lock:
            self._guests += 1

    def leave(self) -> None:
        """Count a question that ends."""
        with self._lock:
            self._guests -= 1
            self._close_if_idle()

    def retire(self) -> None:
        """Close the version after its last question."""
        with self._lock:
            self._is_retired = True
            self._close_if_idle()

    def _close_if_idle(self) -> None:
        if self._is_retired and self._guests == 0 and not self._is_closed:
            self._is_closed = True
            self.opened.close()


class Served:
    """Keeps the best version open; safe to use from several threads."""

    def __init__(
        self,
        folder: IndexFolder,
        open_best: Callable[[], OpenVersion],
        pipeline_of: Callable[[OpenVersion], Pipeline],
    ) -> None:
        self._folder = folder
        self._open_best = open_best
        self._pipeline_of = pipeline_of
        self._lock = threading.Lock()
        self._opening = threading.Lock()
        self._serving: Serving | None = None
        self._looked = 0.0
        self._pointer: str | None = None

    def is_older(self, opened: OpenVersion) -> bool:
        """Return whether an open version isn't the one that was published last."""
        return opened.version != self._pointer

    def close(self) -> None:
        """Let go of the version, after its last question."""
        with self._lock:
            if self._serving is not None:
                self._serving.retire()
                self._serving = None

    @contextmanager
    def lease(self) -> Iterator[Serving]:
        """Hold the best version open while it is being asked; it isn't asked again once it proves damaged."""
        serving = self._best()
        try:
            yield serving
        except IndexDamaged:
            self._drop(serving)
            raise
        finally:
            serving.leave()

    def _best(self) -> Serving:
        """Return the version to ask, entered; a newer one is opened by one thread while others go on."""
        while True:
            must_open = self._must_open()
            if must_open and self._opening.acquire(blocking=self._serving is None):
                try:
                    self._open()
                finally:
                    self._opening.release()
            with self._lock:
                if self._serving is not None:
                    self._serving.enter()
                    return self._serving

    def _must_open(self) -> bool:
        """Whether another version should answer, or the one that does isn't the best that there might be."""
        serving = self._serving
        if serving is None or self._folder.current() != self._pointer:
            return True
        is_best = serving.opened.degraded is None and serving.opened.version == self._pointer
        return not is_best and time.monotonic() - self._looked > _SECOND_LOOK

    def _open(self) -> None:
        """Open the best version; what answers already goes on when nothing better can be opened."""
        if not self._must_open():
            return
        self._looked, self._pointer = time.monotonic(), self._folder.current()
        serving = self._serving
        try:
            opened = self._open_best()
        except (IndexUnavailable, DiskFull, OSError):
            if serving is None:
                raise
            _log.exception("index %s goes on answering", serving.opened.version)
            return
        if serving is not None and not _is_better(opened, serving.opened):
            opened.close()
            return
        with self._lock:
            self._serving = Serving(opened, self._pipeline_of(opened))
        if serving is not None:
            serving.retire()
        _log.info("answering from index %s", opened.version)

    def _drop(self, serving: Serving) -> None:
        """Stop asking a version whose private copy was damaged; it is opened again."""
        _log.warning("the copy of index %s was damaged", serving.opened.version)
        with self._lock:
            if self._serving is serving:
                self._serving = None
                serving.retire()


def _is_better(opened: OpenVersion, serving: OpenVersion) -> bool:
    """Return whether a version that could be opened should take over from the one that answers."""
    if opened.degraded is None:
        return (opened.version, serving.degraded) != (serving.version, None)
    return serving.degraded is Degraded.KEYWORDS and opened.degraded is Degraded.OLDER
