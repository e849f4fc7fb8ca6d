"""``POST /v1/answers:batch`` and ``/v1/batches``: many questions as one job, that goes on by itself."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from typing import Annotated, Any, Protocol

from fastapi import APIRouter, Depends, Header, Path, Query, Request
from starlette.responses import Response

from assistant.answering.prompts import Texts
from assistant.bootstrap.batches import AbandonedQuestion
from assistant.domain import MOST_QUESTIONS, Answer, Batch, BatchPage, Question, Refusal
from assistant.errors import AssistantError, BatchDiffers
from assistant.surfaces.access import caller_of, spend_questions
from assistant.surfaces.api.answers import require_json
from assistant.surfaces.api.batch_schemas import (
    BatchAnswerResponse,
    BatchAnswersResponse,
    BatchQuestionRequest,
    BatchRequest,
    BatchResponse,
)
from assistant.surfaces.api.presenting import present_outcome
from assistant.surfaces.api.problems import Fault, Problems, Rejection
from assistant.surfaces.api.protocol import Answering
from assistant.surfaces.api.reading import Limits, Shelves, read_question
from assistant.surfaces.api.schemas import AnswerRequest, AnswerResponse, Problem

PATH = "/answers:batch"
MAX_BODY_BYTES = 4 * 1_048_576
"""Of a job: room for 1,000 questions, each with some 4,000 bytes of conversation."""

_MOST_ON_A_PAGE = 100
_QUESTIONS_A_SECOND = 20
_LONGEST_WAIT = 30

IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=255,
        description="The same key with the same questions gives the job that was made before",
    ),
]
BatchId = Annotated[str, Path(description="Of a job that you made")]
Offset = Annotated[int, Query(ge=0, le=MOST_QUESTIONS, description="The first position wanted")]
Limit = Annotated[int, Query(ge=1, le=_MOST_ON_A_PAGE, description="How many at most")]

_MADE: dict[str, Any] = {
    "description": "The job, made now or, under the same key, before",
    "headers": {
        "Location": {"description": "The address of the job", "schema": {"type": "string"}},
        "Retry-After": {"description": "Seconds until it is worth asking", "schema": {"type": "integer"}},
    },
}


class Batching(Protocol):
    """Keeps jobs; raises ``UnknownKey`` for what isn't a job of its owner."""

    def create(
        self, owner: str, questions: Sequence[Question], key: str | None, admit: Callable[[], None]
    ) -> Batch:
        """Keep a job, or return the one that has this key already; ``admit`` may stop a new one."""
        ...

    def batch(self, owner: str, id: str) -> Batch:  # noqa: A002 - as we call it
        """Return a job."""
        ...

    def page(self, owner: str, id: str, offset: int, limit: int) -> BatchPage:  # noqa: A002
        """Return outcomes from a position on."""
        ...

    def erase(self, owner: str, id: str) -> None:  # noqa: A002
        """Erase a job."""
        ...


class JsonOutcomes:
    """Writes what came of a question as the contract has it."""

    def __init__(self, assistant: Answering, texts: Texts) -> None:
        self._assistant = assistant
        self._problems = Problems(texts)

    def answer(self, outcome: Answer | Refusal) -> str:
        """Return the JSON of an answer or a refusal."""
        return present_outcome(outcome, self._assistant.catalogue.sources).model_dump_json()

    def problem(self, error: Exception) -> str:
        """Return the JSON of a problem; of an error that nobody foresaw, the log gets the place alone."""
        return self._problems.describe(_without_words(error)).model_dump_json()


def build_batches(batches: Batching, limits: Limits, shelves: Shelves) -> APIRouter:
    """Return the routes of jobs."""
    router = APIRouter(tags=["batches"])

    @router.post(PATH, status_code=202, responses={202: _MADE, 409: {}}, dependencies=[Depends(require_json)])
    def start_batch(
        body: BatchRequest, request: Request, response: Response, key: IdempotencyKey = None
    ) -> BatchResponse:
        """Have up to 1,000 questions answered as one job; ask at its address how far it is."""
        owner = caller_of(request).owner
        questions = _read_questions(body.questions, limits, shelves, owner)
        try:
            batch = batches.create(owner, questions, key, lambda: spend_questions(request, len(questions)))
        except BatchDiffers as error:
            raise Rejection(409, error.code) from error
        response.headers["Location"] = f"{request.url.path.removesuffix(PATH)}/batches/{batch.id}"
        return _present(batch, response)

    router.include_router(_build_looking(batches), prefix="/batches")
    return router


