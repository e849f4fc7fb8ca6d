"""From a request to a ``Question``: what can't be seen is taken out, what can't be read is refused."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from assistant.answering.reading import find_flaws, visible
from assistant.domain import Filters, Question, Turn, is_own
from assistant.errors import UnknownDocument
from assistant.surfaces.api.problems import Fault, Rejection
from assistant.surfaces.api.protocol import Answering
from assistant.surfaces.api.schemas import (
    KINDS,
    LONGEST_TURN,
    MOST_TURNS,
    AnswerRequest,
    FilterRequest,
    SearchRequest,
)
from assistant.surfaces.owning import Documenting


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a person's text is read; lengths in code points."""

    question: int
    turns: int = MOST_TURNS
    turn: int = LONGEST_TURN


@dataclass(frozen=True, slots=True)
class Shelves:
    """Knows the sources that a question can be narrowed to: the literature, and documents of one's own."""

    assistant: Answering
    documents: Documenting | None = None

    def known(self, wanted: Collection[str], reader: str | None) -> Collection[str]:
        """Return the ids that may be asked for, as far as that matters for those that are."""
        if not wanted:
            return ()
        own = {one for one in wanted if is_own(one) and self._sees(one, reader)}
        return {*self.assistant.catalogue.sources, *own}

    def _sees(self, document_id: str, reader: str | None) -> bool:
        if self.documents is None or reader is None:
            return False
        try:
            self.documents.get(reader, document_id)
        except UnknownDocument:
            return False
        return True


def read_question(
    request: AnswerRequest, limits: Limits, known_sources: Collection[str], reader: str | None = None
) -> Question:
    """Return the question of a request, or raise ``Rejection`` with every fault that it has."""
    text = visible(request.question)
    turns = tuple(Turn(turn.role, visible(turn.content)) for turn in request.history)
    faults = (
        *question_faults("question", text, limits),
        *_history_faults(turns, limits),
        *_filter_faults("filters.", request.filters, known_sources),
    )
    if faults:
        raise Rejection(422, "ongeldig-verzoek", faults)
    filters = Filters(frozenset(request.filters.sources), frozenset(request.filters.kinds))
    return Question(text, turns, filters, reader)


def read_search(
    request: SearchRequest, limits: Limits, known_sources: Collection[str], reader: str | None = None
) -> Question:
    """Return what a search looks for, or raise ``Rejection`` like ``read_question``."""
    text = visible(request.q)
    wanted = FilterRequest(sources=request.sources, kinds=request.kinds)
    faults = (*question_faults("q", text, limits), *_filter_faults("", wanted, known_sources))
    if faults:
        raise Rejection(422, "ongeldig-verzoek", faults)
    return Question(text, (), Filters(frozenset(request.sources), frozenset(request.kinds)), reader)


def question_faults(field: str, text: str, limits: Limits) -> Iterator[Fault]:
    """Yield what is wrong with a question of which what can't be seen was taken out."""
    if not text.strip():
        yield Fault(field, "veld.vraag-leeg")
    yield from text_faults(field, text, limits.question)


def _history_faults(turns: tuple[Turn, ...], limits: Limits) -> Iterator[Fault]:
    if len(turns) > limits.turns:
        yield Fault("history", "veld.te-veel-beurten", {"length": len(turns), "limit": limits.turns})
    for position, turn in enumerate(turns[: limits.turns]):
        yield from text_faults(f"history.{position}.content", turn.content, limits.turn)


def text_faults(field: str, text: str, limit: int) -> Iterator[Fault]:
    """Yield what is wrong with a text: longer than ``limit`` code points, or a control character."""
    for flaw in find_flaws(text, limit):
        yield Fault(field, f"veld.{flaw.code}", flaw.details)


def _filter_faults(place: str, filters: FilterRequest, known_sources: Collection[str]) -> Iterator[Fault]:
    for position, source in enumerate(filters.sources):
        if source not in known_sources:
            yield Fault(f"{place}sources.{position}", "veld.onbekende-bron", {"value": source})
    for position, kind in enumerate(filters.kinds):
        if kind not in KINDS:
            known = ", ".join(KINDS)
            yield Fault(f"{place}kinds.{position}", "veld.onbekende-soort", {"value": kind, "known": known})
