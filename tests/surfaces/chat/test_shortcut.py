"""What the page's script asks goes to the page at once; the rest goes its own way."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Match, Mount, Route
from starlette.testclient import TestClient
from starlette.types import Scope

from assistant.surfaces.chat.shortcut import Shortcut


class Tried(Route):
    """A route that counts how often it is tried."""

    count = 0

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        self.count += 1
        return super().matches(scope)


async def page(request: Request) -> Response:
    return PlainTextResponse(f"page {request.scope['root_path']} {request.url.path}")


async def other(request: Request) -> Response:
    return PlainTextResponse("other")


@pytest.mark.parametrize(
    ("path", "answer", "tries"),
    [
        ("/gradio_api/queue/join", "page  /gradio_api/queue/join", 0),
        ("/", "page  /", 1),
        ("/gradio_apis", "page  /gradio_apis", 1),
        ("/v1/answers", "other", 1),
    ],
)
def test_only_what_the_script_asks_takes_the_shortcut(path: str, answer: str, tries: int) -> None:
    tried = Tried("/v1/answers", other)
    mount = Mount("/", app=Starlette(routes=[Route("/{path:path}", page)]))
    routes: list[BaseRoute] = [Shortcut(mount), tried, mount]
    assert TestClient(Starlette(routes=routes)).get(path).text == answer
    assert tried.count == tries
