"""What each choice is worth, in words: the figures, their differences and what is more than chance."""

from __future__ import annotations

import pytest

from evals.report.labels import read_labels
from evals.report.worth import BLOCKS, blocks_of, difference, gain, in_block, measures_of, read_block
from evals.results import Block, Estimate, Figure, Variant
from tests.evals.report.reports import ablated, figure, full_report


@pytest.mark.parametrize(
    ("measure", "value", "change", "shown"),
    [
        ("ndcg", 0.8571, None, "0,857"),
        ("ndcg", 0.8571, (0.02, 0.01, 0.03), "0,857 (+0,020 ▲)"),
        ("ndcg", 0.8571, (-0.02, -0.03, -0.01), "0,857 (−0,020 ▼)"),
        ("ndcg", 0.8571, (0.02, -0.01, 0.05), "0,857 (+0,020)"),
        ("ndcg", 0.8571, (0.0001, -0.01, 0.01), "0,857 (0,000)"),
        ("ndcg", 0.8571, (-0.0001, -0.01, 0.01), "0,857 (0,000)"),
        ("words", 84.6, (-20.4, -25.0, -15.0), "85 (−20)"),
        ("mean_error", 0.052, (0.0124, 0.01, 0.02), "5,2 % (+1,2 ▼)"),
        ("wrongly_refused", 0.052, (-0.0124, -0.02, -0.01), "5,2 % (−1,2 ▲)"),
    ],
)
def test_a_figure_is_shown_with_its_difference_and_an_arrow_if_that_is_certain(
    measure: str, value: float, change: tuple[float, float, float] | None, shown: str
) -> None:
    assert in_block(figure(value, change), measure) == shown


def test_what_was_not_measured_gets_a_dash() -> None:
    nothing = Estimate(0.0, 0.0, 0.0, 0)
    assert in_block(Figure(nothing, nothing), "english") == "–"


def test_fewer_errors_are_a_gain_and_fewer_facts_are_a_loss() -> None:
    less = figure(0.5, (-0.1, -0.2, -0.05))
    assert gain(less, "mean_error") == pytest.approx(0.1)
    assert gain(less, "vital") == pytest.approx(-0.1)
    assert gain(figure(0.5, None), "vital") == 0
    assert difference(less, "vital") == "−0,100"


def test_a_block_is_read_by_what_is_certain() -> None:
    reading = read_block(
        block(worst=(-0.2, -0.3, -0.1), bad=(-0.1, -0.2, -0.05), good=(0.9, -0.1, 1), best=(0.1, 0.05, 0.2))
    )
    assert reading.measure == "ndcg"
    assert (reading.worst and reading.worst.name, reading.best and reading.best.name) == ("worst", "best")


def test_a_block_without_anything_certain_says_nothing() -> None:
    reading = read_block(block(bad=(-0.1, -0.2, 0.05), good=(0.1, -0.1, 0.3)))
    assert (reading.worst, reading.best) == (None, None)


def test_refusing_is_read_by_the_mean_of_both_errors() -> None:
    (refusing,) = (one for one in ablated("cards") if one.name == "refusing")
    reading = read_block(refusing)
    assert reading.measure == "mean_error"
    assert reading.worst
    assert reading.worst.name == "dense threshold"
    assert measures_of([refusing]) == ("wrongly_refused", "wrongly_answered", "mean_error")


def test_a_block_is_given_way_by_way() -> None:
    report = full_report()
    assert [one.way for one in blocks_of(report, "fusion")] == ["cards", "originals"]
    assert blocks_of(report, "reranking") == ()


def test_every_block_variant_and_measure_has_a_name() -> None:
    labels = read_labels()
    measured = ablated("cards")
    assert {one.name for one in measured} <= set(BLOCKS)
    for one in measured:
        assert {variant.name for variant in one.variants} <= set(labels.variants)
        assert {name for variant in one.variants for name in variant.figures} <= set(labels.measures)


def block(**changes: tuple[float, float, float]) -> Block:
    changed = (Variant(name, {"ndcg": figure(0.5, change)}) for name, change in changes.items())
    return Block("cards", "fusion", (Variant("product", {"ndcg": figure(0.5, None)}), *changed))
