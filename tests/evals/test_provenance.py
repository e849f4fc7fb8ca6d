"""How a report was made: without git, without a path, without a secret."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from assistant.settings import Settings
from evals.bench import Bench
from evals.provenance import PACKAGES, commit, settings_of, versions


def test_python_and_every_package_have_a_version() -> None:
    found = versions()
    assert found.keys() == {"python", *PACKAGES}
    assert [name for name, version in found.items() if not re.match(r"\d+\.\d+", version)] == []


def test_what_was_chosen_is_told_without_a_path(card_bench: Bench, card_settings: Settings) -> None:
    told = settings_of(card_bench.embedder, "words")
    assert (told["engine"], told["judge"]) == ("onnx", "words")
    assert [value for value in told.values() if str(Path.home()) in value or value.startswith("/")] == []
    assert str(card_settings.index_folder) not in told.values()


def test_a_cross_encoder_is_named_without_the_folder_that_it_lies_in(
    card_bench: Bench, tmp_path: Path
) -> None:
    (tmp_path / "kruislezer").mkdir()
    for given, told in (
        (None, "–"),
        ("BAAI/bge-reranker-v2-m3", "BAAI/bge-reranker-v2-m3"),
        (str(tmp_path / "kruislezer"), "kruislezer"),
    ):
        assert settings_of(card_bench.embedder, "words", given)["reranker"] == told


def test_the_commit_says_whether_files_have_changed_since() -> None:
    assert re.fullmatch(r"([0-9a-f]{12}\+?)?", commit())


def test_without_git_there_is_no_commit(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert commit() == ""
