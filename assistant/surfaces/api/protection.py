"""What holds for every response and every body, mounted pages included: plain ASGI, no buffering."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.surfaces.uploads import MOST_UPLOAD_BYTES, PLACES, FileTooLarge

SECURITY_HEADERS = {
    "Content-Security-Policy": "; ".join(
        [
            "default-src 'self'",
            "img-src 'self' data: blob:",
            "style-src 'self' 'unsafe-inline'",
            "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
            "font-src 'self' data:",
            "connect-src 'self'",
            "media-src 'self'",
            "frame-src 'none'",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        ]
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


class SecurityHeaders:
    """Sets the security headers on every response."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and complete the headers of what comes back."""

        async def send_protected(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(SECURITY_HEADERS)
            await send(message)

        await self._app(scope, receive, send_protected)


class BodyLimit:
    """Refuses a body over ``max_bytes`` while it is being read, with a 413 that the app words.

    ``longer`` has the paths that take more, ``uploads`` is for where files are sent to. The detail of the
    413 is the limit, in KiB. A request that says itself that it is larger is refused before it is read.
    FastAPI's own ``max_body_size`` answers in plain text where an app responds without reading.
    """

    def __init__(
        self,
        app: ASGIApp,
        max_bytes: int,
        longer: Mapping[str, int] | None = None,
        uploads: int = MOST_UPLOAD_BYTES,
    ) -> None:
        self._app = app
        self._max_bytes = max_bytes
        self._longer = longer or {}
        self._uploads = uploads

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and count what is read of its body."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        read = 0
        is_upload = PLACES.fullmatch(scope["path"]) is not None
        limit = self._uploads if is_upload else self._longer.get(scope["path"], self._max_bytes)
        is_told_too_large = _told_length(scope) > limit

        async def receive_counted() -> Message:
            nonlocal read
            message = {} if is_told_too_large else await receive()
            read += len(message.get("body", b""))
            if is_told_too_large or read > limit:
                raise FileTooLarge if is_upload else HTTPException(413, str(limit // 1024))
            return message

        await self._app(scope, receive_counted, send)


def _told_length(scope: Scope) -> int:
    """Return how long a body is by its own word; 0 if it doesn't say."""
    told = Headers(scope=scope).get("content-length", "")
    return int(told) if told.isascii() and told.isdigit() else 0
