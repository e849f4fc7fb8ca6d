"""The commands for keys, run as a person runs them."""

from __future__ import annotations

import json
import re
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from assistant.bootstrap.access import open_access
from assistant.domain import CreatedKey, KeyScope
from assistant.errors import ConfigurationError, KeyRevoked
from assistant.settings import Settings, read_settings
from assistant.storage import Storage
from assistant.surfaces.keys import build_keys_commands
from tests.surfaces.test_cli import alliantie


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return read_settings(data=tmp_path / "data")


def keys(settings: Settings, *arguments: str) -> Result:
    """Run a command in this process, which is quicker than in one of its own."""
    return CliRunner(env={"ASSISTANT_DATA": str(settings.data)}).invoke(build_keys_commands(), arguments)


def _made(settings: Settings, name: str = "Portaal") -> CreatedKey:
    with open_access(settings) as access:
        return access.create(name, [KeyScope.ASK])


def test_the_secret_alone_is_on_standard_output_and_all_else_beside_it(settings: Settings) -> None:
    done = alliantie("keys", "create", "Portaal", settings=settings)

    assert done.returncode == 0, done.stderr
    assert re.fullmatch(r"alliantie_[A-Za-z0-9_-]{43}\n", done.stdout)
    assert done.stdout.strip() not in done.stderr
    assert "geldt voor: ask." in done.stderr
    assert "verloopt niet vanzelf" in done.stderr
    assert "eerste sleutel" in done.stderr
    with open_access(settings) as access:
        assert access.identify(done.stdout.strip()).scopes == {KeyScope.ASK}


def test_a_key_is_made_with_what_is_said_of_it(settings: Settings) -> None:
    _made(settings)
    done = keys(
        settings, "create", "Gemeente", "--scope", "ask", "--scope", "health-checks", "--days", "365",
        "--rate", "60/minute", "--daily-questions", "1000",
    )  # fmt: skip
    with open_access(settings) as access:
        caller = access.identify(done.stdout.strip())
        key = access.all()[1]

    assert caller.scopes == key.scopes == {KeyScope.ASK, KeyScope.HEALTH_CHECKS}
    assert (key.name, caller.rate, caller.daily_questions) == ("Gemeente", "60/minute", 1000)
    assert key.expires is not None
    assert timedelta(0) <= key.created + timedelta(days=365) - key.expires < timedelta(minutes=1)
    assert "ask, health-checks" in done.stderr
    assert "eerste sleutel" not in done.stderr


def test_a_key_that_makes_no_sense_is_not_made(settings: Settings) -> None:
    done = keys(settings, "create", "Portaal", "--rate", "veel")

    assert isinstance(done.exception, ConfigurationError)
    assert done.output == ""
    with open_access(settings) as access:
        assert access.all() == ()


def test_the_list_shows_each_key_in_columns_and_never_a_secret(settings: Settings) -> None:
    now = datetime.now(UTC)
    then = [now - timedelta(days=days) for days in (40, 39, 38)]
    moments = iter(then)
    with closing(Storage.open(settings.storage_url, now=lambda: next(moments))) as storage:
        old = storage.api_keys.create("Oud", {KeyScope.ASK}, now - timedelta(days=1)).key.id
        gone = storage.api_keys.create("Weg", {KeyScope.DOCUMENTS, KeyScope.ADMIN}).key.id
        storage.api_keys.revoke(gone)
    made = _made(settings, "Een lange naam voor het portaal")
    with open_access(settings) as access:
        access.identify(made.secret)
    shown = keys(settings, "list")
    rows = [re.split(r"  +", line) for line in shown.stdout.splitlines()]
    first, second, yesterday = (
        f"{one.astimezone():%d-%m-%Y}" for one in (then[0], then[1], now - timedelta(days=1))
    )

    assert rows[0] == ["id", "naam", "geldt voor", "gemaakt", "verloopt", "gebruikt", "stand"]
    assert rows[1] == [old, "Oud", "ask", first, yesterday, "nog niet", "verlopen"]
    assert rows[2] == [gone, "Weg", "admin, documents", second, "niet", "nog niet", "ingetrokken"]
    assert rows[3][1] == "Een lange naam voor het portaal"
    assert rows[3][4:] == ["niet", f"{now:%d-%m-%Y}", "geldig"]
    as_json = keys(settings, "list", "--json")
    assert made.secret.removeprefix("alliantie_") not in shown.output + as_json.output
    assert "alliantie_" not in shown.output + as_json.output


def test_the_list_as_json_has_a_line_for_each_key(settings: Settings) -> None:
    made = _made(settings)
    (line,) = keys(settings, "list", "--json").stdout.splitlines()

    assert json.loads(line) == {
        "id": made.key.id,
        "name": "Portaal",
        "scopes": ["ask"],
        "created": made.key.created.isoformat(),
        "expires": None,
        "revoked": None,
        "last_used": None,
        "rate": None,
        "daily_questions": None,
        "state": "usable",
    }


def test_where_there_are_no_keys_that_is_told(settings: Settings) -> None:
    done = keys(settings, "list")

    assert (done.exit_code, done.stdout) == (0, "")
    assert "nog geen sleutels" in done.stderr


def test_a_key_is_revoked_by_the_beginning_of_its_id(settings: Settings) -> None:
    made, other = _made(settings), _made(settings, "Ander")
    pairs = zip(made.key.id, other.key.id, strict=True)
    beginning = "".join(one for one, _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    assert keys(settings, "revoke", beginning).exit_code == 1
    for unknown in ("", "z", made.key.id + "0"):
        assert keys(settings, "revoke", unknown).exit_code == 1
    unambiguous = made.key.id[: len(beginning) + 1]
    done = keys(settings, "revoke", unambiguous.upper())

    assert done.exit_code == 0
    assert f"“Portaal” ({made.key.id}) is ingetrokken" in done.stderr
    assert "geen geldige sleutel meer" not in done.stderr
    with open_access(settings) as access:
        assert access.identify(other.secret).owner == other.key.id
        with pytest.raises(KeyRevoked):
            access.identify(made.secret)
    assert "geen geldige sleutel meer" in keys(settings, "revoke", other.key.id).stderr


def test_several_keys_that_fit_are_named(settings: Settings) -> None:
    ids: dict[str, list[str]] = {}
    while not any(len(found) > 1 for found in ids.values()):
        id_ = _made(settings).key.id
        ids.setdefault(id_[0], []).append(id_)
    first, alike = next((first, found) for first, found in ids.items() if len(found) > 1)
    done = keys(settings, "revoke", first)

    assert done.exit_code == 1
    assert all(id_ in done.stderr for id_ in alike)
