"""The disk is full at any moment of a build: reading goes on, what was acknowledged stays, all mends."""

from __future__ import annotations

import resource
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from multiprocessing.queues import Queue
from pathlib import Path

import pytest

from assistant.answering.prompts import Texts
from assistant.bootstrap import Indexer, load_engine
from assistant.domain import Answer, Degraded, Progress
from assistant.errors import AssistantError, DiskFull, StorageUnavailable
from assistant.indexing.background import BackgroundBuild, Upkeep, Waits
from assistant.indexing.versions import IndexFolder
from assistant.retrieval.private_copy import PREFIX
from assistant.settings import Settings
from assistant.storage import Storage
from tests.faults.conftest import rounds
from tests.faults.indexes import QUESTIONS, ask, assisting, build, change, copy_of, processes, small_settings
from tests.storage.talking import ANNA, exchange
from tests.surfaces.serving import COMMAND

MEGABYTE = 1 << 20
ROOM, NEEDED, WRITTEN = 60 * MEGABYTE, 24 * MEGABYTE, 9 * MEGABYTE
"""More than a build asks for, about what it asks for, and about what it writes: room is tried up to these."""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, card_settings: Settings) -> Settings:
    settings = small_settings(tmp_path_factory.mktemp("built"), card_settings)
    build(settings)
    return settings


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """Give a disk of its own, which can be filled; skip where none can be mounted."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if not _mount(folder, f"size={2 * ROOM}"):
        pytest.skip("no disk can be mounted here: that takes root; a limit on files is tried instead")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)  # noqa: S607 - the one of the system


def _mount(folder: Path, options: str) -> bool:
    mount = shutil.which("mount")
    command = [str(mount), "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    return mount is not None and subprocess.run(command, check=False, capture_output=True).returncode == 0


def leave(disk: Path, free: int) -> Path:
    """Fill a disk but for so many bytes; return the file that does."""
    ballast = disk / "ballast"
    ballast.unlink(missing_ok=True)
    with ballast.open("wb") as file:
        left = shutil.disk_usage(disk).free - free
        while left > 0:
            left -= file.write(bytes(min(left, MEGABYTE)))
    return ballast


def on_disk(built: Settings, disk: Path, tmp_path: Path) -> Settings:
    """Return settings with a copy of the index on the disk."""
    settings = copy_of(built, tmp_path)
    data = disk / "data"
    shutil.move(settings.data, data)
    return settings.model_copy(update={"data": data, "database_url": f"sqlite:///{data / 'assistant.db'}"})


class Taking:
    """Somebody else who takes the room while a build is at work, after it was found to be enough."""

    def __init__(self, disk: Path, free: int) -> None:
        self._disk, self._free = disk, free

    def __call__(self, step: Progress) -> None:
        if step.done == step.total:
            leave(self._disk, self._free)


def test_a_build_without_room_says_what_it_needs_and_whoever_asks_gets_answers(
    built: Settings, disk: Path, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    count = rounds(3, 20)
    settings = on_disk(built, disk, tmp_path)
    folder = IndexFolder(settings.index_folder)
    refused = kept = 0
    with assisting(settings) as assistant, closing(Storage.open(str(settings.database_url))) as storage:
        for number in range(count):
            change(settings, number)
            old = folder.require_current()
            is_taken_later = number % 2 == 1
            free = (WRITTEN if is_taken_later else NEEDED) * number // count
            ballast = leave(disk, ROOM if is_taken_later else free)
            try:
                steps = Taking(disk, free) if is_taken_later else _ignore
                Indexer(settings, load_engine(settings)).build(steps)
            except DiskFull as full:
                refused += 1
                assert folder.require_current() == old
                assert_is_clear(full, settings)
            assert not list(folder.path.glob(".unfinished-*"))
            folder.verify(folder.require_current())
            leave(disk, 100_000)
            ids = keep_until_full(storage)
            kept += len(ids)
            leave(disk, 0)
            assert all(isinstance(ask(assistant, question), Answer) for question in QUESTIONS)
            ballast.unlink()
            assert all(storage.conversations.conversation(ANNA, id_).id == id_ for id_ in ids)
            version = build(settings)
            assert folder.require_current() == version == assistant.status().index_version
    assert 0 < refused <= count
    record_property(
        "figure",
        f"{count} sizes of room: {refused} builds refused, {kept} conversations acknowledged and all there",
    )


def assert_is_clear(full: DiskFull, settings: Settings) -> None:
    """Assert that a person is told how much room is needed, and where."""
    told = Texts.read(settings.prompts / "problems.yaml").render(full.code, **full.details)
    assert f"In {settings.index_folder} is {full.details['needed']} MB nodig" in told
    assert int(full.details["needed"]) > int(full.details["free"])


def keep_until_full(storage: Storage) -> list[str]:
    """Keep conversations until there is no room; return those that were acknowledged."""
    ids: list[str] = []
    while True:
        try:
            ids.append(storage.conversations.keep(ANNA, exchange("vol " * 2000), "Vol"))
        except StorageUnavailable:
            return ids


def test_what_failed_for_want_of_room_is_built_without_help_once_there_is_some(
    built: Settings, disk: Path, tmp_path: Path
) -> None:
    settings = on_disk(built, disk, tmp_path)
    change(settings, "later")
    ballast = leave(disk, MEGABYTE)
    indexer = Indexer(settings, load_engine(settings))
    command, environment = [*COMMAND, "index", "--progress-json"], settings.as_environment()
    with assisting(settings) as assistant:
        old = assistant.status().index_version
        upkeep = Upkeep(
            lambda: not indexer.is_current(),
            lambda: assistant.status().degraded is not None,
            lambda: BackgroundBuild(command, environment, assistant.note_progress, assistant.note_failure),
            Waits(first=0.1),
        )
        with closing(upkeep):
            wait_until(lambda: assistant.status().failure is not None)
            assert "MB nodig" in str(assistant.status().failure)
            assert assistant.status().index_version == old
            ballast.unlink()
            wait_until(lambda: assistant.status().index_version != old)
            wait_until(lambda: assistant.status() == replace(assistant.status(), building=None, failure=None))


def test_a_server_on_a_full_disk_starts_with_the_index_that_is_there(
    built: Settings, disk: Path, tmp_path: Path
) -> None:
    settings = on_disk(built, disk, tmp_path)
    change(settings, "behind")
    leave(disk, 0)
    Indexer(settings, load_engine(settings)).prepare(_ignore)
    with assisting(settings) as assistant:
        assert isinstance(ask(assistant, QUESTIONS[0]), Answer)
        assert assistant.status().degraded is None


def test_without_room_for_a_private_copy_the_keywords_answer(
    built: Settings, disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave(disk, 100_000)
    monkeypatch.setattr(tempfile, "tempdir", str(disk))
    with assisting(built) as assistant:
        assert isinstance(ask(assistant, QUESTIONS[0]), Answer)
        assert assistant.status().degraded is Degraded.KEYWORDS
    assert not list(disk.glob(f"{PREFIX}*"))


def test_a_limit_on_the_size_of_files_stops_a_build_as_clearly(built: Settings, tmp_path: Path) -> None:
    settings = copy_of(built, tmp_path)
    change(settings, "limited")
    folder = IndexFolder(settings.index_folder)
    old = folder.require_current()
    context = processes()
    said = context.Queue()
    limited = context.Process(target=_build_limited, args=(settings, said))
    limited.start()
    assert said.get(timeout=120) == DiskFull.code
    limited.join()
    assert folder.require_current() == old
    folder.verify(old)
    assert not list(folder.path.glob(".unfinished-*"))
    assert build(settings) != old


def _build_limited(settings: Settings, said: Queue[str]) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))
    try:
        said.put(build(settings))
    except AssistantError as error:
        said.put(error.code)


def wait_until(is_so: Callable[[], bool], seconds: float = 240) -> None:
    """Wait until something is so; fail if it takes too long."""
    ends = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < ends
        time.sleep(0.05)


def _ignore(step: Progress) -> None:
    pass
