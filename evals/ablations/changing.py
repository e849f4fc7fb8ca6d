"""How the product is changed, one thing at a time: other legs of its retrieval, other indexes, less said."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from assistant.answering.looking_up import Retrieves
from assistant.answering.pipeline import Pipeline
from assistant.answering.prompts import Texts
from assistant.answering.refusing import RefusalPolicy
from assistant.answering.understanding import Understanding
from assistant.domain import Chunk, Findings, Query, Question
from assistant.indexing.opening import DENSE_WEIGHT
from assistant.retrieval.adapter import QueryAdapter
from assistant.retrieval.embedding import Embedder
from assistant.retrieval.keyword_index import KeywordIndex, write_keyword_index
from assistant.retrieval.reranking import Reranker
from assistant.retrieval.retriever import (
    DenseSearch,
    Fusing,
    KeywordSearch,
    Retriever,
)
from assistant.retrieval.sentence_index import SentenceIndex
from assistant.retrieval.stemming import ALL_STEPS, Steps
from assistant.retrieval.vector_index import VectorIndex, write_vector_index
from assistant.retrieval.vectors import KnownVectors, embed_with_known
from assistant.settings import Settings
from evals.bench import Bench


@dataclass(frozen=True, slots=True)
class Legs:
    """What a retriever is made of."""

    embedder: Embedder
    vectors: DenseSearch | None
    keywords: KeywordSearch
    statements: SentenceIndex
    phrasings: SentenceIndex
    unanswered: SentenceIndex
    chunks: Mapping[str, Chunk]
    adapter: QueryAdapter | None = None
    weight: float = DENSE_WEIGHT
    fusing: Fusing | None = None
    reranker: Reranker | None = None

    def build(self) -> Retriever:
        """Join them."""
        return Retriever(
            self.embedder,
            vector_index=self.vectors,
            keyword_index=self.keywords,
            statement_index=self.statements,
            phrasing_index=self.phrasings,
            unanswered_index=self.unanswered,
            chunks=self.chunks,
            adapter=self.adapter,
            weight=self.weight,
            fusing=self.fusing,
            reranker=self.reranker,
        )


class Rebuilding:
    """Makes an index anew from other chunks; no text is embedded twice, however it's asked for."""

    def __init__(self, embedder: Embedder, known: list[KnownVectors], stack: ExitStack) -> None:
        self._embedder = embedder
        self._known = known
        self._stack = stack

    def keywords(self, chunks: Sequence[Chunk], steps: Steps = ALL_STEPS) -> KeywordIndex:
        """Index the words of chunks."""
        with tempfile.TemporaryDirectory() as folder:
            write_keyword_index(Path(folder), chunks, steps)
            return KeywordIndex.open(Path(folder), steps)

    def vectors(self, chunks: Sequence[Chunk]) -> VectorIndex:
        """Index the meaning of chunks; the index is closed with the stack."""
        texts = [chunk.indexed_text for chunk in chunks]
        vectors = embed_with_known(
            self._embedder, texts, self._known, self._known.append, lambda done, total: None
        )
        with tempfile.TemporaryDirectory() as folder:
            write_vector_index(Path(folder), chunks, vectors)
            index = VectorIndex.open(Path(folder))
        self._stack.callback(index.close)
        return index


Retrieving = Callable[[Bench, Legs, Rebuilding], Retrieves]
"""Builds a retriever from a bench and the legs of the product."""


def unchanged(bench: Bench, legs: Legs, rebuilding: Rebuilding) -> Retrieves:
    """Retrieve as the product does."""
    return legs.build()


def as_found(findings: Findings) -> Findings:
    """Answer from what the product finds."""
    return findings


@dataclass(frozen=True, slots=True)
class Ablation:
    """The product with one thing changed."""

    name: str
    retriever: Retrieving = unchanged
    findings: Callable[[Findings], Findings] = as_found
    """What answers are composed from, given what the product finds."""
    room: float = 1.0
    """How much room there is to complete an answer, beside the usual."""


@dataclass(frozen=True, slots=True)
class Altered:
    """A retriever that is asked something else, or whose findings are changed."""

    retriever: Retrieves
    before: Callable[[Query], Query] = lambda query: query
    after: Callable[[Findings], Findings] = as_found

    def retrieve(self, query: Query, limit: int = 12) -> Findings:
        """Return what was found, changed."""
        return self.prepare(query, limit)()

    def prepare(self, query: Query, limit: int = 12) -> Callable[[], Findings]:
        """Begin to retrieve what it is changed into."""
        finding = self.retriever.prepare(self.before(query), limit)
        return lambda: self.after(finding())


class Remembered:
    """A retriever that looks nothing up twice: only what is made of its findings differs."""

    def __init__(self, retriever: Retrieves) -> None:
        self._retriever = retriever
        self._known: dict[tuple[Query, int], Findings] = {}

    def retrieve(self, query: Query, limit: int = 12) -> Findings:
        """Return what was found; how much room the answer has makes no difference."""
        key = replace(query, room=0), limit
        if key not in self._known:
            self._known[key] = self._retriever.retrieve(query, limit)
        return self._known[key]

    def prepare(self, query: Query, limit: int = 12) -> Callable[[], Findings]:
        """Begin nothing: most of it has been found before."""
        return partial(self.retrieve, query, limit)


class Roomy(Understanding):
    """Reads questions as the product does, and gives answers more or less room."""

    def __init__(self, bench: Bench, settings: Settings, room: float) -> None:
        super().__init__(settings.prompts / "understanding.yaml", bench.opened.catalogue.cards.values())
        self._share = room

    def understand(self, question: Question) -> Query:
        """Return the question as a query, with a share of the usual room."""
        query = super().understand(question)
        return replace(query, room=round(query.room * self._share))


def legs_of(bench: Bench) -> Legs:
    """Return the legs of the product, without the cross-encoder that may be set."""
    opened = bench.opened
    return Legs(
        embedder=bench.embedder,
        vectors=opened.vectors,
        keywords=opened.keywords,
        statements=opened.statements,
        phrasings=opened.phrasings,
        unanswered=opened.unanswered,
        chunks=opened.chunks,
        adapter=opened.adapter,
    )


@contextmanager
def rebuilding(bench: Bench, known: list[KnownVectors]) -> Iterator[Rebuilding]:
    """Give what makes indexes anew, and close them in the end; ``known`` gets the new vectors."""
    with ExitStack() as stack:
        yield Rebuilding(bench.embedder, known, stack)


def build_pipeline(bench: Bench, settings: Settings, retriever: Retrieves, room: float = 1.0) -> Pipeline:
    """Build the pipeline of the product, without a chat model."""
    return Pipeline(
        catalogue=bench.opened.catalogue,
        chunks=bench.opened.chunks,
        understanding=Roomy(bench, settings, room),
        retriever=retriever,
        lexicon=bench.opened.keywords,
        policy=RefusalPolicy.read(),
        texts=Texts.read(settings.prompts / "answers.yaml"),
    )
