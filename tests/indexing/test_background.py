"""A build in a process of its own, and what it tells the one that started it."""

from __future__ import annotations

import os
import sys
import threading
import time
from contextlib import closing

from assistant.domain import Progress
from assistant.indexing.background import BackgroundBuild, Upkeep, Waits


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


QUICK = Waits(glance=0.01, first=0.01)


def until(is_so: threading.Event) -> None:
    assert is_so.wait(30)


def test_an_index_that_is_in_order_is_not_built() -> None:
    looked = threading.Event()

    def is_degraded() -> bool:
        looked.set()
        return False

    with closing(Upkeep(lambda: False, is_degraded, lambda: start("exit(9)", [], []), QUICK)):
        until(looked)


def test_a_build_that_failed_is_tried_again_until_it_succeeds() -> None:
    codes, built = iter([1, 1, 0]), threading.Event()
    tried: list[int] = []

    def build() -> BackgroundBuild:
        tried.append(next(codes))
        if not tried[-1]:
            built.set()
        return start(f"exit({tried[-1]})", [], [])

    with closing(Upkeep(lambda: not built.is_set(), lambda: False, build, QUICK)):
        until(built)
    assert tried == [1, 1, 0]


def test_an_index_that_becomes_degraded_is_built_again() -> None:
    is_degraded, built = threading.Event(), threading.Event()

    def build() -> BackgroundBuild:
        is_degraded.clear()
        built.set()
        return start("exit(0)", [], [])

    with closing(Upkeep(is_degraded.is_set, is_degraded.is_set, build, QUICK)):
        is_degraded.set()
        until(built)


def test_closing_ends_a_build_that_is_under_way() -> None:
    began = threading.Event()
    steps: list[Progress | None] = []

    def build() -> BackgroundBuild:
        began.set()
        return start("import time; time.sleep(600)", steps, [])

    with closing(Upkeep(lambda: True, lambda: False, build, QUICK)):
        until(began)
    assert steps == [None]


def test_waits_double_up_to_a_limit() -> None:
    waits = Waits(glance=1, first=10, longest=60)
    assert [waits.after(failures) for failures in range(6)] == [1, 10, 20, 40, 60, 60]
