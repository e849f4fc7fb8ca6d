"""The JSON of the contract: what may come in, and exactly what goes out.

Requests are strict and forbid unknown fields, so that a misspelt filter is an error and not a
silent search through everything. Lengths and characters are checked in ``reading``.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

# ── In ───────────────────────────────────────────────────────────────────────


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class TurnRequest(_Request):
    """One earlier message of the conversation."""

    role: Literal["user", "assistant"]
    content: str


class FilterRequest(_Request):
    """Where to look; an empty list means everywhere."""

    sources: list[str] = Field(default_factory=list, description="Ids of /v1/sources")
    kinds: list[str] = Field(default_factory=list, description="Card kinds, or 'bron' for the originals")


class AnswerRequest(_Request):
    """A question, with the conversation so far."""

    question: str
    history: list[TurnRequest] = Field(default_factory=list)
    filters: FilterRequest = Field(default_factory=FilterRequest)
    stream: bool = Field(default=False, description="Answer as server-sent events")


# ── Out ──────────────────────────────────────────────────────────────────────


class CitationResponse(BaseModel):
    """What proves the claims marked ``[number]``."""

    number: int
    source_id: str
    title: str
    section: str
    card_id: str | None
    quote: str
    start: int | None = Field(description="Code points into /v1/sources/{id}/text; null without that text")
    end: int | None
    support: Literal["quoted", "supported"]


class AnswerResponse(BaseModel):
    """An answer or a refusal: the shape is the same."""

    id: str
    question: str
    standalone_question: str
    language: str
    answer: str = Field(description="Markdown with [1] marks")
    refused: bool
    reason: str | None
    citations: list[CitationResponse]
    follow_ups: list[str]
    engine: str
    timings_ms: dict[str, float]


class PassageResponse(BaseModel):
    """A ``passage`` event: something found, best first."""

    number: int
    source_ids: list[str]
    section: str
    card_id: str | None
    kind: str
    text: str
    score: float


class ClaimResponse(BaseModel):
    """A ``claim`` event: one checked claim, with its marks."""

    markdown: str
    form: Literal["sentence", "paragraph", "bullet", "numbered"]
    citations: list[CitationResponse]


class SourceResponse(BaseModel):
    """A bibliographic entry."""

    id: str
    authors: list[str]
    year: int | None
    title: str
    container: str
    language: str
    rights: str
    label: str
    sections: list[str]
    has_text: bool = Field(description="Whether /v1/sources/{id}/text has the text")


class SourcesResponse(BaseModel):
    """The bibliography."""

    sources: list[SourceResponse]


class ReferenceResponse(BaseModel):
    """The section of a source that a statement rests on."""

    source_id: str
    section: str


class StatementResponse(BaseModel):
    """One cited assertion of a card."""

    id: str
    text: str
    label: str | None
    is_item: bool
    references: list[ReferenceResponse]


class CardSectionResponse(BaseModel):
    """A headed part of a card."""

    heading: str
    role: str
    is_ordered: bool
    statements: list[StatementResponse]


class CardSummary(BaseModel):
    """A card, without its text."""

    id: str
    kind: str
    title: str
    aliases: list[str]
    phase: str | None
    related: list[str]


class CardResponse(CardSummary):
    """A card, whole."""

    questions: list[str]
    sections: list[CardSectionResponse]


class CardsResponse(BaseModel):
    """All cards."""

    cards: list[CardSummary]


class LivenessResponse(BaseModel):
    """The process lives."""

    status: Literal["ok"] = "ok"


class ProgressResponse(BaseModel):
    """A build under way, in passages."""

    done: int
    total: int


class ReadinessResponse(BaseModel):
    """What can be answered at this moment."""

    ready: bool
    index_version: str | None
    cards: int
    originals: list[str]
    building: ProgressResponse | None
    failure: str | None
    model: str | None = Field(description="The chat model that words answers; null if there is none")


# ── Wrong ────────────────────────────────────────────────────────────────────


class FieldProblem(BaseModel):
    """What is wrong with one field, in Dutch."""

    field: str
    message: str


class Problem(BaseModel):
    """An error as RFC 9457 has it; ``type`` is stable, ``detail`` is for people."""

    type: str
    title: str
    status: int
    detail: str
    instance: str | None = None
    errors: list[FieldProblem] | None = None
