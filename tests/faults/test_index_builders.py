"""Builders and servers start at the same moment on one data folder: one builds, all servers answer."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from pathlib import Path

from assistant.bootstrap import Indexer, load_engine
from assistant.domain import Answer
from assistant.errors import IndexBusy
from assistant.indexing.versions import IndexFolder
from assistant.settings import Settings
from tests.faults.conftest import rounds
from tests.faults.indexes import QUESTIONS, ask, assisting, change, processes, small_settings

PATIENCE = 900


@dataclass(frozen=True, slots=True)
class Report:
    """What one process did in a round."""

    has_built: bool
    version: str | None
    """What answers in the end; ``None`` if another process was building."""
    answered: int = 0


def _build(settings: Settings, meeting: Barrier, count: int, reports: Queue[Report]) -> None:
    indexer = Indexer(settings, load_engine(settings))
    for _ in range(count):
        meeting.wait(PATIENCE)
        steps: list[object] = []
        try:
            version = indexer.build(steps.append)
            reports.put(Report(bool(steps), version))
        except IndexBusy:
            reports.put(Report(False, None))
        meeting.wait(PATIENCE)


def _serve(settings: Settings, meeting: Barrier, count: int, reports: Queue[Report]) -> None:
    """Start as a server does, and ask."""
    indexer = Indexer(settings, load_engine(settings))
    for _ in range(count):
        meeting.wait(PATIENCE)
        steps: list[object] = []
        indexer.prepare(steps.append)
        with assisting(settings) as assistant:
            answered = sum(isinstance(ask(assistant, question), Answer) for question in QUESTIONS)
            reports.put(Report(bool(steps), assistant.status().index_version, answered))
        meeting.wait(PATIENCE)


def test_of_all_that_start_at_once_one_builds_and_every_server_answers(
    tmp_path: Path, card_settings: Settings, record_property: Callable[[str, object], None]
) -> None:
    builders, workers = rounds(3, 8), rounds(2, 4)
    count = rounds(2, 50)
    settings = small_settings(tmp_path, card_settings)
    context = processes()
    meeting, reports = context.Barrier(builders + workers + 1), context.Queue()
    roles = [_build] * builders + [_serve] * workers
    folder = IndexFolder(settings.index_folder)
    with ExitStack() as started:
        for role in roles:
            process = context.Process(target=role, args=(settings, meeting, count, reports), daemon=True)
            process.start()
            started.callback(process.kill)
        for number in range(count):
            change(settings, number)
            before = folder.current()
            meeting.wait(PATIENCE)
            done = [reports.get(timeout=PATIENCE) for _ in roles]
            meeting.wait(PATIENCE)
            assert sum(report.has_built for report in done) == 1, done
            current = folder.require_current()
            assert current != before
            folder.verify(current)
            assert {report.version for report in done} <= {before, current, None}
            assert sorted(report.answered for report in done)[-workers:] == [len(QUESTIONS)] * workers
    assert not list(folder.path.glob(".unfinished-*"))
    record_property("figure", f"{count} rounds of {builders} builders and {workers} servers: one built each")
