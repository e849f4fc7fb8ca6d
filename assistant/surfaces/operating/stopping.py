"""Stopping in good order: no new work, what runs may end, and then nothing waits any more."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable
from socket import socket
from time import monotonic
from types import FrameType
from typing import NoReturn

import anyio
import uvicorn
from starlette.types import ASGIApp

from assistant.settings import Settings

_LOOK_SECONDS = 0.05


class Stopping:
    """Whether the process is being stopped, and how many requests still have to end."""

    def __init__(self) -> None:
        self.has_begun = False
        self.running = 0
        self._release = anyio.Event()

    def begin(self) -> None:
        """Take no new work; safe to call from a signal handler."""
        self.has_begun = True

    def release(self) -> None:
        """Let go of the connections that no answer comes over, such as those of an open page."""
        self._release.set()

    async def released(self) -> None:
        """Wait until connections without an answer have to end."""
        await self._release.wait()


class GracefulServer(uvicorn.Server):
    """Serves until a signal comes; then gives running requests the settings' seconds to end.

    It goes on listening meanwhile, so that who watches it can see that it stops. A second signal ends
    it at once.
    """

    def __init__(
        self, app: ASGIApp, settings: Settings, stopping: Stopping, on_start: Callable[[], None]
    ) -> None:
        super().__init__(_configure(settings, app))
        self._stopping, self._grace, self._on_start = stopping, settings.grace_seconds, on_start

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to stop; with a second signal, of whatever kind, stop at once."""
        self.force_exit = self.should_exit
        self.should_exit = True
        self._stopping.begin()

    async def startup(self, sockets: list[socket] | None = None) -> None:
        """Start, and say so."""
        await super().startup(sockets)
        self._on_start()

    async def shutdown(self, sockets: list[socket] | None = None) -> None:
        """Wait for what runs, then close."""
        self._stopping.begin()
        end = monotonic() + self._grace
        while self._stopping.running and monotonic() < end and not self.force_exit:
            await asyncio.sleep(_LOOK_SECONDS)
        self._stopping.release()
        is_cut_short = self.force_exit or self._stopping.running > 0
        self.config.timeout_graceful_shutdown = 0 if is_cut_short else 1
        await super().shutdown(sockets)


def _configure(settings: Settings, app: ASGIApp) -> uvicorn.Config:
    """Return how to serve: our own log lines, and no word of a proxy that the settings don't name."""
    return uvicorn.Config(
        app,
        log_config=None,
        log_level="warning",
        access_log=False,
        proxy_headers=settings.proxies is not None,
        forwarded_allow_ips=settings.proxies,
    )


def end_process() -> NoReturn:
    """End this process, now that all is closed: without waiting for threads that still work for nobody.

    To take down what is loaded would take the interpreter a second or more.
    """
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os._exit(0)
