"""The keys of clients, on each kind of database."""

from __future__ import annotations

import re
import subprocess
import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from assistant.domain import ApiKey, KeyScope
from assistant.errors import KeyMissing, KeyUnknown, StorageUnavailable, UnknownKey
from assistant.storage import Storage
from assistant.storage.models import Model
from tests.storage.clock import Clock
from tests.storage.granting_process import grant

_ROOT = Path(__file__).parents[2]
_MONTH = timedelta(days=30)
_ASK = frozenset({KeyScope.ASK})

_on_sqlite_alone = pytest.mark.parametrize("url", ["sqlite"], indirect=True)
"""For what is the same on each kind of database."""


def test_a_key_is_found_by_its_secret_with_all_that_was_said_of_it(storage: Storage, clock: Clock) -> None:
    until = clock() + timedelta(days=365, microseconds=7)
    scopes = {KeyScope.HEALTH_CHECKS, KeyScope.ASK}
    made = storage.api_keys.create("Portaal ‘Zorg’ 🌱", scopes, until, "60/minute", 1000)

    assert storage.api_keys.found(made.secret) == made.key
    assert made.key == ApiKey(
        made.key.id, "Portaal ‘Zorg’ 🌱", frozenset(scopes), clock(), until, None, None, "60/minute", 1000
    )


@_on_sqlite_alone
def test_what_is_not_quite_a_secret_opens_nothing(storage: Storage) -> None:
    secret = storage.api_keys.create("Een", _ASK).secret
    cut, other = secret[:-1], "A" if secret[-2] != "A" else "B"

    for wrong in (
        "",
        cut,
        secret + "A",
        secret + "\n",
        " " + secret,
        cut[:-1] + other + secret[-1],
        secret.removeprefix("alliantie_"),
        secret.upper(),
        cut + "\x00",
        cut + "\ud800",
        "alliantie_" + "'" * 43,
    ):
        with pytest.raises(KeyUnknown):
            storage.api_keys.found(wrong)


def test_all_keys_are_shown_the_oldest_first_and_no_two_are_alike(storage: Storage, clock: Clock) -> None:
    assert storage.api_keys.all() == ()
    assert not storage.api_keys.has_any()
    made = []
    for name in "cab":
        made.append(storage.api_keys.create(name, _ASK))
        clock.pass_days(1)

    assert storage.api_keys.all() == tuple(one.key for one in made)
    assert storage.api_keys.has_any()
    assert len({one.secret for one in made}) == 3
    for one in made:
        assert re.fullmatch(r"alliantie_[A-Za-z0-9_-]{43}", one.secret)
        assert one.secret not in f"{one} {one!r}"
        assert one.key.id not in one.secret


def test_a_key_is_revoked_once_and_that_moment_stays(storage: Storage, clock: Clock) -> None:
    made, other = (storage.api_keys.create(name, _ASK) for name in "ab")
    moment = clock()
    assert storage.api_keys.revoke(made.key.id).revoked == moment
    clock.pass_days(1)

    assert storage.api_keys.revoke(made.key.id).revoked == moment
    assert storage.api_keys.found(made.secret).revoked == moment
    assert storage.api_keys.found(other.secret).revoked is None
    with pytest.raises(UnknownKey):
        storage.api_keys.revoke(made.key.id[:-1])


def test_the_day_of_the_last_use_never_goes_back(storage: Storage, clock: Clock) -> None:
    made = storage.api_keys.create("Een", _ASK)
    for days in (0, 2, -1):
        clock.pass_days(days)
        storage.api_keys.note_use(made.key.id)

    clock.pass_days(1)
    assert storage.api_keys.found(made.secret).last_used == clock().date()


def test_a_browser_is_known_by_its_token_until_it_signs_out(storage: Storage) -> None:
    made = storage.api_keys.create("Een", _ASK)
    token, other = (storage.api_keys.sign_in(made.key.id, _MONTH) for _ in range(2))
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", token)
    assert storage.api_keys.visited(token) == made.key

    storage.api_keys.sign_out(token)
    storage.api_keys.sign_out(token)
    with pytest.raises(KeyMissing):
        storage.api_keys.visited(token)
    assert storage.api_keys.visited(other) == made.key


