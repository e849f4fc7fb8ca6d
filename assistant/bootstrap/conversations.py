"""The use cases of conversations: kept for the visitor whose they are, rated, exported and erased."""

from __future__ import annotations

import logging
import re
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from assistant.bootstrap.files import Files, Format, Library
from assistant.bootstrap.titling import read_remark, read_title
from assistant.domain import (
    Conversation,
    ConversationSummary,
    Feedback,
    GivenFeedback,
    KeptExchange,
    Verdict,
)
from assistant.settings import Settings
from assistant.storage import Storage

_log = logging.getLogger(__name__)
_REASON = re.compile(r"[a-z0-9_-]{1,40}")
_MOST_REASONS = 10


class Conversations:
    """Keeps and shows the conversations of visitors; safe to use from several threads and processes.

    What isn't of the visitor who asks raises ``UnknownKey``, as does what was never there.
    """

    def __init__(self, settings: Settings, library: Library, storage: Storage) -> None:
        self._files = Files(settings, library)
        self._storage = storage
        self._retention = timedelta(days=settings.retention_days) if settings.retention_days else None
        self._purged_on: date | None = None
        self.purge()

    def keep(
        self,
        visitor: str,
        exchange: KeptExchange,
        title: str = "",
        conversation_id: str | None = None,
        replaces: str | None = None,
    ) -> str:
        """Keep an exchange in a conversation, or in a new one; return its id.

        A new conversation without a title of 1 to 200 code points gets one from the question.
        ``replaces`` is the id of the exchange whose place this one takes.
        """
        if self._purged_on != _today():
            self.purge()
        name = read_title(title, exchange.question)
        return self._storage.conversations.keep(visitor, exchange, name, conversation_id, replaces)

    def conversation(self, visitor: str, id: str) -> Conversation:  # noqa: A002 - as surfaces call it
        """Return a conversation with its exchanges and what was thought of them."""
        return self._storage.conversations.conversation(visitor, id)

    def listed(self, visitor: str, search: str = "", limit: int = 200) -> tuple[ConversationSummary, ...]:
        """Return a visitor's conversations, the last changed first; of a search, those with all its words."""
        return self._storage.conversations.listed(visitor, search, limit)

    def rename(self, visitor: str, id: str, title: str) -> None:  # noqa: A002
        """Give a conversation another title; a blank or too long one is made from its first question."""
        found = self.conversation(visitor, id)
        questions = (one.question for one in found.exchanges)
        name = read_title(title, next(filter(None, questions), found.title))
        self._storage.conversations.rename(visitor, id, name)

    def erase(self, visitor: str, id: str) -> None:  # noqa: A002
        """Erase a conversation and what was thought of its answers."""
        self._storage.conversations.erase(visitor, id)

    def erase_all(self, visitor: str) -> int:
        """Erase all that is kept of a visitor; return how many conversations that were."""
        return self._storage.conversations.erase_all(visitor)

    def file(self, visitor: str, id: str, format: Format) -> tuple[str, bytes]:  # noqa: A002
        """Return the title of a conversation, and the conversation as a Word or Markdown file."""
        conversation = self.conversation(visitor, id)
        return conversation.title, self._files.conversation(conversation, format)

    def rate(self, visitor: str, exchange_id: str, feedback: Feedback) -> None:
        """Keep what a visitor thinks of an answer, in the place of what they thought before.

        What can't be the id of a reason is left out. Raises ``QuestionTooLong`` for a remark over 2000.
        """
        self._storage.feedback.give(visitor, exchange_id, _readable(feedback))

    def receive(self, owner: str, exchange: KeptExchange, feedback: Feedback) -> None:
        """Keep what a client of the API thinks of an answer, which it sends along; likewise.

        ``owner`` is whose key it is. It goes after the retention period.
        """
        if self._purged_on != _today():
            self.purge()
        self._storage.feedback.receive(owner, exchange, _readable(feedback))

    def unrate(self, visitor: str, exchange_id: str) -> None:
        """Erase what a visitor thought of an answer."""
        self._storage.feedback.withdraw(visitor, exchange_id)

    def purge(self) -> int:
        """Erase what was quiet for longer than the retention period; return how many conversations."""
        self._purged_on = _today()
        if self._retention is None:
            return 0
        before = datetime.now(UTC) - self._retention
        self._storage.feedback.purge(before)
        purged = self._storage.conversations.purge(before)
        if purged:
            _log.info("erased %d conversations after the retention period", purged)
        return purged


def read_feedback(settings: Settings, verdict: Verdict | None = None) -> tuple[GivenFeedback, ...]:
    """Return what readers thought of answers, the newest first, for a curator who runs no server."""
    with closing(Storage.open(settings.storage_url)) as storage:
        return storage.feedback.given(verdict)


def _readable(feedback: Feedback) -> Feedback:
    reasons = [one for one in dict.fromkeys(feedback.reasons) if _REASON.fullmatch(one)]
    return replace(feedback, reasons=tuple(reasons[:_MOST_REASONS]), remark=read_remark(feedback.remark))


def _today() -> date:
    return datetime.now(UTC).date()
