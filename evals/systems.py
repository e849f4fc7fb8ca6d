"""What is compared: the product, the legs of its retrieval, plain rank fusion, and the textbook chain.

The baselines answer extractively: the sentences of their best passages that lie nearest to the
question, by the measure that ranked the passages. They never refuse.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.answering.looking_up import Retrieves
from assistant.domain import Filters, Hit, Question, Ranking, Reference
from assistant.retrieval.embedding import Embedder
from assistant.retrieval.fusion import fuse_by_rank
from assistant.retrieval.keyword_index import KeywordIndex
from assistant.retrieval.retriever import POOL
from evals.bench import Bench
from evals.judging.nuggets import sentences
from evals.textbook import Split, split_like_a_textbook

PRODUCT = "product"
READ = 4
"""Passages that a baseline takes its sentences from."""
LONGEST = 150
"""Words in an answer of a baseline: what the product may use too."""


class System(Protocol):
    """Something that ranks the sections of the sources for a question, and answers it."""

    @property
    def name(self) -> str:
        """What tables call it."""

    def rank(self, question: Question) -> tuple[Reference, ...]:
        """Rank sections, best first, each once."""

    def answer(self, question: Question) -> str:
        """Answer in Markdown."""


@dataclass(frozen=True, slots=True)
class Product:
    """The retrieval of the assistant, as users get it, or with another retriever."""

    bench: Bench
    retriever: Retrieves | None = None

    def rank(self, question: Question) -> tuple[Reference, ...]:
        """Rank sections by the fused passages."""
        query = self.bench.understanding.understand(question)
        retriever = self.retriever or self.bench.opened.retriever
        passages = retriever.retrieve(query, POOL).passages
        return _each_once(self.bench.sections[passage.chunk.id] for passage in passages)


class Leg:
    """One way of ranking the product's own chunks."""

    def __init__(self, bench: Bench, name: str, nearness: Nearness) -> None:
        self.name = name
        self._bench = bench
        self._nearness = nearness

    def rank(self, question: Question) -> tuple[Reference, ...]:
        """Rank sections by this leg's chunks."""
        return _each_once(self._bench.sections[hit.chunk_id] for hit in self._hits(question.text))

    def answer(self, question: Question) -> str:
        """Answer with the nearest sentences of the best chunks."""
        chunks = self._bench.opened.chunks
        best = [chunks[hit.chunk_id].text for hit in self._hits(question.text)[:READ]]
        return extract(question.text, best, self._nearness)

    def _hits(self, text: str) -> Ranking:
        return self._nearness.chunks(text)


class Textbook:
    """The chain of the tutorials: splits of 1,000 characters, the four nearest by meaning."""

    name = "textbook"

    def __init__(self, bench: Bench, nearness: Meaning) -> None:
        self._splits = split_like_a_textbook(bench.opened.catalogue)
        self._nearness = nearness
        self._vectors = bench.embedder.embed_passages([split.text for split in self._splits])

    def rank(self, question: Question) -> tuple[Reference, ...]:
        """Rank the sections that the splits lie in."""
        return _each_once(split.sections for split in self._ranked(question.text))

    def answer(self, question: Question) -> str:
        """Answer with the nearest sentences of the four nearest splits."""
        best = [split.text for split in self._ranked(question.text)[:READ]]
        return extract(question.text, best, self._nearness)

    def _ranked(self, text: str) -> list[Split]:
        closeness = self._vectors @ self._nearness.vector(text)
        return [self._splits[at] for at in np.argsort(-closeness, kind="stable")]


class Nearness(Protocol):
    """A measure of how near chunks and sentences are to a question."""

    def chunks(self, text: str) -> Ranking:
        """Rank the product's chunks."""

    def of(self, text: str, listed: Sequence[str]) -> NDArray[np.floating]:
        """Measure sentences; shape (len(listed),)."""


class Meaning:
    """Cosine similarity of embeddings."""

    def __init__(self, bench: Bench) -> None:
        self._retriever = bench.opened.retriever
        self._embedder: Embedder = bench.embedder
        self._known: dict[str, NDArray[np.float32]] = {}

    def vector(self, text: str) -> NDArray[np.float32]:
        """Embed a question; shape (dimension,)."""
        return self._embedder.embed_query(text)

    def chunks(self, text: str) -> Ranking:
        """Rank the product's chunks."""
        return self._retriever.rank_by_meaning(self.vector(text), Filters())

    def of(self, text: str, listed: Sequence[str]) -> NDArray[np.floating]:
        """Measure sentences; shape (len(listed),)."""
        new = [one for one in dict.fromkeys(listed) if one not in self._known]
        if new:
            self._known.update(zip(new, self._embedder.embed_passages(new), strict=True))
        return np.array([self._known[one] for one in listed]) @ self.vector(text)


class Words:
    """Shared words: BM25 for chunks, the rarity of what is shared for sentences."""

    def __init__(self, index: KeywordIndex) -> None:
        self._index = index

    def chunks(self, text: str) -> Ranking:
        """Rank the product's chunks."""
        return self._index.search(text, POOL, Filters())

    def of(self, text: str, listed: Sequence[str]) -> NDArray[np.floating]:
        """Measure sentences; shape (len(listed),)."""
        asked = frozenset(self._index.content_words(text))
        shared = (asked.intersection(self._index.content_words(one)) for one in listed)
        return np.array([sum(map(self._index.rarity, stems)) for stems in shared])


class RankFusion:
    """Reciprocal-rank fusion of both measures."""

    def __init__(self, meaning: Meaning, words: Words) -> None:
        self._both: tuple[Nearness, Nearness] = (meaning, words)

    def chunks(self, text: str) -> Ranking:
        """Rank the product's chunks."""
        meaning, words = self._both
        return fuse_by_rank(meaning.chunks(text), words.chunks(text))

    def of(self, text: str, listed: Sequence[str]) -> NDArray[np.floating]:
        """Measure sentences; shape (len(listed),)."""
        names = [str(at) for at in range(len(listed))]
        meaning, words = (
            tuple(
                Hit(name, float(score), "dense")
                for name, score in zip(names, one.of(text, listed), strict=True)
            )
            for one in self._both
        )
        fused = {hit.chunk_id: hit.score for hit in fuse_by_rank(meaning, words)}
        return np.array([fused[name] for name in names])


def build_baselines(bench: Bench) -> tuple[System, ...]:
    """Build all baselines on the index of the product."""
    meaning, words = Meaning(bench), Words(bench.opened.keywords)
    return (
        Leg(bench, "bm25", words),
        Leg(bench, "dense", meaning),
        Leg(bench, "rrf", RankFusion(meaning, words)),
        Textbook(bench, meaning),
    )


def extract(question: str, passages: Iterable[str], nearness: Nearness) -> str:
    """Return the sentences nearest to a question, nearest first, as many as fit in an answer."""
    listed = list(dict.fromkeys(chain.from_iterable(map(sentences, passages))))
    if not listed:
        return ""
    best = np.argsort(-nearness.of(question, listed), kind="stable")
    chosen: list[str] = []
    words = 0
    for at in best:
        words += len(listed[at].split())
        if words > LONGEST:
            break
        chosen.append(listed[at])
    return "\n".join(chosen)


def _each_once(found: Iterable[Sequence[Reference]]) -> tuple[Reference, ...]:
    return tuple(dict.fromkeys(chain.from_iterable(found)))
