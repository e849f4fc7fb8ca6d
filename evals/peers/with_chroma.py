"""Chroma by itself: a collection with an embedding function, on disk."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from evals.peers.engine import load
from evals.peers.worker import Find, Found, work

NAME = "pieces"


def build(folder: Path, pieces: Found) -> None:
    """Add the pieces to a new collection."""
    client = _client(folder)
    client.create_collection(NAME, embedding_function=_embedding_function(folder)).add(
        ids=[str(number) for number in range(len(pieces))],
        documents=[text for _, text in pieces],
        metadatas=[{"page": page} for page, _ in pieces],
    )
    client.close()


def open_index(folder: Path) -> Find:
    """Open the collection."""
    collection = _client(folder).get_collection(NAME, embedding_function=_embedding_function(folder))

    def find(question: str, count: int) -> Found:
        found = collection.query(query_texts=[question], n_results=count)
        pages = (about["page"] for about in found["metadatas"][0])
        return list(zip(pages, found["documents"][0], strict=True))

    return find


def _client(folder: Path) -> Any:
    from chromadb import PersistentClient
    from chromadb.config import Settings

    return PersistentClient(str(folder), Settings(anonymized_telemetry=False))


def _embedding_function(folder: Path) -> Any:
    """Return the product's embedding, as Chroma takes it."""
    from chromadb.api.types import Documents, EmbeddingFunction, Embeddings

    embedder = load(folder)

    class Ours(EmbeddingFunction[Documents]):
        def __init__(self) -> None:
            """Have nothing to set: the embedder is there already."""

        def __call__(self, input: Documents) -> Embeddings:  # noqa: A002 - Chroma's name
            return list(embedder.embed_passages(input))

        def embed_query(self, input: Documents) -> Embeddings:  # noqa: A002 - Chroma's name
            return list(embedder.embed_queries(input))

        @staticmethod
        def name() -> str:
            return "ours"

        @staticmethod
        def build_from_config(config: dict[str, Any]) -> Ours:
            return Ours()

        def get_config(self) -> dict[str, Any]:
            return {}

    return Ours()


if __name__ == "__main__":
    work(build, open_index)
