"""What stands on the page as a conversation unfolds: events in, view states out, no framework."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Protocol

from assistant.answering.rendering import render_claims
from assistant.domain import (
    Answer,
    Catalogue,
    CheckedClaim,
    Citation,
    Event,
    Passage,
    PassagesFound,
    Question,
    Refusal,
    Status,
    Turn,
)
from assistant.errors import AssistantError, IndexUnavailable, InvalidQuestion
from assistant.surfaces.chat.coaching import ChatCoach, Coached, Session

REMEMBERED = 6
"""How many earlier exchanges travel along with a question."""


class Answering(Protocol):
    """The part of the assistant that the page needs."""

    def ask(self, question: Question) -> Iterator[Event]:
        """Yield the passages, the checked claims, and last an ``Answer`` or a ``Refusal``."""
        ...

    @property
    def catalogue(self) -> Catalogue:
        """What answers rest on; raise ``IndexUnavailable`` when there is no index."""
        ...

    def status(self) -> Status:
        """Return what the assistant can do at this moment."""
        ...


@dataclass(frozen=True, slots=True)
class Exchange:
    """One question, and what came of it so far."""

    question: str
    found: tuple[Passage, ...] | None = None
    """The passages under consideration; ``None`` before they are found."""
    claims: tuple[CheckedClaim, ...] = ()
    outcome: Answer | Refusal | None = None
    is_stopped: bool = False
    """Whether the reader stopped the answer before its end."""
    coached: Coached | None = None
    """What the coach of the health check said, if the message was for the coach."""

    @property
    def markdown(self) -> str:
        """The answer as far as it stands."""
        if self.coached:
            return self.coached.markdown
        return self.outcome.markdown if self.outcome else render_claims(self.claims)

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The evidence of the answer as far as it stands, each number once, in order."""
        if self.coached:
            return self.coached.citations
        if isinstance(self.outcome, Answer):
            return self.outcome.citations
        numbered = {citation.number: citation for claim in self.claims for citation in claim.citations}
        return tuple(numbered[number] for number in sorted(numbered))

    @property
    def notices(self) -> tuple[str, ...]:
        """What to tell of how the answer came about, once it is complete."""
        return self.outcome.notices if isinstance(self.outcome, Answer) else ()

    @property
    def follow_ups(self) -> tuple[str, ...]:
        """What to go on with, once the answer is complete."""
        if self.coached:
            return self.coached.choices
        return self.outcome.follow_ups if self.outcome else ()


@dataclass(frozen=True, slots=True)
class View:
    """All that the page shows of a conversation at one moment."""

    exchanges: tuple[Exchange, ...] = ()
    draft: str | None = None
    """What to put in the question box; ``None`` leaves in it what the reader is typing."""
    is_running: bool = False
    problem: AssistantError | None = None
    """Why the last exchange has no answer."""

    @property
    def problem_key(self) -> str:
        """Which text tells the reader about the problem."""
        if isinstance(self.problem, InvalidQuestion):
            return "problem_question"
        return "problem_index" if isinstance(self.problem, IndexUnavailable) else "problem"

    @property
    def remembered(self) -> tuple[Exchange, ...]:
        """The exchanges to go on from: a failed one is asked again, so it doesn't count."""
        return self.exchanges[:-1] if self.problem else self.exchanges


def converse(
    assistant: Answering, text: str, earlier: tuple[Exchange, ...], coach: ChatCoach | None = None
) -> Iterator[View]:
    """Yield the page's states while a question is answered; an error becomes the last one.

    While somebody does the health check, messages are for the coach.
    """
    asked = text.strip()
    if not asked:
        yield View(earlier)
        return
    exchange = Exchange(asked)
    yield View((*earlier, exchange), draft="", is_running=True)
    try:
        session = session_of(earlier)
        if coach is not None and coach.takes(asked, session):
            yield View((*earlier, replace(exchange, coached=coach.reply(asked, session))))
            return
        for event in assistant.ask(Question(asked, history(earlier))):
            exchange = advance(exchange, event)
            yield View((*earlier, exchange), is_running=exchange.outcome is None)
    except AssistantError as problem:
        yield View((*earlier, exchange), draft=text, problem=problem)


def advance(exchange: Exchange, event: Event) -> Exchange:
    """Return the exchange with one more event taken in."""
    match event:
        case PassagesFound():
            return replace(exchange, found=event.passages)
        case CheckedClaim():
            return replace(exchange, claims=(*exchange.claims, event))
        case _:
            return replace(exchange, found=(), outcome=event)


def stop(exchanges: tuple[Exchange, ...]) -> View:
    """Return what is left standing when the reader stops an answer."""
    if exchanges and exchanges[-1].outcome is None:
        exchanges = (*exchanges[:-1], replace(exchanges[-1], is_stopped=True))
    return View(exchanges)


def fail(exchanges: tuple[Exchange, ...]) -> View:
    """Return the state after a breakdown that nobody foresaw: the question goes back into the box."""
    draft = exchanges[-1].question if exchanges else None
    return View(exchanges, draft=draft, problem=AssistantError())


def history(exchanges: tuple[Exchange, ...]) -> tuple[Turn, ...]:
    """Return the last exchanges as turns; an answer that never came is left out."""
    turns: list[Turn] = []
    answered = [exchange for exchange in exchanges if exchange.coached is None]
    for exchange in answered[-REMEMBERED:]:
        turns.append(Turn("user", exchange.question))
        if exchange.markdown:
            turns.append(Turn("assistant", exchange.markdown))
    return tuple(turns)


def session_of(exchanges: tuple[Exchange, ...]) -> Session | None:
    """Return the health check that is under way in a conversation, or was the last to be."""
    coached = (exchange.coached for exchange in reversed(exchanges) if exchange.coached)
    return next((one.session for one in coached), None)
