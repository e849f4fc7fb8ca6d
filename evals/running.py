"""A run of the suite: both ways, every split, and the judge itself."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from assistant.bootstrap import load_engine
from assistant.retrieval.embedding import Embedder
from assistant.settings import Settings
from evals.ablations.gathering import Ablations
from evals.bench import Bench, RememberingEmbedder, both_ways, open_bench
from evals.items import Items
from evals.judging.judge import Judge
from evals.judging.labels import Labels, check_nuggets, check_support, read_labels, supported_share
from evals.judging.model import build_model_judge
from evals.judging.support import WordSupport
from evals.judging.words import WordJudge
from evals.measures.estimating import estimate
from evals.provenance import commit, settings_of, versions
from evals.results import Estimate, Judged, Part, Report
from evals.suite import measure_part, time_product
from evals.systems import build_baselines

OnPart = Callable[[str, str], None]
"""Told which way and which split comes next, or ``ABLATIONS``."""

ABLATIONS = "ablations"
TUNED_ON = "dev"
"""The split on which choices are weighed."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What a run is to do."""

    judge: str | None = None
    """A chat model as judge, by LangChain's name; ``None`` for the judge that needs no model."""
    with_baselines: bool = True
    with_ablations: bool = False
    """Whether to measure on the dev split what each choice is worth."""
    is_own: bool = False
    """Whether the questions are a user's own: then only his own corpus is asked, and no judge is checked."""


def run_suite(settings: Settings, sets: Mapping[str, Items], choices: Choices, on_part: OnPart) -> Report:
    """Measure every set (by the name of its split), and return the report."""
    engine = load_engine(settings)
    embedder = RememberingEmbedder(engine)
    ablations = Ablations(sets[TUNED_ON]) if choices.with_ablations else None
    parts: list[Part] = []
    judged: list[Judged] = []
    with both_ways(settings, choices.is_own) as ways:
        for chosen in ways:
            with open_bench(chosen, embedder) as bench:
                judge = build_judge(choices, bench)
                parts += _measure(bench, chosen, engine, sets, choices, judge, on_part)
                if ablations is not None:
                    on_part(bench.way, ABLATIONS)
                    ablations.add(bench, chosen)
                if not choices.is_own:
                    judged = _check_judge(judge, bench, sets)
    return Report(
        parts=tuple(parts),
        judged=tuple(judged),
        support_by_hand={} if choices.is_own else _by_hand(read_labels()),
        settings=settings_of(engine, choices.judge or WordJudge.name, settings.reranker),
        versions=versions(),
        commit=commit(),
        command=shlex.join(["alliantie", *sys.argv[1:]]),
        ablated=ablations.blocks() if ablations is not None else (),
    )


def build_judge(choices: Choices, bench: Bench) -> Judge:
    """Build the judge that a run asks for."""
    if choices.judge is not None:
        return build_model_judge(choices.judge)
    return WordJudge(WordSupport(bench.opened.catalogue))


def _measure(  # noqa: PLR0913, PLR0917 - what one way is measured with
    bench: Bench,
    settings: Settings,
    engine: Embedder,
    sets: Mapping[str, Items],
    choices: Choices,
    judge: Judge,
    on_part: OnPart,
) -> Iterator[Part]:
    baselines = build_baselines(bench) if choices.with_baselines else ()
    for split, items in sets.items():
        on_part(bench.way, split)
        timed = time_product(settings, engine, items) if items.answerable else None
        yield measure_part(bench, settings, items, split=split, judge=judge, systems=baselines, timed=timed)


def _check_judge(judge: Judge, bench: Bench, sets: Mapping[str, Items]) -> list[Judged]:
    """Hold a judge against the hand labels; support can only be checked where the originals are."""
    labels = read_labels()
    items = {item.id: item for one in sets.values() for item in one.answerable}
    found: list[Judged] = []
    for split in sets:
        nuggets = check_nuggets(judge, labels.answers, items, split)
        found += [nuggets] if nuggets else []
        found += check_support(judge, labels.claims, bench.opened.catalogue, split)
    return found


def _by_hand(labels: Labels) -> Mapping[str, Estimate]:
    splits = dict.fromkeys(label.split for label in labels.claims)
    return {
        split: estimate([float(one) for one in supported_share(labels.claims, split)]) for split in splits
    }
