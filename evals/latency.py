"""``python -m evals.latency ADDRESS``: warm answers over HTTP beside the bare embedding of their question."""

from __future__ import annotations

import json
import sys
import urllib.request

from assistant.bootstrap import load_engine
from assistant.settings import read_settings
from evals.items import DATA, read_items
from evals.measures.timing import p95, time_answers


def main(address: str) -> None:
    """Ask the questions of the dev split, several times, and print milliseconds."""
    settings = read_settings()
    embedder = load_engine(settings)
    questions = [item.question for item in read_items(DATA / "dev").answerable]
    timed = time_answers(lambda text: post(address, text), embedder.embed_query, questions)
    lines = [
        f"{timed.answers} answers over {len(questions)} questions",
        f"whole answer over HTTP: p50 {timed.answer_p50:.1f} ms, p95 {p95(timed.samples):.1f} ms",
        f"bare query embedding:   p50 {timed.embedding_p50:.1f} ms, p95 {timed.embedding_p95:.1f} ms",
        f"ratio of the medians {timed.ratio:.2f}, of the p95s {timed.answer_p95 / timed.embedding_p95:.2f}",
    ]
    sys.stdout.write("\n".join(lines) + "\n")


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
