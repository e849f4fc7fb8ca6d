"""Documents that people add: kept with their files and texts, replaced with history, shared and erased.

A replacement has the same ``series`` as what it replaces. The old version stays in use until the new one is
ready; which is in use changes in one transaction.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from contextlib import suppress
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, bindparam, delete, func, select, update
from sqlalchemy.orm import Session

from assistant.domain import (
    MOST_DOCUMENTS,
    OWN_PREFIX,
    DocumentFormat,
    DocumentState,
    OwnDocument,
    ReadText,
)
from assistant.errors import (
    DocumentAtWork,
    DuplicateDocument,
    StorageUnavailable,
    TooManyDocuments,
    UnknownDocument,
)
from assistant.storage.document_models import (
    DocumentFileRow,
    DocumentRow,
    DocumentSegmentRow,
    DocumentTextRow,
    DocumentVectorsRow,
)
from assistant.storage.document_rows import (
    WORKING,
    document_of,
    owned_document,
    readable_document,
    text_from_json,
)
from assistant.storage.keys import new_key
from assistant.storage.leasing import FREE, queue_up
from assistant.storage.quotations import erase_quotations
from assistant.storage.sessions import Sessions

VISITOR = "visitor:"
"""What the owner of a document begins with if nothing but a cookie says who that is."""

_LOCK = 0x646F6373  # A number of our own, among all that lock this database.
_MOST_AT_ONCE = 500
"""Ids in one query: databases have a limit to them."""
_OVER = (DocumentState.FAILED.value, DocumentState.CANCELLED.value)
_NEWEST_FIRST = (DocumentRow.added.desc(), DocumentRow.id)
_VISIBLE = (  # Every question asks this: putting it together takes as long as asking it.
    select(DocumentRow)
    .where((DocumentRow.owner == bindparam("reader")) | DocumentRow.is_shared)
    .where(DocumentRow.state == DocumentState.READY.value, ~DocumentRow.is_superseded)
    .order_by(*_NEWEST_FIRST)
)


class Documents:
    """The documents. An id that isn't of a document that one may see raises ``UnknownDocument``."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    # ── Who adds them ────────────────────────────────────────────────────────

    def add(  # noqa: PLR0913 - each is a fact about the document
        self,
        owner: str,
        name: str,
        format: DocumentFormat,  # noqa: A002 - as the domain calls it
        title: str,
        content: bytes,
        *,
        is_shared: bool = False,
        replaces: str | None = None,
    ) -> OwnDocument:
        """Keep a file, to be read later; once this returns, it is there whatever happens.

        ``replaces`` is the id of the version that is in use; a replacement of what is shared is shared too.
        Raises ``DuplicateDocument``, ``TooManyDocuments``, and ``DocumentAtWork`` if what is to be replaced,
        or an earlier replacement, isn't done yet.
        """
        digest = hashlib.sha256(content).digest()
        with self._sessions.writing() as session:
            queue_up(session, _LOCK, owner)
            before = owned_document(session, owner, replaces, locked=True) if replaces else None
            if before is not None:
                _require_replaceable(session, before)
            _require_new(session, owner, name, digest)
            _require_room(session, owner)
            row = self._new_row(owner, name, format, title, content)
            row.content_hash, row.is_shared = digest, is_shared
            if before is not None:
                row.series, row.replaces = before.series, before.id
                row.version = 1 + _last_version(session, before.series)
                row.is_shared |= before.is_shared
            session.add(row)
            session.flush()
            session.add(DocumentFileRow(document_id=row.id, content=content))
            return document_of(row)

    def list(self, owner: str) -> tuple[OwnDocument, ...]:
        """Return the documents of an owner, the newest first, without those that were replaced."""
        return self._found(DocumentRow.owner == owner, ~DocumentRow.is_superseded)

    def history(self, owner: str, id: str) -> tuple[OwnDocument, ...]:  # noqa: A002 - as surfaces call it
        """Return all versions of a document, the newest first."""
        with self._sessions.reading() as session:
            series = owned_document(session, owner, id).series
        return self._found(DocumentRow.series == series, DocumentRow.owner == owner)

    def share(self, owner: str, id: str, is_shared: bool) -> OwnDocument:  # noqa: A002
        """Let everybody find a document, or its owner alone: all its versions."""
        with self._sessions.writing() as session:
            series = owned_document(session, owner, id, locked=True).series
            values = {"is_shared": is_shared, "last_active": self._sessions.today}
            session.execute(update(DocumentRow).where(DocumentRow.series == series).values(values))
            return document_of(owned_document(session, owner, id))

    def cancel(self, owner: str, id: str) -> OwnDocument:  # noqa: A002
        """Stop what is done with a document, and keep only its file; what is done already stays as it is."""
        with self._sessions.erasing() as session:
            row = owned_document(session, owner, id, locked=True)
            if row.state in WORKING:
                row.state = DocumentState.CANCELLED.value
                row.lease, row.leased_until, row.losses = None, None, 0
                for table in (DocumentTextRow, DocumentVectorsRow, DocumentSegmentRow):
                    session.execute(delete(table).where(table.document_id == row.id))
            return document_of(row)

    def erase(self, owner: str, id: str) -> None:  # noqa: A002
        """Erase a document, and what kept conversations quote of it.

        With the version in use go all others; a version that isn't in use, goes alone.
        """
        with self._sessions.erasing() as session:
            row = owned_document(session, owner, id)
            others = _others(session, row)
            is_in_use = not others or (row.state == DocumentState.READY.value and not row.is_superseded)
            these = DocumentRow.series == row.series if is_in_use else DocumentRow.id == row.id
            _erase(session, these)

    def purge(self, before: datetime) -> int:
        """Erase the documents of visitors with which nothing was done since a date; return how many."""
        is_old = DocumentRow.last_active < before.astimezone(UTC).date()
        these = DocumentRow.owner.startswith(VISITOR) & is_old
        with self._sessions.reading() as session:  # Most often there are none, and then nobody has to wait.
            if session.scalar(select(DocumentRow.id).where(these).limit(1)) is None:
                return 0
        with self._sessions.erasing() as session:
            return _erase(session, these)

    # ── Who reads them ───────────────────────────────────────────────────────

    def get(self, reader: str | None, id: str) -> OwnDocument:  # noqa: A002
        """Return a document of the reader's own, or a shared one."""
        with self._sessions.reading() as session:
            return document_of(readable_document(session, reader, id))

    def file(self, reader: str | None, id: str) -> bytes:  # noqa: A002
        """Return the bytes that were added."""
        with self._sessions.reading() as session:
            row = readable_document(session, reader, id)
            content = session.scalar(
                select(DocumentFileRow.content).where(DocumentFileRow.document_id == row.id)
            )
            if content is None:
                raise UnknownDocument(value=id)
            return content

    def text(self, reader: str | None, id: str) -> ReadText:  # noqa: A002
        """Return what was read of the file; ``DocumentAtWork`` if that is still to be done."""
        with self._sessions.reading() as session:
            row = readable_document(session, reader, id)
            content = session.scalar(
                select(DocumentTextRow.content).where(DocumentTextRow.document_id == row.id)
            )
            if content is not None:
                return text_from_json(content)
            if row.state in WORKING:
                raise DocumentAtWork(name=row.name, value=row.id)
            raise UnknownDocument(value=id)

    def visible(self, reader: str | None) -> tuple[OwnDocument, ...]:
        """Return the documents that a question of this reader finds, the newest first.

        What a visitor asks keeps their documents from being purged.
        """
        with self._sessions.reading() as session:
            found = tuple(document_of(row) for row in session.scalars(_VISIBLE, {"reader": reader}))
        if reader and reader.startswith(VISITOR) and any(one.owner == reader for one in found):
            with suppress(StorageUnavailable):  # A disk that is full is no reason not to answer.
                self._note_use(reader)
        return found

    def segments(self, ids: Collection[str], engine: str, model: str) -> Mapping[str, bytes]:
        """Return the segments that one embedding model has of these documents, as far as they are there."""
        found: dict[str, bytes] = {}
        wanted = sorted(ids)
        is_of_model = (DocumentSegmentRow.engine == engine) & (DocumentSegmentRow.model == model)
        columns = select(DocumentSegmentRow.document_id, DocumentSegmentRow.content).where(is_of_model)
        with self._sessions.reading() as session:
            for start in range(0, len(wanted), _MOST_AT_ONCE):
                some = wanted[start : start + _MOST_AT_ONCE]
                rows = session.execute(columns.where(DocumentSegmentRow.document_id.in_(some)))
                found.update((id_, content) for id_, content in rows)
        return found

    def drop_segment(self, id: str, engine: str, model: str) -> None:  # noqa: A002
        """Erase a segment that can't be read, or is of another release: it will be made anew."""
        is_it = (DocumentSegmentRow.engine == engine) & (DocumentSegmentRow.model == model)
        with self._sessions.erasing() as session:
            session.execute(delete(DocumentSegmentRow).where(DocumentSegmentRow.document_id == id, is_it))

    def _note_use(self, owner: str) -> None:
        today = self._sessions.today
        is_older = (DocumentRow.owner == owner) & (DocumentRow.last_active < today)
        with self._sessions.reading() as session:
            if session.scalar(select(DocumentRow.id).where(is_older).limit(1)) is None:
                return
        with self._sessions.writing() as session:
            session.execute(update(DocumentRow).where(is_older).values(last_active=today))

    def _found(self, *these: ColumnElement[bool]) -> tuple[OwnDocument, ...]:
        newest = select(DocumentRow).where(*these).order_by(*_NEWEST_FIRST)
        with self._sessions.reading() as session:
            return tuple(document_of(row) for row in session.scalars(newest))

    def _new_row(
        self,
        owner: str,
        name: str,
        format_: DocumentFormat,
        title: str,
        content: bytes,
    ) -> DocumentRow:
        now = self._sessions.now()
        return DocumentRow(
            id=OWN_PREFIX + new_key(),
            owner=owner,
            series=new_key(),
            version=1,
            is_superseded=False,
            name=name,
            title=title,
            format=format_.value,
            size=len(content),
            state=DocumentState.QUEUED.value,
            added=now,
            last_active=self._sessions.today,
            passages=0,
            done=0,
            total=0,
            recognised=[],
            unread=[],
            notices=[],
            turn=now,
            **FREE,
        )


