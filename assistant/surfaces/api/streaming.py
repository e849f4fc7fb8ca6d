"""An answer as server-sent events, and the care for the generator behind it.

The generator is synchronous: each step runs in a worker thread, so that the event loop stays free.
When the reader goes away nothing is pulled any more; the stream is kept a while to be read on.
"""

from __future__ import annotations

import asyncio
import re
import secrets
import threading
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import closing, suppress
from functools import partial
from itertools import chain, count
from typing import TypeVar

import anyio
from anyio.abc import TaskGroup
from anyio.to_thread import run_sync
from fastapi.sse import KEEPALIVE_COMMENT, format_sse_event
from pydantic import BaseModel
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from assistant.domain import Answer, CheckedClaim, Event, PassagesFound, Refusal, Source
from assistant.surfaces.api.openapi import EndResponse
from assistant.surfaces.api.presenting import present_claim, present_outcome, present_passages
from assistant.surfaces.api.problems import Fault, Problems, Rejection
from assistant.surfaces.api.pulling import FrameSource, Steps
from assistant.surfaces.api.resuming import KeptStreams

Events = Generator[Event, None, None]

T = TypeVar("T")
Begin = Callable[[], Iterator[Event]]
Read = Callable[[Iterator[Event]], T]

STREAM_ID_HEADER, LAST_EVENT_HEADER = "X-Stream-Id", "Last-Event-ID"
CLIENT_LEFT = 499
"""The status of an answer that nobody waits for any more, as nginx has it: it reaches only logs."""

_ID_BYTES = 16
_NUMBER = re.compile(r"[0-9]{1,6}")


