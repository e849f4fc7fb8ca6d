"""The whole product as one process, that can be killed and started again at the same address."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile

import pytest

from assistant.settings import Settings

COMMAND = [sys.executable, "-m", "assistant.surfaces.cli"]
ROOT = Path(__file__).parents[2]


def free_port() -> int:
    """Return a port of this computer that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Running:
    """A server process and where it can be reached."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.process, self.address = _start(settings, "0")

    def get(self, path: str) -> tuple[int, str]:
        """Return the status and body of an address of the server."""
        with urllib.request.urlopen(self.address + path, timeout=30) as response:  # noqa: S310 - loopback
            return response.status, response.read().decode()

    def post(self, body: object) -> str:
        """Return what the API answers."""
        request = urllib.request.Request(  # noqa: S310 - loopback
            f"{self.address}/v1/answers", json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310 - loopback
            return str(response.read().decode())

    def kill(self) -> None:
        """End the process without a chance to tidy up."""
        self.process.kill()
        self.process.wait(20)

    def start_again(self) -> None:
        """Start a new process at the same address."""
        self.process, self.address = _start(self._settings, self.address.rsplit(":", 1)[1])


@contextmanager
def serving(settings: Settings) -> Iterator[Running]:
    """Serve with these settings, and end the process afterwards."""
    running = Running(settings)
    try:
        yield running
    finally:
        running.process.terminate()
        running.process.wait(20)


def _start(settings: Settings, port: str) -> tuple[subprocess.Popen[bytes], str]:
    environment = {**settings.as_environment(), "ASSISTANT_PORT": port}
    with TemporaryFile("w+") as said:
        process = subprocess.Popen([*COMMAND, "serve"], env=environment, cwd=ROOT, stderr=said, stdout=said)
        return process, _wait_for_address(process, said.fileno())


def _wait_for_address(process: subprocess.Popen[bytes], log: int) -> str:
    for _ in range(2400):
        said = os.pread(log, 100_000, 0).decode()
        if found := re.search(r"http://[\d.:]+", said):
            return found[0]
        if process.poll() is not None:
            break
        time.sleep(0.05)
    process.kill()
    pytest.fail(f"the server gave no address:\n{said}")
