"""The shelf of index versions in PostgreSQL: one builder puts them there, every machine takes the newest.

A version is current from the moment that its transaction is kept: readers of its kind take the one with
the highest number. What a kind is, the caller says: versions that the same release and model can read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, Index, LargeBinary, String, delete, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, Session, mapped_column

from assistant.errors import IndexBusy
from assistant.storage.models import ID_LENGTH, Model, Moment
from assistant.storage.sessions import Sessions

_KEPT = 2
_OTHERS_KEPT = timedelta(days=30)
"""How long versions stay for machines of another release."""
_LOCK = 0x696E6478  # A number of our own, among all that lock this database.
_KIND_LENGTH = 64


class IndexVersionRow(Model):
    """A version of the index that was announced."""

    __tablename__ = "index_versions"
    __table_args__ = (Index(None, "kind", "number"),)

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    name: Mapped[str] = mapped_column(String(ID_LENGTH), unique=True)
    kind: Mapped[str] = mapped_column(String(_KIND_LENGTH))
    fingerprint: Mapped[str] = mapped_column(String(_KIND_LENGTH))
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    """SHA-256 of all parts together."""
    announced: Mapped[datetime] = mapped_column(Moment)


class IndexPartRow(Model):
    """Some of the bytes of a version."""

    __tablename__ = "index_parts"

    number: Mapped[int] = mapped_column(
        ForeignKey("index_versions.number", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


@dataclass(frozen=True, slots=True)
class ShelvedVersion:
    """A version on the shelf, without its bytes."""

    number: int
    name: str
    fingerprint: str
    digest: bytes


class IndexShelf:
    """The versions that machines share; ``StorageUnavailable`` when the database is away."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    def newest(self, kind: str) -> ShelvedVersion | None:
        """Return the version that every machine should answer from; one small query."""
        columns = (
            IndexVersionRow.number,
            IndexVersionRow.name,
            IndexVersionRow.fingerprint,
            IndexVersionRow.digest,
        )
        wanted = select(*columns).where(IndexVersionRow.kind == kind)
        with self._sessions.reading() as session:
            found = session.execute(wanted.order_by(IndexVersionRow.number.desc()).limit(1)).first()
        return ShelvedVersion(*found) if found else None

    def names(self) -> tuple[str, ...]:
        """Return the names of all versions, of every kind."""
        with self._sessions.reading() as session:
            return tuple(session.scalars(select(IndexVersionRow.name)))

    def announce(self, name: str, kind: str, fingerprint: str, parts: Iterable[bytes]) -> None:
        """Put a version on the shelf and make it current, in one transaction; older ones go.

        The one before stays, for who is fetching it. A version that was there comes anew, as the last.
        """
        digest = hashlib.sha256()
        now = self._sessions.now()
        with self._sessions.writing() as session:
            session.execute(delete(IndexVersionRow).where(IndexVersionRow.name == name))
            row = IndexVersionRow(name=name, kind=kind, fingerprint=fingerprint, digest=b"", announced=now)
            session.add(row)
            session.flush()
            for position, content in enumerate(parts):
                digest.update(content)
                session.add(IndexPartRow(number=row.number, position=position, content=content))
                session.flush()
                session.expunge_all()  # Else all parts stay in memory until the end.
                row = session.get_one(IndexVersionRow, row.number)
            row.digest = digest.digest()
            session.flush()
            _prune(session, kind, now - _OTHERS_KEPT)

    def parts(self, number: int) -> Iterator[bytes]:
        """Yield the bytes of a version; they end early if it went meanwhile, which its digest tells."""
        position = 0
        while True:
            place = (IndexPartRow.number == number) & (IndexPartRow.position == position)
            with self._sessions.reading() as session:
                content = session.scalar(select(IndexPartRow.content).where(place))
            if content is None:
                return
            yield content
            position += 1

    @contextmanager
    def building(self) -> Iterator[None]:
        """Hold the lock of the one builder among all machines; raise ``IndexBusy`` if another does.

        It belongs to a connection: when the process dies, the database gives it free.
        """
        with self._sessions.connected() as connection:
            got = connection.scalar(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": _LOCK})
            if not got:
                raise IndexBusy(folder="")
            try:
                yield
            finally:
                try:
                    connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": _LOCK})
                except SQLAlchemyError:
                    connection.invalidate()  # It is broken; with it goes the lock.


def _prune(session: Session, kind: str, before: datetime) -> None:
    newest = (
        select(IndexVersionRow.number)
        .where(IndexVersionRow.kind == kind)
        .order_by(IndexVersionRow.number.desc())
        .limit(_KEPT)
    )
    kept = session.scalars(newest).all()
    is_old = (IndexVersionRow.kind == kind) & IndexVersionRow.number.not_in(kept)
    is_of_others = (IndexVersionRow.kind != kind) & (IndexVersionRow.announced < before)
    session.execute(delete(IndexVersionRow).where(is_old | is_of_others))
