"""An assistant that is observed: every question counts, whichever surface asks it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from time import time_ns
from typing import Protocol

from assistant.domain import (
    Answer,
    Catalogue,
    Event,
    Findings,
    Passage,
    Progress,
    Query,
    Question,
    Refusal,
    Status,
)
from assistant.surfaces.operating.logs import log_texts
from assistant.surfaces.operating.metrics import Metrics
from assistant.surfaces.operating.tracing import Tracing, Untraced
from assistant.surfaces.operating.under_way import current_request


class Answering(Protocol):
    """What an assistant does."""

    def ask(self, question: Question) -> Iterator[Event]:
        """Yield the events of an answer."""
        ...

    def ask_aside(self, question: Question) -> Iterator[Event]:
        """Do the same for who can wait."""
        ...

    def search(self, question: Question, limit: int = 12) -> tuple[Passage, ...]:
        """Return the passages for a question, best first."""
        ...

    def retrieve(self, query: Query, limit: int = 12) -> Findings:
        """Return all that is found for a query."""
        ...

    @property
    def catalogue(self) -> Catalogue:
        """The cards, sources and texts of the version that answers."""
        ...

    def status(self) -> Status:
        """Return what can be answered now."""
        ...

    def note_progress(self, progress: Progress | None) -> None:
        """Take note of how far a build is."""
        ...

    def note_failure(self, failure: str) -> None:
        """Take note of why a build failed."""
        ...


class Observed:
    """Does what an assistant does, and takes note of how it goes."""

    def __init__(
        self,
        assistant: Answering,
        metrics: Metrics,
        tracing: Tracing | None = None,
        *,
        logs_texts: bool = False,
    ) -> None:
        self._assistant = assistant
        self._metrics = metrics
        self._tracing = tracing or Untraced()
        self._logs_texts = logs_texts

    def ask(self, question: Question) -> Iterator[Event]:
        """Yield the events of an answer, and count how it ends."""
        return self._follow(self._assistant.ask, question)

    def ask_aside(self, question: Question) -> Iterator[Event]:
        """Yield the events of an answer that can wait, and count how it ends."""
        return self._follow(self._assistant.ask_aside, question)

    def search(self, question: Question, limit: int = 12) -> tuple[Passage, ...]:
        """Return the passages for a question, best first."""
        return self._assistant.search(question, limit)

    def retrieve(self, query: Query, limit: int = 12) -> Findings:
        """Return all that is found for a query."""
        return self._assistant.retrieve(query, limit)

    @property
    def catalogue(self) -> Catalogue:
        """The cards, sources and texts of the version that answers."""
        return self._assistant.catalogue

    def status(self) -> Status:
        """Return what can be answered now."""
        return self._assistant.status()

    def note_progress(self, progress: Progress | None) -> None:
        """Take note of how far a build is."""
        self._assistant.note_progress(progress)

    def note_failure(self, failure: str) -> None:
        """Take note of why a build failed, and count it."""
        self._metrics.count_failed_build()
        self._assistant.note_failure(failure)

    def _follow(self, ask: Callable[[Question], Iterator[Event]], question: Question) -> Iterator[Event]:
        began, request = time_ns(), current_request()
        parent = request.span if request else None
        outcome: Answer | Refusal | None = None
        has_failed = True
        with self._metrics.under_way.track_inprogress():
            try:
                for event in ask(question):
                    if isinstance(event, Answer | Refusal):
                        outcome = event
                        self._note(outcome)
                        self._tracing.record_answer(parent, began, outcome)
                    yield event
            except GeneratorExit:
                has_failed = False
                raise
            finally:
                if outcome is None:
                    self._metrics.count_broken_off(has_failed=has_failed)
                    self._tracing.record_broken_off(parent, began, has_failed=has_failed)

    def _note(self, outcome: Answer | Refusal) -> None:
        self._metrics.count_answer(outcome)
        if self._logs_texts:
            log_texts(outcome.question.text, outcome.markdown)
