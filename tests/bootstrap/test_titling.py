"""Titles and remarks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.bootstrap.titling import LONGEST_TITLE, read_remark, read_title, title_of
from assistant.errors import QuestionTooLong

QUESTION = "Hoe bouwt u vertrouwen op?\nEn hoe snel?"


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("  Over\n vertrouwen ", "Over vertrouwen"),
        ("Over\x00 ver\u200btrouwen\x1b", "Over vertrouwen"),
        ("é" * 200, "é" * 200),
        ("é" * 201, "Hoe bouwt u vertrouwen op?"),
        (" \n\u202e", "Hoe bouwt u vertrouwen op?"),
        ("", "Hoe bouwt u vertrouwen op?"),
    ],
)
def test_a_title_that_cannot_be_used_is_made_from_the_question(title: str, expected: str) -> None:
    assert read_title(title, QUESTION) == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        (
            "Wat is het verschil tussen calculatief vertrouwen, en relationeel vertrouwen in een alliantie?",
            "Wat is het verschil tussen calculatief vertrouwen, en…",
        ),
        ("\n \n Eerst dit\nDan dat", "Eerst dit"),
        ("x" * 100, "x" * 60 + "…"),
        ("a" * 50 + ", " + "b" * 50, "a" * 50 + "…"),
        ("", "…"),
    ],
)
def test_a_long_question_is_cut_at_a_word(question: str, expected: str) -> None:
    assert title_of(question) == expected


@given(st.text(alphabet=st.characters()), st.text(alphabet=st.characters()))
def test_any_title_is_one_line_that_can_be_kept(title: str, question: str) -> None:
    read = read_title(title, question)
    assert 0 < len(read) <= LONGEST_TITLE
    assert read == " ".join(read.split())
    assert read_title(read, "iets anders") == read
    assert read.encode()


def test_a_remark_keeps_its_lines_and_loses_what_cannot_be_seen() -> None:
    assert read_remark(" Eén\r\ntwee \x07\u200b\x00\ud800 ") == "Eén\ntwee"
    assert read_remark("x" * 2000) == "x" * 2000
    with pytest.raises(QuestionTooLong, match="limit=2000"):
        read_remark("x" * 2001)
