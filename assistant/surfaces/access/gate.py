"""The gate before every request: the API, the pages and all of Gradio's own routes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import cookie_parser
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.domain import LOCAL, Caller, KeyScope
from assistant.errors import AssistantError, KeyInAddress, KeyMissing, ScopeMissing
from assistant.surfaces.access import METER, rules
from assistant.surfaces.access.hosts import Hosts
from assistant.surfaces.access.limiting import KeyLimits, KeyMeter, Window
from assistant.surfaces.api.problems import Rejection
from assistant.surfaces.api.protection import SecurityHeaders
from assistant.surfaces.pages import is_cross_site

COOKIE = "toegang"
NOBODY = Caller("", frozenset())
"""Who comes where everybody may come."""
AT_ONCE = 8
"""Requests whose key is looked up at the same moment, apart from the threads that answer questions."""

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_CLOSED = 1008
_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")

Refuse = Callable[[Scope, Exception], Response]
"""Words a refusal for who sent a request."""


class Knowing(Protocol):
    """Tells who asks."""

    def has_keys(self) -> bool:
        """Whether there ever was a key."""
        ...

    def identify(self, secret: str) -> Caller:
        """Return whose secret it is; raise ``AccessRefused`` if nobody's."""
        ...

    def visit(self, token: str) -> Caller:
        """Return who signed in; raise ``AccessRefused`` if nobody did."""
        ...


@dataclass(frozen=True, slots=True)
class Guard:
    """Decides who may have what."""

    access: Knowing
    limits: KeyLimits
    hosts: Hosts
    is_private: bool
    """Whether only people on this computer can reach the server: then it works without keys."""

    def inspect(self, scope: Scope) -> KeyScope | None:
        """Return the scope that a request needs; raise for what nobody may send."""
        headers, path = Headers(scope=scope), scope["path"]
        raw = scope.get("raw_path", b"").decode("latin-1")
        if any(map(rules.holds_key, (path, raw, scope["query_string"].decode("latin-1")))):
            raise KeyInAddress
        hosts = headers.getlist("host")
        if not all(map(self.hosts.admit, hosts or [""])):
            raise Rejection(400, "verkeerde-host")
        if not rules.is_readable(path):
            raise HTTPException(404)
        if scope["method"] not in _SAFE_METHODS and _secret_in(headers) is None and is_cross_site(headers):
            raise HTTPException(403)
        return rules.scope_needed(path, scope["method"])

    def admit(self, scope: Scope, needed: KeyScope) -> tuple[Caller, Window | None]:
        """Return who sent a request and how its rate stands; raise if it may not be. Asks the database."""
        caller = self._caller(Headers(scope=scope))
        is_reader = KeyScope.ASK in caller.scopes and rules.is_cited_document(scope["path"], scope["method"])
        if needed not in caller.scopes and not is_reader:
            raise ScopeMissing(scope=needed.value)
        return caller, self.limits.admit(caller) if rules.is_counted(scope["path"]) else None

    def _caller(self, headers: Headers) -> Caller:
        if self.is_private and not _is_forwarded(headers) and not self.access.has_keys():
            return LOCAL
        secret, token = _secret_in(headers), token_in(headers)
        if secret is not None:
            return self.access.identify(secret)
        if token is not None:
            return self.access.visit(token)
        raise KeyMissing


class AccessGate:
    """ASGI middleware that passes on what the guard admits, and answers the rest itself."""

    def __init__(self, app: ASGIApp, guard: Guard, refuse: Refuse) -> None:
        self._app, self._guard, self._refuse = app, guard, refuse
        self._threads = CapacityLimiter(AT_ONCE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on with its caller, or refuse it; nothing here speaks over websockets."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": _CLOSED})
            return
        try:
            caller, window = await self._decide(scope)
            _leave(scope, caller, self._guard.limits)
            if window:
                send = _telling(send, window)
                window.require()
        except (AssistantError, HTTPException, Rejection) as error:
            await SecurityHeaders(self._refuse(scope, error))(scope, receive, send)
            return
        await self._app(scope, receive, send)

    async def _decide(self, scope: Scope) -> tuple[Caller, Window | None]:
        needed = self._guard.inspect(scope)
        if needed is None:
            return NOBODY, None
        return await run_sync(self._guard.admit, scope, needed, limiter=self._threads)


def token_in(headers: Headers) -> str | None:
    """Return the token of a browser that signed in."""
    return cookie_parser(headers.get("cookie", "")).get(COOKIE)


def _is_forwarded(headers: Headers) -> bool:
    """Return whether a proxy sent a request on: then its sender needn't be on this computer."""
    return any(name in headers for name in _FORWARDED)


def _secret_in(headers: Headers) -> str | None:
    """Return what stands for a key in ``Authorization``; other schemes than Bearer are of a proxy."""
    sent = [line.partition(" ") for line in headers.getlist("authorization")]
    secrets = [secret.strip() for scheme, _, secret in sent if scheme.lower() == "bearer"]
    return secrets[0] if len(secrets) == 1 else "" if secrets else None


def _leave(scope: Scope, caller: Caller, limits: KeyLimits) -> None:
    """Let the app know who asks, and what that costs."""
    state: dict[str, Any] = scope.setdefault("state", {})
    state["caller"] = caller
    scope[METER] = KeyMeter(limits, caller)


def _telling(send: Send, window: Window) -> Send:
    async def send_with_rate(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).update(window.headers)
        await send(message)

    return send_with_rate
