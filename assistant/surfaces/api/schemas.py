"""The JSON of the contract: what may come in, and exactly what goes out.

Requests are strict and forbid unknown fields, so that a misspelt filter is an error and not a
silent search through everything. Lengths and characters are checked in ``reading``.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.config import JsonDict

from assistant.domain import ORIGINAL, OWN, CardKind

KINDS = (*(kind.value for kind in CardKind), ORIGINAL, OWN)
"""What can be asked for as a kind: those of cards, the originals, and documents of one's own."""

LONGEST_TURN, MOST_TURNS = 8000, 50
LONGEST_ANSWER, LONGEST_REMARK = 20_000, 2000
LONGEST_ID, LONGEST_REASON, MOST_REASONS = 80, 40, 10
MOST_PASSAGES = 50

READABLE = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]*$"
"""What every text is: without control characters but tabs and new lines. ``reading`` checks it."""

Kind = Annotated[str, Field(json_schema_extra={"enum": list(KINDS)})]
SourceId = Annotated[
    str, Field(description="Of a source in /v1/sources", json_schema_extra={"format": "source-id"})
]


def _whole(value: object) -> object:
    """Return a number without decimals as an integer: in JSON 4.0 is one too."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


Whole = Annotated[int, BeforeValidator(_whole)]
"""An integer in a request."""

QUESTION = Field(
    description="In Dutch or English",
    json_schema_extra={"minLength": 1, "maxLength": 2000, "pattern": READABLE, "format": "visible-text"},
)
"""A question; ``app`` sets another longest length in the schema where the operator does."""


def _slug(longest: int, also: str = "") -> JsonDict:
    """Return what the schema says of an id of other people's; ``reading`` checks it."""
    return {"minLength": 1, "maxLength": longest, "pattern": f"^[a-z0-9_{also}-]+$"}


# ── In ───────────────────────────────────────────────────────────────────────


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class TurnRequest(_Request):
    """One earlier message of the conversation."""

    role: Literal["user", "assistant"] = Field(description="Who said it")
    content: str = Field(
        description="What was said: of an answer, its Markdown",
        json_schema_extra={"maxLength": LONGEST_TURN, "pattern": READABLE},
    )


class FilterRequest(_Request):
    """Where to look; an empty list means everywhere."""

    sources: list[SourceId] = Field(default_factory=list, description="Ids of /v1/sources or /v1/documents")
    kinds: list[Kind] = Field(
        default_factory=list, description="Card kinds, 'bron' for the originals, 'eigen' for own documents"
    )


class AnswerRequest(_Request):
    """A question, with the conversation so far."""

    question: Annotated[str, QUESTION]
    history: list[TurnRequest] = Field(
        default_factory=list,
        description="The conversation so far, the oldest first",
        json_schema_extra={"maxItems": MOST_TURNS},
    )
    filters: FilterRequest = Field(default_factory=FilterRequest, description="Where to look")
    stream: bool = Field(default=False, description="Answer as server-sent events")


