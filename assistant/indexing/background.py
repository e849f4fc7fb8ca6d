"""Builds the index in a process of its own, so that answering goes on beside it."""

from __future__ import annotations

import json
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence

from assistant.domain import Progress


class BackgroundBuild:
    """Runs a command that prints a line of JSON for each step, and passes those on.

    ``{"done": 12, "total": 140}`` is progress; ``{"failure": "…"}`` says why it ended badly.
    """

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        on_progress: Callable[[Progress | None], None],
        on_failure: Callable[[str], None],
    ) -> None:
        self._on_progress = on_progress
        self._on_failure = on_failure
        self._process = subprocess.Popen(  # noqa: S603 - our own command, no shell
            command, env=dict(environment), stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )
        self._thread = threading.Thread(target=self._follow, name="background-build", daemon=True)
        self._thread.start()

    def wait(self, seconds: float | None = None) -> int | None:
        """Wait for the end; return the exit code, or ``None`` if it is still running."""
        self._thread.join(seconds)
        return self._process.poll()

    def stop(self) -> None:
        """End the process, if it is still running; what was embedded is kept for the next build."""
        if self._process.poll() is None:
            self._process.terminate()
        self._process.wait()
        self._thread.join()

    def _follow(self) -> None:
        if self._process.stdout is None:
            return
        with self._process.stdout as lines:
            for line in lines:
                step = json.loads(line)
                if "total" in step:
                    self._on_progress(Progress(step["done"], step["total"]))
                if "failure" in step:
                    self._on_failure(step["failure"])
        self._process.wait()
        self._on_progress(None)
