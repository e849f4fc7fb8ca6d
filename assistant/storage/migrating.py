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
        with _file_lock(engine), engine.execution_options(is_writer=True).begin() as connection:
            if engine.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _POSTGRESQL_LOCK})
            _upgrade(connection)
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


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

    config = _config(connection)
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    newer = set(MigrationContext.configure(connection).get_current_heads()) - known
    if newer:
        reason = f"made by a newer release (revision {', '.join(sorted(newer))})"
        raise StorageUnavailable(url=shown(connection.engine.url), reason=reason)
    command.upgrade(config, "head")


def _config(connection: Connection) -> Config:
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
