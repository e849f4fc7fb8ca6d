"""What is still to be done with documents: one process at a time has a lease on one, and says how far it is.

A document waits to be read, then to be embedded. One that is ready waits again where the embedding model in
use has no segment of it: then it keeps being found by who still uses the other.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, exists, or_, select, update
from sqlalchemy.orm import Session

from assistant.domain import DocumentState, Lease, OwnDocument, ReadText
from assistant.errors import UnknownDocument
from assistant.storage.document_models import (
    DocumentFileRow,
    DocumentRow,
    DocumentSegmentRow,
    DocumentTextRow,
    DocumentVectorsRow,
)
from assistant.storage.document_rows import WORKING, document_of, text_from_json, text_to_json
from assistant.storage.leasing import FREE, is_free, is_held, lend, release, renew
from assistant.storage.sessions import Sessions

_READY = DocumentState.READY.value


@dataclass(frozen=True, slots=True)
class DocumentTask:
    """A document to be read, or if that is done to be embedded."""

    lease: Lease
    document: OwnDocument
    losses: int
    """How often who worked on it vanished without getting further: the document may be why."""

    @property
    def is_read(self) -> bool:
        """Whether its text is there."""
        return self.document.state in (DocumentState.EMBEDDING, DocumentState.READY)


class DocumentWork:
    """The work on documents. Once a lease is lost, or the document cancelled or erased, nothing is kept."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    # ── Leases ───────────────────────────────────────────────────────────────

    def take(
        self,
        duration: timedelta,
        engine: str,
        model: str,
        id: str | None = None,  # noqa: A002 - as surfaces call it
    ) -> DocumentTask | None:
        """Take a lease on the document that waits longest, or on this one; ``None`` if it doesn't wait.

        ``engine`` and ``model`` are those that embed.
        """
        waits = (*self._is_waiting(engine, model), *([DocumentRow.id == id] if id else []))
        with self._sessions.reading() as session:
            if session.scalar(select(DocumentRow.id).where(*waits).limit(1)) is None:
                return None
        with self._sessions.writing() as session:
            longest = select(DocumentRow).where(*waits).order_by(DocumentRow.turn, DocumentRow.id).limit(1)
            row = session.scalar(longest.with_for_update(skip_locked=True))
            if row is None:
                return None
            lease = lend(row, self._sessions.now(), duration)
            if row.state == DocumentState.QUEUED.value:
                row.state = DocumentState.READING.value
            return DocumentTask(lease, document_of(row), row.losses)

    def renew(self, lease: Lease, duration: timedelta) -> bool:
        """Move the deadline of a lease; return whether it still holds."""
        return renew(self._sessions, DocumentRow, lease, duration)

    def release(self, lease: Lease) -> None:
        """Give a document back that isn't done: it waits again, behind the others."""
        release(self._sessions, DocumentRow, lease)

    def set_back(self, lease: Lease) -> None:
        """Give a document back with which something went wrong that isn't known, and count that."""
        values = {**FREE, "losses": DocumentRow.losses + 1, "turn": self._sessions.now()}
        with self._sessions.writing() as session:
            session.execute(update(DocumentRow).where(is_held(DocumentRow, lease)).values(values))

    def holds(self, lease: Lease) -> bool:
        """Return whether a lease still holds."""
        with self._sessions.reading() as session:
            return session.scalar(select(DocumentRow.id).where(is_held(DocumentRow, lease))) is not None

    def at_work(self, ids: Collection[str]) -> frozenset[str]:
        """Return which of these documents somebody works on."""
        is_it = DocumentRow.id.in_(sorted(ids)) & ~is_free(DocumentRow, self._sessions.now())
        with self._sessions.reading() as session:
            return frozenset(session.scalars(select(DocumentRow.id).where(is_it)))

    # ── Steps ────────────────────────────────────────────────────────────────

    def file(self, lease: Lease) -> bytes:
        """Return the bytes to read; ``UnknownDocument`` once the lease doesn't hold."""
        content: bytes = self._part(lease, DocumentFileRow.content, DocumentFileRow.document_id)
        return content

    def text(self, lease: Lease) -> ReadText:
        """Return the text to embed; ``UnknownDocument`` once the lease doesn't hold."""
        return text_from_json(self._part(lease, DocumentTextRow.content, DocumentTextRow.document_id))

    def vectors(self, lease: Lease, engine: str, model: str) -> tuple[bytes, ...]:
        """Return the vectors that an earlier attempt kept, from the first passage on and without gaps."""
        wanted = select(DocumentVectorsRow).where(*_of_model(DocumentVectorsRow, lease.job_id, engine, model))
        with self._sessions.reading() as session:
            rows = session.scalars(wanted.order_by(DocumentVectorsRow.start)).all()
            return tuple(row.content for row in rows)

    def note_progress(self, lease: Lease, done: int, total: int) -> bool:
        """Note how many pages are read or passages embedded; return whether the lease still holds."""
        return self._change(lease, done=done, total=total)

    def keep_text(self, lease: Lease, read: ReadText, title: str) -> bool:
        """Keep what was read; return whether the lease still holds."""
        with self._sessions.writing() as session:
            row = _held_row(session, lease)
            if row is None:
                return False
            row.state, row.title = DocumentState.EMBEDDING.value, title
            row.pages = len(read.pages) or None
            row.language, row.notices = read.language, [one.value for one in read.notices]
            row.recognised, row.unread = list(read.recognised), list(read.unread)
            row.done, row.total, row.losses = 0, 0, 0
            session.merge(DocumentTextRow(document_id=row.id, content=text_to_json(read)))
            return True

    def keep_vectors(  # noqa: PLR0913, PLR0917 - what is kept, and of what
        self, lease: Lease, engine: str, model: str, start: int, content: bytes, done: int
    ) -> bool:
        """Keep vectors from a passage on, ``done`` in all; return whether the lease still holds."""
        with self._sessions.writing() as session:
            row = _held_row(session, lease)
            if row is None:
                return False
            row.done, row.losses = done, 0
            kept = DocumentVectorsRow(
                document_id=row.id, engine=engine, model=model, start=start, content=content
            )
            session.merge(kept)
            return True

    def finish(self, lease: Lease, engine: str, model: str, segment: bytes, passages: int) -> bool:
        """Put a document to use, in the place of the version before; return whether the lease still held."""
        with self._sessions.writing() as session:
            row = _held_row(session, lease)
            if row is None:
                return False
            kept = DocumentSegmentRow(document_id=row.id, engine=engine, model=model, content=segment)
            session.merge(kept)
            session.execute(delete(DocumentVectorsRow).where(DocumentVectorsRow.document_id == row.id))
            if row.state != _READY:
                _supersede(session, row)
            row.state, row.passages, row.done, row.total = _READY, passages, passages, passages
            row.lease, row.leased_until, row.losses = None, None, 0
            return True

    def fail(self, lease: Lease, fault: str) -> bool:
        """Note why a document can't be used; return whether the lease still held."""
        with self._sessions.writing() as session:
            row = _held_row(session, lease)
            if row is None:
                return False
            row.state, row.fault = DocumentState.FAILED.value, fault
            row.lease, row.leased_until, row.losses = None, None, 0
            _forget_derived(session, row.id)
            return True

    def _is_waiting(self, engine: str, model: str) -> tuple[ColumnElement[bool], ...]:
        has_segment = exists().where(*_of_model(DocumentSegmentRow, DocumentRow.id, engine, model))
        lacks_segment = (DocumentRow.state == _READY) & ~DocumentRow.is_superseded & ~has_segment
        is_to_do = or_(DocumentRow.state.in_(WORKING), lacks_segment)
        return is_to_do, is_free(DocumentRow, self._sessions.now())

    def _part(self, lease: Lease, content: Any, document_id: Any) -> Any:
        with self._sessions.reading() as session:
            found = session.scalar(
                select(content)
                .join(DocumentRow, DocumentRow.id == document_id)
                .where(is_held(DocumentRow, lease))
            )
        if found is None:
            raise UnknownDocument(value=lease.job_id)
        return found

    def _change(self, lease: Lease, **values: int) -> bool:
        with self._sessions.writing() as session:
            changed = update(DocumentRow).where(is_held(DocumentRow, lease)).values(values)
            return session.scalar(changed.returning(DocumentRow.id)) is not None