def _require_replaceable(session: Session, before: DocumentRow) -> None:
    if before.is_superseded:
        raise UnknownDocument(value=before.id)
    is_working = DocumentRow.state.in_(WORKING) & (DocumentRow.series == before.series)
    working = session.scalar(select(DocumentRow).where(is_working).limit(1))
    if working is not None:
        raise DocumentAtWork(name=working.name, value=working.id)


def _require_new(session: Session, owner: str, name: str, digest: bytes) -> None:
    is_same = (DocumentRow.owner == owner) & (DocumentRow.content_hash == digest)
    is_used = ~DocumentRow.is_superseded & DocumentRow.state.not_in(_OVER)
    same = session.scalar(select(DocumentRow).where(is_same, is_used).limit(1))
    if same is not None:
        raise DuplicateDocument(name=name, title=same.title, value=same.id)


def _require_room(session: Session, owner: str) -> None:
    kept = session.scalar(select(func.count()).where(DocumentRow.owner == owner)) or 0
    if kept >= MOST_DOCUMENTS:
        raise TooManyDocuments(limit=str(MOST_DOCUMENTS))


def _last_version(session: Session, series: str) -> int:
    return session.scalar(select(func.max(DocumentRow.version)).where(DocumentRow.series == series)) or 0


def _others(session: Session, row: DocumentRow) -> int:
    is_other = (DocumentRow.series == row.series) & (DocumentRow.id != row.id)
    return session.scalar(select(func.count()).where(is_other)) or 0


def _erase(session: Session, these: ColumnElement[bool]) -> int:
    """Erase documents with all that belongs to them; return how many."""
    # All who lock several do so in one order: no deadlocks.
    locked = select(DocumentRow.id).where(these).order_by(DocumentRow.id).with_for_update()
    ids = session.scalars(locked).all()
    for start in range(0, len(ids), _MOST_AT_ONCE):
        some = ids[start : start + _MOST_AT_ONCE]
        session.execute(delete(DocumentRow).where(DocumentRow.id.in_(some)))
        erase_quotations(session, some)
    return len(ids)
