"""The server at ``/mcp`` of an application: streamable HTTP without sessions, so that workers share it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from mcp.server.lowlevel import Server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.server.transport_security import TransportSecuritySettings
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from assistant.answering.prompts import Texts
from assistant.settings import Settings
from assistant.surfaces.access.hosts import LOOPBACK, is_loopback
from assistant.surfaces.api.protocol import Answering, Checking
from assistant.surfaces.api.reading import Limits
from assistant.surfaces.mcp.connecting import connect_over_http
from assistant.surfaces.mcp.serving import build_server
from assistant.surfaces.mcp.tools import Library
from assistant.surfaces.owning import Documenting

PATH = "/mcp"


def mount_mcp(  # noqa: PLR0913 - each is a collaborator of its own
    app: Starlette,
    settings: Settings,
    assistant: Answering,
    checks: Checking,
    problems: Texts,
    *,
    documents: Documenting | None = None,
) -> None:
    """Add the server to an app, before what is mounted at ``/``; it runs as long as the app does.

    ``problems`` is ``prompts/problems.yaml``.
    """
    limits = Limits(settings.max_question_length)
    library = Library(lambda: assistant, lambda: checks, limits, lambda: documents)
    texts = Texts.read(settings.prompts / "mcp.yaml")
    endpoint = _Endpoint(build_server(library, connect_over_http, texts, problems), _protect(settings))
    app.router.routes.append(Route(PATH, endpoint, include_in_schema=False))
    before = app.router.lifespan_context

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[Any]:
        async with before(app) as state, endpoint.run():
            yield state

    app.router.lifespan_context = lifespan


class _Endpoint:
    """ASGI application of one address: passes posts on, and has no other methods.

    Without sessions there is nothing to listen to with GET, and nothing to end with DELETE.
    """

    def __init__(self, server: Server[Any], security: TransportSecuritySettings) -> None:
        self._server = server
        self._security = security
        self._manager: StreamableHTTPSessionManager | None = None

    @asynccontextmanager
    async def run(self) -> AsyncIterator[None]:
        """Serve for as long as an application runs; a manager of sessions can be run only once."""
        self._manager = StreamableHTTPSessionManager(
            self._server, stateless=True, security_settings=self._security
        )
        async with self._manager.run():
            yield

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["method"] != "POST":
            raise HTTPException(405, headers={"Allow": "POST"})
        if self._manager is None:
            raise RuntimeError("the lifespan of the application isn't running")
        await self._manager.handle_request(scope, receive, send)


def _protect(settings: Settings) -> TransportSecuritySettings:
    """Return for which names and origins requests may be, where all names are known.

    Where any name will do, as behind a proxy, the gate has the say, and a key is always needed.
    """
    names = _names(settings)
    origins = [f"{scheme}://{name}" for scheme in ("http", "https") for name in names]
    return TransportSecuritySettings(
        enable_dns_rebinding_protection=not any("*" in name for name in names),
        allowed_hosts=[*names, *(f"{name}:*" for name in names)],
        allowed_origins=[*origins, *(f"{origin}:*" for origin in origins)],
    )


def _names(settings: Settings) -> list[str]:
    if settings.hosts is not None:
        return [*LOOPBACK, *(name.strip().lower() for name in settings.hosts.split(",") if name.strip())]
    return [*LOOPBACK, settings.host] if is_loopback(settings.host) else ["*"]
