"""What holds for every page: who may post, what is kept by a browser, and how failure looks."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from assistant.answering.prompts import Texts
from assistant.domain import Created
from assistant.errors import StorageUnavailable
from assistant.surfaces.pages.site import Site, Visit, is_cross_site

HOST = {"host": "assistent.example"}


@pytest.mark.parametrize(
    ("headers", "is_refused"),
    [
        ({"sec-fetch-site": "same-origin"}, False),
        ({"sec-fetch-site": "none"}, False),
        ({"sec-fetch-site": "cross-site"}, True),
        ({"sec-fetch-site": "same-site"}, True),
        ({"origin": "https://assistent.example"}, False),
        ({"origin": "https://aanval.example"}, True),
        ({"origin": "https://assistent.example.aanval.example"}, True),
        ({"origin": "null"}, True),
        ({}, False),
    ],
)
def test_a_post_is_cross_site_if_a_browser_says_so(headers: dict[str, str], is_refused: bool) -> None:
    assert is_cross_site({**HOST, **headers}) is is_refused


@pytest.mark.parametrize("path", ["/check", "/check/verder", "/check/uitnodiging/{token}"])
def test_a_post_from_another_site_changes_nothing(client: TestClient, token: str, path: str) -> None:
    answer = client.post(path.format(token=token), headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


def test_no_page_is_stored_or_found_by_a_search_engine(client: TestClient, created: Created) -> None:
    for path in ("/check", f"/check/beheer/{created.owner_key}", "/check/beheer/onbekend"):
        headers = client.get(path).headers
        assert (headers["cache-control"], headers["x-robots-tag"]) == ("no-store", "noindex")


@pytest.mark.parametrize("key", ["onbekend", "0" * 32, "%00", "a" * 5000, "%F0%9F%94%91"])
@pytest.mark.parametrize(
    "path",
    [
        "/check/beheer/{}", "/check/beheer/{}/sluiten", "/check/beheer/{}/export.json",
        "/check/beheer/{}/volgende", "/check/uitnodiging/{}", "/check/invullen/{}",
        "/check/invullen/{}/fasen", "/check/invullen/{}/export.json",
    ],
)  # fmt: skip
def test_an_unknown_key_gets_a_kind_page_that_says_nothing_of_any_check(
    client: TestClient, created: Created, path: str, key: str
) -> None:
    answer = client.get(path.format(key))
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")
    assert "/check/verder" in answer.text
    assert created.check.alliance not in answer.text


def test_an_address_that_does_not_exist_gets_a_page_of_ours(client: TestClient, texts: Texts) -> None:
    answer = client.get("/check/bestaat/niet")
    assert (answer.status_code, texts.render("problem.404.title") in answer.text) == (404, True)


def test_what_nobody_foresaw_gets_a_page_with_a_number_and_no_details(
    texts: Texts, house: Texts, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(visit: Visit) -> None:
        raise RuntimeError("geheim pad")

    site = Site(texts, house)
    client = TestClient(Starlette(routes=[site.route("/stuk", fail)]))  # type: ignore[arg-type]
    answer = client.get("/stuk")
    assert answer.status_code == 500
    assert "geheim pad" not in answer.text
    assert caplog.records[-1].args is not None
    assert str(caplog.records[-1].args[0]) in answer.text  # type: ignore[index]


def test_a_database_that_is_away_gives_503_and_says_that_nothing_is_lost(texts: Texts, house: Texts) -> None:
    def fail(visit: Visit) -> None:
        raise StorageUnavailable(url="postgresql://geheim", reason="weg")

    client = TestClient(Starlette(routes=[Site(texts, house).route("/stuk", fail)]))  # type: ignore[arg-type]
    answer = client.get("/stuk")
    assert (answer.status_code, "geheim" in answer.text) == (503, False)
    assert texts.render("problem.opslag") in answer.text


def test_a_static_file_has_an_address_that_follows_its_content(client: TestClient) -> None:
    page = client.get("/check").text
    address = next(part for part in page.split('"') if "pages.css?v=" in part)
    assert client.get(address).headers["content-type"].startswith("text/css")


def test_what_a_form_says_is_never_read_as_markup(client: TestClient) -> None:
    answer = client.post("/check", data={"alliance": '"><script>kwaad()</script>', "partner": ["Een"]})
    assert answer.status_code == 422
    assert "<script>kwaad" not in answer.text
    assert "&lt;script&gt;kwaad" in answer.text
