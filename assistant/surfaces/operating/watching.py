"""Watches every request from outside all else: its id, its log line, its measurements and its span."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import anyio
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.domain import Caller
from assistant.surfaces.operating.logs import log_request
from assistant.surfaces.operating.metrics import Metrics
from assistant.surfaces.operating.stopping import Stopping
from assistant.surfaces.operating.tracing import Tracing
from assistant.surfaces.operating.under_way import REQUEST_ID, UnderWay, enter, read_request_id

_NEW_WORK = re.compile(r"/(?:v1|mcp)(?:/|$)")
"""What is turned down once the process is being stopped; pages still get what they are built of."""

_LINGERING = re.compile(r"/gradio_api/heartbeat/[^/]*")
"""Connections that last as long as a page is open, and carry no answer."""


@dataclass(frozen=True, slots=True)
class Watch:
    """What a request is followed with."""

    metrics: Metrics
    tracing: Tracing
    stopping: Stopping


class Watched:
    """An application, watched; ``turn_down`` words what new work gets while the process is stopping."""

    def __init__(self, app: ASGIApp, watch: Watch, turn_down: Callable[[], Response]) -> None:
        self._app, self._watch, self._turn_down = app, watch, turn_down

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and account for it once it has ended."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        request = UnderWay(read_request_id(headers.get(REQUEST_ID)), scope["method"], scope["path"])
        enter(request)
        state = scope.setdefault("state", {})
        self._watch.tracing.begin(request, headers)
        try:
            await self._serve(request, scope, receive, self._noting(request, send))
        finally:
            request.key = _key_in(state)
            self._conclude(request)

    async def _serve(self, request: UnderWay, scope: Scope, receive: Receive, send: Send) -> None:
        stopping = self._watch.stopping
        if _is_lingering(request):
            await self._linger(scope, receive, send)
            return
        app = self._app
        if stopping.has_begun and _NEW_WORK.match(request.path):
            app = self._turn_down()
        stopping.running += 1
        try:
            await app(scope, receive, send)
        finally:
            stopping.running -= 1

    async def _linger(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve until the other side leaves, or the process has done its last work."""
        is_open = False

        async def send_noting(message: Message) -> None:
            nonlocal is_open
            is_open = message["type"] == "http.response.start" or message.get("more_body", False)
            await send(message)

        async with anyio.create_task_group() as group:
            group.start_soon(self._cancel_when_released, group.cancel_scope)
            await self._app(scope, receive, send_noting)
            group.cancel_scope.cancel()
        if is_open:
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _cancel_when_released(self, scope: anyio.CancelScope) -> None:
        await self._watch.stopping.released()
        scope.cancel()

    def _noting(self, request: UnderWay, send: Send) -> Send:
        """Return a ``send`` that notes the status, and gives the request's id to who asked."""

        async def send_noted(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers[REQUEST_ID] = request.id
                request.status = message["status"]
                self._note_stream(request, headers)
            await send(message)

        return send_noted

    def _note_stream(self, request: UnderWay, headers: Mapping[str, str]) -> None:
        if headers.get("content-type", "").startswith("text/event-stream"):
            request.is_stream = True
            self._watch.metrics.open_streams.inc()

    def _conclude(self, request: UnderWay) -> None:
        if request.is_stream:
            self._watch.metrics.open_streams.dec()
        self._watch.metrics.count_request(request)
        self._watch.tracing.end(request)
        log_request(request)
        request.has_ended = True


def _is_lingering(request: UnderWay) -> bool:
    return request.method == "GET" and _LINGERING.fullmatch(request.path) is not None


def _key_in(state: Mapping[str, object]) -> str | None:
    caller = state.get("caller")
    return caller.owner or None if isinstance(caller, Caller) else None
