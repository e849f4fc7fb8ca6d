"""Which addresses are served at, and which of them need a key first."""

from __future__ import annotations

import socket
import subprocess
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assistant.bootstrap.access import open_access
from assistant.domain import KeyScope
from assistant.errors import AddressInUse, UnguardedAddress
from assistant.settings import Settings, read_settings
from assistant.surfaces.listening import address_of, is_loopback, listen
from tests.surfaces.serving import COMMAND, ROOT

_IPV6 = socket.has_dualstack_ipv6()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return read_settings(data=tmp_path / "data", port=0)


def _at(settings: Settings, **changed: str) -> Settings:
    return settings.model_copy(update=changed)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1", "127.8.9.10", "localhost", "2130706433"])
def test_an_address_of_this_computer_alone_needs_no_key_and_no_database(
    settings: Settings, host: str
) -> None:
    with closing(listen(_at(settings, host=host))) as listener:
        assert is_loopback(listener.getsockname()[0])
    assert not settings.data.exists()


@pytest.mark.skipif(not _IPV6, reason="needs IPv6")
@pytest.mark.parametrize("host", ["::1", "::ffff:127.0.0.1"])
def test_so_does_one_of_ipv6(settings: Settings, host: str) -> None:
    with closing(listen(_at(settings, host=host))) as listener:
        assert address_of(listener) == f"http://[{host}]:{listener.getsockname()[1]}"


@pytest.mark.parametrize("host", ["0.0.0.0", "0", "00.0.0.0"])  # noqa: S104 - refused
def test_an_address_that_others_can_reach_is_refused_without_a_key(settings: Settings, host: str) -> None:
    with pytest.raises(UnguardedAddress, match=f"host={host}"):
        listen(_at(settings, host=host))


@pytest.mark.skipif(not _IPV6, reason="needs IPv6")
@pytest.mark.parametrize("host", ["::", "::ffff:0.0.0.0", "0:0:0:0:0:0:0:0"])
def test_so_is_one_of_ipv6(settings: Settings, host: str) -> None:
    with pytest.raises(UnguardedAddress):
        listen(_at(settings, host=host))


def test_a_name_is_judged_by_what_it_stands_for_when_it_is_taken(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolve = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, *rest, **more: resolve("0.0.0.0", *rest, **more))  # noqa: S104

    with pytest.raises(UnguardedAddress, match="host=localhost"):
        listen(_at(settings, host="localhost"))


def test_an_address_without_any_key_that_works_is_refused_and_let_go(settings: Settings) -> None:
    with open_access(settings) as access:
        revoked = access.create("Ingetrokken", [KeyScope.ASK])
        access.revoke(revoked.key.id)
        soon = datetime.now(UTC) + timedelta(seconds=0.2)
        access.create("Verlopen", [KeyScope.ASK], expires=soon)
    while datetime.now(UTC) <= soon:
        time.sleep(0.02)
    everywhere = _at(settings, host="0.0.0.0")  # noqa: S104
    with pytest.raises(UnguardedAddress):
        listen(everywhere)

    with open_access(settings) as access:
        access.create("Goed", [KeyScope.HEALTH_CHECKS])
    with closing(listen(everywhere)) as listener:
        assert address_of(listener).startswith("http://0.0.0.0:")


@pytest.mark.parametrize(
    ("changed", "way"),
    [
        ({"hosts": "localhost, assistent.example.nl"}, "assistent.example.nl"),
        ({"hosts": "*"}, r"\*"),
        ({"hosts": "localhost", "proxies": "10.0.0.1"}, "10.0.0.1"),
    ],
)
def test_who_comes_by_a_name_or_a_proxy_is_another_too(
    settings: Settings, changed: dict[str, str], way: str
) -> None:
    with pytest.raises(UnguardedAddress, match=f"host={way}"):
        listen(_at(settings, **changed))


def test_names_of_this_computer_are_no_others(settings: Settings) -> None:
    listen(_at(settings, hosts="localhost,127.0.0.1, [::1],::1,")).close()


@pytest.mark.parametrize(
    "address",
    ["0.0.0.0", "::", "::ffff:0.0.0.0", "::ffff:8.8.8.8", "10.0.0.1", "192.168.1.2", "8.8.8.8", "fe80::1",  # noqa: S104
     "fe80::1%lo", "fd00::1", "::127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "128.0.0.1", "localhost",
     ""],
)  # fmt: skip
def test_no_other_address_is_taken_for_one_of_this_computer_alone(address: str) -> None:
    assert not is_loopback(address)


@pytest.mark.parametrize("host", ["", "bestaat-niet.invalid", "a" * 64 + ".nl", "xn--" + "é" * 80, "8.8.8.8"])
def test_an_address_that_cannot_be_had_is_told(settings: Settings, host: str) -> None:
    with pytest.raises(AddressInUse):
        listen(_at(settings, host=host))


def test_serving_without_a_key_ends_with_one_clear_line_before_anything_is_loaded(
    settings: Settings,
) -> None:
    done = subprocess.run(
        [*COMMAND, "serve", "--host", "0.0.0.0"],  # noqa: S104 - refused
        env=settings.as_environment(), cwd=ROOT, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 1
    assert "Via 0.0.0.0 kunnen anderen" in done.stderr
    assert "alliantie keys create" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not settings.index_folder.exists()
