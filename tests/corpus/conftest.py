"""The invented bibliography and card as values."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.corpus.cleaning import Vocabulary
from assistant.corpus.manifest import Manifest, read_manifest
from tests.corpus.examples import SOURCES

WriteCard = Callable[[str], Path]


@pytest.fixture(scope="session")
def vocabulary() -> Vocabulary:
    return Vocabulary()


@pytest.fixture
def manifest(tmp_path: Path) -> Manifest:
    path = tmp_path / "sources.yaml"
    path.write_text(SOURCES, encoding="utf-8")
    return read_manifest(path)


@pytest.fixture
def write_card(tmp_path: Path) -> WriteCard:
    """Write a card under the folder and name that its front matter gives; returns the cards' folder."""

    def write(text: str) -> Path:
        fields = dict(
            line.split(": ", 1) for line in text.splitlines() if line.startswith(("id: ", "kind: "))
        )
        path = tmp_path / "cards" / fields.get("kind", "begrip") / f"{fields.get('id', 'pijler')}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return tmp_path / "cards"

    return write
