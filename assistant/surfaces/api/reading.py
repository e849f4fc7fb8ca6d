"""From a request to a ``Question``: what can't be seen is taken out, what can't be read is refused."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from assistant.answering.reading import find_flaws, visible
from assistant.domain import ORIGINAL, CardKind, Filters, Question, Turn
from assistant.surfaces.api.problems import Fault, Rejection
from assistant.surfaces.api.schemas import AnswerRequest, FilterRequest

_KINDS = (*(kind.value for kind in CardKind), ORIGINAL)


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a person's text is read; lengths in code points."""

    question: int
    turns: int = 50
    turn: int = 8000


def read_question(request: AnswerRequest, limits: Limits, known_sources: Collection[str]) -> Question:
    """Return the question of a request, or raise ``Rejection`` with every fault that it has."""
    text = visible(request.question)
    turns = tuple(Turn(turn.role, visible(turn.content)) for turn in request.history)
    faults = (
        *_question_faults(text, limits),
        *_history_faults(turns, limits),
        *_filter_faults(request.filters, known_sources),
    )
    if faults:
        raise Rejection(422, "ongeldig-verzoek", faults)
    filters = Filters(frozenset(request.filters.sources), frozenset(request.filters.kinds))
    return Question(text, turns, filters)


def _question_faults(text: str, limits: Limits) -> Iterator[Fault]:
    if not text.strip():
        yield Fault("question", "veld.vraag-leeg")
    yield from _text_faults("question", text, limits.question)


def _history_faults(turns: tuple[Turn, ...], limits: Limits) -> Iterator[Fault]:
    if len(turns) > limits.turns:
        yield Fault("history", "veld.te-veel-beurten", {"length": len(turns), "limit": limits.turns})
    for position, turn in enumerate(turns[: limits.turns]):
        yield from _text_faults(f"history.{position}.content", turn.content, limits.turn)


def _text_faults(field: str, text: str, limit: int) -> Iterator[Fault]:
    for flaw in find_flaws(text, limit):
        yield Fault(field, f"veld.{flaw.code}", flaw.details)


def _filter_faults(filters: FilterRequest, known_sources: Collection[str]) -> Iterator[Fault]:
    for position, source in enumerate(filters.sources):
        if source not in known_sources:
            yield Fault(f"filters.sources.{position}", "veld.onbekende-bron", {"value": source})
    for position, kind in enumerate(filters.kinds):
        if kind not in _KINDS:
            known = ", ".join(_KINDS)
            yield Fault(f"filters.kinds.{position}", "veld.onbekende-soort", {"value": kind, "known": known})
