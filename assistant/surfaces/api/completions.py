"""``POST /v1/chat/completions`` and ``GET /v1/models``: the assistant for clients of OpenAI's API.

The content of a message is the Markdown of an answer with its [n] marks, and a list of sources under it;
extra fields have the citations themselves. ``usage`` is null: there is nothing honest to count.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from itertools import chain
from typing import Annotated, Any, Literal

from anyio.to_thread import run_sync
from fastapi import APIRouter, Depends, Path, Request
from fastapi.sse import format_sse_event
from pydantic import BaseModel
from starlette.responses import Response

from assistant.domain import Answer, Event, Refusal, Source
from assistant.surfaces.access import spend_questions
from assistant.surfaces.api.answers import require_json
from assistant.surfaces.api.compatibility import error_of
from assistant.surfaces.api.completion_reading import read_completion
from assistant.surfaces.api.completion_schemas import (
    MODEL,
    BrokenChunkResponse,
    ChoiceResponse,
    ChunkChoiceResponse,
    ChunkResponse,
    CompletionRequest,
    CompletionResponse,
    DeltaResponse,
    Ending,
    MessageResponse,
    ModelResponse,
    ModelsResponse,
)
from assistant.surfaces.api.completion_text import CompletionTexts, Piece
from assistant.surfaces.api.presenting import present_claim, present_outcome
from assistant.surfaces.api.problems import Problems, Rejection
from assistant.surfaces.api.protocol import Answering
from assistant.surfaces.api.pulling import FrameSource, Steps
from assistant.surfaces.api.reading import Limits, Shelves
from assistant.surfaces.api.resuming import KeptStreams
from assistant.surfaces.api.schemas import AnswerResponse
from assistant.surfaces.api.streaming import CLIENT_LEFT, Events, EventStream, relay, run_for
from assistant.surfaces.owning import owner_by_program

_DONE = format_sse_event(data_str="[DONE]")
_CHUNKS = (
    'data: {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1790000000,'
    ' "model": "alliantie", "choices": [{"index": 0, "delta": {"content": "Vertrouwen groeit langzaam. [1]",'
    ' "citations": []}, "logprobs": null, "finish_reason": null}], "usage": null}\n\ndata: [DONE]\n'
)
_COMPLETION: dict[str, Any] = {
    "description": "The answer: as JSON, or as chunks with `stream`; `[DONE]` ends a complete one",
    "content": {"text/event-stream": {"schema": {"type": "string"}, "example": _CHUNKS}},
}


def build_completions(  # noqa: PLR0913 - each is a collaborator of its own
    assistant: Answering,
    problems: Problems,
    limits: Limits,
    kept: KeptStreams,
    texts: CompletionTexts,
    *,
    shelves: Shelves,
) -> APIRouter:
    """Return the routes that a client of OpenAI's API uses."""
    router = APIRouter(tags=["openai"])
    chat = _Chat(assistant, problems, limits, texts, shelves)
    model = ModelResponse(created=int(time.time()))

    @router.post(
        "/chat/completions",
        response_model=CompletionResponse,
        responses={200: _COMPLETION, 404: {}},
        dependencies=[Depends(require_json)],
        summary="Answer as OpenAI's API does",
    )
    async def create_chat_completion(
        request: Request, asked: CompletionRequest
    ) -> CompletionResponse | Response:
        """Answer the last message of the user; the messages before it are the conversation.

        Messages of other roles are ignored: a system message can't change how the assistant answers. So
        are all parameters that aren't named here. The content is Markdown with [1] marks and a list of
        sources; `citations`, `refused`, `reason`, `follow_ups` and `answer_id` are fields of the message.
        In a stream each claim is one chunk, with its citations; what the last chunk adds is the rest of
        those fields. `usage` is always null, also in the chunk that `include_usage` asks for: without a
        chat model there are no tokens, and those of a chat model are between the server and that model.
        """
        begin = partial(chat.begin, request, asked)
        if not asked.stream:
            completed = await run_for(request, begin, chat.complete, kept.room)
            return completed or Response(status_code=CLIENT_LEFT)
        opened = await run_sync(partial(chat.open, asked, begin), limiter=kept.room)
        return EventStream(opened, kept, chat.break_off)

    @router.get("/models", summary="List the models")
    async def list_models() -> ModelsResponse:
        """List the models: the assistant is the only one."""
        return ModelsResponse(data=[model])

    @router.get("/models/{model_id}", summary="Show a model")
    async def read_model(
        model_id: Annotated[str, Path(description="Of /v1/models", examples=[MODEL])],
    ) -> ModelResponse:
        """Return a model; 404 for any but the assistant."""
        if model_id != MODEL:
            raise Rejection(404, "onbekend-model", value=model_id, known=MODEL)
        return model

    return router


