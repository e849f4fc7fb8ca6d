"""From rows to documents, and the texts that were read of them as they are kept."""

from __future__ import annotations

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from assistant.domain import DocumentFormat, DocumentState, Notice, OwnDocument, ReadText
from assistant.errors import UnknownDocument
from assistant.storage.document_models import DocumentRow
from assistant.storage.sessions import UnreadableRow

WORKING = (DocumentState.QUEUED.value, DocumentState.READING.value, DocumentState.EMBEDDING.value)
"""States of a document that isn't done yet."""

_TEXT = TypeAdapter(ReadText)


def document_of(row: DocumentRow) -> OwnDocument:
    """Return a document without its text; ``UnreadableRow`` for what another release knows of it."""
    try:
        return OwnDocument(
            id=row.id,
            owner=row.owner,
            name=row.name,
            title=row.title,
            format=DocumentFormat(row.format),
            size=row.size,
            state=DocumentState(row.state),
            added=row.added,
            is_shared=row.is_shared,
            version=row.version,
            replaces=row.replaces,
            is_superseded=row.is_superseded,
            pages=row.pages,
            passages=row.passages,
            done=row.done,
            total=row.total,
            language=row.language,
            recognised=tuple(row.recognised),
            unread=tuple(row.unread),
            notices=tuple(map(Notice, row.notices)),
            fault=row.fault,
        )
    except ValueError:
        raise UnreadableRow("a document") from None


def owned_document(session: Session, owner: str, id_: str, *, locked: bool = False) -> DocumentRow:
    """Return the document of its owner; ``locked`` keeps others from changing it. ``UnknownDocument``."""
    wanted = select(DocumentRow).where(DocumentRow.id == _askable(id_), DocumentRow.owner == owner)
    row = session.scalar(wanted.with_for_update() if locked else wanted)
    if row is None:
        raise UnknownDocument(value=id_)
    return row


def readable_document(session: Session, reader: str | None, id_: str) -> DocumentRow:
    """Return a document of the reader's own, or a shared one; ``UnknownDocument`` for any other."""
    may_read = (DocumentRow.owner == reader) | DocumentRow.is_shared
    row = session.scalar(select(DocumentRow).where(DocumentRow.id == _askable(id_), may_read))
    if row is None:
        raise UnknownDocument(value=id_)
    return row


def _askable(id_: str) -> str:
    """Return an id that a database can be asked for: what no id can be, none has."""
    return id_ if id_.isascii() and id_.isprintable() else ""


def text_to_json(read: ReadText) -> str:
    """Return what was read as it is kept."""
    return _TEXT.dump_json(read).decode()


def text_from_json(content: str) -> ReadText:
    """Return what was read; ``UnreadableRow`` if it was kept by a release that knows more."""
    try:
        return _TEXT.validate_json(content)
    except ValidationError:  # Its text holds what people wrote.
        raise UnreadableRow("the text of a document") from None
