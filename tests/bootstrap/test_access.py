"""The use cases of access, over a real database."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from assistant.bootstrap.access import Access, KeyState, open_access
from assistant.domain import Caller, CreatedKey, KeyScope
from assistant.errors import (
    ConfigurationError,
    KeyExpired,
    KeyMissing,
    KeyRevoked,
    KeyUnknown,
    StorageUnavailable,
    UnknownKey,
)
from assistant.settings import read_settings
from assistant.storage import Storage
from tests.storage.clock import Clock

_ASK = [KeyScope.ASK]


class Seconds:
    """A clock of seconds that stands still until it is moved."""

    def __init__(self) -> None:
        self.past = 0.0

    def __call__(self) -> float:
        return self.past


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "sleutels.db"


@pytest.fixture
def storage(file: Path, clock: Clock) -> Iterator[Storage]:
    with closing(Storage.open(f"sqlite:///{file}", now=clock)) as opened:
        yield opened


@pytest.fixture
def access(storage: Storage) -> Access:
    return Access(storage)


@pytest.fixture
def made(access: Access) -> CreatedKey:
    return access.create("Portaal", [KeyScope.ASK, KeyScope.ADMIN], rate="60/minute", daily_questions=9)


def test_who_has_a_secret_may_do_what_the_key_is_for(access: Access, made: CreatedKey) -> None:
    expected = Caller(made.key.id, frozenset({KeyScope.ASK, KeyScope.ADMIN}), "60/minute", 9)

    assert access.identify(made.secret) == expected
    assert access.visit(access.sign_in(made.secret)) == expected


def test_a_key_that_is_revoked_elsewhere_fails_at_the_very_next_request(
    access: Access, made: CreatedKey, file: Path
) -> None:
    token = access.sign_in(made.secret)
    access.identify(made.secret)
    with closing(Storage.open(f"sqlite:///{file}")) as elsewhere:
        Access(elsewhere).revoke(made.key.id)

    with pytest.raises(KeyRevoked):
        access.identify(made.secret)
    with pytest.raises(KeyRevoked):
        access.visit(token)
    with pytest.raises(KeyRevoked):
        access.sign_in(made.secret)


def test_a_key_fails_from_the_moment_that_it_expires(access: Access, clock: Clock) -> None:
    made = access.create("Kort", _ASK, expires=clock() + timedelta(days=2))
    token = access.sign_in(made.secret)
    clock.pass_days(1)
    assert access.identify(made.secret) == access.visit(token)
    clock.pass_days(1)

    with pytest.raises(KeyExpired):
        access.identify(made.secret)
    with pytest.raises(KeyExpired):
        access.visit(token)
    assert access.state(made.key) is KeyState.EXPIRED


def test_a_browser_stays_signed_in_for_thirty_days(access: Access, made: CreatedKey, clock: Clock) -> None:
    token = access.sign_in(made.secret)
    clock.pass_days(29)
    assert access.visit(token).owner == made.key.id
    clock.pass_days(1)
    with pytest.raises(KeyMissing):
        access.visit(token)


def test_who_signed_out_is_asked_for_a_key(access: Access, made: CreatedKey) -> None:
    token = access.sign_in(made.secret)
    access.sign_out(token)

    with pytest.raises(KeyMissing):
        access.visit(token)
    with pytest.raises(KeyUnknown):
        access.sign_in("alliantie_" + "A" * 43)
    with pytest.raises(UnknownKey):
        access.revoke("")


def test_the_day_of_the_last_use_is_written_once_a_day(
    access: Access, made: CreatedKey, clock: Clock, file: Path
) -> None:
    token = access.sign_in(made.secret)
    assert access.all()[0].last_used == clock().date()
    with closing(sqlite3.connect(file)) as watching:
        before = _version(watching)
        assert [access.identify(made.secret), access.visit(token)]
        assert _version(watching) == before
        clock.pass_days(1)
        access.visit(token)
        assert _version(watching) != before
    assert access.all()[0].last_used == clock().date()


def test_a_database_that_takes_no_writes_still_tells_who_asks(
    access: Access, made: CreatedKey, file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    refuse = "CREATE TRIGGER full BEFORE UPDATE ON api_keys BEGIN SELECT abs(-9223372036854775808); END"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute(refuse)

    with caplog.at_level(logging.WARNING):
        assert [access.identify(made.secret).owner for _ in range(3)] == [made.key.id] * 3
    assert len(caplog.records) == 1
    assert made.secret not in caplog.text


def test_no_secret_or_token_is_ever_logged(
    access: Access, caplog: pytest.LogCaptureFixture, file: Path
) -> None:
    with caplog.at_level(logging.DEBUG):
        made = access.create("Praatziek", _ASK)
        token = access.sign_in(made.secret)
        access.visit(token)
        access.revoke(made.key.id)
        with pytest.raises(KeyRevoked) as refused:
            access.identify(made.secret)
        with closing(sqlite3.connect(file)) as connection:
            connection.execute("DROP TABLE api_keys")
        with pytest.raises(StorageUnavailable) as broken:
            access.identify(made.secret)

    for error in (refused.value, broken.value, broken.value.__cause__):
        assert made.secret not in repr(error) + str(error)
    assert made.secret not in caplog.text
    assert token not in caplog.text


def test_whether_there_are_keys_is_asked_every_two_seconds_until_there_are(
    storage: Storage, file: Path
) -> None:
    seconds = Seconds()
    access = Access(storage, seconds)
    assert not access.has_keys()
    with closing(Storage.open(f"sqlite:///{file}")) as elsewhere:
        made = Access(elsewhere).create("Eerste", _ASK)
        seconds.past = 1.9
        assert not access.has_keys()
        seconds.past = 2.0
        assert access.has_keys()
        Access(elsewhere).revoke(made.key.id)

    assert access.has_keys()
    assert Access(storage).has_keys()
    assert not access.has_usable_key()


def test_who_makes_the_first_key_knows_at_once_that_there_is_one(access: Access) -> None:
    assert not access.has_keys()
    access.create("Eerste", _ASK)
    assert access.has_keys()
    assert access.has_usable_key()


def test_a_database_that_fails_does_not_count_as_one_without_keys(access: Access, file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("DROP TABLE api_keys")
    for _ in range(2):
        with pytest.raises(StorageUnavailable):
            access.has_keys()


def test_a_key_that_makes_no_sense_is_refused(access: Access, clock: Clock) -> None:
    for name in (" ", "n" * 201, "rood \x1b[31m"):
        with pytest.raises(ConfigurationError, match="name"):
            access.create(name, _ASK)
    for rate in ("", "veel", "0/minute", "1/minute;9/hour", "9" * 80 + "/day"):
        with pytest.raises(ConfigurationError, match="rate"):
            access.create("Een", _ASK, rate=rate)
    with pytest.raises(ConfigurationError, match="scope"):
        access.create("Een", [])
    with pytest.raises(ConfigurationError, match="expires"):
        access.create("Een", _ASK, expires=clock())
    with pytest.raises(ConfigurationError, match="daily-questions"):
        access.create("Een", _ASK, daily_questions=0)
    assert access.all() == ()


def test_the_settings_say_in_which_database_the_keys_are(tmp_path: Path) -> None:
    settings = read_settings(data=tmp_path / "data")
    with open_access(settings) as access:
        made = access.create(" Een ", _ASK)
    with open_access(settings) as access:
        assert access.all() == (made.key,)
        assert made.key.name == "Een"


def _version(connection: sqlite3.Connection) -> int:
    """Return a number that another connection's writing changes."""
    version: int = connection.execute("PRAGMA data_version").fetchone()[0]
    return version
