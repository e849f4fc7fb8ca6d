"""A backup: one file with all that the database keeps, of one moment, that any database can take.

    <file>                      a zip
      tables/<name>.jsonl       a row on each line, in the order of its columns
      manifest.json             the revision of the tables; how many rows each has, and its SHA-256

The index isn't in it, nor who is signed in: the first is made anew, and the second would sign in again
who signed out since.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Connection, Engine, LargeBinary, MetaData, Table, inspect, select
from sqlalchemy.exc import SQLAlchemyError

from assistant.errors import BackupError
from assistant.storage.connecting import connected, database_file, read_url
from assistant.storage.migrating import revisions_of
from assistant.storage.models import Model
from assistant.storage.sessions import one_moment, reason_of, translated_errors

FORMAT = 1
MANIFEST = "manifest.json"
LEFT_OUT = frozenset({"index_versions", "index_parts", "access_sessions"})
"""Tables that no backup holds."""

_ROWS_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class TableCopy:
    """What a backup holds of a table."""

    columns: tuple[str, ...]
    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class BackupManifest:
    """What a backup holds, and of when."""

    revision: str
    made: str
    """In UTC, as ISO 8601."""
    tables: Mapping[str, TableCopy]
    format: int = FORMAT

    @property
    def rows(self) -> int:
        """How many rows there are in all tables."""
        return sum(table.rows for table in self.tables.values())


def member_of(table: str) -> str:
    """Return where the rows of a table stand in the file."""
    return f"tables/{table}.jsonl"


def kept_tables() -> frozenset[str]:
    """Return the names of all tables of this release that a backup holds."""
    return frozenset(Model.metadata.tables) - LEFT_OUT


def write_backup(url: str, path: Path, now: datetime) -> BackupManifest:
    """Write all that a database keeps at one moment into a new file that only its owner can read.

    The database may be in use. Raises ``BackupError`` where the file is there already or can't be written,
    or the database holds nothing of ours, and ``StorageUnavailable``.
    """
    if path.exists():
        raise BackupError(file=str(path), fault="exists")
    kept = database_file(read_url(url))
    if kept is not None and not kept.exists():
        raise BackupError(file=str(path), fault="nothing")
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        descriptor = os.open(unfinished, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "w+b") as file, connected(url) as engine:
                manifest = _write(engine, file, path, now)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)
    except OSError as error:
        raise BackupError(file=str(path), fault="unwritable", reason=str(error)) from error
    return manifest


def _write(engine: Engine, file: IO[bytes], path: Path, now: datetime) -> BackupManifest:
    reading = engine.execution_options(**one_moment(engine))
    with translated_errors(engine), reading.connect() as connection, connection.begin():
        revisions = revisions_of(connection)
        if not revisions:
            raise BackupError(file=str(path), fault="nothing")
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
            copied = {table.name: _copy(connection, table, archive) for table in reflected(connection)}
            manifest = BackupManifest(revisions[0], now.astimezone(UTC).isoformat(), copied)
            archive.writestr(MANIFEST, json.dumps(asdict(manifest), indent=1))
    return manifest


def reflected(connection: Connection) -> list[Table]:
    """Return the tables that a backup holds as they are in a database, those that others refer to first."""
    there = kept_tables().intersection(inspect(connection).get_table_names())
    metadata = MetaData()
    metadata.reflect(connection, only=sorted(there))
    return list(metadata.sorted_tables)


def _copy(connection: Connection, table: Table, archive: zipfile.ZipFile) -> TableCopy:
    digest, rows = hashlib.sha256(), 0
    at_once = 1 if _is_heavy(table) else _ROWS_AT_ONCE
    found = connection.execution_options(yield_per=at_once).execute(select(table))
    with archive.open(member_of(table.name), "w", force_zip64=True) as member:
        for row in found:
            line = _line_of(row)
            digest.update(line)
            member.write(line)
            rows += 1
    return TableCopy(tuple(column.name for column in table.columns), rows, digest.hexdigest())


def _is_heavy(table: Table) -> bool:
    """Whether a row may hold a file."""
    return any(isinstance(column.type, LargeBinary) and column.name == "content" for column in table.columns)


def _line_of(row: Sequence[Any]) -> bytes:
    return json.dumps([_plain(value) for value in row], ensure_ascii=False).encode() + b"\n"


def _plain(value: Any) -> Any:
    """Put a value in JSON so that it says itself of which type it is."""
    if isinstance(value, bytes | memoryview):
        return {"bytes": base64.b64encode(value).decode("ascii")}
    if isinstance(value, datetime):  # SQLite knows no time zones: there it is in UTC.
        return {"moment": (value if value.tzinfo else value.replace(tzinfo=UTC)).isoformat()}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    return {"json": value} if isinstance(value, list | dict) else value


def values_of(line: bytes) -> Iterator[Any]:
    """Yield the values of a row as they were."""
    for value in json.loads(line):
        if not isinstance(value, dict):
            yield value
            continue
        ((kind, kept),) = value.items()
        yield _READ[kind](kept)


_READ: Mapping[str, Callable[[Any], Any]] = {
    "bytes": base64.b64decode,
    "moment": datetime.fromisoformat,
    "date": date.fromisoformat,
    "json": lambda kept: kept,
}


def failure(path: Path, error: SQLAlchemyError) -> BackupError:
    """Return what to raise where a database doesn't take what a backup holds."""
    return BackupError(file=str(path), fault="refused", reason=reason_of(error))
