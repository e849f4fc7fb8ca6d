"""What can be called: each tool reads its arguments, asks, and returns a value and the same as text."""

from __future__ import annotations

from collections.abc import Callable, Collection, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from anyio import from_thread
from pydantic import BaseModel, ValidationError

from assistant.domain import Answer, Event, KeyScope, Question, is_own, outcome_of
from assistant.errors import ScopeMissing
from assistant.surfaces.api.presenting import (
    present_card,
    present_outcome,
    present_passages,
    present_sources,
    summarise_card,
)
from assistant.surfaces.api.problems import Rejection, faults_in
from assistant.surfaces.api.protocol import Answering, Checking
from assistant.surfaces.api.reading import Limits, Shelves, read_question, read_search
from assistant.surfaces.api.schemas import (
    AnswerRequest,
    CardResponse,
    CardsResponse,
    FilterRequest,
    SearchRequest,
    SearchResponse,
    SourcesResponse,
)
from assistant.surfaces.mcp.arguments import (
    AnswerArguments,
    Arguments,
    CardArguments,
    HealthCheckArguments,
    PassageArguments,
    SearchArguments,
)
from assistant.surfaces.mcp.checks import find_result
from assistant.surfaces.mcp.connecting import Connection
from assistant.surfaces.mcp.excerpts import cut_own_passage, cut_passage
from assistant.surfaces.mcp.results import AnswerResult, HealthCheckResult, LabelledCitation, SourcePassage
from assistant.surfaces.mcp.writing import Writer
from assistant.surfaces.owning import Documenting

