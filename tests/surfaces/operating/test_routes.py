"""A route is named by its template, and an unknown path shows no secret."""

from __future__ import annotations

import secrets

import pytest
from fastapi import APIRouter, FastAPI
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.domain import KEY_PREFIX
from assistant.storage.keys import new_code, new_key
from assistant.surfaces.operating.routes import masked, template_of


class Remember:
    """Keeps what each request was routed to."""

    def __init__(self, app: ASGIApp, seen: list[str | None]) -> None:
        self._app, self._seen = app, seen

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, send)
        if scope["type"] == "http":
            self._seen.append(template_of(scope))


async def serve_file(scope: Scope, receive: Receive, send: Send) -> None:
    await PlainTextResponse("x")(scope, receive, send)


class Files:
    """An application that serves whatever stands under its path."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await serve_file(scope, receive, send)


def an_app(seen: list[str | None]) -> FastAPI:
    def page(request: Request) -> PlainTextResponse:
        return PlainTextResponse("x")

    outer, inner, mounted = APIRouter(prefix="/v1"), APIRouter(), FastAPI()
    inner.add_api_route("/cards/{card_id}", page)
    inner.add_api_route("/batches/{batch_id}/answers", page)
    outer.include_router(inner)
    mounted.router.routes.append(Route("/queue/{event_id}", page))
    app = FastAPI()
    app.include_router(outer)
    routes = [
        Route("/check/{token}", page),
        Route("/bestand/{name:path}", page),
        Route("/x/{name}.docx", page),
    ]
    app.router.routes.extend([*routes, Mount("/huis", Files()), Mount("/", mounted)])
    app.add_middleware(Remember, seen=seen)
    return app


@pytest.mark.parametrize(
    ("path", "template"),
    [
        ("/v1/cards/alliantie", "/v1/cards/{card_id}"),
        ("/v1/cards/cards", "/v1/cards/{card_id}"),
        ("/v1/batches/b1/answers", "/v1/batches/{batch_id}/answers"),
        ("/check/0123456789abcdef", "/check/{token}"),
        ("/bestand/een/twee.txt", "/bestand/{name}"),
        ("/x/rapport.docx", "/x/{name}.docx"),
        ("/huis/onbekend.css", "/huis/{path}"),
        ("/queue/e1", "/queue/{event_id}"),
        ("/v1/nergens", None),
        ("/nergens", None),
    ],
)
def test_a_request_is_named_after_its_route(path: str, template: str | None) -> None:
    seen: list[str | None] = []
    TestClient(an_app(seen)).get(path)
    assert seen == [template]


@given(st.binary(min_size=32, max_size=32))
def test_no_secret_is_left_in_a_path(seed: bytes) -> None:
    made = seed.hex()
    for secret in (KEY_PREFIX + made, KEY_PREFIX + "onderwater", made, made[:32], made[:16]):
        assert secret not in masked(f"/aanmelden/{secret}")
        assert secret not in masked(f"/{secret}/v1")


def test_real_keys_codes_and_tokens_are_masked() -> None:
    for secret in (new_key(), new_code(), secrets.token_urlsafe(32), KEY_PREFIX + secrets.token_urlsafe(32)):
        assert masked(f"/check/{secret}/x") == "/check/*/x"


def test_a_path_stays_readable_short_and_on_one_line() -> None:
    assert masked("/v1/health-checks") == "/v1/health-checks"
    assert masked("/wp-login.php") == "/wp-login.php"
    assert len(masked("/woord" * 1000)) < 150
    assert "\n" not in masked("/a\nERROR nep")
    assert masked("/\udce9").isascii()
