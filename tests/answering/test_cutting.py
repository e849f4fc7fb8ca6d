"""Sentences from a text that comes in piece by piece."""

from __future__ import annotations

from itertools import chain, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.cutting import SentenceCutter, Written
from assistant.domain import ClaimForm

ANSWER = (
    "**Vertrouwen** groeit traag. [1] Het verdwijnt snel [2].\n\n"
    "- **Kennismaking.** Partners ontmoeten elkaar. [3]\n"
    "- Zij tekenen. [1, 4]\n\n"
    "1. Eerst dit. [5]\n"
    "Volgens dr. J. Jansen e.a. is dit zo, o.a. bij Dell. [6][7] Klaar"
)
WRITTEN = [
    Written("**Vertrouwen** groeit traag.", (1,), ClaimForm.PARAGRAPH),
    Written("Het verdwijnt snel.", (2,), ClaimForm.SENTENCE),
    Written("**Kennismaking.** Partners ontmoeten elkaar.", (3,), ClaimForm.BULLET),
    Written("Zij tekenen.", (1, 4), ClaimForm.BULLET),
    Written("Eerst dit.", (5,), ClaimForm.NUMBERED),
    Written("Volgens dr. J. Jansen e.a. is dit zo, o.a. bij Dell.", (6, 7), ClaimForm.PARAGRAPH),
    Written("Klaar", (), ClaimForm.SENTENCE),
]


def cut(pieces: list[str]) -> list[Written]:
    cutter = SentenceCutter()
    return [*chain.from_iterable(map(cutter.feed, pieces)), *cutter.finish()]


def test_sentences_items_and_their_marks_are_told_apart() -> None:
    assert cut([ANSWER]) == WRITTEN


@given(st.lists(st.integers(1, len(ANSWER) - 1)))
def test_it_doesnt_matter_how_the_text_is_cut_up(places: list[int]) -> None:
    bounds = [0, *sorted(places), len(ANSWER)]
    assert cut([ANSWER[a:b] for a, b in pairwise(bounds)]) == WRITTEN


def test_a_sentence_is_there_as_soon_as_the_next_one_begins() -> None:
    cutter = SentenceCutter()
    assert list(cutter.feed("Vertrouwen groeit traag. [1")) == []
    assert list(cutter.feed("] ")) == []
    assert [one.text for one in cutter.feed("H")] == ["Vertrouwen groeit traag."]


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("Dit is *heel* traag. [1]", "Dit is heel traag."),
        ("**Kern.** Dit is **heel** traag. [1]", "**Kern.** Dit is heel traag."),
        ("Tra\u200bag, [2] en  snel. [1]", "Traag, en snel."),
    ],
)
def test_only_a_label_keeps_its_emphasis_and_nothing_is_hidden(raw: str, text: str) -> None:
    assert [one.text for one in cut([raw])] == [text]
