"""What the report says about each choice: how far it lies from the product, and which choice matters most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evals.report.formatting import NOTHING, number, percentage
from evals.results import Block, Figure, Report, Variant

BLOCKS = ("fusion", "phrasings", "words", "context", "reranking", "answering", "refusing")
"""The order in which blocks are shown."""

ERRORS = ("wrongly_refused", "wrongly_answered", "mean_error")
"""Measures of which less is better; they are told in percentages."""

WORDS = "words"
"""A measure of which neither more nor less is better."""

_LEADING = {"answering": "vital", "refusing": "mean_error"}


@dataclass(frozen=True, slots=True)
class Reading:
    """What a block says, by its leading measure, as far as it's more than chance."""

    measure: str
    worst: Variant | None
    """What does most harm; ``None`` if nothing is certain to be worse than the product."""
    best: Variant | None
    """What does most good; ``None`` if nothing is certain to be better."""


def blocks_of(report: Report, name: str) -> tuple[Block, ...]:
    """Return a block, way by way; nothing if it wasn't measured."""
    return tuple(block for block in report.ablated if block.name == name)


def read_block(block: Block) -> Reading:
    """Find out what a block says."""
    measure = _LEADING.get(block.name, next(iter(block.variants[0].figures)))
    gains = {variant.name: gain(variant.figures[measure], measure) for variant in block.variants}
    certain = [variant for variant in block.variants if variant.figures[measure].is_certain]
    worse = [variant for variant in certain if gains[variant.name] < 0]
    better = [variant for variant in certain if gains[variant.name] > 0]
    return Reading(
        measure,
        min(worse, key=lambda variant: gains[variant.name], default=None),
        max(better, key=lambda variant: gains[variant.name], default=None),
    )


def gain(figure: Figure, measure: str) -> float:
    """Return how much better than the product it is; less than 0 if it's worse, 0 for the product."""
    change = figure.change.mean if figure.change else 0.0
    return -change if measure in ERRORS else change


def in_block(figure: Figure, measure: str) -> str:
    """Write a figure, its difference to the product, and an arrow if that is more than chance."""
    if not figure.value.count:
        return NOTHING
    value = (
        percentage(figure.value.mean) if measure in ERRORS else number(figure.value.mean, _decimals(measure))
    )
    return f"{value} ({difference(figure, measure)}{_arrow(figure, measure)})" if figure.change else value


def difference(figure: Figure, measure: str) -> str:
    """Write the difference to the product with its sign."""
    change = figure.change.mean if figure.change else 0.0
    written = number(100 * change if measure in ERRORS else change, _decimals(measure))
    is_more = change > 0 and any(digit in "123456789" for digit in written)
    return f"+{written}" if is_more else written


def _decimals(measure: str) -> int:
    return {WORDS: 0}.get(measure, 1 if measure in ERRORS else 3)


def _arrow(figure: Figure, measure: str) -> str:
    if measure == WORDS or not figure.is_certain:
        return ""
    return " ▲" if gain(figure, measure) > 0 else " ▼"


def measures_of(blocks: Sequence[Block]) -> tuple[str, ...]:
    """Return the measures of a block, in order."""
    return tuple(blocks[0].variants[0].figures)
