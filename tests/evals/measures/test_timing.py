"""What is timed, by a clock that only moves when something is asked or embedded."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.measures import timing
from evals.measures.timing import p95, time_answers, timed


class Clock:
    """A clock that calls move forward; the first calls, which warm up, take ten times as long."""

    def __init__(self, warming: int = 0) -> None:
        self.now = 0.0
        self.calls: list[tuple[str, str]] = []
        self._warming = warming

    def ask(self, question: str) -> str:
        """Take three milliseconds for each letter."""
        return self._spend("ask", question, 0.003)

    def embed(self, question: str) -> str:
        """Take one millisecond for each letter."""
        return self._spend("embed", question, 0.001)

    def _spend(self, what: str, question: str, seconds: float) -> str:
        is_warm = len(self.calls) >= self._warming
        self.calls.append((what, question))
        self.now += seconds * len(question) * (1 if is_warm else 10)
        return question


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    moved = Clock(warming=4)
    monkeypatch.setattr(timing, "time", SimpleNamespace(perf_counter=lambda: moved.now))
    return moved


def test_answer_and_embedding_are_timed_in_turn_after_a_round_that_warms_up(clock: Clock) -> None:
    found = time_answers(clock.ask, clock.embed, ["aa", "bbbb"], rounds=3)
    turns = [("ask", "aa"), ("embed", "aa"), ("ask", "bbbb"), ("embed", "bbbb")]
    assert clock.calls == turns * 4
    assert found.answers == 6
    assert found.samples == pytest.approx((6, 6, 6, 12, 12, 12))
    assert found.answer_p50 == pytest.approx(9)
    assert found.embedding_p50 == pytest.approx(3)
    assert found.ratio == pytest.approx(3)


def test_a_call_is_timed_in_milliseconds(clock: Clock) -> None:
    clock.calls = [("ask", "")] * 4
    assert timed(clock.ask, "aaaa") == pytest.approx(12)


def test_95_of_100_stay_under_the_p95() -> None:
    values = [float(value) for value in range(100)]
    assert sum(value < p95(values) for value in values) == 95
    assert p95([5.0] * 10) == 5.0


@given(st.lists(st.floats(0, 1000), min_size=20, max_size=100))
def test_the_p95_lies_above_the_median_and_not_above_the_longest(values: list[float]) -> None:
    rounding = 1e-9
    assert sorted(values)[len(values) // 2 - 1] <= p95(values) + rounding
    assert p95(values) <= max(values) + rounding
