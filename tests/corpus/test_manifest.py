"""Reading the bibliography."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.corpus.manifest import Manifest, SectionMark, read_headings, read_manifest, read_unanswered
from assistant.domain import SectionRole
from assistant.errors import InvalidManifest
from tests.corpus.examples import SOURCES


def read_changed(tmp_path: Path, old: str, new: str) -> InvalidManifest:
    assert old in SOURCES
    path = tmp_path / "changed.yaml"
    path.write_text(SOURCES.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InvalidManifest) as caught:
        read_manifest(path)
    return caught.value


def test_a_source_comes_with_its_section_marks(manifest: Manifest) -> None:
    first, second = manifest.sources
    assert first.source.label == "Jansen 1999"
    assert first.source.sections == ("Inleiding", "Pijlers: de basis", "Noten")
    assert first.marks[0] == SectionMark("Inleiding", "Bruggen verbinden", indexed=True)
    assert not first.marks[2].indexed
    assert second.source.year is None


@pytest.mark.parametrize(
    ("old", "new", "line", "field"),
    [
        ("  year: 1999", "  year: lang geleden", "3", "year"),
        ("  language: nl", "  taal: nl", "1", "language"),
        ("  rights: vrij", "  rights: vrij\n  kleur: rood", "8", "kleur"),
        ("starts: Bruggen verbinden", "starts: een twee drie vier vijf zes zeven acht negen", "10", "starts"),
        ("id: vries-2001", "id: jansen-1999", "13", "id"),
        ("{title: Noten, indexed: false}", "{title: Inleiding}", "12", "Inleiding"),
        ("id: vries-2001", "id: De Vries", "13", "id"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_field(
    tmp_path: Path, old: str, new: str, line: str, field: str
) -> None:
    error = read_changed(tmp_path, old, new)
    assert error.details["line"] == line
    assert field in error.details["reason"]
    assert error.details["file"].endswith("changed.yaml")


def test_broken_yaml_is_told_with_its_line(tmp_path: Path) -> None:
    assert read_changed(tmp_path, "authors: [Piet Jansen]", "authors: [Piet Jansen").details["line"] == "3"


def test_a_missing_bibliography_is_told(tmp_path: Path) -> None:
    with pytest.raises(InvalidManifest):
        read_manifest(tmp_path / "none.yaml")


def test_headings_have_roles(tmp_path: Path) -> None:
    path = tmp_path / "headings.yaml"
    path.write_text("# koppen\nKern: definition\nVerschil: contrast\n", encoding="utf-8")
    assert read_headings(path) == {"Kern": SectionRole.DEFINITION, "Verschil": SectionRole.CONTRAST}


def test_a_heading_with_an_unknown_role_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "headings.yaml"
    path.write_text("Kern: definition\nVerschil: ruzie\n", encoding="utf-8")
    with pytest.raises(InvalidManifest) as caught:
        read_headings(path)
    assert caught.value.details["line"] == "2"


def test_questions_without_an_answer_are_read_by_what_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "unanswered.yaml"
    path.write_text(
        "prijzen:\n  - Wat kost een brug?\n  - Wat kost een pijler?\nweer: []\n", encoding="utf-8"
    )
    assert read_unanswered(path) == {"prijzen": ("Wat kost een brug?", "Wat kost een pijler?"), "weer": ()}


def test_without_a_list_there_are_no_questions_without_an_answer(tmp_path: Path) -> None:
    assert read_unanswered(tmp_path / "unanswered.yaml") == {}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("prijzen:\n  - Wat kost een brug?\n  - [los]\n", "3"),
        ("prijzen:\n  - Wat kost een brug?\nweer: Regent het?\n", "3"),
        ('prijzen:\n  - "Wat kost een brug?\n', "3"),
        ("prijzen:\n  - ''\n", "2"),
        ("- Wat kost een brug?\n", "1"),
        ("", "1"),
    ],
)
def test_a_broken_list_is_told_with_its_line(tmp_path: Path, text: str, line: str) -> None:
    path = tmp_path / "unanswered.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidManifest) as caught:
        read_unanswered(path)
    assert (caught.value.details["file"], caught.value.details["line"]) == (str(path), line)
