"""The dense index: Chroma, embedded, holding our vectors and where each chunk comes from.

Search is exact up to ``EXACT_UP_TO`` chunks. Chroma only has HNSW, but a search that keeps as
many candidates as there are chunks never stops early: it visits every chunk that the graph
reaches, and with 64 neighbours a chunk the graph reaches all. Above that size Chroma keeps the
best 4,096 candidates, which is still close, but no longer a promise.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from assistant.domain import Chunk, Filters, Hit, Ranking
from assistant.errors import IndexDamaged
from assistant.retrieval.private_copy import PrivateCopy

if TYPE_CHECKING:
    from chromadb.api.client import Client
    from chromadb.api.collection_configuration import CreateHNSWConfiguration

EXACT_UP_TO = 4096
"""The number of chunks up to which search finds what brute force finds."""

_COLLECTION = "chunks"
_DATABASE = "chroma.sqlite3"
_BATCH = 1000
_HNSW: CreateHNSWConfiguration = {
    "space": "cosine",
    "ef_search": EXACT_UP_TO,
    "ef_construction": 400,
    "max_neighbors": 64,
    # Small, so that the graph is on disk and needn't be built again by the first question.
    "batch_size": 100,
    "sync_threshold": 100,
}


def write_vector_index(folder: Path, chunks: Sequence[Chunk], vectors: NDArray[np.float32]) -> None:
    """Write an index of at least one chunk; ``vectors`` has shape (len(chunks), dimension).

    Raises ``IndexDamaged`` when Chroma can't write it, as on a full disk.
    """
    if not chunks or len(chunks) != len(vectors):
        raise ValueError(f"{len(chunks)} chunks with {len(vectors)} vectors")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with closing(_open_client(folder)) as client:
            collection = client.create_collection(
                _COLLECTION, embedding_function=None, configuration={"hnsw": _HNSW}
            )
            size = min(_BATCH, client.get_max_batch_size())
            for start in range(0, len(chunks), size):
                batch = chunks[start : start + size]
                collection.add(
                    ids=[chunk.id for chunk in batch],
                    embeddings=vectors[start : start + size],
                    metadatas=[metadata_of(chunk) for chunk in batch],
                )
    except _damage() as error:
        raise IndexDamaged(file=str(folder / _DATABASE)) from error


class VectorIndex:
    """A dense index that is open for questions; safe to ask from several threads."""

    def __init__(self, copy: PrivateCopy) -> None:
        self._copy = copy
        self._client = _open_client(copy.path)
        try:
            self._collection = self._client.get_collection(_COLLECTION, embedding_function=None)
            self._size = self._collection.count()
        except _damage():
            self._client.close()
            raise

    @classmethod
    def open(cls, folder: Path, digests: Mapping[str, str] | None = None) -> VectorIndex:
        """Open what ``write_vector_index`` wrote; raises ``IndexDamaged`` when it isn't that.

        Works on a copy of its own: Chroma writes into its database even to read it, and breaks
        when two processes share a folder. So the published files stay as they are, and what becomes
        of them later doesn't matter. ``digests`` gives the SHA-256 of each file by its relative name;
        ``OSError`` where there is no room for the copy.
        """
        if not (folder / _DATABASE).is_file():
            raise IndexDamaged(file=str(folder / _DATABASE))
        copy = PrivateCopy(folder, digests)
        try:
            return cls(copy)
        except _damage() as error:
            copy.close()
            raise IndexDamaged(file=str(folder / _DATABASE)) from error

    def search(self, vectors: NDArray[np.float32], limit: int, filters: Filters) -> tuple[Ranking, ...]:
        """Find the nearest chunks to each vector, of shape (n, dimension), by cosine similarity (-1 to 1).

        Raises ``IndexDamaged`` when the copy isn't what it was.
        """
        try:
            found = self._collection.query(
                query_embeddings=vectors,
                n_results=min(limit, self._size),
                where=where_of(filters),
                include=["distances"],
            )
        except _damage() as error:  # Somebody has been at the copy.
            raise IndexDamaged(file=str(self._copy.path)) from error
        distances = found["distances"] or [[]] * len(vectors)
        return tuple(map(ranking_of, found["ids"], distances))

    def close(self) -> None:
        """Release the files and remove the copy; call it after the last search."""
        self._client.close()
        self._copy.close()


def preload() -> None:
    """Load Chroma, which takes a while, before there is anything to open."""
    import chromadb.api.client
    import chromadb.api.rust  # noqa: F401


def _open_client(folder: Path) -> Client:
    from chromadb.api.client import Client
    from chromadb.config import Settings

    return Client(
        settings=Settings(
            is_persistent=True,
            persist_directory=str(folder),
            anonymized_telemetry=False,
            allow_reset=False,
        )
    )


def _damage() -> tuple[type[Exception], ...]:
    """Name what Chroma raises on files that aren't its own."""
    from chromadb.errors import ChromaError

    return (ChromaError, ValueError)


def ranking_of(ids: Sequence[str], distances: Sequence[float]) -> Ranking:
    """Rank what Chroma found for one vector; raise ``ValueError`` if it isn't as many of both."""
    nearest = sorted(zip(distances, ids, strict=True))
    return tuple(Hit(id_, 1.0 - distance, "dense") for distance, id_ in nearest)


def metadata_of(chunk: Chunk) -> dict[str, Any]:
    """Gather what Chroma filters on; it allows neither ``None`` nor an empty list."""
    metadata: dict[str, Any] = {"kind": chunk.kind}
    if chunk.source_ids:
        metadata["sources"] = list(chunk.source_ids)
    if chunk.card_id is not None:
        metadata["card"] = chunk.card_id
    return metadata


def where_of(filters: Filters) -> dict[str, Any] | None:
    """Put filters in Chroma's words, where "and" and "or" need at least two conditions."""
    kinds: list[dict[str, Any]] = [{"kind": {"$in": sorted(filters.kinds)}}] if filters.kinds else []
    sources = [{"sources": {"$contains": source_id}} for source_id in sorted(filters.sources)]
    any_source = [{"$or": sources}] if len(sources) > 1 else sources
    conditions = kinds + any_source
    if len(conditions) > 1:
        return {"$and": conditions}
    return conditions[0] if conditions else None
