"""The composition root: joins the parts into an assistant and, in ``coaching``, a coach."""

from assistant.bootstrap.assistant import Assistant
from assistant.bootstrap.curating import check_corpus, measure_coverage
from assistant.bootstrap.indexer import Indexer
from assistant.bootstrap.loading import load_engine, load_generator, load_reranker

__all__ = [
    "Assistant",
    "Indexer",
    "check_corpus",
    "load_engine",
    "load_generator",
    "load_reranker",
    "measure_coverage",
]
