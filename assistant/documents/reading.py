"""Reading a file that a stranger made: in a child process that may not take much, and can be ended."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import IO

import assistant
from assistant.documents.faults import Fault, Unreadable
from assistant.documents.limits import Limits
from assistant.documents.messages import Failed, Order, Step, from_line
from assistant.documents.naming import safe_name
from assistant.documents.recognising import find_program
from assistant.domain import DocumentFormat, ReadText
from assistant.errors import UnreadableDocument

_LONGEST_LINE = 64 * 1024 * 1024
"""Bytes of a message: more than the longest text takes."""
_TICK = 0.05
"""Seconds between two looks at whether it is cancelled."""


_ABORTED, _KILLED, _OUT_OF_TIME = 6, 9, 24
"""Signals by number: not every system has their names."""
_DEATHS = {
    _ABORTED: Fault.TOO_MUCH_MEMORY,  # a library got no memory
    _KILLED: Fault.TOO_MUCH_MEMORY,  # the machine had none left
    _OUT_OF_TIME: Fault.TOO_SLOW,
}


class Cancelled(Exception):
    """Reading was given up because who asked for it doesn't want it any more."""


def _no_progress(_done: int, _total: int) -> None:
    return None


def _never() -> bool:
    return False


def read_document(  # noqa: PLR0913, PLR0917 - each is needed, and only the first three always
    path: Path,
    name: str,
    format: DocumentFormat,  # noqa: A002 - what it is called everywhere
    limits: Limits = Limits(),  # noqa: B008 - frozen
    on_progress: Callable[[int, int], None] = _no_progress,
    is_cancelled: Callable[[], bool] = _never,
) -> ReadText:
    """Read a file in a child process; ``on_progress`` gets how many pages of how many are read.

    Raises ``UnreadableDocument`` with the file's harmless name and a fault, or ``Cancelled``.
    """
    order = Order(str(path.absolute()), format, limits, find_program() if limits.can_recognise else None)
    try:
        if path.stat().st_size > limits.size:
            raise Unreadable(Fault.TOO_LARGE)
        with _Child(order) as child:
            return child.read(on_progress, is_cancelled)
    except Unreadable as error:
        raise UnreadableDocument(name=safe_name(name), fault=error.fault.value) from error


class _Child:
    """The process that reads, from its start until it is gone."""

    def __init__(self, order: Order) -> None:
        self._limits = order.limits
        root = str(Path(assistant.__file__).parents[1])
        self._process = subprocess.Popen(  # noqa: S603 - our own module; the order is one argument
            [sys.executable, "-m", "assistant.documents.child", order.to_json()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env={
                "PYTHONPATH": root,
                "LC_ALL": "C.UTF-8",
                "OMP_THREAD_LIMIT": "1",
                "OPENBLAS_NUM_THREADS": "1",
            },
            start_new_session=True,
        )
        self._lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        if self._process.stdout is None:
            raise AssertionError("a pipe was asked for")
        self._listener = threading.Thread(target=self._listen, args=(self._process.stdout,), daemon=True)
        self._listener.start()

    def __enter__(self) -> _Child:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()
        self._listener.join()
        if self._process.stdout is not None:
            self._process.stdout.close()

    def read(self, on_progress: Callable[[int, int], None], is_cancelled: Callable[[], bool]) -> ReadText:
        """Wait for what the child has read, for as long as it may take."""
        last = monotonic() + self._limits.seconds + self._limits.recognising_seconds
        deadline = monotonic() + self._limits.seconds
        while True:
            line = self._next_line(deadline, is_cancelled)
            match self._message(line):
                case Step(done, total, is_recognising):
                    on_progress(done, total)
                    if is_recognising:
                        deadline = min(last, monotonic()) + 2 * self._limits.page_seconds
                case Failed(fault):
                    raise Unreadable(fault)
                case ReadText() as read:
                    return read

    def _next_line(self, deadline: float, is_cancelled: Callable[[], bool]) -> bytes:
        """Return what the child says next, unless it may not go on."""
        while monotonic() < deadline:
            if is_cancelled():
                raise Cancelled
            with suppress(queue.Empty):
                return self._lines.get(timeout=_TICK)
        raise Unreadable(Fault.TOO_SLOW)

    def _message(self, line: bytes) -> Step | Failed | ReadText:
        if not line:
            return Failed(self._why_it_died())
        try:
            return from_line(line)
        except ValueError:
            return Failed(Fault.BROKEN)

    def _why_it_died(self) -> Fault:
        code = self._process.wait()
        return _DEATHS.get(-code, Fault.BROKEN)

    def _listen(self, pipe: IO[bytes]) -> None:
        """Pass on what the child says; an empty line once it says no more."""
        while line := pipe.readline(_LONGEST_LINE):
            self._lines.put(line)
        self._lines.put(b"")

    def _end(self) -> None:
        """End the child and all that it started."""
        if sys.platform == "win32":
            self._process.kill()
        else:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
