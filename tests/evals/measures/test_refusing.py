"""Both errors, and whether the confidence sets apart what can be answered."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.items import Answerable, QuestionType, RefusalKind, Unanswerable
from evals.measures.refusing import Outcome, area_under_roc, measure_refusing
from tests.evals.measures.outcomes import answered, refused

CONFIDENCES = st.lists(st.floats(0, 1), min_size=1, max_size=30)


def can(outcome: Outcome, type_: QuestionType = QuestionType.FACT) -> tuple[Answerable, Outcome]:
    return Answerable(id="q", type=type_, question="Wat?"), outcome


def cannot(outcome: Outcome, kind: RefusalKind = RefusalKind.PERSON) -> tuple[Unanswerable, Outcome]:
    return Unanswerable(id="q", kind=kind, question="Wie?"), outcome


def test_both_errors_are_counted_in_all_and_by_what_was_asked() -> None:
    found = measure_refusing(
        [
            can(refused()),
            can(answered()),
            can(answered(), QuestionType.WHY),
            can(refused(), QuestionType.WHY),
        ],
        [cannot(refused()), cannot(answered(), RefusalKind.FAR_OFF), cannot(refused()), cannot(refused())],
    )
    assert found.wrongly_refused.mean == 0.5
    assert found.wrongly_answered.mean == 0.25
    assert found.mean_error == 0.375
    assert {name: one.mean for name, one in found.by_type.items()} == {"fact": 0.5, "why": 0.5}
    assert {name: (one.mean, one.count) for name, one in found.by_kind.items()} == {
        "far_off": (1.0, 1),
        "person": (0.0, 3),
    }


def test_without_mistakes_the_errors_are_zero_and_the_area_is_one() -> None:
    found = measure_refusing([can(answered())] * 3, [cannot(refused())] * 2)
    assert (found.mean_error, found.auroc) == (0.0, 1.0)


def test_the_area_under_the_curve_is_the_share_of_pairs_in_the_right_order() -> None:
    confidence = np.array([0.9, 0.6, 0.4, 0.7, 0.4, 0.1])
    truth = np.array([True, True, True, False, False, False])
    right = 3 + 2 + 1.5  # of nine pairs; equal confidences are half right
    assert area_under_roc(confidence, truth) == pytest.approx(right / 9)


@pytest.mark.parametrize("truth", [[True, True], [False, False], []])
def test_where_only_one_class_is_there_the_area_says_nothing(truth: list[bool]) -> None:
    assert area_under_roc(np.array([0.9, 0.1][: len(truth)]), np.array(truth)) == 0.5


def test_questions_with_about_the_same_confidence_share_a_bin() -> None:
    found = measure_refusing(
        [can(answered(confidence=0.92)), can(answered(confidence=1.0)), can(refused(0.11))],
        [cannot(refused(0.13)), cannot(answered(confidence=0.96)), cannot(refused(0.89))],
    )
    low, below, high = found.calibration
    assert (low.count, below.count, high.count) == (2, 1, 3)
    assert [below.confidence, below.answerable] == pytest.approx([0.89, 0.0])
    assert [low.confidence, low.answerable] == pytest.approx([0.12, 0.5])
    assert [high.confidence, high.answerable] == pytest.approx([0.96, 2 / 3])
    assert found.calibration_error == pytest.approx((0.38 * 2 + 0.89 + (0.96 - 2 / 3) * 3) / 6)


@given(CONFIDENCES, CONFIDENCES)
def test_every_question_is_in_one_bin_and_the_error_is_a_share(
    can_be: list[float], cannot_be: list[float]
) -> None:
    found = measure_refusing(
        [can(answered(confidence=one)) for one in can_be], [cannot(refused(one)) for one in cannot_be]
    )
    assert sum(one.count for one in found.calibration) == len(can_be) + len(cannot_be)
    assert 0 <= found.calibration_error <= 1
    assert 0 <= found.auroc <= 1
    middles = [one.confidence for one in found.calibration]
    assert middles == sorted(middles)


def test_nothing_asked_gives_nothing_wrong() -> None:
    found = measure_refusing([], [])
    assert (found.mean_error, found.auroc, found.calibration, found.calibration_error) == (0.0, 0.5, (), 0.0)