_A = TypeVar("_A", bound=Arguments)
_R = TypeVar("_R", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Tool(Generic[_A, _R]):
    """A tool: what it takes, what it returns, and how that reads as text."""

    name: str
    arguments: type[_A]
    result: type[_R]
    run: Callable[[_A, Connection], _R]
    write: Callable[[_R], str]

    def call(self, given: Mapping[str, object], connection: Connection) -> tuple[_R, str]:
        """Return the result as a value and as text; raise ``Rejection`` for arguments that don't fit."""
        try:
            arguments = self.arguments.model_validate(given)
        except ValidationError as error:
            raise Rejection(422, "ongeldig-verzoek", faults_in(error)) from error
        result = self.run(arguments, connection)
        return result, self.write(result)


@dataclass(frozen=True, slots=True)
class Library:
    """What the tools ask, opened when one of them first asks it; ``limits`` is how much text they read."""

    assistant: Callable[[], Answering]
    checks: Callable[[], Checking]
    limits: Limits
    documents: Callable[[], Documenting | None] = lambda: None
    """None where no documents of one's own are kept."""

    def known(self, wanted: Sequence[str], reader: str) -> Collection[str]:
        """Return the sources that may be asked for, own documents among them."""
        return Shelves(self.assistant(), self.documents()).known(wanted, reader) if wanted else ()


class Tools:
    """The tools over a library; each runs in a worker thread."""

    def __init__(self, library: Library, writer: Writer) -> None:
        self._library = library
        self._writer = writer

    def all(self) -> dict[str, Tool[Any, Any]]:
        """Return the tools by name, in the order in which a list shows them."""
        write = self._writer
        tools: tuple[Tool[Any, Any], ...] = (
            Tool("answer", AnswerArguments, AnswerResult, self.answer, write.answer),
            Tool("search", SearchArguments, SearchResponse, self.search, write.search),
            Tool("source_passage", PassageArguments, SourcePassage, self.source_passage, write.passage),
            Tool("card", CardArguments, CardResponse, self.card, write.card),
            Tool("list_cards", Arguments, CardsResponse, self.list_cards, write.cards),
            Tool("list_sources", Arguments, SourcesResponse, self.list_sources, write.sources),
            Tool(
                "health_check_result",
                HealthCheckArguments,
                HealthCheckResult,
                self.health_check_result,
                write.health_check,
            ),
        )
        return {tool.name: tool for tool in tools}

    def answer(self, asked: AnswerArguments, connection: Connection) -> AnswerResult:
        """Answer a question; whoever cancels the call stops the work at the next event."""
        assistant = self._library.assistant()
        question = self._read_question(asked, connection.caller.owner)
        connection.spend()
        outcome = outcome_of(_until_cancelled(assistant.ask(question)))
        sources = assistant.catalogue.sources
        shown = present_outcome(outcome, sources)
        cited = outcome.citations if isinstance(outcome, Answer) else ()
        return AnswerResult(
            id=shown.id,
            question=shown.question,
            answer=shown.answer,
            refused=shown.refused,
            reason=shown.reason,
            citations=[
                LabelledCitation(**one.model_dump(), label=(known.own or sources[one.source_id]).label)
                for one, known in zip(shown.citations, (each.evidence for each in cited), strict=True)
            ],
            follow_ups=shown.follow_ups,
            notices=list(outcome.notices) if isinstance(outcome, Answer) else [],
        )

    def search(self, asked: SearchArguments, connection: Connection) -> SearchResponse:
        """Find passages, whether or not they answer the question."""
        assistant = self._library.assistant()
        request = SearchRequest(q=asked.query, limit=asked.limit, sources=asked.sources, kinds=asked.kinds)
        reader = connection.caller.owner
        known = self._library.known(asked.sources, reader)
        with _named_as_here():
            question = read_search(request, self._library.limits, known, reader)
        found = assistant.search(question, asked.limit)
        return SearchResponse(query=question.text, passages=list(present_passages(found)))

    def source_passage(self, asked: PassageArguments, connection: Connection) -> SourcePassage:
        """Cut a passage out of the text of a source."""
        documents = self._library.documents()
        if is_own(asked.source_id) and documents:
            return cut_own_passage(documents, connection.caller.owner, asked)
        return cut_passage(self._library.assistant().catalogue, asked)

    def card(self, asked: CardArguments, connection: Connection) -> CardResponse:
        """Return a card, with the references of every statement."""
        cards = self._library.assistant().catalogue.cards
        if asked.id not in cards:
            raise Rejection(404, "onbekende-kaart", value=asked.id)
        return present_card(cards[asked.id])

    def list_cards(self, asked: Arguments, connection: Connection) -> CardsResponse:
        """Return all cards, without their text."""
        cards = self._library.assistant().catalogue.cards.values()
        return CardsResponse(cards=[summarise_card(card) for card in cards])

    def list_sources(self, asked: Arguments, connection: Connection) -> SourcesResponse:
        """Return the bibliography, and which texts are present."""
        return SourcesResponse(sources=present_sources(self._library.assistant().catalogue))

    def health_check_result(self, asked: HealthCheckArguments, connection: Connection) -> HealthCheckResult:
        """Return the report of a closed check that the keys of the connection open."""
        if KeyScope.HEALTH_CHECKS not in connection.caller.scopes:
            raise ScopeMissing(scope=KeyScope.HEALTH_CHECKS.value)
        if not connection.keys:
            raise Rejection(401, "check-sleutel-ontbreekt")
        catalogue = self._library.assistant().catalogue
        return find_result(self._library.checks(), connection.keys, asked.check_id, catalogue)

    def _read_question(self, asked: AnswerArguments, reader: str) -> Question:
        filters = FilterRequest(sources=asked.sources, kinds=asked.kinds)
        request = AnswerRequest(question=asked.question, history=asked.history, filters=filters)
        known = self._library.known(asked.sources, reader)
        with _named_as_here():
            return read_question(request, self._library.limits, known, reader)


@contextmanager
def _named_as_here() -> Iterator[None]:
    """Name in a rejection the arguments of a tool, not the fields of the API."""
    try:
        yield
    except Rejection as rejection:
        names = {"q": "query"}
        faults = [
            replace(one, place=names.get(one.place, one.place.removeprefix("filters.")))
            for one in rejection.faults
        ]
        raise Rejection(rejection.status, rejection.slug, faults, **rejection.values) from rejection


def _until_cancelled(events: Iterator[Event]) -> Iterator[Event]:
    """Pass events on until the call is cancelled, and leave nothing running then."""
    try:
        for event in events:
            from_thread.check_cancelled()
            yield event
    finally:
        if isinstance(events, Generator):
            events.close()
