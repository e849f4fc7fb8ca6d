"""Numbers, however they are written."""

from __future__ import annotations

import pytest

from assistant.answering.numerals import numbers_in


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("28 leden, 1.500 euro en 12,5 procent", {"28", "1500", "12,5"}),
        ("achtentwintig leden", {"28"}),
        ("tweehonderdvijftig boeren", {"250"}),
        ("tweeëntwintig jaar", {"22"}),
        ("de tweede van vier fasen", {"2e", "4"}),
        ("de achtste, de twintigste en de eerste", {"8e", "20e", "1e"}),
        ("ongeveer de helft van duizend", {"1/2", "1000"}),
        ("een alliantie achter de dijk", set()),
    ],
)
def test_figures_and_words_are_the_same_numbers(text: str, numbers: set[str]) -> None:
    assert numbers_in(text) == numbers
