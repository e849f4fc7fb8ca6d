"""A build in a process of its own, and what it tells the one that started it."""

from __future__ import annotations

import os
import sys
import time

from assistant.domain import Progress
from assistant.indexing.background import BackgroundBuild


def start(script: str, steps: list[Progress | None], failures: list[str]) -> BackgroundBuild:
    return BackgroundBuild([sys.executable, "-u", "-c", script], os.environ, steps.append, failures.append)


def test_progress_and_the_end_are_passed_on() -> None:
    steps: list[Progress | None] = []
    build = start('print(\'{"done": 1, "total": 2}\'); print(\'{"done": 2, "total": 2}\')', steps, [])
    assert build.wait(30) == 0
    assert steps == [Progress(1, 2), Progress(2, 2), None]


def test_a_failure_is_passed_on_in_its_own_words() -> None:
    failures: list[str] = []
    assert start('print(\'{"failure": "De kaart klopt niet."}\'); exit(1)', [], failures).wait(30) == 1
    assert failures == ["De kaart klopt niet."]


def test_stopping_ends_the_process() -> None:
    steps: list[Progress | None] = []
    build = start('print(\'{"done": 1, "total": 2}\'); import time; time.sleep(600)', steps, [])
    while not steps:
        time.sleep(0.01)
    build.stop()
    assert build.wait(0) not in (None, 0)
    assert steps[-1] is None
