"""A version is asked what it must know, in a process that may crash without harm."""

from __future__ import annotations

import os
import shutil
import signal
from pathlib import Path

import numpy as np
import pytest

from assistant.errors import IndexDamaged
from assistant.indexing import probing
from assistant.indexing.contents import KEYWORDS, PROBE, STATEMENTS, VECTORS
from assistant.indexing.probing import Probe, describe_packages, ensure_probed, forget_probes, probe
from assistant.indexing.versions import IndexFolder
from assistant.settings import Settings


@pytest.fixture
def folder(card_settings: Settings, tmp_path: Path) -> IndexFolder:
    """Give a copy of a built index."""
    return IndexFolder(Path(shutil.copytree(card_settings.index_folder, tmp_path / "index")))


@pytest.fixture
def version(folder: IndexFolder) -> Path:
    return folder.version_path(folder.require_current())


def test_a_build_notes_with_what_its_version_was_probed(folder: IndexFolder) -> None:
    assert folder.manifest(folder.require_current()).probed_with == describe_packages()
    assert "chromadb" in describe_packages()


def test_a_version_as_it_was_made_answers_as_it_must(version: Path) -> None:
    assert probe(version) == ""


def test_vectors_that_find_other_chunks_are_noticed(version: Path) -> None:
    with np.load(version / PROBE) as asked:
        ids, vectors = asked["ids"], asked["vectors"]
    np.savez(version / PROBE, ids=ids, vectors=np.roll(vectors, 1, axis=0))
    assert probe(version) == VECTORS


def test_keywords_that_find_other_chunks_are_noticed(version: Path) -> None:
    file = version / KEYWORDS / "chunks.json"
    text = file.read_text(encoding="utf-8")
    with np.load(version / PROBE) as asked:
        one, other = asked["ids"][:2].tolist()
    file.write_text(text.replace(one, "?").replace(other, one).replace("?", other), encoding="utf-8")
    assert probe(version) == KEYWORDS


def test_a_file_that_cannot_be_read_is_named(version: Path) -> None:
    (version / STATEMENTS).write_bytes(b"PK")
    with pytest.raises(IndexDamaged, match=STATEMENTS):
        probe(version)


def test_a_child_that_crashes_takes_nobody_along(version: Path) -> None:
    with Probe() as child:
        os.kill(child._process.pid, signal.SIGSEGV)
        with pytest.raises(IndexDamaged):
            child.check(version)


def test_a_probe_that_is_not_needed_ends_its_process() -> None:
    with Probe() as child:
        pass
    assert child._process.returncode is not None


def test_with_other_packages_a_version_is_probed_once_more_and_only_once(
    folder: IndexFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = folder.require_current()
    monkeypatch.setattr(probing, "describe_packages", lambda: "chromadb 99")
    ensure_probed(folder, name)
    assert (folder.path / f".probed-{name}").read_text(encoding="utf-8") == "chromadb 99"
    monkeypatch.setattr(probing, "Probe", None)
    ensure_probed(folder, name)


def test_the_note_of_a_probe_goes_with_its_version(folder: IndexFolder) -> None:
    name = folder.require_current()
    for version in (name, "20000101T000000000000-ffffffff"):
        (folder.path / f".probed-{version}").write_text("", encoding="utf-8")
    forget_probes(folder)
    assert [path.name for path in folder.path.glob(".probed-*")] == [f".probed-{name}"]
