"""``alliantie index add``, ``list`` and ``remove``, run as a person runs them."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.settings import Settings
from tests.bootstrap.test_documents import CONTRACT
from tests.surfaces.test_cli import alliantie


@pytest.fixture
def settings(card_settings: Settings, tmp_path: Path) -> Settings:
    return card_settings.model_copy(update={"database_url": f"sqlite:///{tmp_path / 'assistant.db'}"})


def test_documents_are_added_listed_found_and_removed(settings: Settings, tmp_path: Path) -> None:
    contract, broken = tmp_path / "afspraken.md", tmp_path / "foto.pdf"
    contract.write_bytes(CONTRACT)
    broken.write_bytes(b"\x89PNG" + bytes(100))

    added = alliantie(
        "index", "add", str(contract), str(broken), str(tmp_path / "weg.txt"), "--shared", settings=settings
    )
    assert added.returncode == 1
    assert "passage 3 van 3" in added.stderr or "passage 2 van 2" in added.stderr
    assert "‘Afspraken Zuiderpoort’ is toegevoegd" in added.stderr
    assert "--shared" not in added.stderr
    assert "‘foto.pdf’ kan niet gelezen worden." in added.stderr
    assert "weg.txt’ kan niet geopend worden" in added.stderr
    assert "Traceback" not in added.stderr

    listed = alliantie("index", "list", settings=settings).stdout
    id_, *_ = listed.splitlines()[1].split()
    assert "Afspraken Zuiderpoort" in listed
    assert "klaar" in listed
    assert "iedereen" in listed

    question = "Met welke opzegtermijn kan een partner van Zuiderpoort stoppen?"
    assert "drie maanden opzegtermijn" in alliantie("ask", question, settings=settings).stdout

    again = alliantie("index", "add", str(contract), settings=settings)
    assert again.returncode == 1
    assert f"({id_})" in again.stderr
    removed = alliantie("index", "remove", id_, settings=settings)
    assert (removed.returncode, removed.stderr.strip()) == (
        0,
        f"‘Afspraken Zuiderpoort’ is verwijderd ({id_}).",
    )
    assert alliantie("index", "list", settings=settings).stderr.strip() == "Er zijn geen eigen documenten."