class EventStream(Response):
    """Frames of server-sent events, pulled from a source for as long as the reader stays.

    A stream that isn't ``is_kept`` for who comes back ends when its reader leaves. ``farewell`` returns
    what to say after so many frames, when serving stops before the stream is over.
    """

    media_type = "text/event-stream"

    def __init__(  # noqa: PLR0913 - what a stream is, and how it is told
        self,
        source: FrameSource,
        kept: KeptStreams,
        farewell: Callable[[int], bytes],
        *,
        after: int = 0,
        is_kept: bool = False,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.status_code, self.background = 200, None
        self.init_headers({"Cache-Control": "no-store", "X-Accel-Buffering": "no", **(headers or {})})
        self._source, self._position, self._farewell = source, after, farewell
        self._heartbeat, self._room = kept.limits.heartbeat_seconds, kept.room
        self._is_kept, self._has_begun = is_kept, False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the frames; a reader who left isn't an error."""
        reader = self._source.enter()
        try:
            async with anyio.create_task_group() as group:
                group.start_soon(_cancel_when_left, receive, group.cancel_scope)
                await self._tell(reader, send, group)
                group.cancel_scope.cancel()
        except anyio.get_cancelled_exc_class():
            # It isn't the reader who left: the server stops, and has waited long enough. It won't wait for
            # another thread either.
            self._source.close()
            with anyio.CancelScope(shield=True):
                await self._break_off(send)
            raise
        finally:
            self._source.leave(reader)
            if not self._is_kept:
                with anyio.CancelScope(shield=True):
                    await run_sync(self._source.close)

    async def _tell(self, reader: object, send: Send, group: TaskGroup) -> None:
        made = asyncio.Event()
        group.start_soon(self._pull, reader, made)
        with suppress(OSError):  # Some servers tell so that the reader left.
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            self._has_begun, is_over = True, False
            while not is_over and self._source.is_read_by(reader):
                made.clear()
                frames, is_over = self._source.take(self._position)
                self._position += len(frames)
                if frames:
                    await send(_part(b"".join(frames)))
                elif not is_over:
                    await self._wait(made, send)
            await send(_part(b"", more=False))

    async def _pull(self, reader: object, made: asyncio.Event) -> None:
        """Have frames made in a thread for as long as the reader is there."""
        loop = asyncio.get_running_loop()

        def tell() -> None:
            with suppress(RuntimeError):  # A last step may outlive the server.
                loop.call_soon_threadsafe(made.set)

        await run_sync(self._source.pull, reader, tell, limiter=self._room, abandon_on_cancel=True)
        made.set()

    async def _wait(self, made: asyncio.Event, send: Send) -> None:
        """Wait until something was made, and show meanwhile that the stream lives."""
        while True:
            with anyio.move_on_after(self._heartbeat):
                await made.wait()
                return
            await send(_part(KEEPALIVE_COMMENT))

    async def _break_off(self, send: Send) -> None:
        frames, is_over = self._source.take(self._position)
        last = b"" if is_over else self._farewell(self._position + len(frames))
        if self._has_begun:
            with suppress(OSError):
                await send(_part(b"".join([*frames, last])))
                await send(_part(b"", more=False))


class AnswerStreams:
    """Opens the streams of answers, and opens them again for who lost the connection."""

    def __init__(self, kept: KeptStreams, problems: Problems) -> None:
        self._kept, self._problems = kept, problems

    def open(self, events: Iterator[Event], sources: Mapping[str, Source], owner: str) -> EventStream:
        """Return the stream of an answer; blocks.

        The first event is awaited here, so that what fails at once still gets a status code of its own.
        """
        relayed = relay(events)
        first = next(relayed)
        script = _Script(secrets.token_hex(_ID_BYTES), self._problems)
        source = FrameSource(script.write(first, relayed, sources))
        self._kept.keep(script.stream_id, owner, source)
        return self._stream(source, script, 0)

    def resume(self, stream_id: str, owner: str, last_event_id: str) -> EventStream:
        """Return what came after an event of a stream; without one, all of it.

        Raises ``Rejection``: 404 if the stream isn't kept for its owner, 422 for an event it doesn't have.
        """
        source = self._kept.find(stream_id, owner)
        named, _, number = (last_event_id or f"{stream_id}:0").rpartition(":")
        if named != stream_id or not _NUMBER.fullmatch(number) or int(number) > source.count:
            raise Rejection(422, "ongeldig-verzoek", [Fault(LAST_EVENT_HEADER, "veld.ongeldig")])
        return self._stream(source, _Script(stream_id, self._problems), int(number))

    def _stream(self, source: FrameSource, script: _Script, after: int) -> EventStream:
        headers = {STREAM_ID_HEADER: script.stream_id}
        return EventStream(source, self._kept, script.break_off, after=after, is_kept=True, headers=headers)


class _Script:
    """Writes the frames of one stream."""

    def __init__(self, stream_id: str, problems: Problems) -> None:
        self.stream_id, self._problems = stream_id, problems

    def write(self, first: Event, rest: Events, sources: Mapping[str, Source]) -> Steps:
        """Yield the frames of each event, and of how the stream ends; close ``rest`` in any case."""
        numbers = count(1)
        try:
            for event in chain([first], rest):
                told = _describe(event, sources)
                yield [self._frame(next(numbers), name, body) for name, body in told]
        except Exception as error:  # noqa: BLE001 - the status is sent: what breaks now, the reader must hear in the stream
            yield self._fail(next(numbers), error)
        else:
            yield [self._frame(next(numbers), "end", EndResponse(complete=True))]
        finally:
            rest.close()

    def break_off(self, told: int) -> bytes:
        """Return the frames that end a stream when serving stops."""
        return b"".join(self._fail(told + 1, Rejection(503, "server-stopt")))

    def _fail(self, number: int, error: Exception) -> list[bytes]:
        problem = self._frame(number, "error", self._problems.describe(error))
        return [problem, self._frame(number + 1, "end", EndResponse(complete=False))]

    def _frame(self, number: int, name: str, body: BaseModel) -> bytes:
        event_id = f"{self.stream_id}:{number}"
        return format_sse_event(data_str=body.model_dump_json(), event=name, id=event_id)


def relay(events: Iterator[Event]) -> Events:
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


async def run_for(request: Request, begin: Begin, read: Read[T], room: anyio.CapacityLimiter) -> T | None:
    """Return what ``read`` makes of the events of ``begin``; ``None`` if the client left before the end.

    Both run in a thread. The work stops at the next event after the client left.
    """
    is_gone = threading.Event()
    watch = asyncio.create_task(_note_when_left(request.receive, is_gone))
    try:
        work = partial(_read_until, is_gone, begin, read)
        return await run_sync(work, limiter=room, abandon_on_cancel=True)
    finally:
        watch.cancel()
        is_gone.set()


def _read_until(is_gone: threading.Event, begin: Begin, read: Read[T]) -> T | None:
    with closing(relay(begin())) as events:
        try:
            return read(_until(is_gone, events))
        except ClientDisconnect:
            return None


def _until(is_gone: threading.Event, events: Events) -> Iterator[Event]:
    for event in events:
        yield event
        if is_gone.is_set():
            raise ClientDisconnect


async def _note_when_left(receive: Receive, is_gone: threading.Event) -> None:
    await _until_left(receive)
    is_gone.set()


async def _cancel_when_left(receive: Receive, scope: anyio.CancelScope) -> None:
    await _until_left(receive)
    scope.cancel()


async def _until_left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _part(body: bytes, *, more: bool = True) -> Message:
    return {"type": "http.response.body", "body": body, "more_body": more}


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
