"""Opens a published version for asking."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from assistant.domain import Catalogue, Chunk
from assistant.errors import IndexMismatch
from assistant.indexing.building import ADAPTER, KEYWORDS, PHRASINGS, STATEMENTS, UNANSWERED, VECTORS
from assistant.indexing.contents import read_catalogue, read_chunks
from assistant.indexing.versions import IndexFolder
from assistant.retrieval.adapter import QueryAdapter
from assistant.retrieval.embedding import Embedder
from assistant.retrieval.keyword_index import KeywordIndex
from assistant.retrieval.reranking import Reranker
from assistant.retrieval.retriever import Retriever
from assistant.retrieval.sentence_index import SentenceIndex
from assistant.retrieval.vector_index import VectorIndex

DENSE_WEIGHT = 0.7
"""Share of meaning in the fused score; the rest is words. Tuned on the dev split of the evals."""


@dataclass(frozen=True, slots=True)
class OpenVersion:
    """A version that can be asked, with all that answering needs from it."""

    version: str
    catalogue: Catalogue
    chunks: Mapping[str, Chunk]
    keywords: KeywordIndex
    vectors: VectorIndex
    statements: SentenceIndex
    phrasings: SentenceIndex
    unanswered: SentenceIndex
    adapter: QueryAdapter | None
    retriever: Retriever

    def close(self) -> None:
        """Release its files."""
        self.vectors.close()


def open_version(
    folder: IndexFolder, version: str, embedder: Embedder, reranker: Reranker | None = None
) -> OpenVersion:
    """Open a version; raise ``IndexDamaged``, or ``IndexMismatch`` if another model made it."""
    made = folder.verify(version)
    if (made.engine, made.model) != (embedder.engine, embedder.model):
        raise IndexMismatch(found=f"{made.engine} {made.model}", wanted=f"{embedder.engine} {embedder.model}")
    path = folder.version_path(version)
    chunks = read_chunks(path)
    keywords = KeywordIndex.open(path / KEYWORDS)
    vectors = VectorIndex.open(path / VECTORS)
    statements, phrasings, unanswered = (
        SentenceIndex.open(path / file) for file in (STATEMENTS, PHRASINGS, UNANSWERED)
    )
    adapter = QueryAdapter.read(path / ADAPTER) if (path / ADAPTER).is_file() else None
    retriever = Retriever(
        embedder,
        vector_index=vectors,
        keyword_index=keywords,
        statement_index=statements,
        phrasing_index=phrasings,
        unanswered_index=unanswered,
        chunks=chunks,
        adapter=adapter,
        weight=DENSE_WEIGHT,
        reranker=reranker,
    )
    return OpenVersion(
        version,
        catalogue=read_catalogue(path),
        chunks=chunks,
        keywords=keywords,
        vectors=vectors,
        statements=statements,
        phrasings=phrasings,
        unanswered=unanswered,
        adapter=adapter,
        retriever=retriever,
    )
