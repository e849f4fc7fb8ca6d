"""Puts a backup back: into an empty database or in the place of what is there; all of it, or nothing."""

from __future__ import annotations

import hashlib
import json
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import IO, Any

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import JSON, Connection, MetaData, Table, func, inspect, null, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from assistant.errors import BackupError
from assistant.storage.backing_up import (
    FORMAT,
    MANIFEST,
    BackupManifest,
    failure,
    kept_tables,
    member_of,
    reflected,
    values_of,
)
from assistant.storage.connecting import connected
from assistant.storage.erasures import Erasure, ErasureRow, Shorten, erase_again, read_erasures
from assistant.storage.migrating import changing, known_revisions, revisions_of, upgrade
from assistant.storage.models import Model
from assistant.storage.sessions import truncate_journal

_NEVER_KEPT = frozenset({"erasures"})
"""Tables that say nothing of whether a database is in use."""

_BYTES_AT_ONCE = 4 * 1024 * 1024
_LOCK_SECONDS = 10
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, ValueError, KeyError, TypeError, NotImplementedError)


def restore_backup(
    url: str, path: Path, erased: Iterable[Erasure], shorten: Shorten, *, overwrite: bool
) -> BackupManifest:
    """Put a backup back, of this release or an older one; without what was erased since.

    ``erased`` is what the file beside the database remembers; what the database itself remembers comes with
    it. Raises ``BackupError`` if the file is damaged or of a newer release, or the database isn't empty and
    ``overwrite`` isn't given; then nothing has changed.
    """
    try:
        with zipfile.ZipFile(path) as archive, connected(url) as engine:
            manifest = _verified(archive, path)
            with changing(engine) as connection:
                _set_patience(connection)
                _require_known(connection, manifest, path)
                since = _erased_so_far(connection)
                _make_room(connection, path, overwrite=overwrite)
                upgrade(connection, manifest.revision)
                _fill(connection, archive, manifest)
                upgrade(connection)
                _erase_since(connection, [*since, *erased], shorten)
            if engine.dialect.name == "sqlite":
                truncate_journal(engine)  # What was overwritten isn't to be found in it.
    except SQLAlchemyError as error:
        raise failure(path, error) from error
    except FileNotFoundError as error:
        raise BackupError(file=str(path), fault="missing") from error
    except OSError as error:
        raise BackupError(file=str(path), fault="unreadable", reason=str(error)) from error
    except _DAMAGE as error:
        raise BackupError(file=str(path), fault="damaged") from error
    return manifest


def _verified(archive: zipfile.ZipFile, path: Path) -> BackupManifest:
    """Return the manifest, once each table is found to be what was written."""
    try:
        manifest = TypeAdapter(BackupManifest).validate_python(json.loads(archive.read(MANIFEST)))
    except ValidationError as error:
        raise BackupError(file=str(path), fault="damaged") from error
    if manifest.format != FORMAT:
        raise BackupError(file=str(path), fault="newer")
    for name, table in manifest.tables.items():
        with archive.open(member_of(name)) as member:
            if _digest_of(member) != table.sha256:
                raise BackupError(file=str(path), fault="damaged")
    return manifest


def _digest_of(member: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while some := member.read(_BYTES_AT_ONCE):
        digest.update(some)
    return digest.hexdigest()


def _set_patience(connection: Connection) -> None:
    """Don't wait without end for servers that have the tables in use."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{_LOCK_SECONDS}s'")


def _require_known(connection: Connection, manifest: BackupManifest, path: Path) -> None:
    known = known_revisions(connection)
    if manifest.revision not in known or not set(revisions_of(connection)) <= known:
        raise BackupError(file=str(path), fault="newer")


def _erased_so_far(connection: Connection) -> tuple[Erasure, ...]:
    if not inspect(connection).has_table(ErasureRow.__tablename__):
        return ()
    with Session(connection) as session:
        return read_erasures(session)


def _make_room(connection: Connection, path: Path, *, overwrite: bool) -> None:
    """Take away the tables that are there; raise ``BackupError`` if they hold anything that may not go."""
    tables = reflected(connection)
    counted = (table for table in tables if table.name not in _NEVER_KEPT)
    if not overwrite and any(connection.scalar(select(func.count()).select_from(one)) for one in counted):
        raise BackupError(file=str(path), fault="not-empty")
    names = {*kept_tables(), *Model.metadata.tables, "alembic_version"}
    metadata = MetaData()
    metadata.reflect(connection, only=sorted(names.intersection(inspect(connection).get_table_names())))
    metadata.drop_all(connection)


def _fill(connection: Connection, archive: zipfile.ZipFile, manifest: BackupManifest) -> None:
    for table in reflected(connection):
        if (copied := manifest.tables.get(table.name)) is None:
            continue
        rows = 0
        with archive.open(member_of(table.name)) as member:
            for some in _batches(member):
                connection.execute(table.insert(), [_row(table, copied.columns, line) for line in some])
                rows += len(some)
        if rows != copied.rows:
            raise ValueError(f"{table.name} has {rows} rows")


def _batches(member: IO[bytes]) -> Iterator[list[bytes]]:
    """Yield lines, some at a time: few enough to be held in memory."""
    seen = 0

    def batch_of(line: bytes) -> int:
        nonlocal seen
        seen += len(line)
        return seen // _BYTES_AT_ONCE

    for _, lines in groupby(member, key=batch_of):
        yield list(lines)


def _row(table: Table, columns: Sequence[str], line: bytes) -> Mapping[str, Any]:
    row = dict(zip(columns, values_of(line), strict=True))
    for name, value in row.items():
        if value is None and isinstance(table.columns[name].type, JSON):
            row[name] = null()  # Else it would be the JSON value of that name.
    return row


def _erase_since(connection: Connection, erased: Iterable[Erasure], shorten: Shorten) -> None:
    """Erase what was erased after the backup was made: what the backup doesn't remember itself."""
    with Session(connection) as session:
        known = {one.id for one in read_erasures(session)}
        since = {one.id: one for one in erased if one.id not in known}
        erase_again(session, since.values(), shorten)
        session.flush()
