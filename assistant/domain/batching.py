"""Many questions as one job: how far it is, what came of each question, and who works on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from assistant.domain.asking import Question

MOST_QUESTIONS = 1000
"""Questions of one job."""

MOST_UNFINISHED = 20
"""Jobs of one caller that aren't done yet."""

BATCH_KEPT = timedelta(hours=24)
"""How long a job and its answers are kept, counted from when it was made."""


class BatchStatus(StrEnum):
    """How far a job is."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    """Through, and not one question has an answer or a refusal."""


@dataclass(frozen=True, slots=True)
class Batch:
    """A job, without its questions."""

    id: str
    total: int
    done: int
    """Questions that are through, those that failed among them."""
    failed: int
    created: datetime
    expires: datetime
    is_begun: bool

    @property
    def status(self) -> BatchStatus:
        """How far the job is."""
        if self.is_done:
            return BatchStatus.FAILED if self.failed == self.total else BatchStatus.DONE
        return BatchStatus.RUNNING if self.is_begun else BatchStatus.QUEUED

    @property
    def is_done(self) -> bool:
        """Whether all questions are through."""
        return self.done == self.total


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a question, as the JSON that a client gets: an answer (or a refusal), or a problem."""

    content: str
    is_problem: bool = False


@dataclass(frozen=True, slots=True)
class BatchPage:
    """Outcomes from a position on, in order and without gaps."""

    batch: Batch
    offset: int
    outcomes: tuple[Outcome, ...]

    @property
    def next_offset(self) -> int | None:
        """The position from which there are more at this moment; ``None`` if there are none."""
        following = self.offset + len(self.outcomes)
        return following if following < self.batch.done else None


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to work on a job or a document until a deadline that is renewed; nobody else has it."""

    job_id: str
    token: str


@dataclass(frozen=True, slots=True)
class Assignment:
    """The question of a job that is next."""

    lease: Lease
    position: int
    question: Question
    losses: int
    """How often who asked it before vanished without a word: the question may be why."""
