"""Documents that people add themselves: what was read of one, how far it is, and what is found in it.

They stand apart from the literature: labelled in answers, never above it, and seen only by who added
them unless shared.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from assistant.domain.corpus import Chunk, DocumentSection, Source, Span

OWN = "eigen"
"""The kind of a chunk that comes from a document that somebody added."""

OWN_PREFIX = "eigen-"
"""What the id of each own document begins with; no source of the literature has such an id."""

MOST_DOCUMENTS = 1000
"""Documents of one owner, those that were replaced among them."""

MOST_DOCUMENT_BYTES = 50 * 1024 * 1024
"""How large a file may be."""


class DocumentFormat(StrEnum):
    """The kinds of files that can be added."""

    PDF = "pdf"
    DOCX = "docx"
    TEXT = "txt"
    MARKDOWN = "md"
    HTML = "html"


class DocumentState(StrEnum):
    """How far a document is."""

    QUEUED = "queued"
    READING = "reading"
    """Pages are being read, or recognised."""
    EMBEDDING = "embedding"
    READY = "ready"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Notice(StrEnum):
    """What a reader should know of how a document was read; the texts are in ``prompts/documents.yaml``."""

    RECOGNISED = "recognised"
    """Some pages are scans, whose text was recognised: it may hold mistakes."""
    PAGES_UNREAD = "pages_unread"
    """Some pages are scans, and could not be recognised."""
    OTHER_LANGUAGE = "other_language"
    """Neither Dutch nor English."""
    CUT = "cut"
    """Longer than can be read; the rest is left out."""


@dataclass(frozen=True, slots=True)
class ReadText:
    """What was read of a file: NFC, without control, zero-width and bidirectional characters."""

    text: str
    sections: tuple[DocumentSection, ...]
    """Titled parts that together cover the text, in order; at least one."""
    pages: tuple[Span, ...] = ()
    """Where each page stands in the text, from page 1; empty for a format without pages."""
    title: str | None = None
    """What the document calls itself."""
    language: str | None = None
    """ISO 639-1, such as ``nl``; ``None`` if there is too little to tell."""
    recognised: tuple[int, ...] = ()
    """Pages whose text was recognised in a scan."""
    unread: tuple[int, ...] = ()
    """Pages that are scans and could not be recognised."""
    notices: tuple[Notice, ...] = ()

    def page_at(self, place: int) -> int | None:
        """Return the number of the page on which a place in the text stands; ``None`` without pages."""
        return next((number for number, page in enumerate(self.pages, start=1) if place < page.end), None)


@dataclass(frozen=True, slots=True)
class OwnDocument:
    """A document that somebody added, without its text."""

    id: str
    owner: str
    """Who added it: the id of a key, ``visitor:…``, or ``local``."""
    name: str
    """The file name that it came with, made harmless."""
    title: str
    format: DocumentFormat
    size: int
    """Bytes of the file."""
    state: DocumentState
    added: datetime
    """In UTC."""
    is_shared: bool = False
    """Whether everybody who may ask here finds it."""
    version: int = 1
    """Counts how often it was replaced, from 1."""
    replaces: str | None = None
    """The id of the version before."""
    is_superseded: bool = False
    """Whether a newer version is in use; then it is kept as history, and not found any more."""
    pages: int | None = None
    passages: int = 0
    done: int = 0
    """Pages read (while reading) or passages embedded (while embedding)."""
    total: int = 0
    """Of how many; 0 while that is not known yet."""
    language: str | None = None
    recognised: tuple[int, ...] = ()
    unread: tuple[int, ...] = ()
    notices: tuple[Notice, ...] = ()
    fault: str | None = None
    """Why it failed: a slug with a text in ``prompts/documents.yaml``."""

    @property
    def is_found(self) -> bool:
        """Whether questions find it."""
        return self.state is DocumentState.READY and not self.is_superseded

    @property
    def is_working(self) -> bool:
        """Whether it is still waiting or being read."""
        return self.state in (DocumentState.QUEUED, DocumentState.READING, DocumentState.EMBEDDING)

    @property
    def source(self) -> Source:
        """The document as citations name it."""
        return Source(self.id, (), None, self.title, self.name, self.language or "nl", "", self.title, ())


@dataclass(frozen=True, slots=True)
class OwnPassage:
    """A passage of somebody's own document that was found for a question."""

    document: OwnDocument
    chunk: Chunk
    """Its ``text`` is ``document text[span.start:span.end]``."""
    page: int | None
    dense: float
    """Cosine similarity to the question."""
    suited: float
    """How near it is to the adapted question; without an adapter what is usual."""
    keywords: float
    """BM25; 0 if it shares no word with the question."""
    coverage: float
    """Share of the question's content words that it holds, weighted by how rare they are."""


def is_own(source_id: str) -> bool:
    """Tell whether an id is that of somebody's own document."""
    return source_id.startswith(OWN_PREFIX)
