"""Tests of figures and dates as a Dutch reader writes them."""

from __future__ import annotations

from datetime import date

from assistant.publishing.wording import day, decimal, figure, percentage
from tests.publishing.examples import TEXTS


def test_a_score_has_one_decimal_and_a_comma() -> None:
    assert figure(3.4, TEXTS) == "3,4"
    assert figure(3.0, TEXTS) == "3,0"


def test_a_score_that_is_not_there_says_so() -> None:
    assert figure(None, TEXTS) == "te weinig antwoorden"


def test_nothing_has_no_sign() -> None:
    assert decimal(-0.04) == "0,0"


def test_a_date_is_written_in_full_in_every_month() -> None:
    written = [day(date(2025, month, 3), TEXTS) for month in range(1, 13)]
    assert written[0] == "3 januari 2025"
    assert written[11] == "3 december 2025"
    assert len(set(written)) == 12


def test_a_share_is_in_whole_percents() -> None:
    assert percentage(0.456) == "46%"
