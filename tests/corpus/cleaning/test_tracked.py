"""Offsets lead back to the file."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from assistant.corpus.cleaning.tracked import OURS, Edit, Repair, Tracked
from assistant.domain import OffsetRun

texts = st.text(alphabet="abcé \n", max_size=40)


@st.composite
def edited(draw: st.DrawFn) -> tuple[str, Tracked]:
    original = draw(texts)
    tracked = Tracked.of(original)
    for _ in range(draw(st.integers(0, 4))):
        length = len(tracked.text)
        cuts = sorted(draw(st.lists(st.integers(0, length), max_size=6)))
        pairs = zip(cuts[::2], cuts[1::2], strict=False)
        tracked = tracked.edited(
            [Edit(a, b, draw(st.sampled_from(["", " ", "XY"])), "test") for a, b in pairs]
        )
    return original, tracked


@given(edited())
def test_every_unchanged_character_knows_where_it_stood(case: tuple[str, Tracked]) -> None:
    original, tracked = case
    assert len(tracked.origins) == len(tracked.text)
    for letter, origin in zip(tracked.text, tracked.origins, strict=True):
        assert origin == OURS or original[origin] == letter


@given(edited())
def test_runs_are_the_unchanged_characters_and_as_long_as_can_be(case: tuple[str, Tracked]) -> None:
    original, tracked = case
    runs = tracked.runs()
    assert sum(run.length for run in runs) == sum(origin != OURS for origin in tracked.origins)
    for run in runs:
        assert tracked.text[run.cleaned :][: run.length] == original[run.original :][: run.length]
    for one, other in pairwise(runs):
        assert one.cleaned + one.length < other.cleaned or one.original + one.length != other.original


def test_a_replaced_letter_ends_a_run() -> None:
    tracked = Tracked.of("creéren").edited([Edit(3, 4, "ë", "letters")])
    assert tracked.text == "creëren"
    assert tracked.runs() == (OffsetRun(0, 0, 3), OffsetRun(4, 4, 3))


def test_a_repair_stands_where_it_ends_up() -> None:
    tracked = Tracked.of("aa bb cc").edited([Edit(6, 8, "dd", "late")]).edited([Edit(0, 3, "", "early")])
    assert tracked.text == "bb dd"
    assert tracked.repairs == (Repair("late", 3, "cc", "dd"), Repair("early", 0, "aa ", ""))


def test_swapped_columns_keep_their_origins() -> None:
    tracked = Tracked.of("een twee drie").swapped(0, 4, 9)
    assert tracked.text == "twee een drie"
    assert tracked.runs() == (OffsetRun(0, 4, 5), OffsetRun(5, 0, 4), OffsetRun(9, 9, 4))
