"""Keeps the contract's addresses ours when something else is mounted at ``/``."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute, Match
from starlette.types import Receive, Scope, Send

_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")


class OwnPaths(BaseRoute):
    """Answers 404 for unknown addresses under ``prefix``, and 405 for wrong methods of ``routes``.

    A mount at ``/`` matches every address, and would answer these requests with a page of its own.
    """

    def __init__(self, routes: Sequence[BaseRoute], prefix: str) -> None:
        self._routes = tuple(routes)
        self._prefix = prefix

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Claim what is under the prefix, and what a route knows under another method."""
        if scope["type"] != "http":
            return Match.NONE, {}
        is_ours = f"{scope['path']}/".startswith(f"{self._prefix}/") or self._other_method(scope)
        return (Match.FULL if is_ours else Match.NONE), {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Raise the 404, or a 405 that names all methods of the address."""
        if not self._other_method(scope):
            raise HTTPException(404)
        known = [method for method in _METHODS if self._is_known({**scope, "method": method})]
        raise HTTPException(405, headers={"Allow": ", ".join(known)})

    def _other_method(self, scope: Scope) -> bool:
        return any(route.matches(scope)[0] is Match.PARTIAL for route in self._routes)

    def _is_known(self, scope: Scope) -> bool:
        return any(route.matches(scope)[0] is Match.FULL for route in self._routes)
