"""The shelf of index versions in PostgreSQL: what is announced is whole, and one process builds."""

from __future__ import annotations

import subprocess
import sys
import time
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from assistant.errors import IndexBusy
from assistant.storage import Storage
from assistant.storage.index_shelf import IndexShelf
from tests.storage.clock import Clock

_ROOT = Path(__file__).parents[2]
_HOLDER = """
import sys, time
from assistant.storage import Storage
with Storage.open(sys.argv[1]).index_shelf.building():
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def shelf(storage: Storage) -> IndexShelf:
    return storage.index_shelf


def test_the_newest_of_a_kind_is_current_and_comes_back_whole(shelf: IndexShelf) -> None:
    assert shelf.newest("a") is None
    shelf.announce("v1", "a", "f1", [b"een"])
    shelf.announce("v2", "a", "f2", [b"twee", b"drie"])
    shelf.announce("v3", "b", "f3", [])
    found = shelf.newest("a")
    assert found is not None
    assert (found.name, found.fingerprint) == ("v2", "f2")
    assert b"".join(shelf.parts(found.number)) == b"tweedrie"


def test_an_announcement_that_fails_half_way_leaves_what_was(shelf: IndexShelf) -> None:
    shelf.announce("v1", "a", "f1", [b"een"])
    before = shelf.newest("a")

    def failing() -> object:
        yield b"twee"
        raise OSError

    with pytest.raises(OSError):  # noqa: PT011 - ours, without a text
        shelf.announce("v2", "a", "f2", failing())  # type: ignore[arg-type]
    assert shelf.newest("a") == before
    assert shelf.names() == ("v1",)


def test_two_of_a_kind_stay_and_those_of_another_release_for_a_month(shelf: IndexShelf, clock: Clock) -> None:
    shelf.announce("old", "before", "f", [b"x"])
    for number in range(4):
        shelf.announce(f"v{number}", "a", "f", [b"x"])
    assert sorted(shelf.names()) == ["old", "v2", "v3"]
    clock.pass_days(31)
    shelf.announce("v2", "a", "f", [b"y"])
    found = shelf.newest("a")
    assert found is not None
    assert (sorted(shelf.names()), found.name) == (["v2", "v3"], "v2")
    assert b"".join(shelf.parts(found.number)) == b"y"


def test_one_process_builds_and_its_death_frees_the_lock(postgresql_url: str) -> None:
    with closing(Storage.open(postgresql_url)) as storage:
        command = [sys.executable, "-c", _HOLDER, postgresql_url]
        holder = subprocess.Popen(command, cwd=_ROOT, stdout=subprocess.PIPE, text=True)
        assert holder.stdout is not None
        with holder.stdout as said:
            assert said.readline() == "held\n"
            with pytest.raises(IndexBusy), storage.index_shelf.building():
                pass
            holder.kill()
            holder.wait()
        _build_soon(storage.index_shelf)
        with storage.index_shelf.building():
            pass


def _build_soon(shelf: IndexShelf, patience: timedelta = timedelta(seconds=10)) -> None:
    """Take the lock as soon as the server has noticed that who had it is gone."""
    ends = time.monotonic() + patience.total_seconds()
    while True:
        try:
            with shelf.building():
                return
        except IndexBusy:
            if time.monotonic() > ends:
                raise
            time.sleep(0.05)
