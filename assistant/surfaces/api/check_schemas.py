"""The JSON of health checks and briefs. Requests are strict and forbid unknown fields."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

# ── In ───────────────────────────────────────────────────────────────────────


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class CheckRequest(_Request):
    """A check to make."""

    alliance: str
    organisations: list[str]
    kind: Literal["full", "pulse"] = "full"
    previous_key: str | None = Field(default=None, description="Key of the round before, to compare with it")


class InvitationRequest(_Request):
    """Someone who begins to answer."""

    invitation: str


class ResponseRequest(_Request):
    """One answer: 1 to 5, -2 to 2 for a tension, null for "does not apply" or an open question."""

    item_id: str
    score: int | None = None
    remark: str = ""


class ResponsesRequest(_Request):
    """Answers to keep; one that was given before is replaced."""

    responses: list[ResponseRequest]


class ActionRequest(_Request):
    """An action that the partners agreed on."""

    id: str | None = Field(default=None, description="Of a suggested action; null for one of your own")
    title: str
    owner: str
    due: date = Field(strict=False)
    is_done: bool = False


class ActionsRequest(_Request):
    """At most three actions; they replace the ones chosen before."""

    actions: list[ActionRequest]


class ShareRequest(_Request):
    """With whose portfolio a check is shared."""

    share_code: str


class BriefRequest(_Request):
    """What a brief is about: a situation, a closed check (by its key), or both."""

    title: str = ""
    situation: str = ""
    check_key: str | None = None


class BriefFileRequest(_Request):
    """A brief as ``POST /v1/briefs`` returned it, edited or not, to be written to a file."""

    brief: dict[str, Any]
    format: Literal["docx", "md"]


# ── Out ──────────────────────────────────────────────────────────────────────


class OrganisationResponse(BaseModel):
    """A partner, its invitation, and how many people began and finished."""

    id: str
    name: str
    invitation: str
    begun: int
    finished: int


class CheckResponse(BaseModel):
    """A check, for who made it."""

    id: str
    alliance: str
    kind: Literal["full", "pulse"]
    round: int
    version: str
    created: datetime
    closed: datetime | None
    organisations: list[OrganisationResponse]


class CreatedResponse(CheckResponse):
    """A check just made; its key is shown this once."""

    key: str


class GivenResponse(BaseModel):
    """An answer as it is kept."""

    item_id: str
    score: int | None
    remark: str


class RespondentResponse(BaseModel):
    """Someone's answers so far; the code is the only way back to them."""

    code: str
    alliance: str
    organisation: str
    kind: Literal["full", "pulse"]
    is_open: bool
    is_finished: bool
    asked: list[str] = Field(description="Ids of all that is asked, in order")
    responses: list[GivenResponse]


class ActionResponse(BaseModel):
    """An action that was chosen."""

    id: str
    title: str
    owner: str
    due: date
    is_done: bool


class ActionsResponse(BaseModel):
    """The actions chosen, those carried over from the round before included."""

    actions: list[ActionResponse]


class PortfolioResponse(BaseModel):
    """A portfolio just opened: the key is for the coach, the share code for those who share."""

    key: str
    share_code: str
