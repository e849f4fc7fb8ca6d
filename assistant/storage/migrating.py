"""Brings the tables up to this release, with a lock: several processes may start at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

from assistant.errors import StorageUnavailable
from assistant.storage.connecting import database_file, shown
from assistant.storage.sessions import reason_of

if TYPE_CHECKING:
    from alembic.config import Config

_MIGRATIONS = Path(__file__).parent / "migrations"
_POSTGRESQL_LOCK = 0x616C6C69  # A number of our own, among all that lock this database.


def migrate(engine: Engine) -> None:
    """Make or change the tables until they are those of this release; all of it, or nothing.

    Raises ``StorageUnavailable`` if there is no database to be had, or it is of a newer release.
    """
    try:
        with changing(engine) as connection:
            upgrade(connection)
    except SQLAlchemyError as error:
        raise StorageUnavailable(url=shown(engine.url), reason=reason_of(error)) from error
    except OSError as error:
        raise StorageUnavailable(url=shown(engine.url), reason=str(error)) from error


@contextmanager
def _file_lock(engine: Engine) -> Iterator[None]:
    """Make the file of SQLite, for its owner alone, while no other process sets it up."""
    path = database_file(engine.url)
    if path is None:
        yield
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with FileLock(f"{path}.lock"):
        path.touch(mode=0o600)
        path.chmod(0o600)
        yield


@contextmanager
def changing(engine: Engine) -> Iterator[Connection]:
    """Give a connection in a transaction that may change the tables: all of it, or nothing.

    No other process changes them meanwhile. Raises ``StorageUnavailable`` if there is no database to be had.
    """
    with _file_lock(engine), engine.execution_options(is_writer=True).begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _POSTGRESQL_LOCK})
        yield connection


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Bring the tables up to a revision; raise ``StorageUnavailable`` if they are of a newer release."""
    from alembic import command

    newer = set(revisions_of(connection)) - known_revisions(connection)
    if newer:
        reason = f"made by a newer release (revision {', '.join(sorted(newer))})"
        raise StorageUnavailable(url=shown(connection.engine.url), reason=reason)
    command.upgrade(_config(connection), revision)


def revisions_of(connection: Connection) -> tuple[str, ...]:
    """Return the revision of the tables; nothing where there are none."""
    from alembic.runtime.migration import MigrationContext

    return tuple(MigrationContext.configure(connection).get_current_heads())


def known_revisions(connection: Connection) -> set[str]:
    """Return all revisions that this release knows."""
    from alembic.script import ScriptDirectory

    return {one.revision for one in ScriptDirectory.from_config(_config(connection)).walk_revisions()}


def _config(connection: Connection) -> Config:
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
