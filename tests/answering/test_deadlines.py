"""Waiting no longer than allowed."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from assistant.answering.deadlines import Background


def test_items_come_in_order_and_then_nothing() -> None:
    background = Background(lambda: iter("ab"), limit=5)
    assert [background.next_item(5) for _ in range(3)] == ["a", "b", None]


def test_what_goes_wrong_inside_is_raised_outside() -> None:
    def broken() -> Iterator[str]:
        yield "a"
        raise ConnectionError

    background = Background(broken, limit=5)
    assert background.next_item(5) == "a"
    with pytest.raises(ConnectionError):
        background.next_item(5)


def test_nothing_is_waited_for_longer_than_allowed() -> None:
    freed = threading.Event()

    def silent() -> Iterator[str]:
        freed.wait(10)
        yield "te laat"

    began = time.monotonic()
    with pytest.raises(TimeoutError):
        Background(silent, limit=5).next_item(0.05)
    assert time.monotonic() - began < 2
    freed.set()


@pytest.mark.parametrize("is_stopped", [True, False], ids=["stopped", "out of time"])
def test_an_endless_iterator_is_left_and_closed(is_stopped: bool) -> None:
    closed = threading.Event()

    def endless() -> Iterator[str]:
        try:
            while True:
                time.sleep(0.005)
                yield "en nog iets"
        finally:
            closed.set()

    background = Background(endless, limit=60 if is_stopped else 0.05)
    assert background.next_item(5) == "en nog iets"
    if is_stopped:
        background.stop()
    assert closed.wait(5)
