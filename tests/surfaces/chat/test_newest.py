"""Values that come faster than they can be shown, and slower."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from assistant.surfaces.chat.newest import newest

SOON = 10
"""Seconds in which another thread has surely come to it."""


@pytest.mark.parametrize("count", [0, 1, 2, 3, 1000])
def test_the_last_is_never_skipped_and_nothing_comes_twice_or_out_of_order(count: int) -> None:
    for _ in range(20):
        shown = list(newest(iter(range(count))))
        assert shown[-1:] == list(range(count))[-1:]
        assert shown == sorted(set(shown))


def test_of_a_slow_maker_every_value_is_shown() -> None:
    taken = threading.Semaphore(1)

    def make() -> Iterator[int]:
        for value in range(5):
            assert taken.acquire(timeout=SOON)
            yield value

    shown = []
    for value in newest(make()):
        shown.append(value)
        taken.release()
    assert shown == [0, 1, 2, 3, 4]


def test_of_a_fast_maker_what_was_overtaken_is_skipped() -> None:
    is_first_shown, is_all_made = threading.Event(), threading.Event()

    def make() -> Iterator[int]:
        yield 0
        assert is_first_shown.wait(SOON)
        yield from range(1, 100)
        is_all_made.set()

    values = newest(make())
    assert next(values) == 0
    is_first_shown.set()
    assert is_all_made.wait(SOON)
    assert list(values) == [99]


def test_what_is_whole_soon_enough_is_shown_once() -> None:
    assert list(newest(iter(range(3)), first=SOON)) == [2]


def test_the_longer_showing_takes_the_longer_the_next_one_waits() -> None:
    is_shown = threading.Event()

    def make() -> Iterator[int]:
        yield 0
        assert is_shown.wait(SOON)
        yield 1
        time.sleep(1)  # So that the second isn't the last yet.
        yield 2

    values = newest(make(), pause=0, first=0)
    assert next(values) == 0
    is_shown.set()
    time.sleep(0.1)
    asked = time.monotonic()
    assert next(values) == 1
    assert time.monotonic() - asked >= 0.3


def test_an_error_is_raised_after_what_came_before_it() -> None:
    broken = RuntimeError("een fout die niemand voorzag")

    def make() -> Iterator[int]:
        yield from (1, 2, 3)
        raise broken

    shown: list[int] = []
    with pytest.raises(RuntimeError) as raised:
        shown.extend(newest(make()))
    assert raised.value is broken
    assert shown[-1] == 3


def test_an_error_before_the_first_value_is_raised_at_once() -> None:
    def make() -> Iterator[int]:
        raise KeyError("weg")
        yield 1

    with pytest.raises(KeyError, match="weg"):
        next(newest(make()))


def test_who_stops_asking_stops_the_maker_at_its_next_value() -> None:
    may_make, is_closed = threading.Semaphore(1), threading.Event()
    made = []

    def make() -> Iterator[int]:
        try:
            for value in range(100):
                assert may_make.acquire(timeout=SOON)
                made.append(value)
                yield value
        finally:
            is_closed.set()

    values = newest(make())
    assert next(values) == 0
    values.close()  # type: ignore[attr-defined]  # It is a generator.
    may_make.release(100)
    assert is_closed.wait(SOON)
    assert made == [0, 1]


def test_values_are_made_in_a_thread_of_their_own_that_ends_with_them() -> None:
    def make() -> Iterator[threading.Thread]:
        yield threading.current_thread()

    (maker,) = newest(make())
    assert maker is not threading.current_thread()
    assert not maker.is_alive()


def test_nothing_is_made_before_it_is_asked_for() -> None:
    is_begun = threading.Event()

    def make() -> Iterator[int]:
        is_begun.set()
        yield 1

    values = newest(make())
    assert not is_begun.wait(0.05)
    assert list(values) == [1]
