"""Loads what the settings name: the embedding engine, the cross-encoder, the chat model."""

from __future__ import annotations

from assistant.answering.generating import Generator, build_generator
from assistant.answering.prompts import Texts
from assistant.retrieval.embedding import CrossEncoderReranker, Embedder, build_embedder
from assistant.retrieval.reranking import Reranker
from assistant.settings import Settings


def load_engine(settings: Settings) -> Embedder:
    """Load the embedding engine of the settings, for an indexer and an assistant to share."""
    return build_embedder(settings.embedding, settings.embedding_model, settings.engine_folder)


def load_reranker(settings: Settings) -> Reranker | None:
    """Load the cross-encoder of the settings; ``None`` when they name none: then fusion has the last word."""
    return CrossEncoderReranker(settings.reranker) if settings.reranker else None


def load_generator(settings: Settings) -> Generator | None:
    """Load the chat model of the settings; ``None`` when they name none: then nothing leaves the machine."""
    if settings.model is None:
        return None
    texts = Texts.read(settings.prompts / "model.yaml")
    return build_generator(settings.model, settings.model_base_url, settings.model_timeout, texts)
