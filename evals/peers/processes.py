"""Processes with one peer each, and what the system tells about them."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evals.peers.installing import ROOT

OFFLINE = {
    "ANONYMIZED_TELEMETRY": "False",
    "HF_HUB_OFFLINE": "1",
    "LANGSMITH_TRACING": "false",
    "LOGFIRE_IGNORE_NO_CONFIG": "1",
}
"""Keeps libraries from calling home."""


class PeerFailed(Exception):
    """A peer's process ended before it answered; the message is the end of what it said."""


class PeerProcess:
    """A process that answers each line with a line."""

    def __init__(self, process: subprocess.Popen[str], errors: Path) -> None:
        self._process = process
        self._errors = errors

    def ask(self, task: str, content: object) -> Any:
        """Send a task and wait for its answer; raise ``PeerFailed`` if none comes."""
        assert self._process.stdin is not None  # noqa: S101 - it is a pipe
        try:
            self._process.stdin.write(json.dumps([task, content]) + "\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            raise PeerFailed(self._last_words()) from None
        return self.listen()

    def listen(self) -> Any:
        """Wait for a line."""
        assert self._process.stdout is not None  # noqa: S101 - it is a pipe
        line = self._process.stdout.readline()
        if not line:
            self._process.wait()
            raise PeerFailed(self._last_words())
        return json.loads(line)

    @property
    def peak_megabytes(self) -> float:
        """The most that was in memory at any moment."""
        lines = Path(f"/proc/{self._process.pid}/status").read_text("ascii", "replace").splitlines()
        return sum(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024

    @property
    def processor_seconds(self) -> float:
        """The time that it has had of all processors together."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text("ascii", "replace").rpartition(")")[2]
        return sum(map(int, fields.split()[11:13])) / os.sysconf("SC_CLK_TCK")

    def _last_words(self) -> str:
        lines = self._errors.read_text("utf-8", "replace").splitlines()
        return lines[-1] if lines else ""


@dataclass(frozen=True, slots=True)
class Command:
    """What to start: a module of ours under a peer's Python, the folder of its index, its setting."""

    python: str
    module: str
    folder: Path
    setting: str = ""

    @contextmanager
    def started(self) -> Iterator[PeerProcess]:
        """Start it, and end it by closing its input."""
        self.folder.mkdir(parents=True, exist_ok=True)
        errors = self.folder.with_suffix(".log")
        with errors.open("w") as log, _popen(self._words, log.fileno()) as process:
            yield PeerProcess(process, errors)
            process.communicate()

    @property
    def _words(self) -> list[str]:
        return [self.python, "-m", f"evals.peers.{self.module}", str(self.folder), self.setting]


def _popen(words: Sequence[str], log: int) -> subprocess.Popen[str]:
    surroundings = {**os.environ, **OFFLINE, "PYTHONPATH": str(ROOT)}
    surroundings.pop("PYTHONDONTWRITEBYTECODE", None)
    pipe = subprocess.PIPE
    return subprocess.Popen(  # noqa: S603 - our own modules
        words, env=surroundings, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=log, text=True
    )
