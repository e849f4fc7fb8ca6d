"""How fast somebody may ask."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from assistant.answering.prompts import Texts
from assistant.errors import TooManyQuestions
from assistant.surfaces.chat.pacing import ALLOWANCE, Pace

ANNA, BRAM = "a" * 43, "b" * 43


def is_admitted(pace: Pace, who: str) -> bool:
    try:
        pace.admit(who)
    except TooManyQuestions:
        return False
    return True


def test_people_may_ask_twenty_questions_a_minute() -> None:
    assert ALLOWANCE == "20/minute"
    pace = Pace()
    assert [is_admitted(pace, ANNA) for _ in range(22)] == [True] * 20 + [False] * 2


def test_who_asks_too_fast_hears_in_how_many_seconds_the_next_question_is_welcome(texts: Texts) -> None:
    pace = Pace("1/minute")
    pace.admit(ANNA)
    with pytest.raises(TooManyQuestions) as refused:
        pace.admit(ANNA)
    assert 55 <= int(refused.value.details["seconds"]) <= 60
    assert refused.value.details["seconds"] in texts.render("problem_too_fast", **refused.value.details)


def test_nobody_waits_for_another() -> None:
    pace = Pace("1/minute")
    pace.admit(ANNA)
    assert not is_admitted(pace, ANNA)
    assert is_admitted(pace, BRAM)


def test_each_pace_counts_for_itself() -> None:
    for pace in (Pace("1/minute"), Pace("1/minute")):
        assert is_admitted(pace, ANNA)


def test_who_waits_may_ask_again_and_what_was_refused_does_not_count() -> None:
    pace = Pace("1/second")
    pace.admit(ANNA)
    begun = time.monotonic()
    with pytest.raises(TooManyQuestions) as refused:
        pace.admit(ANNA)
    assert refused.value.details == {"seconds": "1"}
    while not is_admitted(pace, ANNA):
        time.sleep(0.02)
    assert time.monotonic() - begun < 2


def test_questions_that_come_at_the_same_moment_are_all_counted() -> None:
    pace = Pace("20/minute")
    with ThreadPoolExecutor(16) as threads:
        admitted = list(threads.map(lambda _: is_admitted(pace, ANNA), range(200)))
    assert admitted.count(True) == 20
