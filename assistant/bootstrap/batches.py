"""Jobs of many questions: what a caller can do with one, and the thread that works on them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Protocol

from assistant.bootstrap.working import LEASE, NAP, Turns, held
from assistant.domain import Answer, Assignment, Event, Outcome, Question, Refusal, outcome_of
from assistant.errors import IndexUnavailable, StorageUnavailable
from assistant.storage import Storage

TURN = 20
"""Questions of one job before another that waits gets its turn."""

_MOST_LOSSES = 3


class OutcomeWriter(Protocol):
    """Writes what came of a question as the JSON that a client gets."""

    def answer(self, outcome: Answer | Refusal) -> str:
        """Return an answer or a refusal."""
        ...

    def problem(self, error: Exception) -> str:
        """Return why there is neither; the error may hold what people wrote, which no log may."""
        ...


class AbandonedQuestion(Exception):
    """A question isn't asked again: the processes that did so vanished, perhaps because of it."""


class BatchWorker:
    """A thread that works on the jobs of a database, one question at a time, until it is closed.

    Any number of processes may have one: a job is with one of them at a time. When that vanishes, another
    takes over after ``lease``, at the question that was being asked.
    """

    def __init__(
        self,
        storage: Storage,
        ask: Callable[[Question], Iterator[Event]],
        writer: OutcomeWriter,
        *,
        lease: timedelta = LEASE,
        nap: float = NAP,
    ) -> None:
        self._batches = storage.batches
        self._ask = ask
        self._writer = writer
        self._lease = lease
        self._nap = nap
        self._turns = Turns("batches", self._take_turn)

    def close(self) -> None:
        """Stop, at the latest after the question that is being asked; who starts again goes on after it."""
        self._turns.close()

    def _take_turn(self, stopping: threading.Event) -> float:
        self._batches.purge()
        next_one = self._batches.take(self._lease)
        if next_one is None:
            return self._nap
        with held(self._batches, next_one.lease, self._lease) as lost:
            for _ in range(TURN):
                if next_one is None or stopping.is_set() or lost.is_set():
                    break
                next_one = self._batches.keep(next_one, self._answered(next_one), self._lease)
        return 0

    def _answered(self, assignment: Assignment) -> Outcome:
        """Return what came of a question; what goes wrong with it is its own problem, not the job's."""
        try:
            if assignment.losses >= _MOST_LOSSES:
                raise AbandonedQuestion
            return Outcome(self._writer.answer(outcome_of(self._ask(assignment.question))))
        except (IndexUnavailable, StorageUnavailable):
            raise  # That is no question's problem: all have to wait.
        except Exception as error:  # noqa: BLE001 - the other questions can still be answered
            return Outcome(self._writer.problem(error), is_problem=True)
