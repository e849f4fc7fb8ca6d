"""What is kept of a conversation: questions, answers as they were given, and what readers think of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from assistant.domain.answering import CheckedClaim, Citation
from assistant.domain.asking import Filters


class Ending(StrEnum):
    """How a question ended."""

    ANSWERED = "answered"
    REFUSED = "refused"
    STOPPED = "stopped"
    """By the reader, before the answer was whole."""
    COACHED = "coached"
    """With the coach of the health check: what was said there isn't kept."""


@dataclass(frozen=True, slots=True)
class KeptExchange:
    """One question of a conversation and what came of it, as it was at that moment."""

    id: str
    """That of the answer."""
    question: str
    ending: Ending
    markdown: str
    """The answer or the refusal, with its [n] marks."""
    claims: tuple[CheckedClaim, ...] = ()
    citations: tuple[Citation, ...] = ()
    """The evidence, each number once: it stays what it was, whatever becomes of the corpus."""
    follow_ups: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    filters: Filters = field(default=Filters())
    engine: str = ""
    index_version: str = ""


@dataclass(frozen=True, slots=True)
class ConversationSummary:
    """A conversation as a list shows it."""

    id: str
    title: str
    changed: datetime
    """In UTC."""


class Verdict(StrEnum):
    """What a reader thinks of an answer."""

    HELPFUL = "helpful"
    UNHELPFUL = "unhelpful"
    WRONG = "wrong"
    """Something in it isn't right."""


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a reader thinks of an answer, and why."""

    verdict: Verdict
    reasons: tuple[str, ...] = ()
    """Ids of the reasons that the page offers."""
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation with all its exchanges, the oldest first."""

    id: str
    title: str
    changed: datetime
    """In UTC."""
    exchanges: tuple[KeptExchange, ...]
    feedback: tuple[tuple[str, Feedback], ...] = ()
    """What was thought of it, by the id of the exchange."""


@dataclass(frozen=True, slots=True)
class GivenFeedback:
    """Feedback as a curator reads it: with the question, the answer and the evidence."""

    given: datetime
    """In UTC."""
    feedback: Feedback
    exchange: KeptExchange
