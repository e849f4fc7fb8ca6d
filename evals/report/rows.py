"""Finds the rows of a part: by system and type, and the product beside the legs that it fuses."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

from evals.items import QuestionType, RefusalKind
from evals.results import ALL, Answered, Estimate, Part, Ranked, Refused

PRODUCT = "product"
LEGS = ("bm25", "dense")
"""The rankings that the product fuses."""
SYSTEMS = (PRODUCT, *LEGS, "rrf", "textbook")
"""The order in which systems are shown; others follow."""
TYPES = tuple(type_.value for type_ in QuestionType)
KINDS = tuple(kind.value for kind in RefusalKind)

Row = TypeVar("Row", Ranked, Answered)


def find(rows: Iterable[Row], system: str, type_: str = ALL) -> Row | None:
    """Return the row of one system and type, if it was measured."""
    return next((row for row in rows if (row.system, row.type) == (system, type_)), None)


def systems_of(rows: Sequence[Ranked] | Sequence[Answered]) -> tuple[str, ...]:
    """Return the systems that occur, in the order in which they're shown."""
    return in_order((row.system for row in rows), SYSTEMS)


def types_of(rows: Sequence[Ranked] | Sequence[Answered]) -> tuple[str, ...]:
    """Return the question types that occur, without the row that takes them together."""
    return in_order((row.type for row in rows if row.type != ALL), TYPES)


def fusion_gap(part: Part, type_: str) -> float | None:
    """Return how far the product's nDCG lies above (or below) that of its better leg."""
    product = find(part.ranked, PRODUCT, type_)
    legs = [leg.ndcg.mean for name in LEGS if (leg := find(part.ranked, name, type_))]
    if product is None or not product.ndcg.count or not legs:
        return None
    return product.ndcg.mean - max(legs)


def mean_of(estimate: Estimate | None) -> float | None:
    """Return the mean, or ``None`` if no item was measured."""
    return estimate.mean if estimate is not None and estimate.count else None


def has_both_errors(refused: Refused) -> bool:
    """Tell whether there were questions to answer and questions to refuse."""
    return bool(refused.wrongly_refused.count and refused.wrongly_answered.count)


def in_order(found: Iterable[str], order: Sequence[str]) -> tuple[str, ...]:
    """Return each name once, those of ``order`` first."""
    names = list(dict.fromkeys(found))
    return (*(name for name in order if name in names), *(name for name in names if name not in order))
