"""The product's own retrieval: what the assistant does with a question before it composes an answer."""

from __future__ import annotations

from pathlib import Path

from evals.peers.worker import Find, Found, work


def build(folder: Path, _: Found) -> None:
    """Build the index of the settings, as ``alliantie index`` does; it knows the texts by itself."""
    from assistant.bootstrap import Indexer, load_engine
    from assistant.settings import read_settings

    settings = read_settings(data=folder)
    Indexer(settings, load_engine(settings)).build(lambda step: None)


def open_index(folder: Path) -> Find:
    """Open the index; what is found has the ids of chunks instead of pages."""
    from assistant.answering.understanding import Understanding
    from assistant.domain import Question
    from assistant.indexing.opening import open_version
    from assistant.indexing.versions import IndexFolder
    from assistant.retrieval.embedding import build_embedder
    from assistant.settings import read_settings

    settings = read_settings(data=folder)
    embedder = build_embedder(settings.embedding, settings.embedding_model, settings.engine_folder)
    index = IndexFolder(settings.index_folder)
    opened = open_version(index, index.require_current(), embedder)
    understanding = Understanding(settings.prompts / "understanding.yaml", opened.catalogue.cards.values())

    def find(question: str, count: int) -> Found:
        query = understanding.understand(Question(question))
        passages = opened.retriever.retrieve(query, count).passages
        return [(passage.chunk.id, passage.chunk.text) for passage in passages]

    return find


if __name__ == "__main__":
    work(build, open_index)
