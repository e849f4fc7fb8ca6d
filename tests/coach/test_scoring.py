"""Scores: exact, rounded half up, and never of so few that somebody could be made out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.coach.scoring import Answers, rounded, score_condition, score_item
from assistant.domain import ConditionResult
from tests.coach.checks import PROPERTY, shipped

CONDITION = shipped().questionnaire.conditions[0]
IDS = [one.id for one in CONDITION.items]
SCORES = st.dictionaries(st.sampled_from(IDS), st.integers(1, 5))
PEOPLE = st.lists(st.tuples(st.sampled_from("AB"), SCORES), max_size=9)


def _answers(people: Sequence[tuple[str, Mapping[str, int]]]) -> list[Answers]:
    return [Answers(group, scores) for group, scores in people]


def _scored(people: Sequence[tuple[str, Mapping[str, int]]]) -> ConditionResult:
    return score_condition(CONDITION, _answers(people), shipped().norms)


def _all(score: int, count: int = 6) -> dict[str, int]:
    return dict.fromkeys(IDS[:count], score)


@pytest.mark.parametrize(
    ("value", "expected"),
    [("9/4", 2.3), ("5/4", 1.3), ("-1/4", -0.3), ("-1/3", -0.3), ("0", 0.0), ("249/100", 2.5), ("3", 3.0)],
)
def test_a_half_is_rounded_away_from_zero(value: str, expected: float) -> None:
    assert rounded(Fraction(value)) == expected


def test_the_spread_is_that_of_the_whole_population() -> None:
    score = score_item("x", "X", _answers([("A", {"x": 1}), ("A", {"x": 3}), ("A", {"x": 5})]))
    assert (score.mean, score.spread, score.count) == (3.0, 1.6, 3)  # the root of 8/3 is 1.63


def test_two_answers_show_nothing_at_all() -> None:
    score = score_item("x", "X", _answers([("A", {"x": 1}), ("A", {"x": 3}), ("A", {})]))
    assert (score.mean, score.spread, score.count, score.groups) == (None, None, 0, ())


def test_one_group_with_two_answers_hides_all_groups_but_not_the_total() -> None:
    people = [("A", {"x": 4})] * 3 + [("B", {"x": 2})] * 2 + [("B", {})]
    score = score_item("x", "X", _answers(people))
    assert (score.mean, score.count, score.groups) == (3.2, 5, ())


def test_a_group_that_gave_no_answer_hides_nothing() -> None:
    people: list[tuple[str, dict[str, int]]] = [("A", {"x": 4})] * 3 + [("B", {})] * 3
    score = score_item("x", "X", _answers(people))
    assert [(one.group, one.mean, one.count) for one in score.groups] == [("A", 4.0, 3)]


def test_who_answered_fewer_than_half_of_the_items_does_not_count_in_the_condition() -> None:
    people = [("A", _all(5))] * 3 + [("A", _all(1, 3))] * 3 + [("A", _all(1, 2))] * 3
    score = _scored(people).score
    assert (score.mean, score.count) == (3.0, 6)


def test_respondents_weigh_alike_however_many_items_they_answered() -> None:
    people = [("A", _all(5, 3)), ("A", _all(5, 3)), ("A", _all(5, 3)), ("A", _all(1))]
    # By respondent: (5 + 5 + 5 + 1) / 4; the last three items have one answer each and stay out.
    assert _scored(people).score.mean == 4.0


def test_an_item_that_hides_its_groups_stays_out_of_the_condition() -> None:
    hidden = IDS[5]
    people = [("A", _all(4))] * 3 + [("B", _all(2))] * 2 + [("B", _all(2, 5))]
    other = [(group, scores | ({hidden: 1} if hidden in scores else {})) for group, scores in people]
    assert not _scored(people).items[5].groups
    assert _scored(people).score == _scored(other).score


def test_a_mean_has_the_band_that_it_reaches() -> None:
    bands = [_scored([("A", _all(score))] * 3).score.band for score in (1, 3, 5)]
    assert bands == [band.label for band in shipped().norms.bands]


@PROPERTY
@given(PEOPLE, st.data())
def test_more_agreement_never_lowers_a_score(
    people: list[tuple[str, dict[str, int]]], data: st.DataObject
) -> None:
    more = [
        (group, {item: data.draw(st.integers(score, 5)) for item, score in scores.items()})
        for group, scores in people
    ]
    before, after = _scored(people), _scored(more)
    for then, now in zip((before.score, *before.items), (after.score, *after.items), strict=True):
        assert (then.mean is None) == (now.mean is None)
        assert (now.mean or 0) >= (then.mean or 0)
        for one, other in zip(then.groups, now.groups, strict=True):
            assert other.mean >= one.mean


@PROPERTY
@given(PEOPLE)
def test_the_groups_of_a_figure_make_up_its_total(people: list[tuple[str, dict[str, int]]]) -> None:
    result = _scored(people)
    for score in (result.score, *result.items):
        if score.groups:
            assert sum(one.count for one in score.groups) == score.count
            mean = sum(one.mean * one.count for one in score.groups) / score.count
            assert score.mean == pytest.approx(mean, abs=0.1 + 1e-9)
