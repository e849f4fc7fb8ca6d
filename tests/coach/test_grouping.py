"""Groups divide the respondents, and none is so small that somebody could be made out."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.coach.grouping import Partition, divide, is_traceable
from assistant.domain import Organisation, Submission
from tests.coach.checks import PROPERTY

SIZES = st.lists(st.integers(min_value=0, max_value=6), min_size=1, max_size=6)


def _divide(*sizes: int) -> Partition:
    organisations = [Organisation(f"o{number}", f"P{number}") for number in range(len(sizes))]
    submissions = [
        Submission(one.id, ()) for one, size in zip(organisations, sizes, strict=True) for _ in range(size)
    ]
    return divide(organisations, submissions, "samen: {namen}")


@pytest.mark.parametrize(
    ("sizes", "labels"),
    [
        ((4, 3, 3), ["P0", "P1", "P2"]),
        ((2, 5, 1), ["samen: P0, P2", "P1"]),
        ((5, 1, 4), ["P0", "samen: P1, P2"]),
        ((3, 2, 3), ["samen: P0, P1", "P2"]),
        ((1, 1), []),
        ((2,), []),
        ((1, 2), ["samen: P0, P1"]),
        ((0, 3, 0), ["P1"]),
        ((0, 0), []),
    ],
)
def test_small_organisations_are_shown_together(sizes: tuple[int, ...], labels: list[str]) -> None:
    assert [group.label for group in _divide(*sizes).groups] == labels


@PROPERTY
@given(SIZES)
def test_each_respondent_is_in_one_group_of_at_least_three_or_nobody_is_in_any(sizes: list[int]) -> None:
    partition = _divide(*sizes)
    total = sum(sizes)
    assert sum(group.respondents for group in partition.groups) == (total if total >= 3 else 0)
    assert all(group.respondents >= 3 for group in partition.groups)


@PROPERTY
@given(SIZES)
def test_the_label_of_an_organisation_is_that_of_the_group_that_names_it(sizes: list[int]) -> None:
    partition = _divide(*sizes)
    named = Counter(name for group in partition.groups for name in group.organisations)
    assert all(count == 1 for count in named.values())
    for number, size in enumerate(sizes):
        if size and partition.groups:
            label = partition.labels[f"o{number}"]
            assert [g.label for g in partition.groups if f"P{number}" in g.organisations] == [label]


def test_one_or_two_answers_of_a_group_can_be_traced_and_none_cannot() -> None:
    assert [is_traceable([5, count]) for count in range(5)] == [False, True, True, False, False]
