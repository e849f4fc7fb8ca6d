"""Who visits, without knowing who: a cookie by which a browser finds its own things again."""

from __future__ import annotations

import re
import secrets
from typing import Protocol

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE = "bezoeker"
_REMEMBERED_SECONDS = 365 * 24 * 3600
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
_RENEWING = frozenset({"/", "/gesprekken"})
_WITHOUT = re.compile(r"/(?:v1|docs|gradio_api|paginas|huis|check)(?:/|$)")
"""Where nobody becomes a visitor: the API, parts of pages, and the health check, which is anonymous."""


class Cookies(Protocol):
    """Cookies by name, as Starlette and Gradio have them."""

    def __contains__(self, name: str, /) -> bool: ...

    def __getitem__(self, name: str, /) -> str: ...


class Visited(Protocol):
    """A request, of Starlette's or of Gradio's."""

    @property
    def cookies(self) -> Cookies:
        """The cookies that came with it."""
        ...


def visitor_of(request: Visited) -> str | None:
    """Return the 43 characters that stand for a visitor; ``None`` for who has no cookie of ours."""
    cookies = request.cookies
    if COOKIE not in cookies:
        return None
    token = cookies[COOKIE]
    return token if _TOKEN.fullmatch(token) else None


class Visitors:
    """ASGI middleware that makes a visitor of who opens a page; that same request already knows it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on with its visitor, and give the cookie with the page that it gets."""
        if not _opens_page(scope):
            await self._app(scope, receive, send)
            return
        known = visitor_of(Request(scope))
        token = known or secrets.token_urlsafe(32)
        is_given = known is None or scope["path"] in _RENEWING

        async def send_with_cookie(message: Message) -> None:
            if is_given and message["type"] == "http.response.start":
                _give(MutableHeaders(scope=message), token, is_secure=scope["scheme"] == "https")
            await send(message)

        await self._app(scope if known else _with_cookie(scope, token), receive, send_with_cookie)


def _opens_page(scope: Scope) -> bool:
    """Return whether somebody opens a page: a browser asks for HTML then, and for that alone."""
    if scope["type"] != "http" or scope["method"] != "GET" or _WITHOUT.match(scope["path"]):
        return False
    return "text/html" in Request(scope).headers.get("accept", "")


def _with_cookie(scope: Scope, token: str) -> Scope:
    """Return the request as if the cookie had come with it, instead of one that can't be read."""
    sent = (part for name, value in scope["headers"] if name == b"cookie" for part in value.split(b";"))
    others = [part.strip() for part in sent if part.partition(b"=")[0].strip() != COOKIE.encode()]
    headers = [(name, value) for name, value in scope["headers"] if name != b"cookie"]
    line = b"; ".join([*others, f"{COOKIE}={token}".encode()])
    return {**scope, "headers": [*headers, (b"cookie", line)]}


def _give(headers: MutableHeaders, token: str, *, is_secure: bool) -> None:
    if not headers.get("content-type", "").startswith("text/html"):
        return
    giving = Response()
    giving.set_cookie(
        COOKIE, token, _REMEMBERED_SECONDS, path="/", secure=is_secure, httponly=True, samesite="lax"
    )
    headers.append("set-cookie", giving.headers["set-cookie"])
    # A cache that serves several people must not hand one's cookie to another.
    headers.setdefault("Cache-Control", "private")
