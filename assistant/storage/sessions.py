"""Transactions on the database, and what goes wrong with it in our own terms."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from assistant.errors import StorageUnavailable
from assistant.storage.connecting import shown


class UnreadableRow(Exception):
    """A row holds what this release doesn't know; its text says what kind of thing it is."""


class Sessions:
    """Gives out sessions: one for reading sees one moment, one for writing is kept whole or not at all."""

    def __init__(self, engine: Engine, now: Callable[[], datetime]) -> None:
        self._engine = engine
        self._reader = engine.execution_options(**one_moment(engine))
        self._writer = engine.execution_options(is_writer=True)
        # SQLite has one writer, and lets others sleep ever longer before they try again; here they queue.
        is_sqlite = engine.dialect.name == "sqlite"
        self._turn: AbstractContextManager[object] = threading.RLock() if is_sqlite else nullcontext()
        self.now = now

    @property
    def today(self) -> date:
        """The date in UTC."""
        return self.now().date()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Give a session that changes nothing."""
        with translated_errors(self._engine), Session(self._reader) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Give a session whose changes are on the disk once it ends without an error."""
        with self._turn, translated_errors(self._engine), Session(self._writer) as session, session.begin():
            yield session

    @contextmanager
    def erasing(self) -> Iterator[Session]:
        """Give a session like ``writing``, and leave no trace of what it erased in SQLite's journal."""
        with self.writing() as session:
            yield session
        if self._engine.dialect.name == "sqlite":
            with translated_errors(self._engine):
                truncate_journal(self._engine)

    @contextmanager
    def connected(self) -> Iterator[Connection]:
        """Give a connection outside any transaction, for a lock that lasts as long as the connection."""
        with translated_errors(self._engine):
            connection = self._engine.execution_options(isolation_level="AUTOCOMMIT").connect()
        with connection:
            yield connection

    def check(self) -> None:
        """Ask the database for the least that it can say; raise ``StorageUnavailable`` if it can't."""
        try:
            with self.reading() as session:
                session.execute(text("SELECT 1 FROM alembic_version"))
        except SQLAlchemyError as error:  # A file that is damaged, or tables that are gone.
            raise StorageUnavailable(url=shown(self._engine.url), reason=reason_of(error)) from error

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()


def one_moment(engine: Engine) -> dict[str, Any]:
    """Return the options with which all that a transaction reads is of one moment; in SQLite it always is."""
    return {"isolation_level": "REPEATABLE READ"} if engine.dialect.name == "postgresql" else {}


@contextmanager
def translated_errors(engine: Engine) -> Iterator[None]:
    """Raise ``StorageUnavailable`` where the database can't be reached or read, is full or stays busy."""
    try:
        yield
    except UnreadableRow as error:
        reason = f"{error} was kept by another release, and can't be read by this one"
        raise StorageUnavailable(url=shown(engine.url), reason=reason) from error
    except (OperationalError, InterfaceError, PoolTimeout) as error:
        raise StorageUnavailable(url=shown(engine.url), reason=reason_of(error)) from error


def reason_of(error: SQLAlchemyError) -> str:
    """Return the first line of what the database says of an error, without the statement and its values."""
    said = str(getattr(error, "orig", None) or error)
    return said.strip().partition("\n")[0]


def truncate_journal(engine: Engine) -> None:
    """Bring all that SQLite wrote into its file, and empty the journal beside it."""
    with engine.connect() as connection:
        cursor = connection.connection.cursor()  # Outside a transaction: in one, it can't be done.
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        cursor.close()
