"""The JSON of what a health check asks and shows, as ``publishing.presenting`` writes it.

``statements`` are ids of card statements, ``citations`` the numbers of what proves them: those are
explained once, in ``citations`` at the top. A text without statements is of our own craft.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, Field

from assistant.domain import Check, ChosenAction, Participation, Report
from assistant.surfaces.api.schemas import CitationResponse

Kind = Literal["full", "pulse"]

_STATEMENTS = Field(description="Ids of card statements that it rests on; none for our own craft")
_NUMBERS = Field(description="Numbers in the citations of the whole")
_CITATIONS = Field(description="What the numbers stand for")


class CitedResponse(BaseModel):
    """Something for readers that rests on statements of cards."""

    statements: list[str] = _STATEMENTS
    citations: list[int] = _NUMBERS


class TextResponse(CitedResponse):
    """A text for readers, and what it rests on."""

    text: str = Field(description="As a reader sees it")


# ── What it asks ─────────────────────────────────────────────────────────────


class ItemResponse(CitedResponse):
    """A statement to agree with, more or less: 1 to 5."""

    id: str = Field(description="An answer names it")
    text: str = Field(description="As a reader sees it")
    term: str = Field(description="Id of the card that explains what it is about")


class PhaseItemResponse(CitedResponse):
    """A statement on what can be seen in an alliance: 1 to 5."""

    id: str = Field(description="An answer names it")
    text: str = Field(description="As a reader sees it")
    phases: list[str] = Field(description="Ids of the cards of the phases that it points to")


class ConditionResponse(BaseModel):
    """Something that an alliance needs, asked for by several items."""

    id: str = Field(description="The report names it")
    title: str = Field(description="As a reader sees it")
    about: str = Field(description="What it is about, in a sentence")
    items: list[ItemResponse] = Field(description="In the order in which they are asked")


class TensionResponse(CitedResponse):
    """A paradox as a slider between its poles: -2 to 2."""

    id: str = Field(description="An answer names it")
    card_id: str = Field(description="Of the card that explains it")
    question: str = Field(description="As a reader sees it")
    left: str = Field(description="What -2 stands for")
    right: str = Field(description="What 2 stands for")


class OpenQuestionResponse(CitedResponse):
    """A question that is answered in one's own words."""

    id: str = Field(description="An answer names it")
    text: str = Field(description="As a reader sees it")


class PhaseModelResponse(BaseModel):
    """One author's phases."""

    id: str = Field(description="The report names it")
    title: str = Field(description="As a reader sees it")
    phases: list[str] = Field(description="Ids of cards, in order")


class QuestionnaireResponse(BaseModel):
    """All that a check asks, in the order in which it asks it."""

    version: str = Field(description="Of the questionnaire; checks keep theirs")
    title: str = Field(description="As a reader sees it")
    minutes: int = Field(description="About what it takes")
    introduction: str = Field(description="What to tell before the first question")
    disclaimer: str = Field(description="What the instrument is not")
    scale: list[str] = Field(description="Labels for the scores 1 to 5")
    not_applicable: str = Field(description="Label for an item that doesn't apply: score null")
    models: list[PhaseModelResponse] = Field(description="Phases, by author")
    phase_names: dict[str, str] = Field(description="What a phase is called, by card id")
    phase_items: list[PhaseItemResponse] = Field(description="What shows where the alliance is")
    settling: dict[str, TextResponse] = Field(description="By phase: the question that settles a doubt")
    conditions: list[ConditionResponse] = Field(description="What an alliance needs")
    tensions: list[TensionResponse] = Field(description="Paradoxes, as sliders")
    open_questions: list[OpenQuestionResponse] = Field(description="To answer in one's own words")
    pulse: list[str] = Field(description="Ids of the items of the short check")
    citations: list[CitationResponse] = _CITATIONS


# ── What it shows ────────────────────────────────────────────────────────────


class GroupResponse(BaseModel):
    """Respondents who are shown together: one organisation, or several small ones."""

    label: str = Field(description="As a reader sees it")
    organisations: list[str] = Field(description="Their names")
    respondents: int = Field(description="At least three")


class GroupScoreResponse(BaseModel):
    """What a group answered."""

    group: str = Field(description="Its label")
    mean: float = Field(description="Rounded to one decimal")
    count: int = Field(description="Of how many answers")


class ScoreResponse(BaseModel):
    """What respondents answered, all together and by group."""

    id: str = Field(description="Of the item, condition or tension")
    title: str = Field(description="As a reader sees it")
    mean: float | None = Field(description="Rounded to one decimal; null when fewer than three answered")
    spread: float | None = Field(description="Standard deviation; null likewise")
    count: int = Field(description="Of how many answers")
    groups: list[GroupScoreResponse] = Field(description="None where a group has fewer than three answers")
    band: str = Field(description="What the norms call such a mean")
    gap: float = Field(description="Between the highest and the lowest group")


class ConditionResultResponse(BaseModel):
    """The score of a condition, and those of its items."""

    score: ScoreResponse = Field(description="Of the condition")
    items: list[ScoreResponse] = Field(description="Of its items")


class TensionResultResponse(BaseModel):
    """Where a tension stands."""

    score: ScoreResponse = Field(description="From -2 (left) to 2 (right)")
    card_id: str = Field(description="Of the card that explains it")
    left: str = Field(description="What -2 stands for")
    right: str = Field(description="What 2 stands for")
    sentence: str = Field(description="The same in words")


class PhaseShareResponse(BaseModel):
    """How much of what people see points to a phase."""

    phase: str = Field(description="Id of its card")
    name: str = Field(description="As a reader sees it")
    share: float = Field(description="Those of a model add up to 1")


