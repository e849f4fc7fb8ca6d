"""From the messages of OpenAI's API to a ``Question``: what isn't text is refused, never overlooked."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import Literal, cast

from assistant.answering.reading import visible
from assistant.domain import Question
from assistant.surfaces.api.completion_schemas import MODEL, ROLES, TEXT, CompletionRequest, MessageRequest
from assistant.surfaces.api.completion_text import CompletionTexts
from assistant.surfaces.api.problems import Fault, Rejection
from assistant.surfaces.api.reading import Limits, read_question, text_faults
from assistant.surfaces.api.schemas import AnswerRequest, FilterRequest, TurnRequest

_USER, _SPOKEN = "user", frozenset({"user", "assistant"})


def read_completion(
    asked: CompletionRequest,
    limits: Limits,
    known_sources: Collection[str],
    texts: CompletionTexts,
    reader: str | None = None,
) -> Question:
    """Return the question of a conversation, or raise ``Rejection`` with every fault that it has.

    Of a long conversation the last turns are read, and of a long turn the beginning: who chats can't
    take back what was said before.
    """
    if asked.model != MODEL:
        raise Rejection(404, "onbekend-model", value=asked.model, known=MODEL)
    questions = [place for place, message in enumerate(asked.messages) if message.role == _USER]
    faults = [*_faults(asked)]
    if faults or not questions:
        raise Rejection(422, "ongeldig-verzoek", faults)
    last = questions[-1]
    request = AnswerRequest(
        question=_text(asked.messages[last]),
        history=_history(asked.messages[:last], limits, texts),
        filters=asked.filters or FilterRequest(),
    )
    try:
        return read_question(request, limits, known_sources, reader)
    except Rejection as rejection:
        raise _at_message(rejection, last) from rejection


def _faults(asked: CompletionRequest) -> Iterator[Fault]:
    if asked.n not in (None, 1):
        yield Fault("n", "veld.een-antwoord")
    if not any(message.role == _USER for message in asked.messages):
        yield Fault("messages", "veld.geen-vraag")
    for place, message in enumerate(asked.messages):
        yield from _message_faults(f"messages.{place}", message)


def _message_faults(place: str, message: MessageRequest) -> Iterator[Fault]:
    if message.role not in ROLES:
        yield Fault(f"{place}.role", "veld.geen-keuze", {"known": ", ".join(ROLES)})
    pieces = _pieces(f"{place}.content", message)
    for field, text in pieces:
        if text is None:
            yield Fault(field, "veld.alleen-tekst")
        elif message.role == _USER and not visible(text):
            yield Fault(field, "veld.vraag-leeg")
        else:
            yield from text_faults(field, visible(text), len(text))


def _pieces(place: str, message: MessageRequest) -> list[tuple[str, str | None]]:
    """Return the texts of a message and where each stands; ``None`` for what isn't text."""
    content = message.content or ""
    if isinstance(content, str):
        return [(place, content)]
    return [
        (f"{place}.{position}", part.text if part.type == TEXT else None)
        for position, part in enumerate(content)
    ]


def _history(messages: Sequence[MessageRequest], limits: Limits, texts: CompletionTexts) -> list[TurnRequest]:
    spoken = [message for message in messages if message.role in _SPOKEN]
    return [_turn(message, limits, texts) for message in spoken[-limits.turns :]]


def _turn(message: MessageRequest, limits: Limits, texts: CompletionTexts) -> TurnRequest:
    text = _text(message)
    said = text if message.role == _USER else texts.without_sources(text)
    return TurnRequest(role=cast("Literal['user', 'assistant']", message.role), content=said[: limits.turn])


def _text(message: MessageRequest) -> str:
    return "\n".join(text for _, text in _pieces("", message) if text)


def _at_message(rejection: Rejection, last: int) -> Rejection:
    """Return a rejection that says of the question where the client has put it."""
    faults = [
        replace(fault, place=f"messages.{last}.content") if fault.place == "question" else fault
        for fault in rejection.faults
    ]
    return Rejection(rejection.status, rejection.slug, faults)
