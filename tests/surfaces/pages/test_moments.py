"""When a conversation was, in the words of the reader's own clock."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from assistant.answering.prompts import Texts
from assistant.domain import ConversationSummary
from assistant.settings import default_prompts
from assistant.surfaces.pages.moments import Period, by_period, describe

NOW = datetime(2027, 3, 4, 22, 30, tzinfo=UTC)
"""A Thursday, and half past eleven in the evening in Amsterdam."""

MOMENTS = {
    datetime(2027, 3, 4, 22, 29, tzinfo=UTC): (Period.TODAY, "Vandaag 23:29"),
    datetime(2027, 3, 3, 23, 5, tzinfo=UTC): (Period.TODAY, "Vandaag 0:05"),
    datetime(2027, 3, 3, 22, 55, tzinfo=UTC): (Period.YESTERDAY, "Gisteren 23:55"),
    datetime(2027, 2, 28, 23, 0, tzinfo=UTC): (Period.THIS_WEEK, "Maandag 0:00"),
    datetime(2027, 2, 28, 22, 59, tzinfo=UTC): (Period.EARLIER, "28 februari"),
    datetime(2026, 12, 31, 23, 0, tzinfo=UTC): (Period.EARLIER, "1 januari"),
    datetime(2026, 12, 31, 22, 59, tzinfo=UTC): (Period.EARLIER, "31 december 2026"),
}


@pytest.fixture(autouse=True)
def _in_amsterdam(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "Europe/Amsterdam")
        time.tzset()
        yield
    time.tzset()


def test_a_moment_is_told_as_people_say_it() -> None:
    texts = Texts.read(default_prompts() / "pages_conversations.yaml")
    assert [describe(moment, NOW, texts) for moment in MOMENTS] == [text for _, text in MOMENTS.values()]


def test_a_list_is_divided_by_period_in_its_own_order() -> None:
    listed = [ConversationSummary(str(number), "x", moment) for number, moment in enumerate(MOMENTS)]
    divided = by_period(listed, NOW)
    assert [period for period, _ in divided] == list(Period)
    assert [one for _, them in divided for one in them] == listed
    assert [period for period, them in divided for _ in them] == [period for period, _ in MOMENTS.values()]


def test_an_hour_that_the_clock_went_forward_is_told_by_the_clock_of_then() -> None:
    texts = Texts.read(default_prompts() / "pages_conversations.yaml")
    summer = datetime(2027, 7, 1, 12, 5, tzinfo=UTC)
    assert describe(summer, summer, texts) == "Vandaag 14:05"
    assert describe(NOW, NOW, texts) == "Vandaag 23:30"


def test_nothing_listed_is_no_period() -> None:
    assert by_period([], NOW) == []


def test_a_clock_that_ran_ahead_counts_as_today() -> None:
    texts = Texts.read(default_prompts() / "pages_conversations.yaml")
    assert describe(datetime(2027, 3, 5, 8, 0, tzinfo=UTC), NOW, texts) == "Vandaag 9:00"
