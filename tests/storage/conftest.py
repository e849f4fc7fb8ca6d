"""A database to test on: the same tests run on SQLite and on PostgreSQL."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Engine

from assistant.domain import CheckKind, Created
from assistant.storage import Storage
from assistant.storage.connecting import connect, read_url
from tests.storage.clock import Clock
from tests.storage.postgresql_server import installed_binaries, private_server


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """Give the URL of a server: the one that is named, or one of our own."""
    named = os.environ.get("ASSISTANT_TEST_POSTGRES")
    binaries = installed_binaries()
    if named:
        yield named
    elif binaries:
        with private_server(binaries) as url:
            yield url
    else:
        pytest.skip("no PostgreSQL: it isn't installed, and ASSISTANT_TEST_POSTGRES names none")


@pytest.fixture
def postgresql_url(postgresql: str) -> Iterator[str]:
    """Give the URL of an empty schema, which is dropped afterwards."""
    with _schema(postgresql) as url:
        yield url


@contextmanager
def _schema(postgresql: str) -> Iterator[str]:
    schema = f"test_{secrets.token_hex(8)}"
    with psycopg.connect(postgresql, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {schema}".encode())
        yield f"{postgresql}{'&' if '?' in postgresql else '?'}options=-csearch_path%3D{schema}"
        connection.execute(f"DROP SCHEMA {schema} CASCADE".encode())


@pytest.fixture
def other_postgresql(request: pytest.FixtureRequest) -> Iterator[Callable[[], str]]:
    """Give a way to make another empty schema, for who needs a second database; it is dropped afterwards."""
    with ExitStack() as made:

        def make() -> str:
            return made.enter_context(_schema(request.getfixturevalue("postgresql")))

        yield make


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Give the URL of an empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'kept' / 'assistant.db'}"
    found: str = request.getfixturevalue("postgresql_url")
    return found


@pytest.fixture
def clock() -> Clock:
    """Give a clock that stands still until it is moved."""
    return Clock()


@pytest.fixture
def storage(url: str, clock: Clock) -> Iterator[Storage]:
    """Give an open database without anything in it."""
    opened = Storage.open(url, now=clock)
    yield opened
    opened.close()


@pytest.fixture
def engine(url: str, storage: Storage) -> Iterator[Engine]:
    """Give a way to look at the tables of ``storage``."""
    looking = connect(read_url(url))
    yield looking
    looking.dispose()


@pytest.fixture
def created(storage: Storage) -> Created:
    """Give a check of three organisations."""
    return storage.checks.create(
        "Zorg Dichtbij", ["Rivierduin", "Thuis & Co", "Gemeente"], CheckKind.FULL, "1"
    )
