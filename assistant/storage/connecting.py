"""From a URL to an engine: SQLite in a file, or PostgreSQL by psycopg."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError

from assistant.errors import StorageUnavailable

_BUSY_SECONDS = 30
_CONNECT_SECONDS = 10
_DRIVERS = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}


def read_url(url: str) -> URL:
    """Read the address of a database, and name the driver that we use for it."""
    scheme = url.partition(":")[0]
    try:
        read = make_url(url)
        return read.set(drivername=_DRIVERS[read.drivername.partition("+")[0]])
    except (ArgumentError, ValueError):  # Their texts may hold a part of the password.
        raise StorageUnavailable(url=f"{scheme}:…", reason="the URL can't be read") from None
    except KeyError as error:
        raise StorageUnavailable(url=shown(read), reason="neither sqlite nor postgresql") from error


def shown(url: URL) -> str:
    """Return a URL without anything secret: asterisks for its password, and no query."""
    return url.set(query={}).render_as_string(hide_password=True)


def connect(url: URL) -> Engine:
    """Make an engine; nothing is connected yet."""
    if url.get_backend_name() == "sqlite":
        return _sqlite(url)
    return _postgresql(url)


@contextmanager
def connected(url: str) -> Iterator[Engine]:
    """Give an engine for something that is done once; ``StorageUnavailable`` for a URL that can't be read."""
    engine = connect(read_url(url))
    try:
        yield engine
    finally:
        engine.dispose()


def database_file(url: URL) -> Path | None:
    """Return the file of a database in SQLite."""
    if url.get_backend_name() != "sqlite":
        return None
    if not url.database or url.database == ":memory:":
        raise StorageUnavailable(url=shown(url), reason="the URL names no file")
    return Path(url.database)


def _postgresql(url: URL) -> Engine:
    patience = {} if "connect_timeout" in url.query else {"connect_timeout": _CONNECT_SECONDS}
    try:
        return create_engine(url, pool_pre_ping=True, connect_args=patience)
    except ModuleNotFoundError as error:
        raise StorageUnavailable(url=shown(url), reason=f"{error.name} isn't installed") from error


def _sqlite(url: URL) -> Engine:
    engine = create_engine(url, connect_args={"timeout": _BUSY_SECONDS})
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "begin", _begin)
    return engine


def _set_up(connection: DBAPIConnection, record: Any) -> None:
    # The driver would begin transactions at moments of its own choice; ``_begin`` does it instead.
    connection.isolation_level = None
    connection.create_function("sha256_hex", 1, _sha256_hex, deterministic=True)  # For triggers.
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")  # An answer survives a power failure too.
    cursor.execute("PRAGMA secure_delete = ON")  # What is erased is overwritten.
    cursor.close()


def _sha256_hex(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _begin(connection: Connection) -> None:
    # A writer that took its lock later could find that what it read is out of date.
    is_writer = connection.get_execution_options().get("is_writer", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writer else "BEGIN")
