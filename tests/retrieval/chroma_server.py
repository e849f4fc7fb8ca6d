"""A private Chroma server (the one in Rust) that exists as long as the tests do."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

_SECONDS_TO_START = 30


class ChromaServer:
    """The server and where it can be reached; it keeps its port and its folder when it is started again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._port = _free_port()
        self.url = f"http://127.0.0.1:{self._port}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the server and wait until it answers."""
        # What the command ``chroma`` runs, without loading Chroma's client first.
        code = "import sys, chromadb_rust_bindings; chromadb_rust_bindings.cli(['chroma', *sys.argv[1:]])"
        arguments = ["run", "--path", str(self._folder), "--host", "127.0.0.1", "--port", str(self._port)]
        with (self._folder.parent / "chroma.log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-c", code, *arguments],
                env={**os.environ, "ANONYMIZED_TELEMETRY": "false"},
                stdout=log,
                stderr=log,
            )
        _wait_for(self.url, self._process)

    def stop(self) -> None:
        """End the process, if it runs."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(20)
            self._process = None


@contextmanager
def private_chroma(folder: Path) -> Iterator[ChromaServer]:
    """Run a server with its records in a folder."""
    server = ChromaServer(folder)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(_SECONDS_TO_START * 20):
        try:
            httpx.get(f"{url}/api/v2/heartbeat", trust_env=False).raise_for_status()
        except httpx.HTTPError:
            if process.poll() is not None:
                break
            time.sleep(0.05)
        else:
            return
    process.kill()
    raise RuntimeError("the Chroma server doesn't start")
