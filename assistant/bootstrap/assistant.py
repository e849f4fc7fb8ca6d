"""Joins the parts into an assistant, and keeps it on the newest index."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import replace

from assistant.answering.pipeline import Pipeline
from assistant.answering.prompts import Texts
from assistant.answering.refusing import RefusalPolicy
from assistant.answering.understanding import Understanding
from assistant.bootstrap.loading import load_generator, load_reranker
from assistant.bootstrap.machines import open_vector_server
from assistant.bootstrap.own_shelf import AdaptedShelf, DocumentStore, OwnShelf
from assistant.bootstrap.precedence import Precedence
from assistant.bootstrap.serving import Served, Serving
from assistant.domain import (
    Answer,
    Catalogue,
    Degraded,
    Event,
    Findings,
    Passage,
    Progress,
    Query,
    Question,
    Status,
)
from assistant.errors import IndexDamaged, IndexUnavailable
from assistant.indexing.opening import OpenVersion, open_best
from assistant.indexing.versions import IndexFolder
from assistant.retrieval.embedding import Embedder
from assistant.retrieval.recent_queries import RecentQueries
from assistant.settings import Settings

_PATIENCE = 0.25
"""Seconds that each step of work that nobody waits for gives way: enough for an answer without a model."""


class Assistant:
    """Answers questions from the newest version of the index; safe to use from several threads.

    A version that is replaced is closed after the last question that was asked of it. A new version that
    is damaged doesn't replace one that answers; at a start the version before it answers, or its keywords.
    """

    def __init__(self, settings: Settings, embedder: Embedder) -> None:
        self._folder = IndexFolder(settings.index_folder)
        self._embedder = RecentQueries(embedder)
        self._own = OwnShelf(self._embedder)
        self._cues = settings.prompts / "understanding.yaml"
        self._texts = Texts.read(settings.prompts / "answers.yaml")
        self._policy = RefusalPolicy.read()
        self._generator = load_generator(settings)
        self._reranker = load_reranker(settings)
        self._vectors = open_vector_server(settings)
        self._precedence = Precedence()
        self._served = Served(self._folder, self._open, self._pipeline)
        self._building: Progress | None = None
        self._failure: str | None = None

    def open_documents(self, store: DocumentStore) -> None:
        """Find people's own documents too, from now on."""
        self._own.open(store)

    def ask(self, question: Question) -> Iterator[Event]:
        """Yield the events of an answer; raise ``IndexUnavailable`` when there is no index to ask."""
        with self._precedence.first():
            yield from self._answer(question)

    def ask_aside(self, question: Question) -> Iterator[Event]:
        """Answer like ``ask``, but give way to who waits for an answer: before it starts and at each step."""
        self._precedence.give_way(_PATIENCE)
        for event in self._answer(question):
            self._precedence.give_way(_PATIENCE)
            yield event

    def give_way(self) -> None:
        """Let who waits for an answer go before a step of work that nobody waits for."""
        self._precedence.give_way(_PATIENCE)

    def search(self, question: Question, limit: int = 12) -> tuple[Passage, ...]:
        """Return the passages for a question, best first, whether or not they answer it."""
        with self._lease() as serving:
            return serving.pipeline.search(question, limit)

    def retrieve(self, query: Query, limit: int = 12) -> Findings:
        """Return all that is found for a query, with the raw evidence."""
        with self._lease() as serving:
            return serving.opened.retriever.retrieve(query, limit)

    @property
    def catalogue(self) -> Catalogue:
        """The cards, sources and texts of the version that answers."""
        with self._lease() as serving:
            return serving.opened.catalogue

    def status(self) -> Status:
        """Return what can be answered now, and whether more is being indexed."""
        model = self._generator.in_use if self._generator else None
        nothing = Status(None, 0, (), self._building, self._failure, model)
        try:
            with self._lease() as serving:
                opened = serving.opened
        except IndexUnavailable:
            if not self._folder.candidates() or self._building or self._failure:
                return nothing
            raise
        return replace(
            nothing,
            index_version=opened.version,
            cards=len(opened.catalogue.cards),
            originals=tuple(opened.catalogue.documents),
            degraded=opened.degraded or (Degraded.OLDER if self._served.is_older(opened) else None),
        )

    def note_progress(self, progress: Progress | None) -> None:
        """Take note of how far a build is; ``None`` when it has ended. A new build may mend what failed."""
        if progress is not None and self._building is None:
            self._failure = None
        self._building = progress

    def note_failure(self, failure: str) -> None:
        """Take note of why a build failed, in Dutch."""
        self._failure = failure

    def close(self) -> None:
        """Release the files of the index."""
        self._served.close()
        if self._vectors is not None:
            self._vectors.close()

    def _answer(self, question: Question) -> Iterator[Event]:
        """Yield the events of an answer; begin again on a fresh copy if the one that answers was damaged."""
        has_begun = False
        try:
            for event in self._ask_once(question):
                has_begun = True
                yield event
        except IndexDamaged:
            if has_begun:
                raise
            yield from self._ask_once(question)

    def _ask_once(self, question: Question) -> Iterator[Event]:
        with self._lease() as serving:
            for event in serving.pipeline.answer(question):
                yield self._noted(event, serving.opened.degraded)

    def _noted(self, event: Event, degraded: Degraded | None) -> Event:
        """Return an event; an answer that was found by its words alone says so."""
        if degraded is not Degraded.KEYWORDS or not isinstance(event, Answer):
            return event
        notice = self._texts.render(f"keywords_only_{event.query.reply_language}")
        return replace(event, notices=(*event.notices, notice))

    def _lease(self) -> AbstractContextManager[Serving]:
        return self._served.lease()

    def _open(self) -> OpenVersion:
        return open_best(self._folder, self._embedder, self._reranker, self._vectors)

    def _pipeline(self, opened: OpenVersion) -> Pipeline:
        return Pipeline(
            catalogue=opened.catalogue,
            chunks=opened.chunks,
            understanding=Understanding(self._cues, opened.catalogue.cards.values()),
            retriever=opened.retriever,
            lexicon=opened.keywords,
            policy=self._policy,
            texts=self._texts,
            generator=self._generator,
            own=AdaptedShelf(self._own, opened.adapter),
        )
