"""Letters that can't be seen."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.folding import without_hidden

HIDDEN = ("Cc", "Cf", "Cs")


@given(st.text(st.characters()))
def test_exactly_what_is_hidden_is_taken_out(text: str) -> None:
    expected = [letter for letter in text if unicodedata.category(letter) not in HIDDEN]
    assert without_hidden(text, HIDDEN) == "".join(expected)


def test_every_letter_that_is_hidden_is_noticed() -> None:
    letters = [chr(code) for code in range(0x110000)]
    hidden = [letter for letter in letters if unicodedata.category(letter) in HIDDEN]
    assert [letter for letter in hidden if without_hidden(letter, HIDDEN)] == []
    assert len(hidden) > 2000
