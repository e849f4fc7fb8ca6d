"""Fitting the refusal policy: on made-up signals, and what the shipped calibration gets on the dev split."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from assistant.answering.refusing import RefusalPolicy, signals
from assistant.domain import Question
from evals.bench import Bench
from evals.calibrating import STRENGTH, Case, cases_of, confide, fit, held_out, measure_signals, names_of
from evals.items import (
    Answerable,
    FollowUp,
    Items,
    QuestionType,
    RefusalKind,
    Twin,
    Unanswerable,
)

NAMES = ["for", "against", "beside", "still"]


@pytest.fixture(scope="module")
def truth() -> NDArray[np.bool_]:
    """One in five is answerable."""
    return np.array([number % 5 == 0 for number in range(200)])


@pytest.fixture(scope="module")
def values(truth: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Signals of different size: one for an answer, one against, one beside it, and one that is still."""
    noise = np.random.default_rng(7).normal(size=(len(truth), 3))
    return np.column_stack(
        [truth + noise[:, 0] / 5, 40 - 30 * truth + noise[:, 1], noise[:, 2], np.full(len(truth), 3.0)]
    )


def test_what_speaks_for_an_answer_weighs_more_than_nothing_and_what_speaks_against_it_less(
    values: NDArray[np.float64], truth: NDArray[np.bool_]
) -> None:
    bias, weights = fit(values, truth, NAMES)
    assert list(weights) == NAMES
    assert weights["for"] > 0 > weights["against"]
    assert abs(weights["beside"]) < weights["for"] / 4
    assert weights["still"] == 0
    logits = bias + values @ np.array(list(weights.values()))
    assert ((logits > 0) == truth).all()


def test_the_weights_hold_for_the_signals_as_they_are(
    values: NDArray[np.float64], truth: NDArray[np.bool_]
) -> None:
    bias, weights = fit(values, truth, NAMES)
    pipeline = make_pipeline(StandardScaler(), LogisticRegression(C=STRENGTH, class_weight="balanced"))
    expected = pipeline.fit(values, truth).decision_function(values)
    np.testing.assert_allclose(bias + values @ np.array(list(weights.values())), expected, atol=1e-9)


def test_a_question_stays_with_its_english_form() -> None:
    items = Items(
        answerable=(Answerable(id="brug", type=QuestionType.FACT, question="Wat draagt een brug?"),),
        twins=(Twin(id="brug-en", of="brug", question="What carries a bridge?"),),
        follow_ups=(
            FollowUp(
                id="en-dan", before=("Een brug?",), question="En dan?", standalone="Wat draagt het dek?"
            ),
        ),
        unanswerable=(Unanswerable(id="maan", kind=RefusalKind.FAR_OFF, question="Hoe ver is de maan?"),),
    )
    assert list(cases_of(items)) == [
        Case("Wat draagt een brug?", True, "brug"),
        Case("What carries a bridge?", True, "brug"),
        Case("Wat draagt het dek?", True, "en-dan"),
        Case("Hoe ver is de maan?", False, "maan"),
    ]


def test_the_signals_are_measured_in_the_order_of_the_weights(card_bench: Bench) -> None:
    case = Case("Wat is een paradox?", True, "paradox")
    query = card_bench.understanding.understand(Question(case.question))
    expected = signals(query, card_bench.opened.retriever.retrieve(query))
    assert measure_signals(card_bench, [case]).tolist() == [list(expected.values())]
    assert list(RefusalPolicy.read().weights) == list(expected)


def test_the_signals_have_the_names_of_the_weights(card_bench: Bench) -> None:
    assert list(names_of(card_bench, Case("Wat is een paradox?", True, "paradox"))) == list(
        RefusalPolicy.read().weights
    )


def test_confidence_is_more_than_a_half_where_the_weights_say_so(
    values: NDArray[np.float64], truth: NDArray[np.bool_]
) -> None:
    bias, weights = fit(values[:150], truth[:150], NAMES)
    logits = bias + values[150:] @ np.array(list(weights.values()))
    assert ((confide(values[:150], truth[:150], values[150:]) > 0.5) == (logits > 0)).all()


def test_nothing_is_learned_from_the_case_that_is_judged_nor_from_its_group(
    values: NDArray[np.float64], truth: NDArray[np.bool_]
) -> None:
    groups = np.array([f"groep {number // 2}" for number in range(len(truth))])
    rows = np.column_stack([np.arange(len(truth), dtype=float), values])

    def learn(
        known: NDArray[np.float64], told: NDArray[np.bool_], new: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        assert not {groups[int(row)] for row in known[:, 0]} & {groups[int(row)] for row in new[:, 0]}
        return new[:, 0]

    assert held_out(rows, truth, groups, learn).tolist() == rows[:, 0].tolist()
