"""What stands on the page as a conversation unfolds: events in, view states out, no framework."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from assistant.answering.rendering import render_claims
from assistant.domain import (
    Answer,
    Catalogue,
    CheckedClaim,
    Citation,
    Ending,
    Event,
    Feedback,
    Filters,
    KeptExchange,
    Passage,
    PassagesFound,
    Question,
    Refusal,
    Status,
    Turn,
)
from assistant.errors import AssistantError
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
    filters: Filters = field(default=Filters())
    found: tuple[Passage, ...] | None = None
    """The passages under consideration; ``None`` before they are found."""
    claims: tuple[CheckedClaim, ...] = ()
    outcome: Answer | Refusal | None = None
    is_stopped: bool = False
    """Whether the reader stopped the answer before its end."""
    coached: Coached | None = None
    """What the coach of the health check said, if the message was for the coach."""
    kept: KeptExchange | None = None
    """As it was kept, once it is; an exchange of an earlier visit has this alone."""

    @property
    def is_reopened(self) -> bool:
        """Whether it is of an earlier visit."""
        return self.kept is not None and not (self.outcome or self.coached or self.is_stopped)

    @property
    def markdown(self) -> str:
        """The answer as far as it stands."""
        if self.coached:
            return self.coached.markdown
        if self.outcome:
            return self.outcome.markdown
        return self.kept.markdown if self.kept else render_claims(self.claims)

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The evidence of the answer as far as it stands, each number once, in order."""
        if self.coached:
            return self.coached.citations
        if isinstance(self.outcome, Answer):
            return self.outcome.citations
        if self.kept:
            return self.kept.citations
        numbered = {citation.number: citation for claim in self.claims for citation in claim.citations}
        return tuple(numbered[number] for number in sorted(numbered))

    @property
    def notices(self) -> tuple[str, ...]:
        """What to tell of how the answer came about, once it is complete."""
        if self.kept:
            return self.kept.notices
        return self.outcome.notices if isinstance(self.outcome, Answer) else ()

    @property
    def follow_ups(self) -> tuple[str, ...]:
        """What to go on with, once the answer is complete."""
        if self.coached:
            return self.coached.choices
        if self.outcome:
            return self.outcome.follow_ups
        return self.kept.follow_ups if self.kept else ()

    @property
    def ending(self) -> Ending | None:
        """How it ended; ``None`` while it is under way, or when it broke."""
        if self.kept:
            return self.kept.ending
        if self.coached:
            return Ending.COACHED
        if self.is_stopped:
            return Ending.STOPPED
        if self.outcome:
            return Ending.ANSWERED if isinstance(self.outcome, Answer) else Ending.REFUSED
        return None


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation as it goes on from one question to the next."""

    exchanges: tuple[Exchange, ...] = ()
    conversation_id: str | None = None
    """By which it is kept; ``None`` before that, or when it can't be."""
    title: str = ""
    feedback: Mapping[str, Feedback] = field(default_factory=dict)
    """What was thought of it when it was opened, by the id of the exchange."""
    is_rewriting: bool = False
    """Whether the next question comes in the place of the last one."""
    replaces: str | None = None
    """The id of the kept exchange whose place the last one takes, once that is kept."""


@dataclass(frozen=True, slots=True)
class View:
    """All that the page shows of a conversation at one moment."""

    talk: Talk = field(default=Talk())
    draft: str | None = None
    """What to put in the question box; ``None`` leaves in it what the reader is typing."""
    is_running: bool = False
    problem: AssistantError | None = None
    """Why the last exchange has no answer."""
    is_unkept: bool = False
    """Whether the last exchange couldn't be kept."""
    absent: str = ""
    """The key of the text that tells why a conversation that was asked for isn't shown."""

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """All exchanges, the last one too if it broke."""
        return self.talk.exchanges

    @property
    def remembered(self) -> Talk:
        """The conversation to go on from: a failed exchange is asked again, so it doesn't count."""
        return replace(self.talk, exchanges=self.exchanges[:-1]) if self.problem else self.talk


def converse(
    assistant: Answering, question: Question, talk: Talk, coach: ChatCoach | None = None
) -> Iterator[View]:
    """Yield the page's states while a question is answered; an error becomes the last one.

    While somebody does the health check, messages are for the coach. ``question`` comes without history.
    """
    asked = question.text.strip()
    if not asked:
        yield View(talk)
        return
    earlier = talk.exchanges
    exchange = Exchange(asked, question.filters)
    yield _view(talk, earlier, exchange, draft="", is_running=True)
    try:
        session = session_of(earlier)
        if coach is not None and coach.takes(asked, session):
            yield _view(talk, earlier, replace(exchange, coached=coach.reply(asked, session)))
            return
        for event in assistant.ask(replace(question, text=asked, history=history(earlier))):
            exchange = advance(exchange, event)
            yield _view(talk, earlier, exchange, is_running=exchange.outcome is None)
    except AssistantError as problem:
        yield _view(talk, earlier, exchange, draft=question.text, problem=problem)


def advance(exchange: Exchange, event: Event) -> Exchange:
    """Return the exchange with one more event taken in."""
    match event:
        case PassagesFound():
            return replace(exchange, found=event.passages)
        case CheckedClaim():
            return replace(exchange, claims=(*exchange.claims, event))
        case _:
            return replace(exchange, found=(), outcome=event)


def rewound(talk: Talk) -> Talk:
    """Return the conversation without its last exchange, whose place the next one takes."""
    *earlier, last = talk.exchanges
    replaces = id_of(last) or talk.replaces
    return Talk(tuple(earlier), talk.conversation_id, talk.title, talk.feedback, replaces=replaces)


def stop(talk: Talk) -> View:
    """Return what is left standing when the reader stops an answer."""
    *earlier, last = talk.exchanges or (None,)
    if last is None or last.ending is not None:
        return View(talk)
    return View(replace(talk, exchanges=(*earlier, replace(last, is_stopped=True))))


def fail(view: View) -> View:
    """Return the state after a breakdown that nobody foresaw: the question goes back into the box."""
    draft = view.exchanges[-1].question if view.exchanges else None
    return View(view.talk, draft=draft, problem=AssistantError())


def history(exchanges: tuple[Exchange, ...]) -> tuple[Turn, ...]:
    """Return the last exchanges as turns; an answer that never came is left out."""
    turns: list[Turn] = []
    answered = [exchange for exchange in exchanges if exchange.ending is not Ending.COACHED]
    for exchange in answered[-REMEMBERED:]:
        turns.append(Turn("user", exchange.question))
        if exchange.markdown:
            turns.append(Turn("assistant", exchange.markdown))
    return tuple(turns)


def id_of(exchange: Exchange) -> str | None:
    """Return the id by which an exchange is kept; ``None`` if it isn't."""
    return exchange.kept.id if exchange.kept else None


def session_of(exchanges: tuple[Exchange, ...]) -> Session | None:
    """Return the health check that is under way in a conversation, or was the last to be."""
    coached = (exchange.coached for exchange in reversed(exchanges) if exchange.coached)
    return next((one.session for one in coached), None)


def _view(talk: Talk, earlier: tuple[Exchange, ...], last: Exchange, **how: Any) -> View:
    return View(replace(talk, exchanges=(*earlier, last)), **how)
