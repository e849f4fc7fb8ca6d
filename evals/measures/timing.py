"""Warm answers beside the bare embedding of their question.

The two are timed in turn, so that a machine that slows down slows both.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from statistics import median, quantiles

from evals.results import Timed


def time_answers(
    ask: Callable[[str], object], embed: Callable[[str], object], questions: Sequence[str], rounds: int = 2
) -> Timed:
    """Ask every question several times, after a round that warms up; in milliseconds."""
    whole: list[float] = []
    bare: list[float] = []
    for number, question in enumerate([*questions] * (rounds + 1)):
        spent = timed(ask, question), timed(embed, question)
        if number >= len(questions):
            whole.append(spent[0])
            bare.append(spent[1])
    return Timed(
        answers=len(whole),
        answer_p50=median(whole),
        answer_p95=p95(whole),
        embedding_p50=median(bare),
        embedding_p95=p95(bare),
        samples=tuple(sorted(whole)),
    )


def timed(run: Callable[[str], object], question: str) -> float:
    """Return how long a call takes, in milliseconds."""
    started = time.perf_counter()
    run(question)
    return (time.perf_counter() - started) * 1000


def p95(values: Sequence[float]) -> float:
    """Return the value that 95 of 100 stay under."""
    return quantiles(values, n=20)[-1]
