"""The conversations of a visitor: kept exchange by exchange, found again, and erased.

A visitor is known by a secret, of which only the hash is kept. What is another visitor's isn't there.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import ColumnElement, delete, exists, func, or_, select
from sqlalchemy.orm import Session

from assistant.domain import Conversation, ConversationSummary, Feedback, KeptExchange
from assistant.storage.keys import hash_of, new_key
from assistant.storage.models import ConversationRow, ExchangeRow, FeedbackRow
from assistant.storage.quotations import sought_text_of, without_erased
from assistant.storage.rows import conversation_row, exchange_from_json, exchange_to_json, feedback_of
from assistant.storage.seeking import folded, sought_words
from assistant.storage.sessions import Sessions


class Conversations:
    """The conversations. An id that isn't of a conversation of the visitor's raises ``UnknownKey``."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    def keep(
        self,
        visitor: str,
        exchange: KeptExchange,
        title: str,
        conversation_id: str | None = None,
        replaces: str | None = None,
    ) -> str:
        """Keep an exchange at the end of a conversation, or of a new one with this title; return its id.

        It takes the place of the exchange with the id ``replaces``, if that is still there, and of an
        earlier one with its own id.
        """
        with self._sessions.writing() as session:
            exchange = without_erased(session, exchange)
            if conversation_id is None:
                row = ConversationRow(id=new_key(), visitor_hash=hash_of(visitor))
                _entitle(row, title)
                session.add(row)
            else:
                row = conversation_row(session, visitor, conversation_id, locked=True)
            row.changed = self._sessions.now()
            row.last_active = self._sessions.today
            session.flush()
            position = _make_room(session, row.id, {exchange.id, replaces or exchange.id})
            session.add(_exchange_row(row.id, position, exchange))
            return row.id

    def conversation(self, visitor: str, id: str) -> Conversation:  # noqa: A002 - as surfaces call it
        """Return a conversation with all its exchanges, and what was thought of those."""
        with self._sessions.reading() as session:
            row = conversation_row(session, visitor, id)
            mine = ExchangeRow.conversation_id == row.id
            kept = session.scalars(select(ExchangeRow.content).where(mine).order_by(ExchangeRow.position))
            exchanges = tuple(exchange_from_json(content) for content in kept)
            said = _feedback_on(session, row.id)
            feedback = tuple((one.id, said[one.id]) for one in exchanges if one.id in said)
            return Conversation(row.id, row.title, row.changed, exchanges, feedback)

    def listed(self, visitor: str, search: str = "", limit: int = 200) -> tuple[ConversationSummary, ...]:
        """Return a visitor's conversations, the last changed first; with a search, those with all its words.

        Words are sought, in any case and with or without accents, in titles, questions and answers.
        """
        wanted = (
            select(ConversationRow.id, ConversationRow.title, ConversationRow.changed)
            .where(ConversationRow.visitor_hash == hash_of(visitor), *map(_mentions, sought_words(search)))
            .order_by(ConversationRow.changed.desc(), ConversationRow.id)
            .limit(limit)
        )
        with self._sessions.reading() as session:
            return tuple(ConversationSummary(*found) for found in session.execute(wanted))

    def rename(self, visitor: str, id: str, title: str) -> None:  # noqa: A002
        """Give a conversation another title; its place among the others stays the same."""
        with self._sessions.writing() as session:
            row = conversation_row(session, visitor, id, locked=True)
            _entitle(row, title)
            row.last_active = self._sessions.today

    def erase(self, visitor: str, id: str) -> None:  # noqa: A002
        """Erase a conversation and what was thought of its answers."""
        with self._sessions.erasing() as session:
            row = conversation_row(session, visitor, id, locked=True)
            session.execute(delete(ConversationRow).where(ConversationRow.id == row.id))

    def erase_all(self, visitor: str) -> int:
        """Erase all that is kept of a visitor; return how many conversations that were."""
        return self._erase(ConversationRow.visitor_hash == hash_of(visitor))

    def purge(self, before: datetime) -> int:
        """Erase the conversations in which nothing was done since a date (in UTC); return how many."""
        return self._erase(ConversationRow.last_active < before.astimezone(UTC).date())

    def _erase(self, these: ColumnElement[bool]) -> int:
        with self._sessions.erasing() as session:
            # All who lock several do so in one order: no deadlocks.
            locked = select(ConversationRow.id).where(these).order_by(ConversationRow.id).with_for_update()
            session.scalars(locked).all()
            gone = session.scalars(delete(ConversationRow).where(these).returning(ConversationRow.id))
            return len(gone.all())


def _entitle(row: ConversationRow, title: str) -> None:
    row.title = title
    row.sought_title = folded(title)


def _make_room(session: Session, conversation_id: str, ids: set[str]) -> int:
    """Take these exchanges away and return the place they had; the place after the last if there are none."""
    mine = ExchangeRow.conversation_id == conversation_id
    gone = delete(ExchangeRow).where(mine, ExchangeRow.id.in_(ids)).returning(ExchangeRow.position)
    freed = session.scalars(gone).all()
    if freed:
        return min(freed)
    last = session.scalar(select(func.max(ExchangeRow.position)).where(mine))
    return 0 if last is None else last + 1


def _exchange_row(conversation_id: str, position: int, exchange: KeptExchange) -> ExchangeRow:
    return ExchangeRow(
        conversation_id=conversation_id,
        id=exchange.id,
        position=position,
        content=exchange_to_json(exchange),
        sought_text=sought_text_of(exchange),
    )


def _feedback_on(session: Session, conversation_id: str) -> dict[str, Feedback]:
    rows = session.scalars(select(FeedbackRow).where(FeedbackRow.conversation_id == conversation_id))
    return {row.exchange_id: feedback_of(row) for row in rows}


def _mentions(word: str) -> ColumnElement[bool]:
    """Return whether a word is part of a conversation's title, or of a question or an answer in it."""
    is_said = exists().where(
        ExchangeRow.conversation_id == ConversationRow.id,
        ExchangeRow.sought_text.contains(word, autoescape=True),
    )
    return or_(ConversationRow.sought_title.contains(word, autoescape=True), is_said)
