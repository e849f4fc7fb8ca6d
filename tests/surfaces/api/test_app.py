"""What holds for the whole API, also with a page mounted at ``/``."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from assistant.answering.prompts import Texts
from assistant.surfaces.api import build_api
from tests.fakes import FakeAssistant
from tests.surfaces.api.conftest import Connect


@pytest.fixture(params=["alone", "with a page"])
def client(request: pytest.FixtureRequest, texts: Texts) -> TestClient:
    app = build_api(FakeAssistant(), texts)
    if request.param == "with a page":
        page = Starlette(routes=[Route("/", lambda _: PlainTextResponse("pagina"))])
        app.mount("/", page)
    return TestClient(app, raise_server_exceptions=False)


@pytest.mark.parametrize("path", ["/v1", "/v1/", "/v1/nee", "/v1/answers/", "/v1/cards/a/b"])
def test_an_unknown_address_is_a_404_problem(client: TestClient, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert response.json()["type"] == "urn:alliantie:probleem:pad"
    assert response.json()["instance"] == path


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/v1/answers", "POST"),
        ("DELETE", "/v1/sources", "GET"),
        ("POST", "/v1/cards/vertrouwen", "GET"),
        ("POST", "/healthz", "GET"),
        ("PUT", "/docs", "GET"),
    ],
)
def test_a_wrong_method_is_a_405_that_names_the_right_one(
    client: TestClient, method: str, path: str, allowed: str
) -> None:
    response = client.request(method, path)
    assert response.status_code == 405
    assert response.headers["allow"] == allowed
    assert response.json()["type"] == "urn:alliantie:probleem:methode"
    assert allowed in response.json()["detail"]


def test_a_mounted_page_is_served_with_the_security_headers(texts: Texts) -> None:
    app = build_api(FakeAssistant(), texts)
    app.mount("/", Starlette(routes=[Route("/", lambda _: PlainTextResponse("pagina"))]))
    response = TestClient(app).get("/")
    assert response.text == "pagina"
    assert "frame-ancestors 'none'" in response.headers["content-security-policy"]


@pytest.mark.parametrize("path", ["/healthz", "/docs", "/openapi.json", "/v1/nee", "/v1/sources"])
def test_every_response_has_the_security_headers(connect: Connect, path: str) -> None:
    headers = connect(FakeAssistant()).get(path).headers
    assert "object-src 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize("is_announced", [True, False])
def test_a_body_over_the_limit_is_a_413(texts: Texts, is_announced: bool) -> None:
    client = TestClient(build_api(FakeAssistant(), texts, max_body_bytes=1_000))
    content = b"x" * 1_001
    response = client.post(
        "/v1/answers",
        content=content if is_announced else _in_parts(content),
        headers={"Content-Type": "application/json"},
    )
    assert response.status_code == 413
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["type"] == "urn:alliantie:probleem:te-groot"
    assert response.headers["x-content-type-options"] == "nosniff"


def test_a_body_at_the_limit_is_read(texts: Texts) -> None:
    body = b'{"question": "x"}'
    client = TestClient(build_api(FakeAssistant(), texts, max_body_bytes=len(body)))
    headers = {"Content-Type": "application/json"}
    assert client.post("/v1/answers", content=body, headers=headers).status_code == 200


def test_the_longest_question_is_a_setting(texts: Texts) -> None:
    client = TestClient(build_api(FakeAssistant(), texts, max_question_length=5))
    assert client.post("/v1/answers", json={"question": "é🙂xyz"}).status_code == 200
    assert client.post("/v1/answers", json={"question": "é🙂xyz!"}).status_code == 422


def test_the_documentation_names_every_address_and_loads_nothing_from_elsewhere(connect: Connect) -> None:
    client = connect(FakeAssistant())
    page = client.get("/docs").text
    operations = client.get("/openapi.json").json()["paths"]
    for path, methods in operations.items():
        for method in methods:
            assert f"<code>{method.upper()} {path}</code>" in page
    assert re.findall(r"""(?:src|href)=["'](?!/|data:|#)[^"']*""", page) == []
    assert "<script" not in page


def test_the_documentation_names_every_field_of_an_answer(connect: Connect) -> None:
    client = connect(FakeAssistant())
    page = client.get("/docs").text
    schemas = client.get("/openapi.json").json()["components"]["schemas"]
    for field in [*schemas["AnswerRequest"]["properties"], *schemas["AnswerResponse"]["properties"]]:
        assert f"<code>{field}</code>" in page


def _in_parts(content: bytes) -> Iterator[bytes]:
    for start in range(0, len(content), 100):
        yield content[start : start + 100]
