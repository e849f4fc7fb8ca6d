"""The commands for backups, run as a person runs them."""

from __future__ import annotations

import stat
from contextlib import closing
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from assistant.bootstrap.backups import ERASED_FILE, ErasureKeeper
from assistant.settings import Settings, read_settings
from assistant.storage import Storage
from assistant.storage.erasures import ErasureFile
from assistant.surfaces.backing_up import add_backup_commands
from tests.storage.talking import ANNA, BRAM, exchange


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return read_settings(data=tmp_path / "data")


def alliantie(settings: Settings, *arguments: str) -> Result:
    """Run a command in this process, which is quicker than in one of its own."""
    cli = typer.Typer()
    add_backup_commands(cli)
    return CliRunner(env={"ASSISTANT_DATA": str(settings.data)}).invoke(cli, arguments)


def talk(settings: Settings) -> None:
    with closing(Storage.open(settings.storage_url)) as storage:
        for visitor in (ANNA, BRAM):
            storage.conversations.keep(visitor, exchange(), "Over vertrouwen")


def titles(settings: Settings, visitor: str) -> list[str]:
    with closing(Storage.open(settings.storage_url)) as storage:
        return [one.title for one in storage.conversations.listed(visitor)]


def test_a_backup_is_made_and_put_back_on_another_machine(settings: Settings, tmp_path: Path) -> None:
    talk(settings)
    path = str(tmp_path / "kopie.zip")
    made = alliantie(settings, "backup", path)
    assert (made.exit_code, path in made.stderr) == (0, True)
    other = read_settings(data=tmp_path / "elders")
    assert alliantie(other, "restore", path).exit_code == 0
    assert titles(other, ANNA) == titles(settings, ANNA) == ["Over vertrouwen"]


def test_what_goes_wrong_is_said_in_dutch_and_changes_nothing(settings: Settings, tmp_path: Path) -> None:
    path = str(tmp_path / "kopie.zip")
    assert "De database is leeg" in alliantie(settings, "backup", path).stderr
    talk(settings)
    alliantie(settings, "backup", path)
    for arguments, said in (
        (("backup", path), "is er al"),
        (("restore", path), "--overwrite"),
        (("restore", str(tmp_path / "weg.zip")), "is er niet"),
        (("restore", __file__), "beschadigd"),
        (("backup", str(tmp_path / "geen" / "map.zip")), "niet te schrijven"),
    ):
        refused = alliantie(settings, *arguments)
        assert (refused.exit_code, said in refused.stderr) == (1, True), refused.stderr
    assert titles(settings, ANNA) == ["Over vertrouwen"]


def test_who_was_erased_stays_erased_when_the_database_is_lost(settings: Settings, tmp_path: Path) -> None:
    talk(settings)
    path = str(tmp_path / "kopie.zip")
    alliantie(settings, "backup", path)
    with (
        closing(Storage.open(settings.storage_url)) as storage,
        closing(ErasureKeeper(settings, storage.erasures)),
    ):
        storage.conversations.erase_all(ANNA)
    for file in settings.data.glob("assistant.db*"):
        file.unlink()
    assert alliantie(settings, "restore", path).exit_code == 0
    assert (titles(settings, ANNA), titles(settings, BRAM)) == ([], ["Over vertrouwen"])
    remembered = settings.data / ERASED_FILE
    assert [one.kind for one in ErasureFile(remembered).read()] == ["conversations"]
    assert stat.S_IMODE(remembered.stat().st_mode) == 0o600
