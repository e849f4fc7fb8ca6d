"""The gate by itself: which paths it lets through."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from assistant.surfaces.chat.gate import Gate


async def _pass(_: Request) -> Response:
    return PlainTextResponse("door")


@pytest.fixture
def client() -> TestClient:
    app = Starlette(routes=[Route("/{path:path}", _pass, methods=["GET"])])
    app.add_middleware(Gate)
    return TestClient(app)


@pytest.mark.parametrize(
    "path", ["/", "/v1/sources", "/assets/index.js", "/gradio_api/queue/data?x=a", "/gradio_api/heartbeat/a1"]
)
def test_what_the_page_needs_passes(client: TestClient, path: str) -> None:
    assert client.get(path).text == "door"


@pytest.mark.parametrize(
    "path",
    ["/gradio_api/upload", "/gradio_api/queue/join/x", "/gradio_api/", "/onder/gradio_api/file=/etc/a"],
)
def test_the_rest_of_gradio_is_shut_under_any_prefix(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404
