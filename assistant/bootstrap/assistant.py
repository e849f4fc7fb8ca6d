"""Joins the parts into an assistant, and keeps it on the newest index."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assistant.answering.generating import Generator, build_generator
from assistant.answering.pipeline import Pipeline
from assistant.answering.prompts import Texts
from assistant.answering.refusing import RefusalPolicy
from assistant.answering.understanding import Understanding
from assistant.corpus.coverage import Coverage
from assistant.domain import Catalogue, Event, Findings, Passage, Progress, Query, Question, Status
from assistant.errors import IndexUnavailable
from assistant.indexing.building import (
    Inputs,
    OnProgress,
    build,
    is_made_from,
    write_shipped_vectors,
)
from assistant.indexing.inspecting import Inspection, inspect_corpus, measure, read_catalogue
from assistant.indexing.opening import OpenVersion, open_version
from assistant.indexing.versions import IndexFolder
from assistant.retrieval.embedding import CrossEncoderReranker, Embedder, build_embedder
from assistant.retrieval.reranking import Reranker
from assistant.settings import Settings

_log = logging.getLogger(__name__)


class Assistant:
    """Answers questions from the newest version of the index; safe to use from several threads.

    A version that is replaced is closed after the last question that was asked of it.
    """

    def __init__(self, settings: Settings, embedder: Embedder) -> None:
        self._folder = IndexFolder(settings.index_folder)
        self._embedder = embedder
        self._cues = settings.prompts / "understanding.yaml"
        self._texts = Texts.read(settings.prompts / "answers.yaml")
        self._policy = RefusalPolicy.read()
        self._generator = load_generator(settings)
        self._reranker = load_reranker(settings)
        self._lock = threading.Lock()
        self._serving: _Serving | None = None
        self._building: Progress | None = None
        self._failure: str | None = None

    def ask(self, question: Question) -> Iterator[Event]:
        """Yield the events of an answer; raise ``IndexUnavailable`` when there is no index to ask."""
        with self._lease() as serving:
            yield from serving.pipeline.answer(question)

    def search(self, question: Question) -> tuple[Passage, ...]:
        """Return the passages for a question, best first, whether or not they answer it."""
        with self._lease() as serving:
            return serving.pipeline.search(question)

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
        if self._folder.current() is None:
            return Status(None, 0, (), self._building, self._failure, model)
        with self._lease() as serving:
            catalogue = serving.opened.catalogue
            version = serving.opened.version
        return Status(
            version, len(catalogue.cards), tuple(catalogue.documents), self._building, self._failure, model
        )

    def note_progress(self, progress: Progress | None) -> None:
        """Take note of how far a build is; ``None`` when it has ended."""
        self._building = progress

    def note_failure(self, failure: str) -> None:
        """Take note of why a build failed, in Dutch."""
        self._failure = failure

    def close(self) -> None:
        """Release the files of the index."""
        with self._lock:
            if self._serving is not None:
                self._serving.retire()
                self._serving = None

    @contextmanager
    def _lease(self) -> Iterator[_Serving]:
        """Hold the newest version open while it is being asked."""
        serving = self._newest()
        try:
            yield serving
        finally:
            serving.leave()

    def _newest(self) -> _Serving:
        version = self._folder.require_current()
        with self._lock:
            if self._serving is None or self._serving.opened.version != version:
                opened = open_version(self._folder, version, self._embedder, self._reranker)
                if self._serving is not None:
                    self._serving.retire()
                self._serving = _Serving(opened, self._pipeline(opened))
                _log.info("answering from index %s", version)
            self._serving.enter()
            return self._serving

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
        )


class _Serving:
    """An open version and how many questions are being asked of it; closed when retired and idle."""

    def __init__(self, opened: OpenVersion, pipeline: Pipeline) -> None:
        self.opened = opened
        self.pipeline = pipeline
        self._lock = threading.Lock()
        self._guests = 0
        self._is_retired = False

    def enter(self) -> None:
        with self._lock:
            self._guests += 1

    def leave(self) -> None:
        with self._lock:
            self._guests -= 1
            self._close_if_idle()

    def retire(self) -> None:
        with self._lock:
            self._is_retired = True
            self._close_if_idle()

    def _close_if_idle(self) -> None:
        if self._is_retired and self._guests == 0:
            self.opened.close()


class Indexer:
    """Keeps the index that the settings ask for, with one embedding engine."""

    def __init__(self, settings: Settings, embedder: Embedder) -> None:
        self._folder = IndexFolder(settings.index_folder)
        self._embedder = embedder
        self._cards = Inputs(settings.corpus, None)
        self._inputs = Inputs(settings.corpus, settings.originals_folder)

    def build(self, on_progress: OnProgress) -> str:
        """Build the index from cards and originals, unless it is there; return its version."""
        return build(self._inputs, self._folder, self._embedder, on_progress)

    def prepare(self, on_progress: OnProgress) -> None:
        """Make sure that something can be asked, quickly: from the cards, whose vectors are shipped.

        An index that is out of date is brought up to date here only if there are no originals;
        those take a while to read, and are for ``build``.
        """
        has_originals = self._inputs.originals is not None
        if not self._is_usable() or not (has_originals or self.is_current()):
            build(self._cards, self._folder, self._embedder, on_progress)

    def is_current(self) -> bool:
        """Return whether the published index is made from the files and settings of this moment."""
        version = self._folder.current()
        fingerprint = self._inputs.fingerprint(self._embedder.engine, self._embedder.model)
        return version is not None and is_made_from(self._folder, version, fingerprint)

    def write_shipped_vectors(self, on_progress: OnProgress) -> Path:
        """Embed the cards and write the vectors that are shipped with them; return the file."""
        return write_shipped_vectors(self._cards, self._embedder, on_progress)

    def _is_usable(self) -> bool:
        """Whether the published version is whole and made with this engine and model."""
        try:
            made = self._folder.verify(self._folder.require_current())
        except IndexUnavailable:
            return False
        return (made.engine, made.model) == (self._embedder.engine, self._embedder.model)


def load_engine(settings: Settings) -> Embedder:
    """Load the embedding engine of the settings, for an indexer and an assistant to share."""
    return build_embedder(settings.embedding, settings.embedding_model)


def load_reranker(settings: Settings) -> Reranker | None:
    """Load the cross-encoder of the settings; ``None`` when they name none: then fusion has the last word."""
    return CrossEncoderReranker(settings.reranker) if settings.reranker else None


def load_generator(settings: Settings) -> Generator | None:
    """Load the chat model of the settings; ``None`` when they name none: then nothing leaves the machine."""
    if settings.model is None:
        return None
    texts = Texts.read(settings.prompts / "model.yaml")
    return build_generator(settings.model, settings.model_base_url, settings.model_timeout, texts)


def check_corpus(settings: Settings) -> Inspection:
    """Check bibliography, cards and evidence; return all findings at once."""
    return inspect_corpus(Inputs(settings.corpus, settings.originals_folder))


def read_corpus(settings: Settings) -> Catalogue:
    """Read bibliography and cards as they lie there; raise ``CorpusError`` where a file is wrong."""
    return read_catalogue(Inputs(settings.corpus, None))


def measure_coverage(settings: Settings) -> Coverage:
    """Measure which sections of the sources the cards carry."""
    return measure(Inputs(settings.corpus, None))
