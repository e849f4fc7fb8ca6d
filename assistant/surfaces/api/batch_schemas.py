"""The JSON of jobs of many questions."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from assistant.domain import MOST_QUESTIONS
from assistant.surfaces.api.schemas import (
    MOST_TURNS,
    QUESTION,
    AnswerResponse,
    FilterRequest,
    Problem,
    TurnRequest,
)


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class BatchQuestionRequest(_Request):
    """A question of a job, with the conversation before it."""

    question: Annotated[str, QUESTION]
    history: list[TurnRequest] = Field(
        default_factory=list,
        description="The conversation before it, the oldest first",
        json_schema_extra={"maxItems": MOST_TURNS},
    )
    filters: FilterRequest = Field(default_factory=FilterRequest, description="Where to look")


class BatchRequest(_Request):
    """Questions that are answered as one job, in this order."""

    questions: list[BatchQuestionRequest] = Field(
        description="Each on its own: what one asks, another doesn't know",
        json_schema_extra={"minItems": 1, "maxItems": MOST_QUESTIONS},
    )


class BatchResponse(BaseModel):
    """How far a job is."""

    id: str = Field(description="Of the job; who didn't make it, can't see it")
    status: Literal["queued", "running", "done", "cancelled", "failed"] = Field(
        description="failed: through, and no question has an answer; a job that was cancelled is erased"
    )
    total: int = Field(description="Questions")
    done: int = Field(description="Questions that are through, those that failed among them")
    failed: int = Field(description="Questions with a problem instead of an answer")
    created: datetime = Field(description="When it was made")
    expires: datetime = Field(description="When it is erased, with its questions and answers")


class BatchAnswerResponse(BaseModel):
    """What came of a question: an answer (or a refusal), or a problem."""

    position: int = Field(description="Of the question, counted from 0")
    answer: AnswerResponse | None = Field(description="As /v1/answers gives it")
    problem: Problem | None = Field(description="Why there is no answer")


class BatchAnswersResponse(BaseModel):
    """What came of the questions from a position on, in order."""

    answers: list[BatchAnswerResponse] = Field(description="Of a running job, those that there are")
    next_offset: int | None = Field(description="Where there are more; null if there are none at this moment")
