"""Addresses of databases, and what is said of those that can't be used."""

from __future__ import annotations

import socket
import traceback
from collections.abc import Iterator

import pytest

from assistant.errors import StorageUnavailable
from assistant.storage import Storage
from assistant.storage.connecting import read_url, shown


@pytest.fixture
def deaf_port() -> Iterator[int]:
    """Give a loopback port that nobody listens on."""
    with socket.socket() as taken:  # Bound but not listening: nothing else gets the port.
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg", "postgresql+psycopg2"])
def test_postgresql_is_reached_by_psycopg(scheme: str) -> None:
    assert read_url(f"{scheme}://a:b@db/c").drivername == "postgresql+psycopg"


def test_what_is_shown_of_an_address_has_no_secrets() -> None:
    read = read_url("postgresql://noor:geheim@db.example:5433/samen?password=geheim&sslmode=require")

    assert shown(read) == "postgresql+psycopg://noor:***@db.example:5433/samen"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "geen adres",
        "mysql://noor:geheim@127.0.0.1/samen",
        "postgresql://noor:geheim@127.0.0.1:poort/samen",
        "postgresql://noor:1/geheim@127.0.0.1/samen",
        "postgresql://noor:geheim@@@127.0.0.1:5432:1/samen",
        "sqlite://",
        "sqlite:///:memory:",
    ],
)
def test_an_address_that_cannot_be_used_is_told_without_its_password(url: str) -> None:
    with pytest.raises(StorageUnavailable) as caught:
        Storage.open(url)

    assert caught.value.details["reason"]
    assert "geheim" not in "".join(traceback.format_exception(caught.value, limit=0))


def test_a_server_that_is_not_there_is_told_without_its_password(deaf_port: int) -> None:
    with pytest.raises(StorageUnavailable) as caught:
        Storage.open(f"postgresql://noor:geheim@127.0.0.1:{deaf_port}/samen")

    assert caught.value.details["url"] == f"postgresql+psycopg://noor:***@127.0.0.1:{deaf_port}/samen"
    assert "refused" in caught.value.details["reason"]
    assert "geheim" not in "".join(traceback.format_exception(caught.value, limit=0))
