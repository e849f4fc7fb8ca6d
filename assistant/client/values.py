"""What the API gives, as frozen values.

They are pydantic models, not dataclasses: JSON from outside is checked where it enters, in one step and
with the place of a fault, and ``model_dump_json`` writes it back. Every model takes fields that it
doesn't know yet and passes them on, and words that may grow in number (a kind, a status) are plain
text, so that a newer server doesn't break an older client.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict

Role = Literal["user", "assistant"]
Verdict = Literal["helpful", "unhelpful", "wrong"]
FileFormat = Literal["docx", "md"]


class Turn(NamedTuple):
    """One earlier message of the conversation; a plain pair will do as well."""

    role: Role
    content: str


class Value(BaseModel):
    """Something that the API gave: it doesn't change, and keeps fields that are new."""

    model_config = ConfigDict(frozen=True, extra="allow")


# ── Answers ──────────────────────────────────────────────────────────────────


class Citation(Value):
    """What proves the claims marked ``[number]``.

    ``start`` and ``end`` count code points of ``source_text(source_id)``, or of ``document_text(source_id)``
    where that is an own document; ``None`` without that text. ``page`` is that of an own document, from 1.
    """

    number: int
    source_id: str
    title: str
    section: str
    card_id: str | None
    quote: str
    start: int | None
    end: int | None
    support: str
    page: int | None = None

    @property
    def is_own(self) -> bool:
        """Whether it comes from a document that somebody added, and not from the literature."""
        return self.source_id.startswith("eigen-")


class Answered(Value):
    """An answer or a refusal; ``answer`` is Markdown with [1] marks."""

    id: str
    question: str
    standalone_question: str
    language: str
    answer: str
    refused: bool
    reason: str | None
    citations: tuple[Citation, ...]
    follow_ups: tuple[str, ...]
    engine: str
    timings_ms: dict[str, float]
    notices: tuple[str, ...] = ()

    @property
    def turns(self) -> tuple[Turn, Turn]:
        """This question and its answer, as the history of the next question."""
        return Turn("user", self.question), Turn("assistant", self.answer)


class Passage(Value):
    """Something found, best first; ``source_id``, ``start`` and ``end`` where it is of an original."""

    number: int
    source_ids: tuple[str, ...]
    section: str
    card_id: str | None
    kind: str
    text: str
    score: float
    source_id: str | None = None
    start: int | None = None
    end: int | None = None


class Claim(Value):
    """One checked claim of an answer, as Markdown with its marks."""

    markdown: str
    form: str
    citations: tuple[Citation, ...]


StreamEvent = Passage | Claim | Answered
"""What a stream gives, in this order; the last is the ``Answered``."""


# ── The library ──────────────────────────────────────────────────────────────


class Found(Value):
    """What a search found."""

    query: str
    passages: tuple[Passage, ...]


class Source(Value):
    """A bibliographic entry; ``has_text`` says whether ``source_text`` has its text."""

    id: str
    authors: tuple[str, ...]
    year: int | None
    title: str
    container: str
    language: str
    rights: str
    label: str
    sections: tuple[str, ...]
    has_text: bool


class Sources(Value):
    """The bibliography."""

    sources: tuple[Source, ...]


class Reference(Value):
    """The section of a source that a statement rests on."""

    source_id: str
    section: str


class Statement(Value):
    """One cited assertion of a card."""

    id: str
    text: str
    label: str | None
    is_item: bool
    references: tuple[Reference, ...]


class CardSection(Value):
    """A headed part of a card."""

    heading: str
    role: str
    is_ordered: bool
    statements: tuple[Statement, ...]


class CardSummary(Value):
    """A card, without its text."""

    id: str
    kind: str
    title: str
    aliases: tuple[str, ...]
    phase: str | None
    related: tuple[str, ...]


class Card(CardSummary):
    """A card, whole."""

    questions: tuple[str, ...]
    sections: tuple[CardSection, ...]


class Cards(Value):
    """All cards."""

    cards: tuple[CardSummary, ...]


# ── Documents of one's own ───────────────────────────────────────────────────


class DocumentProgress(Value):
    """How many pages are read, or passages can be found; ``total`` is 0 while that isn't known."""

    done: int
    total: int
    unit: str


class DocumentFault(Value):
    """Why a document couldn't be read: ``code`` is stable, ``detail`` is Dutch, for people."""

    code: str
    detail: str


class OwnDocument(Value):
    """A document that somebody added; questions find it once ``state`` is ``ready``."""

    id: str
    name: str
    title: str
    format: str
    size: int
    state: str
    added: datetime
    shared: bool
    version: int
    replaces: str | None
    superseded: bool
    pages: int | None
    passages: int
    progress: DocumentProgress | None
    language: str | None
    notices: tuple[str, ...]
    recognised_pages: tuple[int, ...]
    unread_pages: tuple[int, ...]
    fault: DocumentFault | None

    @property
    def is_working(self) -> bool:
        """Whether it is still waiting or being read."""
        return self.progress is not None


class OwnDocuments(Value):
    """Documents."""

    documents: tuple[OwnDocument, ...]


# ── Problems ─────────────────────────────────────────────────────────────────


class FieldProblem(Value):
    """What is wrong with one field, in Dutch."""

    field: str
    message: str


class ProblemDetails(Value):
    """An error as RFC 9457 has it."""

    type: str
    title: str
    status: int
    detail: str
    instance: str | None = None
    errors: tuple[FieldProblem, ...] | None = None


# ── Batches ──────────────────────────────────────────────────────────────────


class BatchProgress(Value):
    """How far a batch is; ``retry_after`` is when the server would like to be asked again, in seconds."""

    id: str
    status: str
    total: int
    done: int
    failed: int
    created: datetime
    expires: datetime
    retry_after: float | None = None

    @property
    def is_running(self) -> bool:
        """Whether more is to come."""
        return self.status in ("queued", "running")

    @property
    def pause(self) -> float:
        """Seconds until it is worth asking again."""
        return 1.0 if self.retry_after is None else max(self.retry_after, 0.1)


class BatchResult(Value):
    """What came of the question at ``position``, counted from 0: an answer, or what went wrong."""

    position: int
    answer: Answered | None
    problem: ProblemDetails | None


class BatchResults(Value):
    """A part of the results, and where the next part begins."""

    answers: tuple[BatchResult, ...]
    next_offset: int | None
