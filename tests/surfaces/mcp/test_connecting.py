"""Who is at the other end, as the gate and the headers say."""

from __future__ import annotations

import pytest
from starlette.requests import Request

from assistant.domain import LOCAL, Caller, KeyScope
from assistant.settings import read_settings
from assistant.surfaces.mcp.connecting import Keys, connect_here, connect_over_http


def test_over_http_the_gate_says_who_calls_and_the_headers_hold_the_keys() -> None:
    caller = Caller("k1", frozenset({KeyScope.ASK}))
    headers = [(b"x-check-key", b"a"), (b"x-portfolio-key", b"b")]
    request = Request({"type": "http", "headers": headers, "state": {"caller": caller}})
    connection = connect_over_http(request)
    assert (connection.caller, connection.keys) == (caller, Keys("a", "b"))
    assert "'a'" not in repr(connection)


def test_over_http_the_keys_of_the_environment_are_nobodys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_CHECK_KEY", "van de beheerder")
    assert not connect_over_http(Request({"type": "http", "headers": []})).keys
    settings = read_settings()
    here = connect_here(settings)(None)
    assert (here.caller, here.keys) == (LOCAL, Keys(check="van de beheerder"))
    assert "beheerder" not in repr(settings)
