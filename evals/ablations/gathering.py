"""All blocks of a run: finding and answering way by way, and refusing for all ways together."""

from __future__ import annotations

from assistant.answering.refusing import RefusalPolicy
from assistant.indexing.building import KNOWN_VECTORS
from assistant.retrieval.vectors import KnownVectors, VectorCache
from assistant.settings import Settings
from evals.ablations.measuring import OneWay, measure_way
from evals.ablations.refusing import ablate_refusing
from evals.bench import Bench
from evals.calibrating import cases_of
from evals.items import Items
from evals.judging.support import WordSupport
from evals.judging.words import WordJudge
from evals.results import Block


class Ablations:
    """What each choice is worth on one set of items; no model judges."""

    def __init__(self, items: Items) -> None:
        self._items = items
        self._known: list[KnownVectors] = []
        self._ways: list[OneWay] = []

    def add(self, bench: Bench, settings: Settings) -> None:
        """Measure one way."""
        self._known += VectorCache(settings.index_folder / KNOWN_VECTORS).read()
        judge = WordJudge(WordSupport(bench.opened.catalogue))
        self._ways.append(measure_way(bench, settings, self._items, judge, self._known))

    def blocks(self) -> tuple[Block, ...]:
        """Return what was measured, way by way."""
        refusing = ablate_refusing(
            self._ways, list(cases_of(self._items)), RefusalPolicy.read().answered_from
        )
        return tuple(
            block for way, last in zip(self._ways, refusing, strict=True) for block in (*way.blocks, last)
        )
