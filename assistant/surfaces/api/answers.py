"""``POST /v1/answers``: a question in, a proved answer or a refusal out, whole or as it is made."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from email.message import Message
from functools import partial
from typing import Annotated, Any

from anyio.to_thread import run_sync
from fastapi import APIRouter, Depends, Header, Path, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from assistant.domain import Event, outcome_of
from assistant.surfaces.access import caller_of, spend_questions
from assistant.surfaces.api.presenting import present_outcome
from assistant.surfaces.api.problems import Problems
from assistant.surfaces.api.protocol import Answering
from assistant.surfaces.api.reading import Limits, Shelves, read_question
from assistant.surfaces.api.resuming import KeptStreams
from assistant.surfaces.api.schemas import AnswerRequest, AnswerResponse
from assistant.surfaces.api.streaming import (
    CLIENT_LEFT,
    LAST_EVENT_HEADER,
    STREAM_ID_HEADER,
    AnswerStreams,
    EventStream,
    run_for,
)
from assistant.surfaces.owning import owner_by_program

_EVENTS = """id: 4f1c2a7d90b34e5f8a6b7c8d9e0f1a2b:1
event: claim
data: {"markdown": "Vertrouwen groeit langzaam. [1]", "form": "paragraph", "citations": []}

: ping

id: 4f1c2a7d90b34e5f8a6b7c8d9e0f1a2b:2
event: end
data: {"complete": true}
"""
_STREAM: dict[str, Any] = {
    "schema": {"type": "string", "description": "Events: passage, claim, answer or refusal, error, end"},
    "example": _EVENTS,
}
_STREAM_ID: dict[str, Any] = {
    STREAM_ID_HEADER: {"description": "Of a stream: its id, to read on with", "schema": {"type": "string"}}
}
_ANSWER: dict[str, Any] = {
    "description": "An answer or a refusal: as JSON, or as events with `stream`",
    "headers": _STREAM_ID,
    "content": {"text/event-stream": _STREAM},
}
_REST: dict[str, Any] = {
    "description": "The events that came after",
    "headers": _STREAM_ID,
    "content": {"text/event-stream": _STREAM},
}


async def require_json(request: Request) -> None:
    """Turn down a body that doesn't say it is JSON: a page of someone else could post it."""
    message = Message()
    message["content-type"] = request.headers.get("content-type", "")
    subtype = message.get_content_subtype()
    if message.get_content_maintype() != "application" or not f"+{subtype}".endswith("+json"):
        raise HTTPException(415)


def build_answers(
    assistant: Answering, problems: Problems, limits: Limits, kept: KeptStreams, shelves: Shelves
) -> APIRouter:
    """Return the routes that answer, and that read on in a stream that was cut off."""
    router = APIRouter(tags=["answers"], lifespan=kept.tending)
    streams = AnswerStreams(kept, problems)

    @router.post(
        "/answers",
        response_model=AnswerResponse,
        responses={200: _ANSWER},
        dependencies=[Depends(require_json)],
        summary="Answer a question",
    )
    async def answer_question(request: Request, asked: AnswerRequest) -> AnswerResponse | Response:
        """Answer a question from the literature, with a citation for every claim.

        With `stream` the answer comes as server-sent events: `passage` for what was found, `claim` for each
        checked sentence, then `answer` or `refusal`, and last `end`. What goes wrong on the way is an
        `error` before `end`; a stream without `end` was cut off, and can be read on for a minute.
        The work stops when the client goes away.
        """
        begin = _beginning(assistant, request, asked, limits, shelves)
        if asked.stream:
            return await run_sync(partial(_open, assistant, streams, request, begin), limiter=kept.room)
        answered = await run_for(request, begin, partial(_conclude, assistant), kept.room)
        return answered or Response(status_code=CLIENT_LEFT)

    @router.get(
        "/answers/{stream_id}/events",
        status_code=200,
        response_class=EventStream,
        responses={200: _REST},
        summary="Read on in a stream",
    )
    def resume_answer(
        request: Request,
        stream_id: Annotated[str, Path(description="The `X-Stream-Id` of the stream")],
        last_event_id: Annotated[
            str,
            Header(alias=LAST_EVENT_HEADER, description="Of the last event that came; none gives all"),
        ] = "",
    ) -> EventStream:
        """Return what came, and comes, after an event of a stream that was cut off.

        A stream is kept for a minute after its reader left, for who began it. Who reads on takes over from
        a reader that still seems to be there.
        """
        return streams.resume(stream_id, caller_of(request).owner, last_event_id)

    return router


def _beginning(
    assistant: Answering, request: Request, asked: AnswerRequest, limits: Limits, shelves: Shelves
) -> Callable[[], Iterator[Event]]:
    def begin() -> Iterator[Event]:
        reader = owner_by_program(request)
        question = read_question(asked, limits, shelves.known(asked.filters.sources, reader), reader)
        spend_questions(request)
        return assistant.ask(question)

    return begin


def _open(
    assistant: Answering, streams: AnswerStreams, request: Request, begin: Callable[[], Iterator[Event]]
) -> EventStream:
    return streams.open(begin(), assistant.catalogue.sources, caller_of(request).owner)


def _conclude(assistant: Answering, events: Iterator[Event]) -> AnswerResponse:
    return present_outcome(outcome_of(events), assistant.catalogue.sources)
