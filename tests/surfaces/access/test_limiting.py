"""How much one may ask, counted in this process and in a Redis."""

from __future__ import annotations

import logging
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from assistant.domain import LOCAL, Caller, KeyScope
from assistant.errors import ConfigurationError, QuotaSpent, TooManyQuestions
from assistant.surfaces.access.limiting import Counter, KeyLimits, KeyMeter, read_rate

ANNA = Caller("anna", frozenset(KeyScope))
BRAM = Caller("bram", frozenset(KeyScope), rate="2/minute", daily_questions=3)


@contextmanager
def running_redis(port: int) -> Iterator[str]:
    """Run a Redis that keeps nothing, and wait until it takes connections."""
    program = shutil.which("redis-server") or pytest.skip("needs a Redis")
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        try:
            _wait_for(port)
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            process.terminate()


def _wait_for(port: int) -> None:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), 0.2).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    pytest.fail("Redis doesn't answer")


@pytest.fixture(scope="session")
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def redis_url(free_port: int) -> Iterator[str]:
    pytest.importorskip("redis")
    with running_redis(free_port) as url:
        yield url


@pytest.fixture(params=["memory", "redis"])
def url(request: pytest.FixtureRequest) -> str:
    if request.param == "memory":
        return "memory://"
    found: str = request.getfixturevalue("redis_url")
    return found


def refusals(act: Callable[[], object], times: int) -> list[bool]:
    return [_is_refused(act) for _ in range(times)]


def _is_refused(act: Callable[[], object]) -> bool:
    try:
        act()
    except TooManyQuestions:
        return True
    return False


def test_a_window_tells_what_is_left_and_when_there_is_more(url: str) -> None:
    counter, rate = Counter(url), read_rate("3/minute")
    windows = [counter.hit(rate, f"window {url}") for _ in range(5)]
    assert [(one.remaining, one.is_over) for one in windows] == [
        (2, False), (1, False), (0, False), (0, True), (0, True),
    ]  # fmt: skip
    assert all(one.limit == 3 and 58 <= one.seconds <= 60 for one in windows)
    assert windows[0].headers.keys() == {"RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"}


def test_many_count_at_once_or_not_at_all(url: str) -> None:
    counter, rate = Counter(url), read_rate("10/day")
    assert not counter.hit(rate, "batch", cost=8).is_over
    refused = counter.hit(rate, "batch", cost=3)
    assert (refused.is_over, refused.remaining) == (True, 2)
    assert not counter.hit(rate, "batch", cost=2).is_over
    assert counter.hit(rate, "larger than all of it", cost=11).is_over


def test_none_is_lost_when_several_count_at_the_same_moment(url: str) -> None:
    rate, alone = read_rate("20/minute"), Counter(url)
    # Each process that shares a Redis has a counter of its own.
    counters = [alone] * 4 if url == "memory://" else [Counter(url) for _ in range(4)]
    with ThreadPoolExecutor(8) as threads:
        windows = list(threads.map(lambda n: counters[n % 4].hit(rate, "crowd"), range(100)))
    assert [one.is_over for one in windows].count(False) == 20


def test_each_key_has_a_rate_of_its_own_or_that_of_all(url: str) -> None:
    limits = KeyLimits(Counter(url), "4/minute", None)
    assert refusals(KeyMeter(limits, ANNA).admit, 5) == [False] * 4 + [True]
    assert refusals(KeyMeter(limits, BRAM).admit, 3) == [False] * 2 + [True]


def test_who_asks_too_fast_hears_how_long_to_wait() -> None:
    meter = KeyMeter(KeyLimits(Counter(), "1/minute", None), ANNA)
    meter.admit()
    with pytest.raises(TooManyQuestions) as refused:
        meter.admit()
    assert 58 <= int(refused.value.details["seconds"]) <= 60


def test_the_questions_of_a_day_are_counted_apart_from_requests(url: str) -> None:
    limits = KeyLimits(Counter(url), "1/minute", 2)
    assert refusals(lambda: limits.spend(Caller("carla", frozenset()), 1), 3) == [False, False, True]
    meter = KeyMeter(limits, BRAM)
    meter.spend(2)
    with pytest.raises(QuotaSpent) as refused:
        meter.spend(2)
    assert refused.value.details["limit"] == "3"
    assert 86_390 <= int(refused.value.details["seconds"]) <= 86_400
    meter.spend(1)


def test_who_has_no_key_has_no_limit() -> None:
    limits = KeyLimits(Counter(), "1/minute", 1)
    for meter in (KeyMeter(limits, LOCAL), KeyMeter(limits, Caller("", frozenset()))):
        assert refusals(meter.admit, 3) == [False] * 3
        assert refusals(partial(meter.spend, 5), 3) == [False] * 3


def test_a_rate_or_an_address_that_is_none_is_refused_at_the_start() -> None:
    for rate in ("fast", "", "5/fortnight"):
        with pytest.raises(ConfigurationError):
            KeyLimits(Counter(), rate, None)
    with pytest.raises(ConfigurationError) as refused:
        Counter("redis://user:hidden@127.0.0.1:nowhere/0")
    assert "hidden" not in str(refused.value)


def test_while_redis_is_away_this_process_counts_and_says_so_once(
    free_port: int, redis_url: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("assistant.surfaces.access.limiting.PAUSE", 0.05)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    counter, rate = Counter(f"redis://127.0.0.1:{port}/0"), read_rate("2/minute")
    with caplog.at_level(logging.WARNING, "assistant"):
        begun = time.monotonic()
        assert [counter.hit(rate, "away").is_over for _ in range(4)] == [False, False, True, True]
        time.sleep(0.06)
        assert counter.hit(rate, "away").is_over
        assert time.monotonic() - begun < 0.5
        with running_redis(port):
            time.sleep(0.06)
            assert [counter.hit(rate, "away").is_over for _ in range(3)] == [False, False, True]
        counter.hit(rate, "away")
    said = [record.message.partition(":")[0] for record in caplog.records]
    away, back = "the shared limits are away, so this process counts", "the shared limits are back"
    assert said == [away, back, away]


def test_a_redis_that_never_answers_holds_nobody_up_for_long() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        counter = Counter(f"redis://127.0.0.1:{silent.getsockname()[1]}/0")
        begun = time.monotonic()
        assert not any(counter.hit(read_rate("5/minute"), "silent").is_over for _ in range(5))
        assert time.monotonic() - begun < 1


def test_no_name_of_a_visitor_stands_in_the_store(redis_url: str, tmp_path: Path) -> None:
    import redis

    from assistant.surfaces.chat.pacing import Pace

    visitor = "v" * 43
    Pace(counter=Counter(redis_url)).admit(visitor)
    with redis.Redis.from_url(redis_url) as store:
        kept = [key.decode() for key in store.keys("*")]
    assert any("pagina" in key for key in kept)
    assert not any(visitor in key for key in kept)
