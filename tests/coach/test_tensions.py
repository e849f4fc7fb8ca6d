"""Tensions: to which side, between the two, divided, or unknown."""

from __future__ import annotations

import pytest

from assistant.coach.scoring import Answers
from assistant.coach.tensions import Tilt, tilt_of, weigh
from tests.coach.checks import shipped

TENSION = shipped().questionnaire.tensions[0]
NORMS = shipped().norms


@pytest.mark.parametrize(
    ("scores", "tilt", "said"),
    [
        ([-2, -1, 0], Tilt.LEFT, TENSION.left),
        ([2, 1, 0], Tilt.RIGHT, TENSION.right),
        ([0, 0, 1], Tilt.BALANCED, TENSION.right),
        ([-2, 2, 0], Tilt.DIVIDED, TENSION.question),
        ([2, 2], Tilt.UNKNOWN, NORMS.few),
    ],
)
def test_a_tension_says_where_it_stands(scores: list[int], tilt: Tilt, said: str) -> None:
    answers = [Answers("A", {TENSION.id: score}) for score in scores]
    (result,) = weigh([TENSION], answers, NORMS)
    assert tilt_of(result.score, NORMS) is tilt
    assert said in result.sentence
    assert "{" not in result.sentence
    assert result.card_id == TENSION.card_id


def test_both_sides_of_a_tension_are_treated_alike() -> None:
    scores = [-2, -1, -1, 0]
    left, right = (
        weigh([TENSION], [Answers("A", {TENSION.id: sign * one}) for one in scores], NORMS)[0].score
        for sign in (1, -1)
    )
    assert left.mean is not None
    assert (left.mean, left.spread) == (-(right.mean or 0), right.spread)
