"""An answer as server-sent events, and the care for the generator behind it.

The generator is synchronous: each step runs in a worker thread, so that the event loop stays free.
When the reader goes away the generator is closed, which stops the work at the next claim.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from itertools import count

import anyio
from fastapi.sse import format_sse_event
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from assistant.domain import Answer, CheckedClaim, Event, PassagesFound, Refusal, Source, outcome_of
from assistant.surfaces.api.presenting import present_claim, present_outcome, present_passages
from assistant.surfaces.api.problems import Problems

Events = Generator[Event, None, None]


class EventStream(StreamingResponse):
    """Frames of server-sent events, made from ``events``, which it closes however the response ends."""

    def __init__(self, frames: Iterator[bytes], events: Events) -> None:
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        super().__init__(frames, headers=headers, media_type="text/event-stream")
        self._events = events

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the frames; a reader who left isn't an error."""
        try:
            await super().__call__(scope, receive, send)
        except ClientDisconnect:
            pass
        finally:
            with anyio.CancelScope(shield=True):
                await run_in_threadpool(self._events.close)


def open_stream(events: Iterator[Event], sources: Mapping[str, Source], problems: Problems) -> EventStream:
    """Return the stream of an answer.

    The first event is awaited here, so that what fails at once still gets a status code of its own.
    """
    relayed = _relay(events)
    first = next(relayed)
    return EventStream(_write_frames(_resume(first, relayed), sources, problems), relayed)


def conclude(events: Iterator[Event]) -> Answer | Refusal:
    """Run an answer to its end and return the outcome."""
    return outcome_of(_relay(events))


def _relay(events: Iterator[Event]) -> Events:
    """Pass events on, close their generator with this one, and insist on an outcome at the end."""
    event: Event | None = None
    try:
        for event in events:
            yield event
    finally:
        if isinstance(events, Generator):
            events.close()
    if not isinstance(event, Answer | Refusal):
        raise RuntimeError("answering ended without an outcome")


def _resume(first: Event, rest: Iterator[Event]) -> Iterator[Event]:
    yield first
    yield from rest


def _write_frames(
    events: Iterator[Event], sources: Mapping[str, Source], problems: Problems
) -> Iterator[bytes]:
    numbers = count(1)
    for name, body in _narrate(events, sources, problems):
        yield format_sse_event(data_str=body.model_dump_json(), event=name, id=str(next(numbers)))


def _narrate(
    events: Iterator[Event], sources: Mapping[str, Source], problems: Problems
) -> Iterator[tuple[str, BaseModel]]:
    try:
        for event in events:
            yield from _describe(event, sources)
    except Exception as error:  # noqa: BLE001 - the status is sent: what breaks now, the reader must hear in the stream
        yield "error", problems.describe(error)


def _describe(event: Event, sources: Mapping[str, Source]) -> Iterator[tuple[str, BaseModel]]:
    match event:
        case PassagesFound():
            for passage in present_passages(event.passages):
                yield "passage", passage
        case CheckedClaim():
            yield "claim", present_claim(event, sources)
        case Answer():
            yield "answer", present_outcome(event, sources)
        case Refusal():
            yield "refusal", present_outcome(event, sources)
