"""A way to the page past all other routes, for what its own script asks."""

from __future__ import annotations

from starlette.routing import BaseRoute, Match
from starlette.types import Receive, Scope, Send

PREFIX = "/gradio_api/"


class Shortcut(BaseRoute):
    """Takes the addresses under ``PREFIX`` to the page, which is mounted behind a hundred other routes.

    Trying all of those first takes a tenth of the time of an answer.
    """

    def __init__(self, page: BaseRoute) -> None:
        self._page = page

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Match what the page would, under the prefix."""
        if scope["type"] != "http" or not scope["path"].startswith(PREFIX):
            return Match.NONE, {}
        return self._page.matches(scope)

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the page answer."""
        await self._page.handle(scope, receive, send)
