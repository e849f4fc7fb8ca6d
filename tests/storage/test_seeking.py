"""Folding texts to be sought in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.storage.seeking import folded, sought_words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ÉÉN  Idee\n over\tCREËREN", "een idee over creeren"),
        ("Coo\u0308rdinatie, STRASSE, Straße", "coordinatie, strasse, strasse"),
        ("zacht\u00adbreuk en nul\u200bbreedte", "zachtbreuk en nulbreedte"),
        ("\ud800 \u0301 \x00", ""),
        ("ΣΊΣΥΦΟΣ ﬁne", "σισυφοσ fine"),
    ],
)
def test_a_folded_text_has_no_capitals_accents_or_what_cannot_be_seen(text: str, expected: str) -> None:
    assert folded(text) == expected


@given(st.text(alphabet=st.characters()))
def test_folding_again_changes_nothing(text: str) -> None:
    assert folded(folded(text)) == folded(text)


@given(st.text(alphabet=st.characters(max_codepoint=0x17F, exclude_characters="ıŉ")))
def test_capitals_do_not_matter(text: str) -> None:
    assert folded(text.upper()) == folded(text.lower()) == folded(text)


def test_each_word_is_sought_once_and_a_very_long_search_ends_somewhere() -> None:
    assert sought_words(" Een een\nTWEE ") == ("een", "twee")
    assert sum(map(len, sought_words("woord " * 1000 + "x" * 100_000))) <= 200
    assert sought_words("\u200b \x00") == ()
