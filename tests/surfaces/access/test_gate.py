"""The gate: who comes through, and what the rest gets."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from starlette.websockets import WebSocketDisconnect

from assistant.bootstrap.access import Access
from assistant.domain import KEY_PREFIX, KeyScope
from assistant.surfaces.access import caller_of, spend_questions
from assistant.surfaces.access.gate import COOKIE
from tests.surfaces.access.conftest import Guarded, bearer

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


def test_where_no_gate_stands_everybody_is_local_and_nothing_is_counted() -> None:
    assert caller_of({"type": "http"}).owner == "local"
    spend_questions({"type": "http"}, 1000)


def test_without_keys_everybody_on_this_computer_may_have_everything(guarded: Guarded) -> None:
    client = guarded()
    assert client.get("/metrics").json() == {"owner": "local", "scopes": sorted(KeyScope)}
    assert client.post("/v1/answers").status_code == 200


@pytest.mark.parametrize(
    "settings",
    [
        {"host": "0.0.0.0"},  # noqa: S104
        {"hosts": "localhost,assistent.example.nl"},
        {"proxies": "127.0.0.1"},
    ],
)
def test_without_keys_nobody_comes_in_where_others_can_reach_it(
    guarded: Guarded, settings: dict[str, str]
) -> None:
    client = guarded(**settings)
    assert client.get("/v1/cards").status_code == 401
    assert client.get("/healthz").status_code == 200


@pytest.mark.parametrize("name", ["Forwarded", "X-Forwarded-For", "X-Real-IP", "Via"])
def test_without_keys_nobody_comes_in_through_a_proxy_that_we_know_nothing_of(
    guarded: Guarded, name: str
) -> None:
    client = guarded()
    assert client.get("/v1/cards", headers={name: "203.0.113.9"}).status_code == 401
    assert client.get("/v1/cards").status_code == 200


def test_the_first_key_closes_the_door(guarded: Guarded, key: str) -> None:
    client = guarded()
    refused = client.get("/v1/cards")
    assert refused.status_code == 401
    assert refused.headers["www-authenticate"] == "Bearer"
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.headers["cache-control"] == "no-store"
    assert "default-src 'self'" in refused.headers["content-security-policy"]
    assert refused.json()["type"] == "urn:alliantie:probleem:sleutel-ontbreekt"
    assert refused.json()["instance"] == "/v1/cards"
    assert client.get("/v1/cards", headers=bearer(key)).json()["scopes"] == sorted(KeyScope)


def test_a_key_that_is_no_good_says_why(guarded: Guarded, access: Access, key: str) -> None:
    client = guarded()
    expires = datetime.now(UTC) + timedelta(milliseconds=30)
    expired = access.create("kort", KeyScope, expires=expires).secret
    access.revoke(access.all()[0].id)
    while datetime.now(UTC) <= expires:
        pass
    wrong = KEY_PREFIX + "x" * 43
    sent = {key: "ingetrokken", expired: "verlopen", wrong: "onbekend", "": "onbekend", "é": "onbekend"}
    for secret, reason in sent.items():
        headers = {b"Authorization": f"Bearer {secret}".encode()}
        refused = client.get("/v1/cards", headers=headers)
        assert (refused.status_code, refused.json()["type"]) == (
            401,
            f"urn:alliantie:probleem:sleutel-{reason}",
        )
        assert not secret or secret not in refused.text


def test_another_scope_is_forbidden_and_says_which_it_takes(guarded: Guarded, access: Access) -> None:
    client = guarded()
    only = bearer(access.create("metingen", [KeyScope.ADMIN]).secret)
    assert client.get("/metrics", headers=only).status_code == 200
    refused = client.get("/v1/cards", headers=only)
    assert (refused.status_code, "`ask`" in refused.json()["detail"]) == (403, True)
    assert "www-authenticate" not in refused.headers
    page = client.get("/check", headers={**only, **BROWSER})
    assert page.status_code == 403
    assert "de health check" in page.text


def test_the_name_of_the_scheme_may_be_written_in_any_case_and_other_schemes_do_not_count(
    guarded: Guarded, key: str
) -> None:
    client = guarded()
    assert client.get("/v1/cards", headers={"Authorization": f"bEARER {key}"}).status_code == 200
    for line in (f"Basic {key}", key, f"Bearer{key}", f"Token {key}"):
        assert client.get("/v1/cards", headers={"Authorization": line}).status_code == 401
    twice = [("Authorization", f"Bearer {key}"), ("Authorization", f"Bearer {KEY_PREFIX}x")]
    assert client.get("/v1/cards", headers=twice).status_code == 401


def test_a_browser_is_sent_to_sign_in_and_comes_back_from_there(guarded: Guarded, key: str) -> None:
    client = guarded()
    sent = client.get("/kaarten/co%C3%B6peratie?a=1&b=%262", headers=BROWSER)
    address = urlsplit(sent.headers["location"])
    assert (sent.status_code, address.netloc, address.path) == (303, "", "/aanmelden")
    assert parse_qs(address.query) == {"naar": ["/kaarten/co%C3%B6peratie?a=1&b=%262"]}
    assert sent.headers["cache-control"] == "no-store"
    assert "default-src 'self'" in sent.headers["content-security-policy"]
    assert client.get("/", headers=BROWSER).headers["location"] == "/aanmelden"
    assert client.post("/check", headers=BROWSER).headers["location"] == "/aanmelden"
    assert client.get("/v1/cards", headers=BROWSER).status_code == 401
    assert client.get("/gradio_api/heartbeat/x").status_code == 401


def test_a_key_in_an_address_is_refused_wherever_and_not_repeated(guarded: Guarded, key: str) -> None:
    client = guarded()
    for where in ("/v1/cards?key={}", "/v1/{}", "/healthz?x={}", "/huis/{}", "/aanmelden?naar=/{}"):
        for written in (key, key.replace("_", "%5f"), key.replace("_", "%255f")):
            for headers in ({}, bearer(key), BROWSER):
                refused = client.get(where.format(written), headers=headers)
                assert refused.status_code == 400
                assert key[len(KEY_PREFIX) :] not in refused.text + str(refused.headers)


def test_who_comes_where_everybody_may_come_is_nobody(guarded: Guarded, key: str) -> None:
    for headers in ({}, bearer(key)):
        assert guarded().get("/healthz", headers=headers).json() == {"owner": "", "scopes": []}


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "", "localhost:80:80"])
def test_by_another_name_nobody_reaches_a_server_on_loopback(guarded: Guarded, host: str) -> None:
    client = guarded()
    for path in ("/", "/v1/cards", "/healthz", "/aanmelden"):
        refused = client.get(path, headers={"Host": host})
        assert (refused.status_code, refused.json()["type"]) == (400, "urn:alliantie:probleem:verkeerde-host")
    twice = [("Host", "localhost"), ("Host", "evil.example")]
    assert client.get("/", headers=twice).status_code == 400
    assert client.get("/", headers={"Host": "[::1]:8000"}).status_code == 200


def test_a_line_feed_behind_a_path_does_not_change_the_scope_that_it_takes(
    guarded: Guarded, access: Access
) -> None:
    only = bearer(access.create("vragen", [KeyScope.ASK]).secret)
    for path in ("/metrics%0A", "/v1/documents%0a", "/check%0D", "/metrics%00", "/healthz%0A"):
        assert guarded().get(path, headers=only).status_code == 404


def test_a_post_by_another_site_is_refused_unless_it_brings_the_key_itself(
    guarded: Guarded, access: Access, key: str
) -> None:
    client = guarded()
    client.cookies.set(COOKIE, access.sign_in(key))
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "null"}):
        assert client.post("/v1/answers", headers=headers).status_code == 403
        assert client.delete("/v1/batches/x", headers=headers).status_code == 403
        assert client.post("/v1/answers", headers={**headers, **bearer(key)}).status_code == 200
        assert client.get("/v1/cards", headers=headers).status_code == 200
    for fine in ({"Sec-Fetch-Site": "same-origin"}, {"Origin": "http://localhost"}, {}):
        assert client.post("/v1/answers", headers=fine).status_code == 200


def test_without_keys_another_site_can_not_post_either(guarded: Guarded) -> None:
    assert guarded().post("/v1/answers", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


def test_websockets_are_refused(guarded: Guarded) -> None:
    client = guarded()
    with pytest.raises(WebSocketDisconnect), client.websocket_connect("/"):
        pass  # Nobody gets here.


def test_answers_to_a_key_tell_how_its_rate_stands(guarded: Guarded, access: Access) -> None:
    client = guarded(rate="3/minute")
    own = bearer(access.create("eigen", [KeyScope.ASK], rate="1/minute").secret)
    of_all = bearer(access.create("van allen", [KeyScope.ASK]).secret)
    first = client.get("/v1/cards", headers=of_all)
    told = {name: value for name, value in first.headers.items() if name.startswith("ratelimit-")}
    assert told == {"ratelimit-limit": "3", "ratelimit-remaining": "2", "ratelimit-reset": "60"}
    assert "ratelimit-limit" not in client.get("/docs", headers=of_all).headers
    assert client.get("/mcp", headers=own).headers["ratelimit-remaining"] == "0"
    refused = client.get("/v1/cards", headers=own)
    assert (refused.status_code, refused.json()["type"]) == (429, "urn:alliantie:probleem:te-snel")
    assert 58 <= int(refused.headers["retry-after"]) <= 60
    assert refused.headers["ratelimit-remaining"] == "0"
    assert client.get("/bibliotheek", headers=own).status_code == 200


def test_the_questions_of_a_day_run_out(guarded: Guarded, access: Access) -> None:
    client = guarded(daily_questions=5)
    headers = bearer(access.create("vragen", [KeyScope.ASK]).secret)
    assert client.post("/v1/answers?count=4", headers=headers).status_code == 200
    refused = client.post("/v1/answers?count=2", headers=headers)
    assert (refused.status_code, refused.json()["type"]) == (429, "urn:alliantie:probleem:quotum-op")
    assert int(refused.headers["retry-after"]) > 86_000
    assert client.post("/v1/answers", headers=headers).status_code == 200
    assert client.post("/v1/answers", headers=headers).status_code == 429


def test_a_key_that_is_revoked_is_out_at_the_next_request(guarded: Guarded, access: Access, key: str) -> None:
    client = guarded()
    client.cookies.set(COOKIE, access.sign_in(key))
    assert client.get("/v1/cards").status_code == 200
    access.revoke(access.all()[0].id)
    assert client.get("/v1/cards").json()["type"] == "urn:alliantie:probleem:sleutel-ingetrokken"
    assert client.get("/v1/cards", headers=bearer(key)).status_code == 401
    assert client.get("/", headers=BROWSER).headers["location"] == "/aanmelden"


def test_the_lifespan_of_the_application_passes(guarded: Guarded, key: str) -> None:
    assert guarded().get("/healthz").status_code == 200  # The client began by starting it.
