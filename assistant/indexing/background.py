"""Builds the index in a process of its own, so that answering goes on beside it, as often as it takes."""

from __future__ import annotations

import json
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from assistant.domain import Progress

_TICK = 0.2
"""Seconds after which a build is looked at, so that serving can end."""


@dataclass(frozen=True, slots=True)
class Waits:
    """Seconds between two looks at the index: after all went well, after a failure, and at most."""

    glance: float = 5.0
    first: float = 10.0
    longest: float = 300.0

    def after(self, failures: int) -> float:
        """Return how long to wait after so many failures in a row: each time twice as long."""
        return min(self.first * 2.0 ** (failures - 1), self.longest) if failures else self.glance


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


class Upkeep:
    """Builds when the index needs it, and again after a build that failed: there may be room by then.

    ``is_needed`` is asked at the start and after a failure; else only when ``is_degraded`` says that the
    index that answers isn't in order. ``start`` starts a build.
    """

    def __init__(
        self,
        is_needed: Callable[[], bool],
        is_degraded: Callable[[], bool],
        start: Callable[[], BackgroundBuild],
        waits: Waits = Waits(),
    ) -> None:
        self._is_needed, self._is_degraded, self._start, self._waits = is_needed, is_degraded, start, waits
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._keep_up, name="index-upkeep", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End a build that is under way; what was embedded is kept for the next."""
        self._ended.set()
        self._thread.join()

    def _keep_up(self) -> None:
        failures = 0
        must_look = True
        while not self._ended.is_set():
            if (must_look or self._is_degraded()) and self._is_needed():
                failures = 0 if self._build() else failures + 1
            must_look = failures > 0
            self._ended.wait(self._waits.after(failures))

    def _build(self) -> bool:
        """Build to the end, or until this is closed; return whether the index was made."""
        build = self._start()
        while build.wait(_TICK) is None and not self._ended.is_set():
            pass
        build.stop()
        return build.wait() == 0
