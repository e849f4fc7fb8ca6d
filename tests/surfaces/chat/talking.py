"""What stands on the page after a question to the scripted assistant."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

from assistant.domain import Answer, Event, Filters, KeptExchange, Question, Refusal
from assistant.surfaces.chat.conversation import Exchange, Talk, View, converse
from tests.surfaces.chat.scripted import ScriptedAssistant

QUESTION = "Wat is vertrouwen?"
VISITOR, ANOTHER = "a" * 43, "b" * 43


class Numbered(ScriptedAssistant):
    """Gives each outcome an id of its own, as the assistant does, and notes what it is asked."""

    def __init__(self) -> None:
        super().__init__("plain", Path("never"))
        self.questions: list[Question] = []

    def ask(self, question: Question) -> Iterator[Event]:
        """Play the part that the question asks for."""
        self.questions.append(question)
        for event in super().ask(question):
            yield replace(event, id=uuid4().hex) if isinstance(event, Answer | Refusal) else event


def asked(text: str = QUESTION, talk: Talk | None = None, filters: Filters | None = None) -> list[View]:
    """Return all that the page shows while a question is answered."""
    question = Question(text, (), filters or Filters())
    return list(converse(Numbered(), question, talk or Talk()))


def last_view(text: str = QUESTION, talk: Talk | None = None) -> View:
    """Return what the page shows once a question is answered."""
    return asked(text, talk)[-1]


def last_exchange(text: str = QUESTION) -> Exchange:
    """Return a question with its answer."""
    return last_view(text).exchanges[-1]


def kept(exchange: Exchange) -> KeptExchange:
    """Return an exchange as it is kept."""
    assert exchange.ending
    return KeptExchange(
        uuid4().hex,
        exchange.question,
        exchange.ending,
        exchange.markdown,
        exchange.claims,
        exchange.citations,
        exchange.follow_ups,
        exchange.notices,
        exchange.filters,
    )
