"""A peer in a process of its own, which indexes and answers line by line.

This module and the peers' run in environments without the product's dependencies.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

Piece = tuple[str, str]
"""The name of a page, and a piece of its text."""
Found = Sequence[Piece]
Find = Callable[[str, int], Found]
"""Finds the best pieces for a question, best first; the number is how many."""

TIMED, DEPTH = 10, 200
"""Pieces that a timed search returns, and those of which the ranking is made."""


def work(build: Callable[[Path, Found], None], open_index: Callable[[Path], Find]) -> None:
    """Do what each line asks: index pieces, or search for a question; in the folder that is named first."""
    folder = Path(sys.argv[1])
    answers = _own_output()
    find: Find | None = None
    for line in sys.stdin:
        task, content = json.loads(line)
        if task == "index":
            answer: Any = index(partial(build, folder), [(page, text) for page, text in content])
        else:
            find = find or open_index(folder)
            answer = search(find, content)
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


def index(build: Callable[[Found], None], pieces: Found) -> dict[str, float]:
    """Build the index; tell the seconds of the clock and of the processor."""
    clock, processor = time.perf_counter(), time.process_time()
    build(pieces)
    return {"clock": time.perf_counter() - clock, "processor": time.process_time() - processor}


def search(find: Find, question: str) -> dict[str, Any]:
    """Search twice: for the time, in milliseconds, and for the ranking."""
    clock, processor = time.perf_counter(), time.process_time()
    find(question, TIMED)
    spent = time.perf_counter() - clock, time.process_time() - processor
    return {"clock": 1000 * spent[0], "processor": 1000 * spent[1], "found": list(find(question, DEPTH))}


def setting() -> str:
    """Return what the peer is told besides its folder: a variant, an address, or nothing."""
    return sys.argv[2]


def _own_output() -> Any:
    """Return the output for answers; what libraries print goes to the errors."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return answers
