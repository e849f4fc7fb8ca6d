"""A real server in a thread, and an assistant that answers step by step, as the test lets it."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

from assistant.domain import Event, Question
from tests.fakes import FakeAssistant, Script, an_answer


class Listening:
    """A server that runs, and where."""

    def __init__(self, app: ASGIApp) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        config = uvicorn.Config(app, log_level="critical", timeout_graceful_shutdown=0)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._socket]})
        self._thread.start()
        until(lambda: self._server.started)

    def stop(self) -> None:
        """Stop as for a signal, without patience for what runs."""
        self._server.should_exit = True
        self._thread.join(10)
        self._socket.close()


@contextmanager
def listening(app: ASGIApp) -> Iterator[Listening]:
    """Serve an application, and stop afterwards."""
    server = Listening(app)
    try:
        yield server
    finally:
        server.stop()


class Stepwise(FakeAssistant):
    """Takes each step after the first only when it is let go; counts what is pulled."""

    def __init__(self, script: Script | None = None) -> None:
        super().__init__()
        self._script = script or an_answer()
        self._steps = threading.Semaphore(0)
        self.pulled = 0

    def go(self, steps: int = 1) -> None:
        """Let steps be taken."""
        self._steps.release(steps)

    def ask(self, question: Question) -> Iterator[Event]:
        """Play the script, as slowly as the test wants."""
        try:
            for position, event in enumerate(self._script):
                self.pulled += 1
                if position:
                    assert self._steps.acquire(timeout=10)
                if isinstance(event, Exception):
                    raise event
                yield event
        finally:
            self.closed += 1


def until(is_so: Callable[[], bool], seconds: float = 5.0) -> None:
    """Wait until something is so."""
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, "it didn't come about"
        time.sleep(0.005)
