"""How well sections are ranked, by ``ir_measures``.

A section that holds the answer counts 2, one that helps 1. nDCG@10 uses the grades; recall@5 and
the reciprocal rank look for sections that hold the answer only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant.domain import Reference
from evals.measures.estimating import estimate
from evals.results import ALL, Ranked

HOLDS, HELPS = 2, 1


class Sought(Protocol):
    """Something with gold sections."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def gold(self) -> tuple[Reference, ...]:
        """The sections that hold the answer."""

    @property
    def helpful(self) -> tuple[Reference, ...]:
        """The sections that help."""


@dataclass(frozen=True, slots=True)
class RankScores:
    """How well one ranking does."""

    ndcg: float
    recall: float
    reciprocal_rank: float


def score_rankings(
    items: Sequence[Sought], rankings: Mapping[str, Sequence[Reference]]
) -> dict[str, RankScores]:
    """Score the ranking of each item that has gold sections, by its id."""
    import ir_measures
    from ir_measures import RR, R, nDCG

    judged = [item for item in items if item.gold]
    if not judged:
        return {}
    grades = {item.id: _grades(item) for item in judged}
    runs = {item.id: _run(rankings[item.id]) for item in judged}
    measures = {"ndcg": nDCG @ 10, "recall": R(rel=HOLDS) @ 5, "reciprocal_rank": RR(rel=HOLDS)}
    names = {measure: name for name, measure in measures.items()}
    found: dict[str, dict[str, float]] = {item.id: dict.fromkeys(measures, 0.0) for item in judged}
    for metric in ir_measures.iter_calc(list(measures.values()), grades, runs):
        found[metric.query_id][names[metric.measure]] = float(metric.value)
    return {id_: RankScores(**scores) for id_, scores in found.items()}


def summarize_rankings(
    system: str, scores: Mapping[str, RankScores], types: Mapping[str, str]
) -> tuple[Ranked, ...]:
    """Return a row for all items and one for each type; ``types`` gives the type of each id."""
    rows = []
    for type_ in [ALL, *dict.fromkeys(types.values())]:
        chosen = [scores[id_] for id_ in scores if type_ in (ALL, types[id_])]
        if chosen:
            rows.append(
                Ranked(
                    system,
                    type_,
                    estimate([one.ndcg for one in chosen]),
                    estimate([one.recall for one in chosen]),
                    estimate([one.reciprocal_rank for one in chosen]),
                )
            )
    return tuple(rows)


def _grades(item: Sought) -> dict[str, int]:
    return {_name(one): HELPS for one in item.helpful} | {_name(one): HOLDS for one in item.gold}


def _run(ranking: Sequence[Reference]) -> dict[str, float]:
    return {_name(one): 1 / rank for rank, one in enumerate(ranking, start=1)} or {"": 0.0}


def _name(reference: Reference) -> str:
    return f"{reference.source_id}, {reference.section}"
