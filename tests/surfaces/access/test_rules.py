"""Which address needs which scope, and where one may go on to."""

from __future__ import annotations

import pytest

from assistant.domain import KEY_PREFIX, KeyScope
from assistant.surfaces.access.rules import (
    HOME,
    holds_key,
    is_cited_document,
    is_readable,
    landing,
    own_path,
    scope_needed,
)

KEY = KEY_PREFIX + "q" * 43


@pytest.mark.parametrize(
    ("path", "scope"),
    [
        ("/", KeyScope.ASK),
        ("/v1/answers", KeyScope.ASK),
        ("/v1/answers:batch", KeyScope.ASK),
        ("/gradio_api/queue/join", KeyScope.ASK),
        ("/mcp", KeyScope.ASK),
        ("/docs", KeyScope.ASK),
        ("/unheard-of", KeyScope.ASK),
        ("/v1/health-checks", KeyScope.HEALTH_CHECKS),
        ("/v1/health-checks/questionnaire", KeyScope.HEALTH_CHECKS),
        ("/v1/briefs", KeyScope.HEALTH_CHECKS),
        ("/check", KeyScope.HEALTH_CHECKS),
        ("/check/beheer/abc", KeyScope.HEALTH_CHECKS),
        ("/brief/bestand", KeyScope.HEALTH_CHECKS),
        ("/portfolio/abc", KeyScope.HEALTH_CHECKS),
        ("/v1/documents", KeyScope.DOCUMENTS),
        ("/documenten", KeyScope.DOCUMENTS),
        ("/metrics", KeyScope.ADMIN),
        # What only begins alike is something else.
        ("/metricsx", KeyScope.ASK),
        ("/checks", KeyScope.ASK),
    ],
)
def test_each_address_needs_its_scope(path: str, scope: KeyScope) -> None:
    assert scope_needed(path, "GET") is scope


@pytest.mark.parametrize(
    "path",
    [
        "/healthz", "/readyz", "/aanmelden", "/afmelden", "/huis/house.css", "/paginas/pages.css",
        "/check/uitnodiging/abc", "/check/invullen/abc/klaar", "/check/verder", "/check/gewist",
    ],
)  # fmt: skip
def test_some_addresses_are_for_everybody(path: str) -> None:
    assert scope_needed(path, "GET") is None


@pytest.mark.parametrize(
    "path",
    [
        "//healthz", "/healthz/", "/HEALTHZ", "/./healthz", "/huis", "/huisx", "/readyz/x", "/aanmelden/x",
        "/healthz;x", "/x/../healthz", "/check/uitnodiging", "/check/verder/x", "healthz", "", "*",
    ],
)  # fmt: skip
def test_nothing_that_looks_like_them_is(path: str) -> None:
    assert scope_needed(path, "GET") is not None


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT", "get", "ODD"])
def test_nor_by_another_method(method: str) -> None:
    assert scope_needed("/healthz", method) is KeyScope.ASK


def test_a_path_with_a_control_character_is_no_path() -> None:
    assert not any(map(is_readable, ("/metrics\n", "/\x00", "/a\rb", "/\x7f", "/\x85", "/\ud800")))
    assert all(map(is_readable, ("/", "/kaarten/coöperatie", "/v1/answers:batch", "/\N{GRINNING FACE}")))


@pytest.mark.parametrize(
    "address",
    [
        f"/v1/{KEY}", f"key={KEY}", f"/x?a=1&b={KEY}", KEY.replace("_", "%5F"), KEY.replace("a", "%61"),
        KEY.replace("_", "%255f"), f"{KEY}x",
    ],
)  # fmt: skip
def test_a_key_is_seen_in_an_address_however_it_is_encoded(address: str) -> None:
    assert holds_key(address)


@pytest.mark.parametrize("address", ["/v1/answers", "vraag=wat+is+alliantie_vertrouwen", KEY_PREFIX])
def test_what_is_no_key_is_not_taken_for_one(address: str) -> None:
    assert not holds_key(address)


@pytest.mark.parametrize(
    "wanted",
    [
        "/",
        "/check",
        "/bibliotheek?zoek=a%20b",
        "/?vraag=wat%3F",
        "/bronnen/x#deel",
        "/kaarten/coöperatie",
        "/%2f/x",
    ],
)
def test_one_goes_on_to_a_path_of_this_server(wanted: str) -> None:
    assert own_path(wanted) == wanted


@pytest.mark.parametrize(
    "wanted",
    [
        "", "x", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "/x\\evil",
        "https://evil.example", "https:evil.example", "javascript:alert(1)", "data:text/html,x",
        " //evil.example", "/\t/evil.example", "/\n/evil.example", "\t//evil.example", "/\r\nSet-Cookie: a=b",
        "/\x00", "/\x0b/evil", "/ /evil", "/\x85", "/\u2028/evil", "/\ud800", "/" + "a" * 2000,
        "/aanmelden", "/aanmelden?naar=/", "/afmelden", f"/x?key={KEY}",
    ],
)  # fmt: skip
def test_any_other_address_is_the_home_page(wanted: str) -> None:
    assert own_path(wanted) == HOME


def test_one_starts_where_the_key_is_for() -> None:
    assert landing(frozenset(KeyScope)) == "/"
    assert landing(frozenset({KeyScope.HEALTH_CHECKS})) == "/check"
    assert landing(frozenset({KeyScope.DOCUMENTS, KeyScope.ADMIN})) == "/documenten"
    assert landing(frozenset({KeyScope.ADMIN})) == "/metrics"


def test_who_may_ask_may_read_what_answers_cite_and_no_more_of_documents() -> None:
    cited = ("/documenten/eigen-1a2b", "/v1/documents/eigen-1a2b", "/v1/documents/eigen-1a2b/text")
    assert all(is_cited_document(path, method) for path in cited for method in ("GET", "HEAD"))
    assert all(scope_needed(path, "GET") is KeyScope.DOCUMENTS for path in cited)
    assert not any(is_cited_document(path, method) for path in cited for method in ("POST", "PUT", "DELETE"))
    others = (
        "/documenten",
        "/v1/documents",
        "/documenten/x",
        "/documenten/eigen-1/verwijderen",
        "/documenten/eigen-1/bestand",
    )
    assert not any(is_cited_document(path, "GET") for path in others)
    assert scope_needed("/passage/eigen-1a2b", "GET") is KeyScope.ASK
