"""Who visits: a cookie that is given once, kept well, and known in the request that got it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import gradio
import pytest
from fastapi import Request as FastApiRequest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from assistant.surfaces.visiting import COOKIE, Visitors, visitor_of

PAGE = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
TOKEN = "A" * 43
PATHS = ["/", "/gesprekken", "/kaarten/x", "/v1/sources", "/docs", "/gradio_api/app_id", "/paginas/x.css"]


def _app() -> Visitors:
    def page(request: Request) -> Response:
        return HTMLResponse(visitor_of(request) or "niemand")

    def plain(request: Request) -> Response:
        return PlainTextResponse(visitor_of(request) or "niemand")

    def others(request: Request) -> Response:
        return JSONResponse(request.cookies)

    pages = [Route(path, page, methods=["GET", "POST"]) for path in [*PATHS, "/check/invullen/x"]]
    return Visitors(Starlette(routes=[*pages, Route("/bestand", plain), Route("/koekjes", others)]))


@pytest.fixture
def client() -> Iterator[TestClient]:
    with TestClient(_app(), base_url="http://localhost") as client:
        yield client


def test_who_opens_a_page_gets_a_cookie_that_the_same_request_already_knows(client: TestClient) -> None:
    answer = client.get("/", headers=PAGE)
    token = client.cookies[COOKIE]
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", token)
    assert answer.text == token
    assert client.get("/kaarten/x", headers=PAGE).text == token


def test_the_cookie_lasts_a_year_and_stays_away_from_scripts_and_other_sites(client: TestClient) -> None:
    given = client.get("/", headers=PAGE).headers["set-cookie"].lower()
    parts = {part.strip() for part in given.split(";")}
    assert {"path=/", "httponly", "samesite=lax", "max-age=31536000"} <= parts
    assert "secure" not in parts


def test_over_https_the_cookie_never_leaves_it() -> None:
    with TestClient(_app(), base_url="https://localhost") as client:
        given = client.get("/", headers=PAGE).headers["set-cookie"].lower()
    assert "; secure" in given


def test_two_browsers_are_two_visitors(client: TestClient) -> None:
    first = client.get("/", headers=PAGE).text
    client.cookies.clear()
    assert client.get("/", headers=PAGE).text != first


@pytest.mark.parametrize(
    "path", ["/v1/sources", "/docs", "/gradio_api/app_id", "/paginas/x.css", "/check/invullen/x"]
)
def test_nobody_becomes_a_visitor_of_the_api_of_files_or_of_a_health_check(
    client: TestClient, path: str
) -> None:
    answer = client.get(path, headers=PAGE)
    assert (answer.text, "set-cookie" in answer.headers) == ("niemand", False)


@pytest.mark.parametrize("accept", ["*/*", "application/json", "image/avif,image/webp,*/*;q=0.8"])
def test_what_a_page_fetches_makes_nobody_a_visitor(client: TestClient, accept: str) -> None:
    answer = client.get("/", headers={"accept": accept})
    assert (answer.text, "set-cookie" in answer.headers) == ("niemand", False)


def test_a_post_makes_nobody_a_visitor(client: TestClient) -> None:
    answer = client.post("/", headers=PAGE)
    assert (answer.text, "set-cookie" in answer.headers) == ("niemand", False)


def test_a_file_brings_no_cookie(client: TestClient) -> None:
    assert "set-cookie" not in client.get("/bestand", headers=PAGE).headers


@pytest.mark.parametrize("cookie", ["", "kort", "A" * 44, "A" * 42 + "!", '"' + "A" * 43, "../" * 15])
def test_a_cookie_that_is_none_of_ours_is_replaced(client: TestClient, cookie: str) -> None:
    headers = {**PAGE, "cookie": f"{COOKIE}={cookie}"}
    answer = client.get("/kaarten/x", headers=headers)
    assert answer.text == client.cookies[COOKIE] != cookie


@pytest.mark.parametrize(("path", "is_renewed"), [("/", True), ("/gesprekken", True), ("/kaarten/x", False)])
def test_a_visitor_keeps_the_cookie_and_it_is_renewed_where_conversations_are(
    client: TestClient, path: str, is_renewed: bool
) -> None:
    answer = client.get(path, headers={**PAGE, "cookie": f"{COOKIE}={TOKEN}"})
    assert answer.text == TOKEN
    assert (f"{COOKIE}={TOKEN};" in answer.headers.get("set-cookie", "")) is is_renewed


def test_a_page_with_a_cookie_is_kept_by_no_shared_cache(client: TestClient) -> None:
    assert client.get("/", headers=PAGE).headers["cache-control"] == "private"


def test_other_cookies_reach_the_page_as_they_were(client: TestClient) -> None:
    sent = {**PAGE, "cookie": f'een=1; {COOKIE}=stuk; twee="a\\073b"'}
    seen = client.get("/koekjes", headers=sent).json()
    assert (seen["een"], seen["twee"], len(seen[COOKIE])) == ("1", "a;b", 43)


def test_who_refuses_cookies_still_gets_every_page(client: TestClient) -> None:
    for _ in range(2):
        client.cookies.clear()
        assert client.get("/", headers=PAGE).status_code == 200


@pytest.mark.parametrize(("line", "visitor"), [(f"a=b; {COOKIE}={TOKEN}", TOKEN), ("get=x; items=y", None)])
def test_a_request_of_gradio_s_knows_its_visitor(line: str, visitor: str | None) -> None:
    scope = {"type": "http", "headers": [(b"cookie", line.encode())]}
    assert visitor_of(gradio.Request(request=FastApiRequest(scope))) == visitor
