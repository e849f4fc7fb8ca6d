"""A mistake in a file names its line."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import TypeAdapter

from assistant.coach.yaml_files import YamlFile
from assistant.errors import InvalidQuestionnaire

SHAPE = TypeAdapter(dict[str, list[int]])


def _mistake(folder: Path, text: str) -> tuple[str, str]:
    path = folder / "norms.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidQuestionnaire) as caught:
        YamlFile.read(path).parse(SHAPE)
    assert caught.value.details["file"] == f"{folder.name}/norms.yaml"
    return caught.value.details["line"], caught.value.details["reason"]


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("bands:\n  - 1\n  - veel\n", "3", "bands.1: "),
        ("bands: [1]\nbands: [2]\n", "2", "'bands' occurs twice"),
        ("bands: [1\nmore: 2\n", "2", "expected"),
        ("", "1", "Input should be"),
        ("bands: [2026-02-31]\n", "1", "day"),
    ],
)
def test_a_mistake_names_its_line_and_reason(tmp_path: Path, text: str, line: str, reason: str) -> None:
    found = _mistake(tmp_path, text)
    assert found[0] == line
    assert reason in found[1]


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidQuestionnaire, match=r"norms\.yaml"):
        YamlFile.read(tmp_path / "norms.yaml")


def test_a_file_of_another_encoding_is_named(tmp_path: Path) -> None:
    path = tmp_path / "norms.yaml"
    path.write_bytes("caf\xe9".encode("latin-1"))
    with pytest.raises(InvalidQuestionnaire, match="utf-8"):
        YamlFile.read(path)
