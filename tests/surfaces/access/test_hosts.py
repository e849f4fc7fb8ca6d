"""For which names a server answers."""

from __future__ import annotations

import pytest

from assistant.surfaces.access.hosts import Hosts, is_loopback


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.0.1", "::1", "[::1]", "LocalHost"])
def test_loopback_is_this_computer(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host",
    ["0.0.0.0", "::", "192.168.0.2", "example.nl", "localhost.evil.nl", "*", ""],  # noqa: S104
)
def test_nothing_else_is(host: str) -> None:
    assert not is_loopback(host)


@pytest.mark.parametrize(
    "header", ["localhost", "localhost:8000", "127.0.0.1:1", "[::1]", "[::1]:8000", "LOCALHOST", "localhost."]
)
def test_on_loopback_the_names_of_loopback_do(header: str) -> None:
    assert Hosts.of(None, "127.0.0.1").admit(header)


@pytest.mark.parametrize(
    "header",
    [
        "", "evil.example", "evil.example:8000", "localhost.evil.example", "127.0.0.1.evil.example", "::1",
        "127.0.0.1@evil.example", "localhost:80:90", "localhost:x", "localhost/", " localhost", "[::1", "*",
        "localhost,evil.example", "[::2]", "2130706433", "localhost:123456",
    ],
)  # fmt: skip
def test_a_name_of_somebody_else_does_not(header: str) -> None:
    assert not Hosts.of(None, "127.0.0.1").admit(header)


def test_another_address_of_loopback_is_a_name_too() -> None:
    assert Hosts.of(None, "127.0.0.2").admit("127.0.0.2:8000")
    assert Hosts.of(None, "::1").admit("[::1]:8000")


def test_elsewhere_any_name_does_unless_names_are_chosen() -> None:
    assert Hosts.of(None, "0.0.0.0").admit("whatever.example")  # noqa: S104
    chosen = Hosts.of("assistent.example.nl, *.intern.nl,fe80::1", "0.0.0.0")  # noqa: S104
    names = ("assistent.example.nl", "Assistent.Example.nl:443", "a.intern.nl", "[fe80::1]:80", "127.0.0.1")
    assert all(map(chosen.admit, names))
    others = ("evil.nl", "x.assistent.example.nl", "intern.nl", "evilintern.nl", "fe80::1")
    assert not any(map(chosen.admit, others))


def test_names_that_others_know_are_not_local() -> None:
    assert Hosts.of(None, "127.0.0.1").are_local
    assert Hosts.of("localhost", "127.0.0.1").are_local
    assert not Hosts.of("assistent.example.nl", "127.0.0.1").are_local
    assert not Hosts.of("*", "127.0.0.1").are_local
    assert not Hosts.of(None, "0.0.0.0").are_local  # noqa: S104
