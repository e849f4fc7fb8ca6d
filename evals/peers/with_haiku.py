"""``haiku.rag``: documents with pieces of our own in LanceDB, hybrid search, embedding by an endpoint."""

from __future__ import annotations

import asyncio
from itertools import groupby
from pathlib import Path
from typing import Any

from evals.peers.engine import PASSAGE, QUERY
from evals.peers.worker import Find, Found, setting, work

DATABASE = "pieces.lancedb"
DIMENSION = 384


def build(folder: Path, pieces: Found) -> None:
    """Import each page with its pieces; the endpoint embeds them."""
    asyncio.run(_import_all(folder / DATABASE, pieces))


def open_index(folder: Path) -> Find:
    """Open the database, to read."""
    from haiku.rag.client import HaikuRAG

    runner = asyncio.Runner()
    client = HaikuRAG(folder / DATABASE, config=_config(), read_only=True)
    runner.run(client.__aenter__())

    def find(question: str, count: int) -> Found:
        found = runner.run(client.search(question, limit=count))
        return [(one.document_uri, one.content) for one in found]

    return find


async def _import_all(database: Path, pieces: Found) -> None:
    from docling_core.types.doc.document import DoclingDocument
    from docling_core.types.doc.labels import DocItemLabel
    from haiku.rag.client import HaikuRAG
    from haiku.rag.store.models.chunk import Chunk

    async with HaikuRAG(database, config=_config(), create=True) as client:
        for page, group in groupby(pieces, key=lambda piece: piece[0]):
            texts = [text for _, text in group]
            document = DoclingDocument(name=page)
            for text in texts:
                document.add_text(label=DocItemLabel.TEXT, text=text)
            chunks = [Chunk(content=text, order=order) for order, text in enumerate(texts)]
            await client.import_document(docling_document=document, chunks=chunks, uri=page, title=page)


def _config() -> Any:
    from haiku.rag.config import AppConfig

    model = {
        "provider": "openai",
        "name": "multilingual-e5-small",
        "vector_dim": DIMENSION,
        "base_url": setting(),
        "api_key": "none",
        "query_prefix": QUERY,
        "document_prefix": PASSAGE,
    }
    return AppConfig.model_validate({"embeddings": {"model": model}})


if __name__ == "__main__":
    work(build, open_index)
