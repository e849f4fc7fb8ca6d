"""Builders are killed at any moment, while people go on asking."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np

from assistant.bootstrap import Assistant, Indexer, load_engine
from assistant.domain import Answer
from assistant.indexing.versions import IndexFolder
from assistant.retrieval.private_copy import PREFIX, copies_folder, remove_abandoned
from assistant.settings import Settings
from tests.faults.conftest import rounds
from tests.faults.indexes import (
    QUESTIONS,
    add_question,
    ask,
    assisting,
    build,
    change,
    processes,
    small_settings,
)

A_SECOND = 20
ASKERS = 4
SPREAD = 1.1
"""Kills fall anywhere in this many times the length of a build, so that some come after its end."""


def _build(settings: Settings) -> None:
    Indexer(settings, load_engine(settings)).build(lambda step: None)


class Asking:
    """People who ask so many questions a second together, and note what came of each."""

    def __init__(self, assistant: Assistant) -> None:
        self.outcomes: list[bool | Exception] = []
        self.seconds: list[float] = []
        self._assistant = assistant
        self._ended = threading.Event()
        self._threads = [threading.Thread(target=self._ask, args=(number,)) for number in range(ASKERS)]
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """Ask no more."""
        self._ended.set()
        for thread in self._threads:
            thread.join()

    def _ask(self, number: int) -> None:
        due = time.monotonic() + number / A_SECOND
        while not self._ended.wait(max(0.0, due - time.monotonic())):
            due += ASKERS / A_SECOND
            began = time.perf_counter()
            try:
                outcome = ask(self._assistant, QUESTIONS[len(self.outcomes) % len(QUESTIONS)])
                self.outcomes.append(isinstance(outcome, Answer))
            except Exception as error:  # noqa: BLE001 - whatever it is, somebody got no answer
                self.outcomes.append(error)
            self.seconds.append(time.perf_counter() - began)


def test_builders_are_killed_anywhere_and_every_question_is_answered(
    tmp_path: Path, card_settings: Settings, record_property: Callable[[str, object], None]
) -> None:
    kills = rounds(3, 200)
    settings = small_settings(tmp_path, card_settings)
    folder, context = IndexFolder(settings.index_folder), processes()
    length = _length_of_a_build(settings)
    moments = SPREAD * length * (np.random.default_rng(7).permutation(kills) + 0.5) / kills
    versions = {folder.require_current()}
    with assisting(settings) as assistant, closing(Asking(assistant)) as asking:
        for number, moment in enumerate(moments.tolist()):
            (add_question if number % 5 == 0 else change)(settings, number)
            builder = context.Process(target=_build, args=(settings,), daemon=True)
            builder.start()
            time.sleep(moment)
            builder.kill()
            builder.join()
            versions.add(folder.require_current())
            folder.verify(folder.require_current())
        last = build(settings)
        _await_version(assistant, last)
        assert assistant.status().degraded is None
    assert set(asking.outcomes) == {True}
    assert len(list(settings.index_folder.glob(".unfinished-*"))) == 0
    remove_abandoned()
    assert not _copies_without_process()
    asked = sorted(asking.seconds)
    record_property(
        "figure",
        f"{kills} kills in builds of {length:.1f} s, {len(versions)} versions published, "
        f"{len(asked)} questions all answered, p50 {1000 * asked[len(asked) // 2]:.0f} ms, "
        f"p99 {1000 * asked[int(len(asked) * 0.99)]:.0f} ms, worst {1000 * asked[-1]:.0f} ms",
    )


def _await_version(assistant: Assistant, version: str) -> None:
    """Wait until a version answers: one question opens it, and the others go on meanwhile."""
    deadline = time.monotonic() + 30
    while assistant.status().index_version != version and time.monotonic() < deadline:
        time.sleep(0.1)
    assert assistant.status().index_version == version


def _length_of_a_build(settings: Settings) -> float:
    """Build for the first time, then measure what a build takes in a process like those to be killed."""
    build(settings)
    change(settings, "measured")
    began = time.perf_counter()
    builder = processes().Process(target=_build, args=(settings,))
    builder.start()
    builder.join()
    return time.perf_counter() - began


def _copies_without_process() -> list[Path]:
    """Return the copies that nobody holds: the lock of each can be had."""
    from filelock import FileLock, Timeout

    found = []
    for lock in copies_folder().glob(f"{PREFIX}*/.in-use"):
        try:
            with FileLock(lock, timeout=0):
                found.append(lock.parent)
        except (Timeout, OSError):
            continue
    return found