class GroundResponse(CitedResponse):
    """A phase item that decided where an alliance is."""

    item_id: str = Field(description="Of the questionnaire")
    text: str = Field(description="As a reader sees it")
    mean: float = Field(description="How it was answered, 1 to 5")


class PhaseResultResponse(BaseModel):
    """Where an alliance is in the terms of one model."""

    model: str = Field(description="Its id")
    title: str = Field(description="As a reader sees it")
    shares: list[PhaseShareResponse] = Field(description="In the order of the phases")
    leading: str | None = Field(description="The phase with the largest share; null if nothing can be said")
    is_doubtful: bool = Field(description="Whether another phase is as likely")
    sentence: str = Field(description="The same in words")
    decided_by: list[GroundResponse] = Field(description="What decided it")
    settling: list[TextResponse] = Field(description="What would settle the doubt")


class AgendaPointResponse(CitedResponse):
    """Something to talk about."""

    kind: Literal["gap", "spread", "low"] = Field(description="Why it deserves a conversation")
    item_id: str = Field(description="Of the questionnaire")
    title: str = Field(description="As a reader sees it")
    finding: str = Field(description="What the answers show")
    question: str = Field(description="Which opens the conversation")


class SuggestionResponse(CitedResponse):
    """What an alliance can do, from the cards."""

    id: str = Field(description="Name it when you choose it")
    title: str = Field(description="As a reader sees it")
    text: str = Field(description="What to do")
    first_step: str = Field(description="To begin with")
    sign: str = Field(description="What shows that it works")
    items: list[str] = Field(description="Ids of the items that it helps")
    phases: list[str] = Field(description="That it suits best; none means all")
    tensions: dict[str, str] = Field(description="To which side a tension tilts when it helps")


class RemarkResponse(BaseModel):
    """What somebody wrote, without who or where."""

    item_id: str = Field(description="Of the questionnaire")
    title: str = Field(description="What it is about")
    text: str = Field(description="As it was written")


class TrendResponse(BaseModel):
    """A condition over the rounds."""

    id: str = Field(description="Of the condition")
    title: str = Field(description="As a reader sees it")
    rounds: list[tuple[int, float]] = Field(description="Round and mean, the oldest first")
    noise: float = Field(description="A change within it says nothing")
    sentence: str = Field(description="The same in words")


class ActionResponse(BaseModel):
    """An action that was chosen."""

    id: str = Field(description="Of the suggestion, or made from the title")
    title: str = Field(description="As a reader sees it")
    owner: str = Field(description="Who sees to it")
    due: date = Field(description="When it is to be done")
    is_done: bool = Field(description="Whether it is")


class ReportResponse(BaseModel):
    """What a closed check shows; it can't be traced to a person."""

    check_id: str = Field(description="Of the check")
    alliance: str = Field(description="Its name")
    kind: Kind = Field(description="A whole check, or a short one")
    round: int = Field(description="Counted from 1")
    version: str = Field(description="Of the questionnaire")
    closed: datetime = Field(description="When the check was closed, in UTC")
    respondents: int = Field(description="How many answered")
    groups: list[GroupResponse] = Field(description="None if there are too few people to show apart")
    phases: list[PhaseResultResponse] = Field(description="Where the alliance is, by model")
    conditions: list[ConditionResultResponse] = Field(description="What the alliance needs, and has")
    tensions: list[TensionResultResponse] = Field(description="How paradoxes tilt")
    agenda: list[AgendaPointResponse] = Field(description="What to talk about")
    suggestions: list[SuggestionResponse] = Field(description="Actions to choose from, the best first")
    remarks: list[RemarkResponse] = Field(description="What people wrote")
    trends: list[TrendResponse] = Field(description="Over the rounds")
    disclaimer: str = Field(description="What the report is not")
    chosen: list[ActionResponse] = Field(description="Actions that the partners agreed on")
    citations: list[CitationResponse] = _CITATIONS


class OrganisationName(BaseModel):
    """A partner in an alliance."""

    id: str = Field(description="Within the check")
    name: str = Field(description="As it was given")


class SharedCheck(BaseModel):
    """A check as a coach sees it."""

    id: str = Field(description="Of the check")
    series_id: str = Field(description="The same for all rounds of one alliance")
    alliance: str = Field(description="Its name")
    kind: Kind = Field(description="A whole check, or a short one")
    round: int = Field(description="Counted from 1")
    version: str = Field(description="Of the questionnaire")
    organisations: list[OrganisationName] = Field(description="The partners")
    created: datetime = Field(description="In UTC")
    closed: datetime | None = Field(description="In UTC; null while people can answer")


class SharedResponse(BaseModel):
    """A check that an alliance shared."""

    check: SharedCheck = Field(description="Which one")
    report: ReportResponse | None = Field(description="Null while people can answer")
    chosen: list[ActionResponse] = Field(description="Actions that the partners agreed on")


class SharedChecksResponse(BaseModel):
    """The checks in a portfolio, the newest first."""

    checks: list[SharedResponse] = Field(description="As far as alliances share them")


# ── What is kept ─────────────────────────────────────────────────────────────


class CheckExportResponse(BaseModel):
    """All that is kept of a check but what single people answered, in the terms of the product."""

    check: Check = Field(description="The check")
    participation: list[Participation] = Field(description="How many people began and finished")
    report: Report | None = Field(description="With the evidence as it was; null while people can answer")
    actions: list[ChosenAction] = Field(description="Actions that the partners agreed on")
