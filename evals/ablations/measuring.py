"""Measures finding and answering with each choice changed, one way, item by item."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.answering.looking_up import Retrieves
from assistant.answering.pipeline import Pipeline
from assistant.domain import Answer, Question, outcome_of
from assistant.retrieval.vectors import KnownVectors
from assistant.settings import Settings
from evals.ablations.changing import (
    Ablation,
    Altered,
    Rebuilding,
    Remembered,
    build_pipeline,
    legs_of,
    rebuilding,
)
from evals.ablations.choices import ANSWERING, FINDING, RERANKING
from evals.bench import Bench
from evals.calibrating import cases_of, measure_signals, names_of
from evals.items import Answerable, Items
from evals.judging.judge import Judge
from evals.measures.answering import score_answer
from evals.measures.estimating import estimate
from evals.measures.ranking import RankScores, score_rankings
from evals.results import Block, Figure, Variant
from evals.systems import Product

Scores = Mapping[str, Mapping[str, float]]
"""By measure: what each item got, by its id."""


@dataclass(frozen=True, slots=True)
class OneWay:
    """What was measured one way, and what refusing rests on there."""

    way: str
    blocks: tuple[Block, ...]
    signals: NDArray[np.float64]
    """Of each case, in their order; shape (cases, signals)."""
    names: tuple[str, ...]
    """What the signals are called."""


def measure_way(
    bench: Bench, settings: Settings, items: Items, judge: Judge, known: list[KnownVectors]
) -> OneWay:
    """Measure all choices on one bench; ``known`` has the vectors that were made for it before."""
    cases = list(cases_of(items))
    with rebuilding(bench, known) as made:
        found = tuple(_finding(bench, items, made))
    return OneWay(
        bench.way,
        (*found, _answering(bench, settings, items.answerable, judge)),
        measure_signals(bench, cases),
        tuple(names_of(bench, cases[0])),
    )


def set_side_by_side(way: str, name: str, measured: Mapping[str, Scores]) -> Block:
    """Return a block: each variant beside the first, which is the product, over the items of both."""
    product = next(iter(measured.values()))
    return Block(
        way,
        name,
        tuple(
            Variant(
                changed,
                {
                    measure: _figure(of_items, None if scores is product else product[measure])
                    for measure, of_items in scores.items()
                },
            )
            for changed, scores in measured.items()
        ),
    )


def _figure(values: Mapping[str, float], beside: Mapping[str, float] | None) -> Figure:
    change = None
    if beside is not None:
        change = estimate([value - beside[id_] for id_, value in values.items() if id_ in beside])
    return Figure(estimate(list(values.values())), change)


def _finding(bench: Bench, items: Items, made: Rebuilding) -> Iterator[Block]:
    legs = legs_of(bench)
    tried = {**FINDING, **({"reranking": RERANKING} if bench.reranker else {})}
    product = _ranks(bench, items, legs.build())
    for name, ablations in tried.items():
        changed = (one for one in ablations[1:])
        rest = {one.name: _ranks(bench, items, one.retriever(bench, legs, made)) for one in changed}
        yield set_side_by_side(bench.way, name, {ablations[0].name: product, **rest})


def _ranks(bench: Bench, items: Items, retriever: Retrieves) -> Scores:
    """Score what a retriever finds for the Dutch questions, and for the English forms of some."""
    product = Product(bench, retriever)
    dutch = {item.id: item for item in items.answerable if item.gold}
    twins = {twin.of: twin.question for twin in items.twins if twin.of in dutch}
    found = score_rankings(
        list(dutch.values()), {id_: product.rank(Question(item.question)) for id_, item in dutch.items()}
    )
    english = score_rankings(
        [dutch[id_] for id_ in twins], {id_: product.rank(Question(text)) for id_, text in twins.items()}
    )
    return {
        "ndcg": _each(found, "ndcg"),
        "recall": _each(found, "recall"),
        "english": _each(english, "ndcg"),
    }


def _each(scores: Mapping[str, RankScores], measure: str) -> dict[str, float]:
    return {id_: getattr(one, measure) for id_, one in scores.items()}


def _answering(bench: Bench, settings: Settings, items: Sequence[Answerable], judge: Judge) -> Block:
    product = Remembered(legs_of(bench).build())

    def score(ablation: Ablation) -> Scores:
        retriever = Altered(product, after=ablation.findings)
        return _answers(build_pipeline(bench, settings, retriever, ablation.room), items, judge)

    return set_side_by_side(bench.way, "answering", {one.name: score(one) for one in ANSWERING})


def _answers(pipeline: Pipeline, items: Sequence[Answerable], judge: Judge) -> Scores:
    """Score the answers to all questions; a refusal covers nothing and has no length."""
    scores: dict[str, dict[str, float]] = {"vital": {}, "nuggets": {}, "words": {}}
    for item in items:
        outcome = outcome_of(pipeline.answer(Question(item.question)))
        text = outcome.markdown if isinstance(outcome, Answer) else ""
        found = score_answer(item, text, judge)
        said = {"vital": found.vital, "nuggets": found.nuggets, "words": found.words if text else None}
        for measure, value in said.items():
            if value is not None:
                scores[measure][item.id] = value
    return scores