def _build_looking(batches: Batching) -> APIRouter:
    """Return the routes of a job that was made."""
    router = APIRouter()

    @router.get("/{batch_id}")
    def read_batch(batch_id: BatchId, request: Request, response: Response) -> BatchResponse:
        """Say how far a job is. While it runs, `Retry-After` says when it is worth asking again."""
        return _present(batches.batch(caller_of(request).owner, batch_id), response)

    @router.get("/{batch_id}/answers")
    def read_batch_answers(
        batch_id: BatchId, request: Request, response: Response, offset: Offset = 0, limit: Limit = 100
    ) -> BatchAnswersResponse:
        """Return what came of the questions, in order; of a running job what there is by now."""
        page = batches.page(caller_of(request).owner, batch_id, offset, limit)
        _note_wait(page.batch, response)
        answers = [_present_answer(offset + place, page, place) for place in range(len(page.outcomes))]
        return BatchAnswersResponse(answers=answers, next_offset=page.next_offset)

    @router.delete("/{batch_id}", status_code=204)
    def erase_batch(batch_id: BatchId, request: Request) -> None:
        """Stop a job at the question that is being answered, and erase all there is of it."""
        batches.erase(caller_of(request).owner, batch_id)

    return router


def _read_questions(
    requests: Sequence[BatchQuestionRequest], limits: Limits, shelves: Shelves, owner: str
) -> list[Question]:
    """Return all questions, or raise ``Rejection`` with every fault that one of them has."""
    if not requests:
        raise Rejection(422, "ongeldig-verzoek", [Fault("questions", "veld.geen-vragen")])
    if len(requests) > MOST_QUESTIONS:
        values = {"length": len(requests), "limit": MOST_QUESTIONS}
        raise Rejection(422, "ongeldig-verzoek", [Fault("questions", "veld.te-veel-vragen", values)])
    known = shelves.known({source for one in requests for source in one.filters.sources}, owner)
    questions, faults = [], list[Fault]()
    for position, one in enumerate(requests):
        try:
            questions.append(_read_one(one, limits, known, owner))
        except Rejection as rejection:
            place = f"questions.{position}"
            faults += [replace(fault, place=f"{place}.{fault.place}") for fault in rejection.faults]
    if faults:
        raise Rejection(422, "ongeldig-verzoek", faults)
    return questions


def _read_one(request: BatchQuestionRequest, limits: Limits, known: Collection[str], owner: str) -> Question:
    asked = AnswerRequest(question=request.question, history=request.history, filters=request.filters)
    return read_question(asked, limits, known, owner)


def _present(batch: Batch, response: Response) -> BatchResponse:
    _note_wait(batch, response)
    return BatchResponse(
        id=batch.id,
        status=batch.status.value,
        total=batch.total,
        done=batch.done,
        failed=batch.failed,
        created=batch.created,
        expires=batch.expires,
    )


def _note_wait(batch: Batch, response: Response) -> None:
    """Say after how many seconds it is worth asking again, if the job isn't done; and keep it from caches."""
    response.headers["Cache-Control"] = "no-store"
    if not batch.is_done:
        seconds = (batch.total - batch.done) // _QUESTIONS_A_SECOND
        response.headers["Retry-After"] = str(max(1, min(_LONGEST_WAIT, seconds)))


def _present_answer(position: int, page: BatchPage, place: int) -> BatchAnswerResponse:
    outcome = page.outcomes[place]
    if outcome.is_problem:
        problem = Problem.model_validate_json(outcome.content)
        return BatchAnswerResponse(position=position, answer=None, problem=problem)
    answer = AnswerResponse.model_validate_json(outcome.content)
    return BatchAnswerResponse(position=position, answer=answer, problem=None)


def _without_words(error: Exception) -> Exception:
    """Return an error that says where it came from, but not what people wrote: it will be logged."""
    match error:
        case AbandonedQuestion():
            return Rejection(500, "vraag-opgegeven")
        case AssistantError():
            return error
    return RuntimeError(type(error).__name__).with_traceback(error.__traceback__)
