"""What readers think of answers: theirs to change, a curator's to read without knowing whose it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import TypeVar

from sqlalchemy import delete, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from assistant.domain import Feedback, GivenFeedback, KeptExchange, Verdict
from assistant.errors import UnknownKey
from assistant.storage.keys import hash_of
from assistant.storage.models import (
    ID_LENGTH,
    ConversationRow,
    ExchangeRow,
    FeedbackRow,
    SentFeedbackRow,
)
from assistant.storage.quotations import without_erased
from assistant.storage.rows import exchange_from_json, exchange_to_json, feedback_of
from assistant.storage.sessions import Sessions

_Row = TypeVar("_Row", FeedbackRow, SentFeedbackRow)
_ID = re.compile(rf"[A-Za-z0-9_-]{{1,{ID_LENGTH}}}")


class FeedbackShelf:
    """The feedback. An id that isn't of an exchange of the visitor's raises ``UnknownKey``.

    Feedback keeps the answer as it was, also when another comes in its place; it goes with the conversation.
    What clients of the API think stands apart, with the answers that they sent along.
    """

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    def give(self, visitor: str, exchange_id: str, feedback: Feedback) -> None:
        """Keep what a visitor thinks of an answer, in the place of what they thought before."""
        with self._sessions.writing() as session:
            conversation = _conversation_of(session, visitor, exchange_id)
            exchange = session.get(ExchangeRow, (conversation.id, exchange_id))
            if exchange is None:  # Another came in its place.
                raise UnknownKey(kind="exchange")
            conversation.last_active = self._sessions.today
            session.merge(
                FeedbackRow(
                    conversation_id=conversation.id,
                    exchange_id=exchange.id,
                    given=self._sessions.now(),
                    verdict=feedback.verdict.value,
                    reasons=list(feedback.reasons),
                    remark=feedback.remark,
                    content=exchange.content,
                )
            )

    def withdraw(self, visitor: str, exchange_id: str) -> None:
        """Erase what a visitor thought of an answer; where nothing was thought of it, nothing changes."""
        with self._sessions.erasing() as session:
            conversation = _conversation_of(session, visitor, exchange_id)
            is_of_it = FeedbackRow.conversation_id == conversation.id
            session.execute(delete(FeedbackRow).where(is_of_it, FeedbackRow.exchange_id == exchange_id))

    def receive(self, owner: str, exchange: KeptExchange, feedback: Feedback) -> None:
        """Keep what a client thinks of an answer that it sent along, in the place of earlier thoughts."""
        said = {
            "given": self._sessions.now(),
            "verdict": feedback.verdict.value,
            "reasons": list(feedback.reasons),
            "remark": feedback.remark,
        }
        with self._sessions.writing() as session:
            said["content"] = exchange_to_json(without_erased(session, exchange))
            row = _inserting(session).values(owner=owner, answer_id=exchange.id, **said)
            session.execute(row.on_conflict_do_update(index_elements=["owner", "answer_id"], set_=said))

    def purge(self, before: datetime) -> int:
        """Erase what clients sent before a moment; return how many. What goes with a conversation stays."""
        with self._sessions.erasing() as session:
            old = session.scalars(
                delete(SentFeedbackRow)
                .where(SentFeedbackRow.given < before)
                .returning(SentFeedbackRow.answer_id)
            )
            return len(old.all())

    def given(self, verdict: Verdict | None = None) -> tuple[GivenFeedback, ...]:
        """Return what was thought of answers, the newest first; of one verdict, or of all."""
        with self._sessions.reading() as session:
            found = [*_given(session, FeedbackRow, verdict), *_given(session, SentFeedbackRow, verdict)]
        return tuple(sorted(found, key=lambda one: (-one.given.timestamp(), one.exchange.id)))


def _inserting(session: Session) -> postgresql.Insert | sqlite.Insert:
    """Begin to put in a row, or to replace it at once: two clients may send the same."""
    if session.get_bind().dialect.name == "postgresql":
        return postgresql.insert(SentFeedbackRow)
    return sqlite.insert(SentFeedbackRow)


def _given(session: Session, table: type[_Row], verdict: Verdict | None) -> Iterator[GivenFeedback]:
    wanted = select(table)
    if verdict is not None:
        wanted = wanted.where(table.verdict == verdict.value)
    for row in session.scalars(wanted):
        yield GivenFeedback(row.given, feedback_of(row), exchange_from_json(row.content))


def _conversation_of(session: Session, visitor: str, exchange_id: str) -> ConversationRow:
    """Return the visitor's conversation that has or had an exchange, locked: two pages may rate at once."""
    if not _ID.fullmatch(exchange_id):
        raise UnknownKey(kind="exchange")
    has_it = select(ExchangeRow.conversation_id).where(ExchangeRow.id == exchange_id)
    had_it = select(FeedbackRow.conversation_id).where(FeedbackRow.exchange_id == exchange_id)
    row = session.scalar(
        select(ConversationRow)
        .where(ConversationRow.visitor_hash == hash_of(visitor))
        .where(or_(ConversationRow.id.in_(has_it), ConversationRow.id.in_(had_it)))
        .order_by(ConversationRow.changed.desc(), ConversationRow.id)
        .limit(1)
        .with_for_update()
    )
    if row is None:
        raise UnknownKey(kind="exchange")
    return row
