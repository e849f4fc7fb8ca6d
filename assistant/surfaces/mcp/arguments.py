"""What a tool may be given: strict, and a name that isn't known is an error.

Lengths and characters of questions are checked where the API checks them.
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from assistant.surfaces.api.schemas import Kind, TurnRequest

MOST_PASSAGES = 20
LONGEST_PASSAGE = 4000
"""Code points that a passage may have, its margins included."""
WIDEST_MARGIN = 1000


class Arguments(BaseModel):
    """The arguments of a tool; without fields, of one that takes none."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class _Filtered(Arguments):
    sources: list[str] = Field(default_factory=list)
    kinds: list[Kind] = Field(default_factory=list)


class SearchArguments(_Filtered):
    """What passages are wanted for."""

    query: str
    limit: int = Field(default=8, ge=1, le=MOST_PASSAGES)


class AnswerArguments(_Filtered):
    """A question, with the conversation so far."""

    question: str
    history: list[TurnRequest] = Field(default_factory=list)


class CardArguments(Arguments):
    """Which card."""

    id: str


class PassageArguments(Arguments):
    """A place in the text of a source, in code points, and how much of what stands around it."""

    source_id: str
    start: int = Field(ge=0)
    end: int = Field(ge=1)
    margin: int = Field(default=0, ge=0, le=WIDEST_MARGIN)


class HealthCheckArguments(Arguments):
    """Which check of a portfolio; the keys come with the connection, not with the call."""

    check_id: str | None = None
