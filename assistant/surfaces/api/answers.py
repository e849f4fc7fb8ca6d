"""``POST /v1/answers``: a question in, a proved answer or a refusal out."""

from __future__ import annotations

from email.message import Message
from typing import Any

from fastapi import APIRouter, Depends, Request
from starlette.exceptions import HTTPException

from assistant.surfaces.api.presenting import present_outcome
from assistant.surfaces.api.problems import Problems
from assistant.surfaces.api.protocol import Answering
from assistant.surfaces.api.reading import Limits, read_question
from assistant.surfaces.api.schemas import AnswerRequest, AnswerResponse
from assistant.surfaces.api.streaming import EventStream, conclude, open_stream

_STREAM: dict[str, Any] = {
    "description": "JSON, or events with `stream`",
    "content": {"text/event-stream": {}},
}


def require_json(request: Request) -> None:
    """Turn down a body that doesn't say it is JSON: a page of someone else could post it."""
    message = Message()
    message["content-type"] = request.headers.get("content-type", "")
    subtype = message.get_content_subtype()
    if message.get_content_maintype() != "application" or not f"+{subtype}".endswith("+json"):
        raise HTTPException(415)


def build_answers(assistant: Answering, problems: Problems, limits: Limits) -> APIRouter:
    """Return the routes that answer."""
    router = APIRouter(tags=["answers"], dependencies=[Depends(require_json)])

    @router.post("/answers", response_model=AnswerResponse, responses={200: _STREAM})
    def answer(request: AnswerRequest) -> AnswerResponse | EventStream:
        """Answer a question from the literature, with a citation for every claim."""
        known = assistant.catalogue.sources if request.filters.sources else ()
        events = assistant.ask(read_question(request, limits, known))
        sources = assistant.catalogue.sources
        if request.stream:
            return open_stream(events, sources, problems)
        return present_outcome(conclude(events), sources)

    return router
