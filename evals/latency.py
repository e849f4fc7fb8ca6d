"""``python -m evals.latency ADDRESS``: a warm answer over HTTP beside the bare embedding of its question.

The two are timed in turn, so that a machine that slows down slows both.
"""

from __future__ import annotations

import json
import sys
import time
import urllib.request
from collections.abc import Callable
from functools import partial
from statistics import median, quantiles

from assistant.retrieval.embedding import build_embedder
from assistant.settings import read_settings
from evals.questions import read_questions

ROUNDS = 4


def main(address: str) -> None:
    """Ask every reference question that has an answer, several times, and print milliseconds."""
    settings = read_settings()
    embedder = build_embedder(settings.embedding, settings.embedding_model)
    questions = [item.question for item in read_questions().answered]
    whole: list[float] = []
    bare: list[float] = []
    for number, question in enumerate(questions * (ROUNDS + 1)):
        spent = timed(partial(post, address, question)), timed(partial(embedder.embed_query, question))
        if number >= len(questions):  # the first round warms up
            whole.append(spent[0])
            bare.append(spent[1])
    lines = [
        f"{len(whole)} answers over {len(questions)} questions",
        f"whole answer over HTTP: p50 {median(whole):.1f} ms, p95 {p95(whole):.1f} ms",
        f"bare query embedding:   p50 {median(bare):.1f} ms, p95 {p95(bare):.1f} ms",
        f"ratio of the medians {median(whole) / median(bare):.2f}, of the p95s {p95(whole) / p95(bare):.2f}",
    ]
    sys.stdout.write("\n".join(lines) + "\n")


def timed(run: Callable[[], object]) -> float:
    """Return how long a call takes, in milliseconds."""
    started = time.perf_counter()
    run()
    return (time.perf_counter() - started) * 1000


def p95(values: list[float]) -> float:
    """Return the value that 95 of 100 stay under."""
    return quantiles(values, n=20)[-1]


def post(address: str, question: str) -> bytes:
    """Ask a question over HTTP."""
    body = json.dumps({"question": question}).encode()
    request = urllib.request.Request(  # noqa: S310 - the operator names the address
        f"{address}/v1/answers", body, {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310 - the operator names the address
        return bytes(response.read())


if __name__ == "__main__":
    main(*sys.argv[1:])
