"""Jobs of many questions: made by a caller, worked on by one process at a time, and erased after a day.

Questions are answered in order, so that what a job still has to do is known by one number. Who works on
a job has a lease on it: what comes after the lease was lost to another isn't kept.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session

from assistant.domain import (
    BATCH_KEPT,
    MOST_UNFINISHED,
    Assignment,
    Batch,
    BatchPage,
    Filters,
    Lease,
    Outcome,
    Question,
    Turn,
)
from assistant.errors import BatchDiffers, TooManyBatches, UnknownKey
from assistant.storage.keys import hash_of, looks_like_key, new_key
from assistant.storage.leasing import is_free, is_held, lend, queue_up, release, renew
from assistant.storage.models import BatchQuestionRow, BatchRow
from assistant.storage.quotations import outcome_without_erased
from assistant.storage.sessions import Sessions, UnreadableRow

_LOCK = 0x62617463  # A number of our own, among all that lock this database.
_SECONDS_TO_WAIT = 60


class Batches:
    """The jobs. An id that isn't of a job of the owner's raises ``UnknownKey``, as does one that expired."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    # ── Who makes a job ──────────────────────────────────────────────────────

    def create(
        self,
        owner: str,
        questions: Sequence[Question],
        key: str | None = None,
        admit: Callable[[], None] = lambda: None,
    ) -> Batch:
        """Keep a job; with a key that its owner used before, return the job that was made then.

        ``admit`` is called before a new job is kept, and may raise what stops that. Raises
        ``BatchDiffers`` if the questions aren't those of then, and ``TooManyBatches``.
        """
        self.purge()
        contents = [_question_to_json(question) for question in questions]
        content_hash = hash_of("\n".join(contents))
        with self._sessions.writing() as session:
            queue_up(session, _LOCK, owner)
            known = _sent_before(session, owner, key)
            if known is not None:
                if known.content_hash != content_hash:
                    raise BatchDiffers
                return _batch_of(known)
            _require_room(session, owner)
            admit()
            row = self._new_row(owner, key, content_hash, len(contents))
            session.add(row)
            session.flush()
            session.add_all(_question_rows(row.id, contents))
            return _batch_of(row)

    def batch(self, owner: str, id: str) -> Batch:  # noqa: A002 - as surfaces call it
        """Return a job, with how far it is."""
        with self._sessions.reading() as session:
            return _batch_of(self._owned(session, owner, id))

    def page(self, owner: str, id: str, offset: int, limit: int) -> BatchPage:  # noqa: A002
        """Return at most ``limit`` outcomes from a position on: those there are, of a running job too."""
        with self._sessions.reading() as session:
            row = self._owned(session, owner, id)
            end = min(offset + limit, row.done)
            wanted = (
                select(BatchQuestionRow.outcome, BatchQuestionRow.is_problem)
                .where(BatchQuestionRow.batch_id == row.id, BatchQuestionRow.position >= offset)
                .where(BatchQuestionRow.position < end)
                .order_by(BatchQuestionRow.position)
            )
            outcomes = (Outcome(outcome or "", is_problem) for outcome, is_problem in session.execute(wanted))
            return BatchPage(_batch_of(row), offset, tuple(outcomes))

    def erase(self, owner: str, id: str) -> None:  # noqa: A002
        """Erase a job with its questions and answers; who works on it, stops."""
        with self._sessions.erasing() as session:
            row = self._owned(session, owner, id)
            session.execute(delete(BatchRow).where(BatchRow.id == row.id))

    def purge(self) -> int:
        """Erase the jobs that expired; return how many."""
        expired = BatchRow.expires <= self._sessions.now()
        with self._sessions.reading() as session:  # Most often there are none, and then nobody has to wait.
            if session.scalar(select(BatchRow.id).where(expired).limit(1)) is None:
                return 0
        with self._sessions.erasing() as session:
            locked = select(BatchRow.id).where(expired).order_by(BatchRow.id).with_for_update()
            session.scalars(locked).all()
            return len(session.scalars(delete(BatchRow).where(expired).returning(BatchRow.id)).all())

    # ── Who works on it ──────────────────────────────────────────────────────

    def take(self, duration: timedelta) -> Assignment | None:
        """Take a lease on the job that waits longest and return its next question; ``None`` if none waits."""
        with self._sessions.reading() as session:
            if session.scalar(select(BatchRow.id).where(*self._is_free()).limit(1)) is None:
                return None
        with self._sessions.writing() as session:
            waiting = select(BatchRow).where(*self._is_free()).order_by(BatchRow.turn, BatchRow.id).limit(1)
            row = session.scalar(waiting.with_for_update(skip_locked=True))
            if row is None:
                return None
            lend(row, self._sessions.now(), duration)
            return _assignment(session, row)

    def renew(self, lease: Lease, duration: timedelta) -> bool:
        """Move the deadline of a lease; return whether it still holds: the job may be gone, or another's."""
        return renew(self._sessions, BatchRow, lease, duration)

    def keep(self, done: Assignment, outcome: Outcome, duration: timedelta) -> Assignment | None:
        """Keep what came of a question, once, renew the lease, and return the question that is next.

        ``None`` if there is none, or the lease doesn't hold any more: then nothing is kept.
        """
        with self._sessions.writing() as session:
            content = outcome_without_erased(session, outcome.content)
            row = session.scalar(select(BatchRow).where(is_held(BatchRow, done.lease)).with_for_update())
            if row is None or row.done != done.position:
                return None
            place = (BatchQuestionRow.batch_id == row.id) & (BatchQuestionRow.position == row.done)
            filled = update(BatchQuestionRow).where(place)
            session.execute(filled.values(outcome=content, is_problem=outcome.is_problem))
            row.done += 1
            row.failed += outcome.is_problem
            row.losses = 0
            row.leased_until = self._sessions.now() + duration
            return _assignment(session, row)

    def release(self, lease: Lease) -> None:
        """Give a job back: it waits again, behind the others."""
        release(self._sessions, BatchRow, lease)

    def _is_free(self) -> tuple[ColumnElement[bool], ...]:
        now = self._sessions.now()
        return BatchRow.done < BatchRow.total, BatchRow.expires > now, is_free(BatchRow, now)

    def _owned(self, session: Session, owner: str, id_: str) -> BatchRow:
        is_it = (BatchRow.id == id_) & (BatchRow.owner == owner) & (BatchRow.expires > self._sessions.now())
        row = session.scalar(select(BatchRow).where(is_it)) if looks_like_key(id_) else None
        if row is None:
            raise UnknownKey(kind="batch")
        return row

    def _new_row(self, owner: str, key: str | None, content_hash: bytes, total: int) -> BatchRow:
        now = self._sessions.now()
        return BatchRow(
            id=new_key(),
            owner=owner,
            key_hash=None if key is None else hash_of(key),
            content_hash=content_hash,
            total=total,
            done=0,
            failed=0,
            created=now,
            expires=now + BATCH_KEPT,
            turn=now,
            losses=0,
        )


