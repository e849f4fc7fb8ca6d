"""The JSON of a coach's brief: as ``publishing.presenting`` writes it, and as a client may send it back."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from assistant.surfaces.api.schemas import CitationResponse, Whole


class _Part(BaseModel):
    """A part of a brief; strict, because it comes in as well as out."""

    model_config = ConfigDict(extra="forbid", strict=True)


class BriefText(_Part):
    """A text and what it rests on; of our own craft if that is nothing."""

    text: str = Field(description="As a reader sees it")
    statements: list[Annotated[str, Field(json_schema_extra={"format": "statement-id"})]] = Field(
        default_factory=list, description="Ids of card statements that it rests on"
    )
    citations: list[Whole] = Field(
        default_factory=list, description="Numbers in the citations of the whole; not read when sent back"
    )


class BriefCitation(CitationResponse):
    """What proves the texts that have its number."""

    model_config = ConfigDict(extra="forbid", strict=True)

    number: Whole = Field(description="The mark in the text")
    start: Whole | None = Field(description="Code points into /v1/sources/{id}/text; null without that text")
    end: Whole | None = Field(description="Where the quote ends; null likewise")


class HypothesisPart(_Part):
    """What may be going on: a phase or a paradox."""

    card_id: str = Field(description="Of the card that explains it")
    title: str = Field(description="As a reader sees it")
    is_phase: bool = Field(description="A phase, or else a paradox")
    weight: float = Field(description="How strongly it is suggested, from 0 to 1")
    claim: BriefText = Field(description="What it says")
    speaks_for: list[BriefText] = Field(description="What was told that fits")
    speaks_against: list[BriefText] = Field(description="What was told that doesn't")


class InterventionPart(_Part):
    """Something that a coach can do with the partners."""

    id: str = Field(description="Stable")
    title: str = Field(description="As a reader sees it")
    aim: BriefText = Field(description="What it is for")
    takes: str = Field(description="Time")
    group: str = Field(description="With whom")
    steps: list[BriefText] = Field(description="In order")
    risks: list[BriefText] = Field(description="What can go wrong")
    not_when: BriefText = Field(description="When not to do it")
    sign: BriefText = Field(description="What shows that it works")


class PartyPart(_Part):
    """What to ask one of the parties."""

    party: str = Field(description="Its name")
    questions: list[BriefText] = Field(description="To ask")


class SessionPart(_Part):
    """A part of the first session."""

    title: str = Field(description="As a reader sees it")
    minutes: Whole = Field(description="What it takes")
    text: BriefText = Field(description="What to do in it")


class BriefDocument(_Part):
    """What a coach takes into a session. Edit it as you like, and have it written to a file."""

    title: str = Field(description="As a reader sees it")
    situation: str = Field(description="As it was described; empty if the brief is on a check alone")
    hypotheses: list[HypothesisPart] = Field(description="What may be going on, the likeliest first")
    interventions: list[InterventionPart] = Field(description="What can be done")
    questions: list[PartyPart] = Field(description="What to ask, party by party")
    agenda: list[SessionPart] = Field(description="Of the first session")
    caveats: list[str] = Field(description="What the brief can't know")
    citations: list[BriefCitation] = Field(
        default_factory=list, description="What the numbers stand for; not read when sent back"
    )


class BriefFileRequest(_Part):
    """A brief as ``POST /v1/briefs`` returned it, edited or not, to be written to a file."""

    brief: BriefDocument = Field(description="What to write")
    format: Literal["docx", "md"] = Field(description="Word or Markdown")
