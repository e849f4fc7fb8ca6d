"""The JSON of making and answering health checks. Requests are strict and forbid unknown fields."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from assistant.bootstrap.briefs import LONGEST_SITUATION
from assistant.bootstrap.requiring import (
    FEWEST_PARTNERS,
    LONGEST_NAME,
    LONGEST_REMARK,
    LONGEST_TITLE,
    MOST_PARTNERS,
)
from assistant.domain import MOST_ACTIONS
from assistant.surfaces.api.report_schemas import ActionResponse, Kind
from assistant.surfaces.api.schemas import READABLE, Whole

CheckKey = Annotated[str, Field(json_schema_extra={"format": "check-key"})]


def _line(longest: int) -> JsonDict:
    """Return what the schema says of a name or title; the coach checks it."""
    return {"minLength": 1, "maxLength": longest, "pattern": READABLE, "format": "visible-text"}


# ── In ───────────────────────────────────────────────────────────────────────


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class CheckRequest(_Request):
    """A check to make."""

    alliance: str = Field(description="Its name", json_schema_extra=_line(LONGEST_NAME))
    organisations: list[Annotated[str, Field(json_schema_extra=_line(LONGEST_NAME))]] = Field(
        description="Names of the partners, each another",
        json_schema_extra={"minItems": FEWEST_PARTNERS, "maxItems": MOST_PARTNERS, "uniqueItems": True},
    )
    kind: Kind = Field(default="full", description="A whole check, or a short one between two rounds")
    previous_key: CheckKey | None = Field(
        default=None, description="Key of the round before, to compare with it"
    )


class InvitationRequest(_Request):
    """Someone who begins to answer."""

    invitation: str = Field(
        description="Of an organisation that takes part in a check",
        json_schema_extra={"format": "invitation"},
    )


class ResponseRequest(_Request):
    """One answer: 1 to 5, -2 to 2 for a tension, null for "does not apply" or an open question."""

    item_id: str = Field(description="Of the questionnaire", json_schema_extra={"format": "item-id"})
    score: Whole | None = Field(
        default=None,
        description="1 to 5, or -2 to 2 for a tension; null if it doesn't apply, and for an open question",
        json_schema_extra={"anyOf": [{"type": "integer", "minimum": -2, "maximum": 5}, {"type": "null"}]},
    )
    remark: str = Field(
        default="",
        description="Room to explain; for an open question, the answer",
        json_schema_extra={"maxLength": LONGEST_REMARK, "pattern": READABLE},
    )


class ResponsesRequest(_Request):
    """Answers to keep; one that was given before is replaced."""

    responses: list[ResponseRequest] = Field(description="All of them are kept, or none")


class ActionRequest(_Request):
    """An action that the partners agreed on."""

    id: str | None = Field(default=None, description="Of a suggested action; null for one of your own")
    title: str = Field(description="What is done", json_schema_extra=_line(LONGEST_TITLE))
    owner: str = Field(description="Who sees to it", json_schema_extra=_line(LONGEST_NAME))
    due: date = Field(strict=False, description="When it is to be done")
    is_done: bool = Field(default=False, description="Whether it is")


class ActionsRequest(_Request):
    """At most three actions; they replace the ones chosen before."""

    actions: list[ActionRequest] = Field(
        description="Each with another id", json_schema_extra={"maxItems": MOST_ACTIONS, "uniqueItems": True}
    )


class ShareRequest(_Request):
    """With whose portfolio a check is shared."""

    share_code: str = Field(
        description="Of the coach's portfolio", json_schema_extra={"format": "share-code"}
    )


class BriefRequest(_Request):
    """What a brief is about: a situation, a closed check (by its key), or both."""

    title: str = Field(default="", description="Of the brief; without one, the alliance's name")
    situation: str = Field(
        default="",
        description="What is going on, in Dutch; without it, a check_key is needed",
        json_schema_extra={"maxLength": LONGEST_SITUATION, "pattern": READABLE, "format": "visible-text"},
    )
    check_key: CheckKey | None = Field(default=None, description="Key of a closed check")


# ── Out ──────────────────────────────────────────────────────────────────────


class OrganisationResponse(BaseModel):
    """A partner, its invitation, and how many people began and finished."""

    id: str = Field(description="Within the check")
    name: str = Field(description="As it was given")
    invitation: str = Field(description="With which its people begin to answer")
    begun: int = Field(description="How many people")
    finished: int = Field(description="How many people")


class CheckResponse(BaseModel):
    """A check, for who made it."""

    id: str = Field(description="Of the check; it opens nothing")
    alliance: str = Field(description="Its name")
    kind: Kind = Field(description="A whole check, or a short one")
    round: int = Field(description="Counted from 1")
    version: str = Field(description="Of the questionnaire")
    created: datetime = Field(description="In UTC")
    closed: datetime | None = Field(description="In UTC; null while people can answer")
    organisations: list[OrganisationResponse] = Field(description="The partners")


class CreatedResponse(CheckResponse):
    """A check just made; its key is shown this once."""

    key: str = Field(description="For the header X-Check-Key; keep it, there is no other way back")


class GivenResponse(BaseModel):
    """An answer as it is kept."""

    item_id: str = Field(description="Of the questionnaire")
    score: int | None = Field(description="Null if it doesn't apply, and for an open question")
    remark: str = Field(description="What was written")


class RespondentResponse(BaseModel):
    """Someone's answers so far; the code is the only way back to them."""

    code: str = Field(description="For the header X-Respondent-Code")
    alliance: str = Field(description="Its name")
    organisation: str = Field(description="For which somebody answers")
    kind: Kind = Field(description="A whole check, or a short one")
    is_open: bool = Field(description="Whether answers can still change")
    is_finished: bool = Field(description="Whether the respondent said to be ready")
    asked: list[str] = Field(description="Ids of all that is asked, in order")
    responses: list[GivenResponse] = Field(description="The answers so far")


class RespondentExportResponse(BaseModel):
    """All that is kept of a respondent."""

    alliance: str = Field(description="Its name")
    organisation: str = Field(description="For which somebody answers")
    is_finished: bool = Field(description="Whether the respondent said to be ready")
    responses: list[GivenResponse] = Field(description="The answers so far")


class ActionsResponse(BaseModel):
    """The actions chosen, those carried over from the round before included."""

    actions: list[ActionResponse] = Field(description="In the order in which they were chosen")


class PortfolioResponse(BaseModel):
    """A portfolio just opened: the key is for the coach, the share code for those who share."""

    key: str = Field(description="For the header X-Portfolio-Key; keep it, there is no other way back")
    share_code: str = Field(description="To give to alliances")