def test_a_token_ends_with_its_time_and_is_erased_when_another_is_given(
    storage: Storage, clock: Clock, engine: Engine
) -> None:
    made = storage.api_keys.create("Een", _ASK)
    token = storage.api_keys.sign_in(made.key.id, _MONTH)
    clock.pass_days(29)
    assert storage.api_keys.visited(token)
    clock.pass_days(1)
    with pytest.raises(KeyMissing):
        storage.api_keys.visited(token)

    storage.api_keys.sign_in(made.key.id, _MONTH)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM access_sessions")) == 1


@_on_sqlite_alone
def test_a_secret_is_no_token_and_a_token_no_secret(storage: Storage) -> None:
    made = storage.api_keys.create("Een", _ASK)
    token = storage.api_keys.sign_in(made.key.id, _MONTH)

    for wrong in (made.secret, made.secret.removeprefix("alliantie_"), "", f"{token}\n"):
        with pytest.raises(KeyMissing):
            storage.api_keys.visited(wrong)
    for wrong in (token, f"alliantie_{token}"):
        with pytest.raises(KeyUnknown):
            storage.api_keys.found(wrong)


@_on_sqlite_alone
def test_a_key_with_a_scope_of_another_release_is_told(storage: Storage, engine: Engine) -> None:
    made = storage.api_keys.create("Een", _ASK)
    with engine.execution_options(is_writer=True).begin() as connection:
        connection.execute(text("UPDATE api_keys SET scopes = '[\"tomorrow\"]'"))

    with pytest.raises(StorageUnavailable, match="an API key was kept by another release"):
        storage.api_keys.found(made.secret)


def test_no_secret_or_token_stands_in_the_tables(storage: Storage, engine: Engine) -> None:
    made = storage.api_keys.create("Een", _ASK)
    token = storage.api_keys.sign_in(made.key.id, _MONTH)
    with engine.connect() as connection:
        kept = repr([connection.execute(table.select()).all() for table in Model.metadata.sorted_tables])

    assert made.key.id in kept
    assert made.secret.removeprefix("alliantie_") not in kept
    assert token not in kept


def test_no_secret_or_token_stands_in_the_files_of_sqlite(tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    with closing(Storage.open(f"sqlite:///{folder / 'assistant.db'}")) as storage:
        made = storage.api_keys.create("Een", _ASK)
        token, gone = (storage.api_keys.sign_in(made.key.id, _MONTH) for _ in range(2))
        storage.api_keys.found(made.secret)
        storage.api_keys.sign_out(gone)
        storage.api_keys.revoke(made.key.id)
        kept = b"".join(path.read_bytes() for path in folder.iterdir())

    assert made.key.id.encode() in kept
    for secret in (made.secret.removeprefix("alliantie_"), token, gone):
        assert secret.encode() not in kept
        assert secret.encode("utf-16-le") not in kept


def test_processes_that_make_and_revoke_keys_at_once_lose_none(
    url: str, storage: Storage, tmp_path: Path
) -> None:
    old = [storage.api_keys.create("Oud", _ASK) for _ in range(10)]
    ids = [one.key.id for one in old]
    starting_shot = tmp_path / "go"
    command = [sys.executable, "-m", "tests.storage.granting_process", url, str(starting_shot), *ids[::-1]]
    with subprocess.Popen(command, cwd=_ROOT, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout
        assert other.stdout.readline() == "ready\n"
        starting_shot.touch()
        mine = [made.secret for made in grant(storage, ids)]
        made = mine + other.communicate(timeout=60)[0].split()

    assert other.returncode == 0
    found = [storage.api_keys.found(secret) for secret in made]
    assert len({key.id for key in found}) == 2 * len(old)
    assert len(storage.api_keys.all()) == 3 * len(old)
    assert not any(key.revoked for key in found)
    assert all(storage.api_keys.found(one.secret).revoked for one in old)
