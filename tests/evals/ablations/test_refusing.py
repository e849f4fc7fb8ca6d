"""Refusing with one thing less: on made-up signals of which it's known what they tell."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from evals.ablations.measuring import OneWay
from evals.ablations.refusing import ablate_refusing, pass_threshold
from evals.calibrating import Case
from evals.results import Block, Variant

NAMES = ("passage", "phrasing", "unanswered")
CASES = [Case(f"Vraag {number}?", number % 3 == 0, f"groep-{number}") for number in range(90)]
TRUTH = np.array([case.is_answerable for case in CASES])


def way(name: str, *, tells: str) -> OneWay:
    """Make signals of which one tells the truth and the others are noise."""
    values = np.random.default_rng(3).normal(size=(len(CASES), len(NAMES)))
    values[:, NAMES.index(tells)] += 20 * TRUTH
    return OneWay(name, (), values, NAMES)


def variants(block: Block) -> dict[str, Variant]:
    return {variant.name: variant for variant in block.variants}


def mean_error(variant: Variant) -> float:
    return variant.figures["mean_error"].value.mean


@pytest.mark.parametrize(
    ("tells", "less"), [("phrasing", "no phrasing near"), ("unanswered", "no unanswered")]
)
def test_without_the_signal_that_tells_the_errors_grow(tells: str, less: str) -> None:
    (block,) = ablate_refusing([way("cards", tells=tells)], CASES, answered_from=0.5)
    found = variants(block)
    assert mean_error(found["product"]) == 0
    assert mean_error(found[less]) > 0.3
    assert found[less].figures["mean_error"].is_certain
    others = found.keys() - {less, "dense threshold"}
    assert {mean_error(found[name]) for name in others} == {0}


def test_a_threshold_knows_the_nearest_passage_only() -> None:
    near, far = (
        variants(ablate_refusing([way("cards", tells=tells)], CASES, answered_from=0.5)[0])
        for tells in ("passage", "phrasing")
    )
    assert mean_error(near["dense threshold"]) == 0
    assert mean_error(far["dense threshold"]) > 0.3


def test_both_errors_weigh_the_same_in_their_mean() -> None:
    (block,) = ablate_refusing([way("cards", tells="phrasing")], CASES, answered_from=0.5)
    for variant in block.variants:
        refused, answered, both = (
            variant.figures[name].value for name in ("wrongly_refused", "wrongly_answered", "mean_error")
        )
        assert (refused.count, answered.count, both.count) == (30, 60, 90)
        assert both.mean == pytest.approx((refused.mean + answered.mean) / 2)


def test_each_way_gets_a_block_from_one_model() -> None:
    ways = [way("cards", tells="phrasing"), way("originals", tells="phrasing")]
    blocks = ablate_refusing(ways, CASES, answered_from=0.5)
    assert [block.way for block in blocks] == ["cards", "originals"]
    assert blocks[0].variants == blocks[1].variants


@pytest.mark.parametrize(
    ("truth", "expected"),
    [
        ([False, False, True, True], [0, 0, 1, 1]),
        ([False, True, False, True], [0, 1, 1, 1]),
        ([True, True, True, False], [1, 1, 1, 1]),
    ],
)
def test_the_threshold_lies_where_the_known_errors_are_fewest(truth: list[bool], expected: list[int]) -> None:
    known: NDArray[np.float64] = np.array([[0.1], [0.2], [0.3], [0.4]])
    assert pass_threshold(known, np.array(truth), known).tolist() == expected