class _Chat:
    """Answers as one message, whole or in chunks."""

    def __init__(
        self,
        assistant: Answering,
        problems: Problems,
        limits: Limits,
        texts: CompletionTexts,
        shelves: Shelves,
    ) -> None:
        self._assistant, self._problems, self._limits, self._texts = assistant, problems, limits, texts
        self._shelves = shelves

    def begin(self, request: Request, asked: CompletionRequest) -> Iterator[Event]:
        """Return the events of an answer; raise ``Rejection`` for what can't be asked."""
        reader = owner_by_program(request)
        known = self._shelves.known(asked.filters.sources if asked.filters else (), reader)
        question = read_completion(asked, self._limits, known, self._texts, reader)
        spend_questions(request)
        return self._assistant.ask(question)

    def complete(self, events: Iterator[Event]) -> CompletionResponse:
        """Run an answer to its end and return it."""
        sources, content = self._assistant.catalogue.sources, ""
        for told in self._texts.tell(events, sources):
            if isinstance(told, Piece):
                content += told.content
                continue
            outcome = present_outcome(told, sources)
            message = MessageResponse(
                content=content, citations=outcome.citations, **_end(outcome).model_dump()
            )
            return CompletionResponse(**_opening(), choices=[ChoiceResponse(message=message)])
        raise RuntimeError("answering ended without an outcome")

    def open(self, asked: CompletionRequest, begin: Callable[[], Iterator[Event]]) -> FrameSource:
        """Return the chunks of an answer; what fails before its first event is raised here."""
        relayed = relay(begin())
        first = next(relayed)
        return FrameSource(self._write(first, relayed, asked))

    def break_off(self, told: int) -> bytes:
        """Return what ends a stream when serving stops."""
        return self._fail(Rejection(503, "server-stopt"))

    def _write(self, first: Event, rest: Events, asked: CompletionRequest) -> Steps:
        opening = _opening()
        try:
            yield [_chunk(opening, DeltaResponse(role="assistant", content=""))]
            sources = self._assistant.catalogue.sources
            for told in self._texts.tell(chain([first], rest), sources):
                yield [_chunk_of(opening, told, sources)]
            usage = asked.stream_options and asked.stream_options.include_usage
            yield [*([_frame(ChunkResponse(**opening, choices=[]))] if usage else []), _DONE]
        except Exception as error:  # noqa: BLE001 - the status is sent: what breaks now, the client must hear in the stream
            yield [self._fail(error)]
        finally:
            rest.close()

    def _fail(self, error: Exception) -> bytes:
        return _frame(BrokenChunkResponse(error=error_of(self._problems.describe(error))))


def _chunk_of(
    opening: Mapping[str, Any], told: Piece | Answer | Refusal, sources: Mapping[str, Source]
) -> bytes:
    if not isinstance(told, Piece):
        ending = _end(present_outcome(told, sources))
        return _chunk(opening, DeltaResponse(**ending.model_dump()), finish_reason="stop")
    if told.claim is None:
        return _chunk(opening, DeltaResponse(content=told.content))
    citations = present_claim(told.claim, sources).citations
    return _chunk(opening, DeltaResponse(content=told.content, citations=citations))


def _chunk(
    opening: Mapping[str, Any], delta: DeltaResponse, finish_reason: Literal["stop"] | None = None
) -> bytes:
    choice = ChunkChoiceResponse(delta=delta, finish_reason=finish_reason)
    return _frame(ChunkResponse(**opening, choices=[choice]))


def _frame(body: BaseModel) -> bytes:
    return format_sse_event(data_str=body.model_dump_json())


def _end(outcome: AnswerResponse) -> Ending:
    return Ending(
        answer_id=outcome.id, refused=outcome.refused, reason=outcome.reason, follow_ups=outcome.follow_ups
    )


def _opening() -> dict[str, Any]:
    return {"id": f"chatcmpl-{secrets.token_hex(12)}", "created": int(time.time())}
