"""LangChain as its tutorial on semantic search has it: documents in a vector store in memory."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from evals.peers.engine import load
from evals.peers.worker import Find, Found, work

FILE = "store.json"


def build(folder: Path, pieces: Found) -> None:
    """Embed the pieces and write the store to a file."""
    from langchain_core.documents import Document
    from langchain_core.vectorstores import InMemoryVectorStore

    store = InMemoryVectorStore(_embeddings(folder))
    store.add_documents([Document(text, metadata={"page": page}) for page, text in pieces])
    store.dump(str(folder / FILE))


def open_index(folder: Path) -> Find:
    """Read the store from its file."""
    from langchain_core.vectorstores import InMemoryVectorStore

    store = InMemoryVectorStore.load(str(folder / FILE), _embeddings(folder))
    return lambda question, count: [
        (one.metadata["page"], one.page_content) for one in store.similarity_search(question, k=count)
    ]


def _embeddings(folder: Path) -> Any:
    """Return the product's embedding, as LangChain takes it."""
    from langchain_core.embeddings import Embeddings

    embedder = load(folder)

    class Ours(Embeddings):
        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            return [list(map(float, row)) for row in embedder.embed_passages(texts)]

        def embed_query(self, text: str) -> list[float]:
            return list(map(float, embedder.embed_query(text)))

    return Ours()


if __name__ == "__main__":
    work(build, open_index)
