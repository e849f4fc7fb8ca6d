"""The composition root: joins the parts into an assistant and, in ``coaching``, a coach."""

from assistant.bootstrap.assistant import (
    Assistant,
    Indexer,
    check_corpus,
    load_engine,
    load_generator,
    load_reranker,
    measure_coverage,
)

__all__ = [
    "Assistant",
    "Indexer",
    "check_corpus",
    "load_engine",
    "load_generator",
    "load_reranker",
    "measure_coverage",
]
