"""From a query to the passages that answer it, with what refusing needs to know."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.domain import Chunk, Filters, Findings, Language, Passage, Query, Ranking
from assistant.retrieval.adapter import ADAPTED_RANGE, QueryAdapter
from assistant.retrieval.chunk_rows import ABSENT, ChunkRows, Scores
from assistant.retrieval.embedding import is_e5
from assistant.retrieval.fusion import E5_RANGE, FULL_RANGE, fuse
from assistant.retrieval.nearest import Phrasings
from assistant.retrieval.reranking import Reranker, rerank
from assistant.retrieval.sentence_index import SentenceIndex

POOL = 200
"""Hits asked of each engine, before fusion."""

Fusing = Callable[[Ranking, Ranking], Ranking]
"""Makes one ranking of that of meaning and that of words, with scores from 0 to 1."""

ADAPTED_WEIGHT = 0.4
"""Share of the adapted query in nearness by meaning."""

AT_ONCE = 32
"""Searches of the vector index that go on beside each other, of all questions together."""

COVERED_BY = 6
"""Passages over which coverage is counted: what an answer is composed from."""


class QueryEmbedder(Protocol):
    """Turns a question into a vector."""

    @property
    def model(self) -> str:
        """The model's name or folder."""

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """Embed a question; shape (dimension,)."""


class DenseSearch(Protocol):
    """Finds chunks by meaning."""

    def search(self, vectors: NDArray[np.float32], limit: int, filters: Filters) -> tuple[Ranking, ...]:
        """Find the nearest chunks to each vector, by cosine similarity."""


class KeywordSearch(Protocol):
    """Finds chunks by words, and knows how rare words are."""

    def search(self, text: str, limit: int, filters: Filters) -> Ranking:
        """Find the chunks that share words with the text, by BM25."""

    def content_words(self, text: str) -> tuple[str, ...]:
        """Take the stems of the text's content words."""

    def unknown_words(self, text: str) -> tuple[str, ...]:
        """List the content words that no chunk holds."""

    def rarity(self, stem: str) -> float:
        """Give the inverse document frequency of a stem."""

    def knows(self, stem: str) -> bool:
        """Tell whether some chunk holds the stem."""

    def holds(self, chunk_id: str, stem: str) -> bool:
        """Tell whether the chunk holds the stem."""


@dataclass(frozen=True, slots=True)
class Near:
    """What lies near a query by meaning: its vectors, and what the vector index finds for them meanwhile."""

    vector: NDArray[np.float32]
    adapted: NDArray[np.float32] | None
    found: Callable[[], tuple[Ranking, Ranking]]
    """Waits for what lies near the vector, and near the adapted one."""


