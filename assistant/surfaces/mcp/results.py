"""What tools give back beside text; cards and sources are as the API has them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel

from assistant.surfaces.api.schemas import CitationResponse


class LabelledCitation(CitationResponse):
    """A citation with the name of its source: "Jansen 2004"."""

    label: str


class AnswerResult(BaseModel):
    """An answer or a refusal: Markdown with [n] marks, and what proves each of them."""

    id: str
    question: str
    answer: str
    refused: bool
    reason: str | None
    citations: list[LabelledCitation]
    follow_ups: list[str]
    notices: list[str]


class SourcePassage(BaseModel):
    """A place in the text of a source, with what stands around it in that text."""

    source_id: str
    label: str
    title: str
    section: str | None
    start: int
    end: int
    text: str
    before: str
    after: str


class ListedCheck(BaseModel):
    """A check in a portfolio, without its report."""

    id: str
    alliance: str
    kind: str
    round: int
    created: datetime
    closed: datetime | None


class HealthCheckResult(BaseModel):
    """The report of a closed check as the API gives it, and the checks of the portfolio."""

    report: dict[str, Any] | None
    checks: list[ListedCheck]
