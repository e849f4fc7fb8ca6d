"""One embedding engine in a process of its own, for ``evals.engines``: figures on request, line by line."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from assistant.retrieval.embedding import Embedder, build_embedder
from evals.measures.timing import p95, timed

FIRST = "Wat is vertrouwen?"
STATUS = Path("/proc/self/status")


Figures = dict[str, float]
"""What was measured, by the name of its row."""


def main(engine: str, model: str, cache: str) -> None:
    """Load the engine, tell how long that took, and do what each line of the input asks."""
    before, start = resident(), Moment.now()
    embedder = build_embedder(engine, model or None, Path(cache))
    embedder.embed_query(FIRST)
    spent = start.until_now()
    tell({"start, s": spent.clock, "start, s of processor": spent.processor})
    tasks: dict[str, Callable[[Sequence[str]], Figures]] = {
        "questions": lambda texts: for_questions(embedder, texts),
        "passages": lambda texts: for_passages(embedder, texts),
        "memory": lambda _: {"memory, MB": resident() - before},
    }
    for line in sys.stdin:
        task, texts = json.loads(line)
        tell(tasks[task](texts))


@dataclass(frozen=True, slots=True)
class Moment:
    """Seconds, by the clock and of all processors together."""

    clock: float
    processor: float

    @classmethod
    def now(cls) -> Moment:
        """Return what the clocks show."""
        return cls(time.perf_counter(), time.process_time())

    def until_now(self) -> Moment:
        """Return what was spent since."""
        now = Moment.now()
        return Moment(now.clock - self.clock, now.processor - self.processor)


def for_questions(embedder: Embedder, questions: Sequence[str]) -> Figures:
    """Embed questions one by one."""
    start = Moment.now()
    times = [timed(embedder.embed_query, question) for question in questions]
    return {
        "question p50, ms": median(times),
        "question p95, ms": p95(times) if len(times) > 1 else times[0],
        "question, ms of processor": 1000 * start.until_now().processor / len(questions),
    }


def for_passages(embedder: Embedder, passages: Sequence[str]) -> Figures:
    """Embed passages together."""
    start = Moment.now()
    embedder.embed_passages(passages)
    spent, count = start.until_now(), len(passages)
    return {"passages/s": count / spent.clock, "passages/s of processor": count / spent.processor}


def resident() -> float:
    """Return the megabytes of this process that are in memory; 0 where the system doesn't tell."""
    lines = STATUS.read_text("ascii").splitlines() if STATUS.is_file() else []
    return sum(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) / 1024


def tell(figures: Figures) -> None:
    """Answer with a line."""
    sys.stdout.write(json.dumps(figures) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