class Retriever:
    """Asks both engines, fuses what they find, and says how well the passages cover the question.

    Fusion is convex, with ``weight`` for meaning, unless ``fusing`` says otherwise. A reranker changes
    the passages, and so their coverage; all other findings come from before it.
    Without a vector index passages are found by their words and their phrasings.
    """

    def __init__(  # noqa: PLR0913 - each leg is a collaborator of its own
        self,
        embedder: QueryEmbedder,
        *,
        vector_index: DenseSearch | None,
        keyword_index: KeywordSearch,
        statement_index: SentenceIndex,
        phrasing_index: SentenceIndex,
        unanswered_index: SentenceIndex,
        chunks: Mapping[str, Chunk],
        weight: float,
        adapter: QueryAdapter | None = None,
        fusing: Fusing | None = None,
        reranker: Reranker | None = None,
    ) -> None:
        self._embedder = embedder
        self._vector_index = vector_index
        self._keyword_index = keyword_index
        self._statement_index = statement_index
        self._rows = ChunkRows(chunks)
        self._phrasing_index = Phrasings(phrasing_index, self._rows)
        self._unanswered_index = unanswered_index
        self._chunks = chunks
        self._adapter = adapter
        self._reranker = reranker
        self._beside = ThreadPoolExecutor(AT_ONCE, "vector-search")
        self._dense_range = dense_range = E5_RANGE if is_e5(embedder.model) else FULL_RANGE
        self._fuse = fusing or partial(fuse, weight=weight, dense_range=dense_range)

    def retrieve(self, query: Query, limit: int = 12) -> Findings:
        """Find the best passages for a query; an English one is ranked by meaning alone.

        Coverage and unknown terms look for the question's own words, so of an English question
        they only say something about names and numbers.
        """
        return self.prepare(query, limit)()

    def prepare(self, query: Query, limit: int = 12) -> Callable[[], Findings]:
        """Begin to ``retrieve``: embed, and let the vector index search; calling the result ends it."""
        near = self._near(self._embedder.embed_query(query.text), query.filters)
        return partial(self._find, query, limit, near)

    def rank_by_meaning(self, vector: NDArray[np.float32], filters: Filters) -> Ranking:
        """Rank chunks for a vector: each is as near as the nearest of its text and its phrasings."""
        near = self._near(vector, filters)
        return self._by_meaning(near, self._phrasing_index.nearest(vector)[0], filters)

    def _find(self, query: Query, limit: int, near: Near) -> Findings:
        # What takes the processor comes before what is waited for.
        closeness = self._statement_index.closeness(near.vector)
        suited = {} if near.adapted is None else self._statement_index.closeness(near.adapted)
        phrasings, asked = self._phrasing_index.nearest(near.vector)
        unanswered = self._unanswered_index.nearest(near.vector)
        rarities = self._rarities(query.text)
        keywords: Ranking = ()
        if query.language is Language.DUTCH:
            keywords = self._keyword_index.search(query.text, POOL, query.filters)
        dense = self._by_meaning(near, phrasings, query.filters)
        passages = self._passages(query.text, dense, keywords, limit)
        return Findings(
            passages=passages,
            best_dense=self._best_dense(near.found()[0], closeness),
            coverage=self._coverage(rarities, passages[:COVERED_BY]),
            unknown_terms=self._keyword_index.unknown_words(query.text),
            closeness=closeness,
            suited=suited,
            asked=asked,
            best_phrasing=self._best_phrasing(phrasings, query.filters),
            best_unanswered=unanswered,
            unknown_share=self._unknown_share(rarities),
        )

    def _near(self, vector: NDArray[np.float32], filters: Filters) -> Near:
        adapted = self._adapter.adapt(vector) if self._adapter else None
        return Near(vector, adapted, self._search(vector, adapted, filters))

    def _search(
        self, vector: NDArray[np.float32], adapted: NDArray[np.float32] | None, filters: Filters
    ) -> Callable[[], tuple[Ranking, Ranking]]:
        """Search beside what else goes on; what is returned waits for it, and raises what went wrong."""
        if self._vector_index is None:
            return lambda: ((), ())
        vectors = vector[np.newaxis] if adapted is None else np.stack([vector, adapted])
        begun = self._beside.submit(self._vector_index.search, vectors, POOL, filters)

        def found() -> tuple[Ranking, Ranking]:
            near, *suited = begun.result()
            return near, next(iter(suited), ())

        return found

    def _by_meaning(self, near: Near, phrasings: Scores, filters: Filters) -> Ranking:
        """Rank chunks by how near they are, or the nearest of their phrasings is.

        Nearness to the adapted query counts too, on the scale of the other.
        """
        found, suited = near.found()
        scores = np.where(self._rows.admitted(filters), phrasings, ABSENT)
        scores = np.maximum(scores, self._rows.scores(found))
        if near.adapted is not None and self._vector_index is not None:
            scores = self._adapted(scores, self._rows.scores(suited))
        return self._rows.ranking(scores, POOL)

    def _adapted(self, scores: Scores, suited: Scores) -> Scores:
        """Mix the best scores with those of the adapted query."""
        low, high = self._dense_range
        farthest, nearest = ADAPTED_RANGE
        best = np.full(len(scores), ABSENT)
        rows = self._rows.best(scores, POOL)
        best[rows] = scores[rows]
        is_suited = suited > ABSENT
        place = (np.where(is_suited, suited, farthest) - farthest) / (nearest - farthest)
        rescaled = low + (high - low) * place
        is_best = best > ABSENT
        mixed = (1 - ADAPTED_WEIGHT) * np.where(is_best, best, low) + ADAPTED_WEIGHT * rescaled
        return np.where(is_best | is_suited, mixed, ABSENT)

    def _best_phrasing(self, phrasings: Scores, filters: Filters) -> float:
        """Give how near the nearest phrasing is: of any kind, and from the sources sought."""
        admitted = self._rows.admitted(Filters(sources=filters.sources))
        return float(phrasings[admitted].max(initial=0.0))

    def _best_dense(self, found: Ranking, closeness: Mapping[str, float]) -> float:
        """Give the similarity of the nearest passage; without vectors, of the nearest statement."""
        if self._vector_index is None:
            return max(closeness.values(), default=0.0)
        return max((hit.score for hit in found), default=0.0)

    def _passages(self, text: str, dense: Ranking, keywords: Ranking, limit: int) -> tuple[Passage, ...]:
        fused = self._fuse(dense, keywords)
        cosines = {hit.chunk_id: hit.score for hit in dense}
        scores = {hit.chunk_id: hit.score for hit in keywords}
        passages = tuple(
            Passage(
                self._chunks[hit.chunk_id], hit.score, cosines.get(hit.chunk_id), scores.get(hit.chunk_id)
            )
            for hit in (fused if self._reranker else fused[:limit])
        )
        return rerank(self._reranker, text, passages)[:limit] if self._reranker else passages

    def _rarities(self, text: str) -> dict[str, float]:
        """Give the rarity of each content word of a text, by its stem."""
        index = self._keyword_index
        return {stem: index.rarity(stem) for stem in index.content_words(text)}

    def _coverage(self, rarities: Mapping[str, float], passages: Sequence[Passage]) -> float:
        """Compute the share of the content words that the passages hold; 0 if there are none."""
        index = self._keyword_index
        return _share(rarities, lambda stem: any(index.holds(passage.chunk.id, stem) for passage in passages))

    def _unknown_share(self, rarities: Mapping[str, float]) -> float:
        """Compute the share of the content words that no chunk holds; 0 if there are none."""
        return _share(rarities, lambda stem: not self._keyword_index.knows(stem))


def _share(rarities: Mapping[str, float], counts: Callable[[str], bool]) -> float:
    """Compute which share of all rarity is that of the stems that count."""
    counted = sum(rarity for stem, rarity in rarities.items() if counts(stem))
    return counted / sum(rarities.values()) if rarities else 0.0
