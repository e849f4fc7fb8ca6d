"""Run as a process: works on the jobs of a database, and tells of each question it asks, until killed."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from datetime import timedelta

from assistant.bootstrap.batches import BatchWorker
from assistant.domain import Answer, Event, Question, Refusal
from assistant.storage import Storage
from tests.fakes import a_refusal

LEASE = timedelta(seconds=2)


def ask(question: Question) -> Iterator[Event]:
    """Say when which question is asked, take a moment, and refuse."""
    sys.stdout.write(f"{time.monotonic_ns()} {question.text}\n")
    sys.stdout.flush()
    time.sleep(0.01)
    yield from a_refusal()


class Writer:
    """Writes as little as there can be."""

    def answer(self, outcome: Answer | Refusal) -> str:
        """Write the id."""
        return f'"{outcome.id}"'

    def problem(self, error: Exception) -> str:
        """Write the kind."""
        return f'"{type(error).__name__}"'


if __name__ == "__main__":
    worker = BatchWorker(Storage.open(sys.argv[1]), ask, Writer(), lease=LEASE, nap=0.02)
    sys.stdin.read()  # Until the other end closes it.
    worker.close()