class SearchRequest(BaseModel):
    """What passages are wanted for; it comes in the address."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    q: Annotated[str, QUESTION]
    limit: int = Field(default=10, ge=1, le=MOST_PASSAGES, description="How many passages at most")
    sources: list[SourceId] = Field(
        default_factory=list, description="Only these sources: repeat it for each; none means everywhere"
    )
    kinds: list[Kind] = Field(
        default_factory=list, description="Only these kinds of cards, or 'bron' for the originals"
    )


class FeedbackRequest(_Request):
    """What a reader thinks of an answer, with that answer: over the API no answers are kept."""

    answer_id: str = Field(
        description="The id that the answer came with", json_schema_extra=_slug(LONGEST_ID, "A-Z")
    )
    verdict: Literal["helpful", "unhelpful", "wrong"] = Field(
        description="Whether it helps, doesn't help, or says something that isn't right"
    )
    reasons: list[Annotated[str, Field(json_schema_extra=_slug(LONGEST_REASON))]] = Field(
        default_factory=list,
        description="Why, in words of your own choice; the page has beside, incomplete, unclear and source",
        json_schema_extra={"maxItems": MOST_REASONS},
    )
    remark: str = Field(
        default="",
        description="What the reader wrote",
        json_schema_extra={"maxLength": LONGEST_REMARK, "pattern": READABLE},
    )
    question: Annotated[str, QUESTION]
    answer: str = Field(
        description="The Markdown of the answer or the refusal",
        json_schema_extra={
            "minLength": 1,
            "maxLength": LONGEST_ANSWER,
            "pattern": READABLE,
            "format": "visible-text",
        },
    )


# ── Out ──────────────────────────────────────────────────────────────────────


class CitationResponse(BaseModel):
    """What proves the claims marked ``[number]``."""

    number: int = Field(description="The mark in the text")
    source_id: str = Field(
        description="Of a source in /v1/sources; if it begins with eigen-, of a document in /v1/documents"
    )
    title: str = Field(description="Of the source")
    section: str = Field(description="Of the source")
    card_id: str | None = Field(description="Of a card in /v1/cards, where the citation comes by one")
    quote: str = Field(description="The source's own words; where its text isn't present, ours on the card")
    start: int | None = Field(
        description="Code points into the text of the source or document; null where that isn't present"
    )
    end: int | None = Field(description="Where the quote ends; null likewise")
    support: Literal["quoted", "supported"] = Field(
        description="quoted: the source's own words; supported: our words, that rest on the source"
    )
    page: int | None = Field(default=None, description="Of an own document with pages, from 1; else null")


class AnswerResponse(BaseModel):
    """An answer or a refusal: the shape is the same."""

    id: str = Field(description="Of this answer; feedback names it")
    question: str = Field(description="As it was read")
    standalone_question: str = Field(description="With what the conversation left unsaid filled in")
    language: str = Field(description="Of the question: nl or en")
    answer: str = Field(description="Markdown with [1] marks")
    refused: bool = Field(description="Whether the sources don't answer the question")
    reason: str | None = Field(description="Why it is refused: not_in_sources or out_of_scope")
    citations: list[CitationResponse] = Field(description="One for each mark")
    follow_ups: list[str] = Field(description="Questions that can be answered too")
    engine: str = Field(description="What worded the answer")
    timings_ms: dict[str, float] = Field(description="Milliseconds by stage, and their total")
    notices: list[str] = Field(
        description="What to know beside it: that a model failed, that words alone were searched"
    )


class PassageResponse(BaseModel):
    """Something found, best first: a result of a search, or a ``passage`` event."""

    number: int = Field(description="Counted from 1")
    source_ids: list[str] = Field(description="Of the sources that it rests on")
    section: str = Field(description="Of the original, or of the card")
    card_id: str | None = Field(description="Of the card that it is on; null for an original")
    kind: str = Field(description="A kind of card, or 'bron' for an original")
    text: str = Field(description="Of an original its own words, of a card ours")
    score: float = Field(description="How well it fits, from 0 to 1")
    source_id: str | None = Field(description="Of the original that it is a part of; null for a card")
    start: int | None = Field(description="Code points into /v1/sources/{source_id}/text; null for a card")
    end: int | None = Field(description="Where the passage ends; null for a card")


class SearchResponse(BaseModel):
    """The passages for a question, whether or not they answer it."""

    query: str = Field(description="As it was read")
    passages: list[PassageResponse] = Field(description="Best first")


class ClaimResponse(BaseModel):
    """A ``claim`` event: one checked claim, with its marks."""

    markdown: str = Field(description="The sentence, with its marks")
    form: Literal["sentence", "paragraph", "bullet", "numbered"] = Field(
        description="How it stands in the answer: paragraph begins a new one"
    )
    citations: list[CitationResponse] = Field(description="What proves it")


class SourceResponse(BaseModel):
    """A bibliographic entry."""

    id: str = Field(description="Stable; citations name it")
    authors: list[str] = Field(description="In order")
    year: int | None = Field(description="Of publication; null if unknown")
    title: str = Field(description="Of the work")
    container: str = Field(description="What it appeared in, or the publisher")
    language: str = Field(description="As in nl")
    rights: str = Field(description="Whose it is")
    label: str = Field(description="How a citation names it")
    sections: list[str] = Field(description="In order; citations name one")
    has_text: bool = Field(description="Whether /v1/sources/{id}/text has the text")


class SourcesResponse(BaseModel):
    """The bibliography."""

    sources: list[SourceResponse] = Field(description="All sources")


class ReferenceResponse(BaseModel):
    """The section of a source that a statement rests on."""

    source_id: str = Field(description="Of a source in /v1/sources")
    section: str = Field(description="Of that source")


class StatementResponse(BaseModel):
    """One cited assertion of a card."""

    id: str = Field(description="The card's id, # and the place on the card")
    text: str = Field(description="In our words; **bold** may open it")
    label: str | None = Field(description="The bold words that open an item of a list")
    is_item: bool = Field(description="Whether it is an item of a list")
    references: list[ReferenceResponse] = Field(description="What it rests on")


class CardSectionResponse(BaseModel):
    """A headed part of a card."""

    heading: str = Field(description="As a reader sees it")
    role: str = Field(description="What the section is for, such as definition or pitfalls")
    is_ordered: bool = Field(description="Whether the order of its items means something")
    statements: list[StatementResponse] = Field(description="In order")


class CardSummary(BaseModel):
    """A card, without its text."""

    id: str = Field(description="Stable, never used again")
    kind: str = Field(description="Such as begrip, fase or paradox")
    title: str = Field(description="What it is about")
    aliases: list[str] = Field(description="Other names for it")
    phase: str | None = Field(description="The phase that it belongs to")
    related: list[str] = Field(description="Ids of cards to read beside it")


class CardResponse(CardSummary):
    """A card, whole."""

    questions: list[str] = Field(description="That it answers")
    sections: list[CardSectionResponse] = Field(description="In order")


class CardsResponse(BaseModel):
    """All cards."""

    cards: list[CardSummary] = Field(description="Without their text")


class LivenessResponse(BaseModel):
    """The process lives."""

    status: Literal["ok"] = Field(default="ok", description="Always the same")


class ProgressResponse(BaseModel):
    """A build under way, in passages."""

    done: int = Field(description="Passages that are ready")
    total: int = Field(description="Of how many; 0 while they are being counted")


class CheckResult(BaseModel):
    """How one check of readiness went."""

    ok: bool = Field(description="Whether it is in order")
    detail: str | None = Field(default=None, description="What is wrong, in Dutch; null if nothing is")


class ReadinessResponse(BaseModel):
    """What can be answered at this moment."""

    ready: bool = Field(description="Whether a question can be answered")
    index_version: str | None = Field(description="The version that answers")
    cards: int = Field(description="How many cards it has")
    originals: list[str] = Field(description="Ids of the sources whose text it has")
    building: ProgressResponse | None = Field(description="A build that is under way")
    failure: str | None = Field(description="Why the last build failed, in Dutch")
    model: str | None = Field(description="The chat model that words answers; null if there is none")
    degraded: Literal["older", "keywords"] | None = Field(
        default=None,
        description="'older' when a version before the damaged one answers, 'keywords' when passages are "
        "found by their words alone; null when the index is in order",
    )
    checks: dict[str, CheckResult] = Field(
        default_factory=dict, description="What was looked at: serving, database and index"
    )


# ── Wrong ────────────────────────────────────────────────────────────────────


class FieldProblem(BaseModel):
    """What is wrong with one field, in Dutch."""

    field: str = Field(description="Where it stands in the request: filters.kinds.0")
    message: str = Field(description="What is wrong with it, and what to do")


class Problem(BaseModel):
    """An error as RFC 9457 has it; ``type`` is stable, ``detail`` is for people."""

    type: str = Field(description="What kind of problem it is: urn:alliantie:probleem: and a name that stays")
    title: str = Field(description="The kind in a few words, in Dutch")
    status: int = Field(description="The status of the response")
    detail: str = Field(description="What is wrong and what to do, in Dutch")
    instance: str | None = Field(default=None, description="The address, or the number of a fault of ours")
    request_id: str | None = Field(
        default=None, description="Of a fault of ours: what the server's log has the request under"
    )
    errors: list[FieldProblem] | None = Field(default=None, description="What is wrong, field by field")
