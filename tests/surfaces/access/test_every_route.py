"""Every route of the running product, Gradio's own too: nobody comes in without the right key."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from assistant.domain import KEY_PREFIX
from tests.surfaces.access.product import PUBLIC, Place, Product, Reply, Wire

WRONG = KEY_PREFIX + "w" * 43
REFUSED = {400, 401, 403, 404, 405}
HTML = "Accept: text/html,*/*;q=0.8"
METHODS = (
    "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "QUERY", "get",
)  # fmt: skip
PROTECTED = ("/v1/answers", "/v1/health-checks", "/metrics", "/config", "/")
"""What the tricks are about: each kind of route, and each scope."""


@pytest.fixture
def wire(product: Product) -> Iterator[Wire]:
    with closing(Wire(product.port)) as opened:
        yield opened


def is_refused(reply: Reply) -> bool:
    return reply.status in REFUSED or reply.leads_to_sign_in


def test_the_walk_finds_the_routes_of_all_parts(product: Product) -> None:
    found = {place.path for place in product.guarded}
    assert len(found) > 100
    ours = {
        "/",
        "/v1/answers",
        "/v1/search",
        "/v1/health-checks",
        "/mcp",
        "/metrics",
        "/openapi.json",
        "/vraag/x",
    }
    gradio = {"/config", "/login", "/gradio_api/queue/join", "/gradio_api/upload", "/gradio_api/file=x"}
    assert ours | gradio <= found


def test_without_a_good_key_nobody_gets_anything(product: Product, wire: Wire) -> None:
    credentials = {
        "no key": [],
        "a browser": [HTML],
        "a wrong key": [f"Authorization: Bearer {WRONG}"],
        "a revoked key": [product.bearer("revoked")],
        "an expired key": [product.bearer("expired")],
        "a cookie of a revoked key": [f"Cookie: toegang={product.keys['revoked_token']}"],
    }
    for place in product.guarded:
        for who, lines in credentials.items():
            reply = wire.send(place.method, place.path, *lines)
            assert reply.status == 401 or reply.leads_to_sign_in, (place, who, reply)
            assert "content-security-policy" in reply.headers, (place, who)


def test_a_good_key_counts_in_one_place_alone(product: Product, wire: Wire) -> None:
    key = product.keys["good"]
    for lines in (
        ["Authorization: Bearer"],
        [f"Authorization: Basic {key}"],
        [f"Authorization: {key}"],
        [product.bearer("good"), f"Authorization: Bearer {WRONG}"],
        [f"Cookie: toegang={key}; key={key}"],
        [f"Cookie: toegang={'w' * 43}"],
        [f"X-API-Key: {key}", f"Api-Key: {key}", f"Proxy-Authorization: Bearer {key}"],
    ):
        for path in PROTECTED:
            assert wire.send("GET", path, *lines).status == 401, (path, lines)


def test_with_another_scope_nobody_gets_anything(product: Product, wire: Wire) -> None:
    for place in product.guarded:
        reply = wire.send(place.method, place.path, product.bearer(f"without {place.scope}"))
        assert (reply.status, b"bereik-ontbreekt" in reply.body) == (403, place.method != "HEAD"), (
            place,
            reply,
        )


def test_a_key_in_an_address_is_no_key(product: Product, wire: Wire) -> None:
    key = product.keys["good"]
    coded = key.replace("_", "%5F")
    for place in product.guarded:
        asked = {f"{place.path}?x=1&key={coded}": HTML, f"{place.path}/{key}": product.bearer("good")}
        for target, line in asked.items():
            reply = wire.send(place.method, target, line)
            assert reply.status == 400, (place, target, reply)
            assert key.encode() not in reply.body + str(reply.headers).encode()


def test_no_method_opens_a_route(product: Product, wire: Wire) -> None:
    for path in dict.fromkeys(place.path for place in product.guarded):
        for method in METHODS if path in PROTECTED else ("HEAD", "OPTIONS", "QUERY"):
            reply = wire.send(method, path)
            assert is_refused(reply), (method, path, reply)


def test_what_is_public_is_so_for_reading_and_forms_alone(product: Product, wire: Wire) -> None:
    for place in product.places:
        if place.is_public:
            assert wire.send(place.method, place.path).status not in {401, 500}, place
            for method in ("PUT", "DELETE", "OPTIONS", "TRACE"):
                assert wire.send(method, place.path).status in REFUSED, (method, place)


def variants(path: str) -> Iterator[str]:
    """Return ways to write a path, and to hide it behind one that is public."""
    bare = path.lstrip("/")
    coded = "".join(f"%{ord(letter):02x}" for letter in bare)
    yield from (
        f"/{path}",
        f"//{path}",
        f"/./{bare}",
        f"/x/../{bare}",
        f"{path}/",
        f"{path}//",
        f"{path}/.",
        f"{path}/..",
    )
    yield from (
        f"{path};x",
        f"{path};/healthz",
        f"{path}?/healthz",
        f"{path}%3f",
        f"{path}#x",
        f"{path}%23/healthz",
    )
    yield from (
        f"/%2e/{bare}",
        f"/x/%2e%2e/{bare}",
        f"/%2f{bare}",
        f"%2f{bare}",
        f"/{coded}",
        f"/{coded.upper()}",
    )
    yield from (
        f"/%252e%252e/{bare}",
        f"/..%2f{bare}",
        f"/{bare.upper()}",
        f"\\{bare}",
        f"/\\{bare}",
        f"/%5c{bare}",
    )
    yield from (
        f"{path}%00",
        f"{path}%0a",
        f"{path}%0d%0a",
        f"{path}%20",
        f"/%00{bare}",
        f"{path}\x7f",
        f"{path}%c0%af",
    )
    yield from (
        f"{path}.json",
        f"{path}.css",
        f"{path}/x.css",
        f"{path}?naar=/healthz",
        bare or "x",
        f"{path}%ef%bc%8f",
    )
    for public in ("/healthz", "/huis", "/paginas", "/check/uitnodiging", "/check/invullen", "/aanmelden"):
        yield from (
            f"{public}/..{path}",
            f"{public}/../..{path}",
            f"{public}/%2e%2e{path}",
            f"{public}/..%2f{bare}",
        )
        yield from (
            f"{public}/..%5c{bare}",
            f"{public};/..{path}",
            f"{public}\\..\\{bare}",
            f"{public}%00{path}",
        )
        yield from (f"{public}//{bare}", f"{public}%0a{path}", f"{public}{path}", f"{public}%3f/..{path}")
    for authority in (
        "http://127.0.0.1",
        "http://evil.example",
        "//evil.example",
        "http://healthz",
        "https://x@y",
    ):
        yield f"{authority}{path}"


@pytest.mark.parametrize("path", PROTECTED)
def test_no_way_to_write_a_path_opens_a_route(product: Product, wire: Wire, path: str) -> None:
    for target in variants(path):
        for line in (HTML, f"Authorization: Bearer {WRONG}") if path == "/v1/answers" else (HTML,):
            reply = wire.send("GET", target, line)
            assert is_refused(reply) or is_there_for_everybody(reply), (target, reply)


def is_there_for_everybody(reply: Reply) -> bool:
    """Return whether an address led to the sign-in page after all, which ``?`` and ``;`` may do."""
    return reply.status == 200 and b'action="/aanmelden"' in reply.body


@pytest.mark.parametrize("path", ["/metrics", "/check", "/documenten"])
def test_nor_lends_it_the_scope_of_another(product: Product, wire: Wire, path: str) -> None:
    scope = Place("GET", path).scope
    told = wire.send("GET", path, product.bearer("good")).body
    for target in variants(path):
        reply = wire.send("GET", target, product.bearer(f"without {scope}"))
        assert reply.status < 500, (target, reply)
        assert not reply.body or reply.body != told, (target, reply)
        assert reply.status != 200 or b"<form" not in reply.body or b'action="/check"' not in reply.body, (
            target
        )


@pytest.mark.parametrize("path", PROTECTED)
def test_no_header_opens_a_route(product: Product, wire: Wire, path: str) -> None:
    pointing = (
        "X-Original-URL", "X-Rewrite-URL", "X-Original-Path", "X-Override-URL", "X-Forwarded-Path",
        "X-Forwarded-Prefix", "X-Forwarded-URI", "X-Script-Name", "Referer",
    )  # fmt: skip
    claiming = (
        "X-Forwarded-For: 127.0.0.1", "X-Forwarded-Host: localhost", "X-Forwarded-Proto: https",
        "X-Forwarded-Server: localhost", "X-Real-IP: 127.0.0.1", "Forwarded: for=127.0.0.1;host=localhost",
        "X-HTTP-Method-Override: OPTIONS", "X-Method-Override: HEAD", "Sec-Fetch-Site: same-origin",
        "Origin: http://localhost", "X-Forwarded-User: admin", "Authorization: Negotiate x",
    )  # fmt: skip
    for line in (*(f"{name}: /healthz" for name in pointing), *claiming):
        assert is_refused(wire.send("GET", path, line)), line
    plain = wire.send("GET", "/healthz").body
    for name in pointing:
        assert wire.send("GET", "/healthz", f"{name}: {path}").body == plain


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:80",
        "localhost.evil.example",
        "127.0.0.1@evil.example",
        "[::1]x",
        "x:y:z",
    ],
)
def test_for_another_host_nobody_gets_anything_with_a_key_either(
    product: Product, wire: Wire, host: str
) -> None:
    for path in (*PROTECTED, *PUBLIC):
        for lines in ([], [product.bearer("good")]):
            assert wire.send("GET", path, *lines, host=host).status == 400, path


def test_an_address_or_a_key_that_is_too_long_is_refused(product: Product, wire: Wire) -> None:
    for target in (
        "/" + "a" * 30_000,
        "/huis/" + "a" * 5_000,
        "/v1/cards?" + "a" * 30_000,
        "/" + "../" * 5_000,
    ):
        assert is_refused(wire.send("GET", target)), target[:20]
    assert is_refused(wire.send("GET", "/v1/cards", f"Authorization: Bearer {'a' * 30_000}"))
    assert is_refused(wire.send("GET", "/v1/cards", f"Cookie: toegang={'a' * 30_000}"))
    assert is_refused(wire.send("GET", "/v1/cards", "Cookie: " + "toegang=x; " * 2_000))


def test_a_websocket_is_refused(product: Product, wire: Wire) -> None:
    upgrade = (
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: eA==",
    )
    for path in ("/", "/gradio_api/queue/join", "/healthz", "/v1/answers"):
        for lines in ([], [product.bearer("good")]):
            assert wire.send("GET", path, *upgrade, *lines).status in {400, 403}


def test_with_a_good_key_each_route_works(product: Product, wire: Wire) -> None:
    for place in product.guarded:
        reply = wire.send(place.method, place.path, product.bearer("good"))
        assert reply.status < 500, (place, reply)
        assert reply.status != 401, (place, reply)
        assert b"bereik-ontbreekt" not in reply.body, (place, reply)
        assert not reply.leads_to_sign_in, (place, reply)
