"""Signing in with a key, without a script, and out again."""

from __future__ import annotations

import re

import pytest
from starlette.testclient import TestClient

from assistant.bootstrap.access import Access
from assistant.domain import KEY_PREFIX, KeyScope
from assistant.surfaces.access.gate import COOKIE
from tests.surfaces.access.conftest import Guarded

BROWSER = {"Accept": "text/html", "Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def client(guarded: Guarded) -> TestClient:
    opened = guarded()
    opened.headers.update(BROWSER)
    return opened


def sign_in(client: TestClient, key: str, wanted: str = "") -> str:
    """Sign in, and return where that leads."""
    sent = client.post("/aanmelden", data={"sleutel": key, "naar": wanted})
    assert sent.status_code == 303
    return str(sent.headers["location"])


def test_where_there_are_no_keys_nobody_needs_to_sign_in(client: TestClient) -> None:
    sent = client.get("/aanmelden?naar=/bibliotheek")
    assert (sent.status_code, sent.headers["location"]) == (303, "/bibliotheek")


def test_the_form_has_a_label_and_needs_no_script(client: TestClient, key: str) -> None:
    page = client.get("/aanmelden?naar=/bibliotheek")
    assert (page.status_code, page.headers["cache-control"]) == (200, "no-store")
    assert '<label for="sleutel">' in page.text
    assert re.search(r'<input id="sleutel" name="sleutel" type="password"[^>]* autofocus', page.text)
    assert 'action="/aanmelden"' in page.text
    assert 'name="naar" value="/bibliotheek"' in page.text


def test_one_signs_in_and_goes_on_to_where_one_wanted_to_be(client: TestClient, key: str) -> None:
    assert sign_in(client, f"  {key}\n", "/kaarten/x?a=1") == "/kaarten/x?a=1"
    assert client.get("/bibliotheek").json()["scopes"] == sorted(KeyScope)
    page = client.get("/aanmelden")
    assert 'action="/afmelden"' in page.text


def test_the_cookie_is_for_this_server_alone_and_for_no_script(guarded: Guarded, key: str) -> None:
    sent = guarded().post("/aanmelden", data={"sleutel": key})
    parts = {part.strip().lower() for part in sent.headers["set-cookie"].split(";")}
    assert {"httponly", "samesite=lax", "path=/", "max-age=2592000"} < parts
    assert "secure" not in parts
    assert key not in sent.headers["set-cookie"]
    secure = guarded(proxies="127.0.0.1").post("/aanmelden", data={"sleutel": key})
    assert "secure" in secure.headers["set-cookie"].lower()


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ("", "Vul uw sleutel in."),
        (KEY_PREFIX + "x" * 43, "niet bekend"),
        ("<b>é\x00", "niet bekend"),
        ("y" * 9999, "niet bekend"),
    ],
)
def test_a_wrong_key_gets_a_clear_word_at_the_field_and_is_not_shown_again(
    client: TestClient, key: str, sent: str, said: str
) -> None:
    page = client.post("/aanmelden", data={"sleutel": sent, "naar": "/check"})
    assert page.status_code == 422
    fault = re.search(r'<p class="fout" id="sleutel-fout" role="alert">([^<]*)</p>', page.text)
    assert fault is not None
    assert said in fault[1]
    assert 'aria-describedby="sleutel-fout sleutel-uitleg" aria-invalid="true"' in page.text
    assert 'name="naar" value="/check"' in page.text
    assert not sent or sent not in page.text
    assert "set-cookie" not in page.headers


def test_a_key_that_was_taken_back_says_so(client: TestClient, access: Access, key: str) -> None:
    sign_in(client, key)
    access.revoke(access.all()[0].id)
    assert "is ingetrokken" in client.post("/aanmelden", data={"sleutel": key}).text
    page = client.get("/aanmelden")
    assert "is ingetrokken" in page.text
    assert f'{COOKIE}=""' in page.headers["set-cookie"]


@pytest.mark.parametrize(
    "wanted", ["//evil.example", "/\\evil.example", "https://evil.example", "/\t/evil.example", "/\n/evil"]
)
def test_nobody_is_sent_to_another_site(client: TestClient, key: str, wanted: str) -> None:
    assert 'name="naar" value="/"' in client.get("/aanmelden", params={"naar": wanted}).text
    assert not sign_in(client, key, wanted).startswith(("//", "/\\", "http"))
    assert 'href="/"' in client.get("/aanmelden", params={"naar": wanted}).text


def test_who_has_a_key_for_one_thing_starts_there(client: TestClient, access: Access) -> None:
    assert sign_in(client, access.create("checks", [KeyScope.HEALTH_CHECKS]).secret) == "/check"


def test_who_signs_out_is_out_and_the_token_is_good_for_nothing(client: TestClient, key: str) -> None:
    sign_in(client, key)
    token = client.cookies[COOKIE]
    assert client.get("/afmelden").headers["location"] == "/aanmelden"
    assert client.get("/bibliotheek").status_code == 200
    left = client.post("/afmelden")
    assert (left.status_code, left.headers["location"]) == (303, "/aanmelden")
    assert COOKIE not in client.cookies
    client.cookies.set(COOKIE, token)
    assert client.get("/bibliotheek").status_code == 303


def test_signing_in_again_ends_the_earlier_visit(client: TestClient, key: str) -> None:
    sign_in(client, key)
    earlier = client.cookies[COOKIE]
    sign_in(client, key)
    assert client.cookies[COOKIE] != earlier
    client.cookies.clear()
    client.cookies.set(COOKIE, earlier)
    assert client.get("/bibliotheek").status_code == 303


def test_another_site_can_sign_nobody_in_or_out(client: TestClient, key: str) -> None:
    sign_in(client, key)
    for path in ("/aanmelden", "/afmelden"):
        refused = client.post(path, data={"sleutel": key}, headers={"Sec-Fetch-Site": "cross-site"})
        assert refused.status_code == 403
    assert client.get("/bibliotheek").status_code == 200
