"""Copies that one process has to itself, and what is left of those of processes that were killed."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

import pytest

from assistant.errors import IndexDamaged
from assistant.indexing.manifest import list_files
from assistant.retrieval.private_copy import PREFIX, PrivateCopy, copies_folder, remove_abandoned


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make copies where no other test does."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def published(tmp_path: Path) -> Path:
    folder = tmp_path / "published"
    (folder / "part").mkdir(parents=True)
    (folder / "part" / "file").write_bytes(b"heel")
    return folder


def copies() -> list[Path]:
    return list(copies_folder().glob(f"{PREFIX}*"))


def test_a_copy_holds_what_was_published_and_goes_when_it_is_closed(published: Path) -> None:
    with closing(PrivateCopy(published, list_files(published))) as copy:
        (published / "part" / "file").write_bytes(b"anders")
        assert (copy.path / "part" / "file").read_bytes() == b"heel"
        assert copies() == [copy.path]
        assert copy.path.stat().st_mode & 0o777 == 0o700
    assert copies() == []


@pytest.mark.parametrize("damage", ["changed", "missing"])
def test_what_isnt_what_was_published_is_not_copied(published: Path, damage: str) -> None:
    digests = list_files(published)
    file = published / "part" / "file"
    file.unlink() if damage == "missing" else file.write_bytes(b"anders")
    with pytest.raises(IndexDamaged, match="file"):
        PrivateCopy(published, digests)
    assert copies() == []


def test_what_a_killed_process_left_is_removed_and_what_is_in_use_is_not(
    published: Path, own_folder: Path
) -> None:
    script = (
        "import os, sys; from pathlib import Path; from assistant.retrieval.private_copy import PrivateCopy;"
        "copy = PrivateCopy(Path(sys.argv[1])); print(copy.path, flush=True); os._exit(9)"
    )
    environment = {**os.environ, "TMPDIR": str(own_folder)}
    command = [sys.executable, "-c", script, str(published)]
    said = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    abandoned = Path(said.stdout.strip())
    assert (said.returncode, copies()) == (9, [abandoned])
    with closing(PrivateCopy(published)) as copy:
        assert copies() == [copy.path]
        remove_abandoned()
        assert copies() == [copy.path]


def test_a_folder_that_was_never_locked_is_removed_when_it_is_old(own_folder: Path) -> None:
    fresh, old = own_folder / f"{PREFIX}fresh", own_folder / f"{PREFIX}old"
    for folder in (fresh, old):
        folder.mkdir()
    os.utime(old, (0, 0))
    remove_abandoned()
    assert copies() == [fresh]