def _held_row(session: Session, lease: Lease) -> DocumentRow | None:
    return session.scalar(select(DocumentRow).where(is_held(DocumentRow, lease)).with_for_update())


def _of_model(
    table: type[DocumentSegmentRow] | type[DocumentVectorsRow], document_id: Any, engine: str, model: str
) -> tuple[ColumnElement[bool], ...]:
    return table.document_id == document_id, table.engine == engine, table.model == model


def _supersede(session: Session, row: DocumentRow) -> None:
    """Take the versions before out of use; their files and texts are history."""
    is_earlier = (DocumentRow.series == row.series) & (DocumentRow.version < row.version)
    # All who lock several do so in one order: no deadlocks.
    locked = select(DocumentRow.id).where(is_earlier).order_by(DocumentRow.id).with_for_update()
    ids = session.scalars(locked).all()
    values = {"is_superseded": True, "lease": None, "leased_until": None}
    session.execute(update(DocumentRow).where(DocumentRow.id.in_(ids)).values(values))
    for table in (DocumentSegmentRow, DocumentVectorsRow):
        session.execute(delete(table).where(table.document_id.in_(ids)))


def _forget_derived(session: Session, id_: str) -> None:
    for table in (DocumentTextRow, DocumentSegmentRow, DocumentVectorsRow):
        session.execute(delete(table).where(table.document_id == id_))