def _sent_before(session: Session, owner: str, key: str | None) -> BatchRow | None:
    if key is None:
        return None
    is_it = (BatchRow.owner == owner) & (BatchRow.key_hash == hash_of(key))
    return session.scalar(select(BatchRow).where(is_it))


def _require_room(session: Session, owner: str) -> None:
    unfinished = (BatchRow.owner == owner) & (BatchRow.done < BatchRow.total)
    if (session.scalar(select(func.count()).where(unfinished)) or 0) >= MOST_UNFINISHED:
        raise TooManyBatches(seconds=str(_SECONDS_TO_WAIT), limit=str(MOST_UNFINISHED))


def _batch_of(row: BatchRow) -> Batch:
    is_begun = row.done > 0 or row.lease is not None
    return Batch(row.id, row.total, row.done, row.failed, row.created, row.expires, is_begun)


def _assignment(session: Session, row: BatchRow) -> Assignment | None:
    """Return the next question of a job on which a lease was taken; ``None`` if all are through."""
    place = (BatchQuestionRow.batch_id == row.id) & (BatchQuestionRow.position == row.done)
    content = session.scalar(select(BatchQuestionRow.question).where(place))
    if content is None or row.lease is None:
        return None
    question = replace(_question_from_json(content), reader=row.owner)
    return Assignment(Lease(row.id, row.lease), row.done, question, row.losses)


def _question_rows(batch_id: str, contents: Sequence[str]) -> list[BatchQuestionRow]:
    return [
        BatchQuestionRow(batch_id=batch_id, position=position, question=content, is_problem=False)
        for position, content in enumerate(contents)
    ]


def _question_to_json(question: Question) -> str:
    """Return a question as it is kept: the same question is always the same text."""
    history = [[turn.role, turn.content] for turn in question.history]
    sources, kinds = sorted(question.filters.sources), sorted(question.filters.kinds)
    return json.dumps([question.text, history, sources, kinds], ensure_ascii=False)


def _question_from_json(content: str) -> Question:
    try:
        text, history, sources, kinds = json.loads(content)
        turns = tuple(Turn(role, said) for role, said in history)
    except ValueError:  # Its text holds what people wrote.
        raise UnreadableRow("a question of a batch") from None
    return Question(text, turns, Filters(frozenset(sources), frozenset(kinds)))
