"""The tables of documents that people add: what is known of one, and apart from that all that is large."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from assistant.storage.models import ID_LENGTH, Leased, Model, Moment

_HASH = LargeBinary(32)
_KEY_LENGTH = 32


class DocumentRow(Leased, Model):
    """A version of a document, as a list shows it."""

    __tablename__ = "documents"
    __table_args__ = (Index(None, "owner", "is_superseded"), Index(None, "owner", "content_hash"))

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    owner: Mapped[str] = mapped_column(String(ID_LENGTH))
    series: Mapped[str] = mapped_column(String(_KEY_LENGTH), index=True)
    """What all versions of a document have in common."""
    version: Mapped[int]
    replaces: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    is_superseded: Mapped[bool]
    is_shared: Mapped[bool] = mapped_column(index=True)
    name: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    format: Mapped[str] = mapped_column(String(16))
    size: Mapped[int]
    content_hash: Mapped[bytes] = mapped_column(_HASH)
    state: Mapped[str] = mapped_column(String(16), index=True)
    added: Mapped[datetime] = mapped_column(Moment)
    last_active: Mapped[date] = mapped_column(index=True)
    """When it was last added, changed or asked for; a visitor's goes some time after that."""
    pages: Mapped[int | None]
    passages: Mapped[int]
    done: Mapped[int]
    total: Mapped[int]
    language: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    recognised: Mapped[list[int]] = mapped_column(JSON)
    unread: Mapped[list[int]] = mapped_column(JSON)
    notices: Mapped[list[str]] = mapped_column(JSON)
    fault: Mapped[str | None] = mapped_column(String(ID_LENGTH))


class DocumentFileRow(Model):
    """The bytes that were added."""

    __tablename__ = "document_files"

    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class DocumentTextRow(Model):
    """What was read of the file."""

    __tablename__ = "document_texts"

    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True)
    content: Mapped[str] = mapped_column(Text)
    """A ``ReadText`` as JSON."""


class DocumentSegmentRow(Model):
    """What is searched of a document: made of its text by one embedding model, and again when it is gone."""

    __tablename__ = "document_segments"

    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True)
    engine: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    model: Mapped[str] = mapped_column(String(500), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class DocumentVectorsRow(Model):
    """Vectors of a segment that isn't whole yet, so that who takes over needn't make them again."""

    __tablename__ = "document_vectors"

    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True)
    engine: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    model: Mapped[str] = mapped_column(String(500), primary_key=True)
    start: Mapped[int] = mapped_column(primary_key=True)
    """The place of the first passage."""
    content: Mapped[bytes] = mapped_column(LargeBinary)
    """Rows of float16, little-endian."""
