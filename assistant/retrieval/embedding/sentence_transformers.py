"""The engine ``sentence-transformers``, and the cross-encoder that reranks, which it offers too."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.errors import ConfigurationError, MissingEngine, UnusableReranker
from assistant.retrieval.embedding.embedder import (
    PREFIXES,
    REMEDY,
    SENTENCE_TRANSFORMERS,
    encodable,
    is_e5,
)

DEFAULT_MODEL = "intfloat/multilingual-e5-small"
"""What sentence-transformers loads when no model is named."""

PAIRS_AT_A_TIME = 8
"""What a cross-encoder reads at once: few, as each batch costs what its longest pair costs."""


class SentenceTransformersEmbedder:
    """Any sentence-transformers model, by name or folder; needs the extra of the same name.

    Raises ``MissingEngine`` without the package, ``ConfigurationError`` when the model can't be loaded.
    """

    engine = SENTENCE_TRANSFORMERS

    def __init__(self, model: str, device: str = "cpu") -> None:
        try:
            from sentence_transformers import SentenceTransformer
        except ImportError as error:
            raise MissingEngine(engine=SENTENCE_TRANSFORMERS, remedy=REMEDY, reason=str(error)) from error
        try:
            self._transformer = SentenceTransformer(model, device=device, local_files_only=_is_folder(model))
        except _unloadable() as error:
            raise ConfigurationError(setting="model", value=model, reason=str(error)) from error
        self.model = model
        self._prefixes = PREFIXES if is_e5(model) else (None, None)
        self.dimension = int(self.embed_query("").shape[0])

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """Embed what a person asks; shape (dimension,)."""
        return np.asarray(self._encode_query(encodable(text)), dtype=np.float32)

    def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embed what people ask; shape (len(texts), dimension)."""
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        return np.asarray(self._encode_query([encodable(text) for text in texts]), dtype=np.float32)

    def _encode_query(self, texts: str | list[str]) -> Any:
        return self._transformer.encode_query(
            texts, prompt=self._prefixes[0], normalize_embeddings=True, show_progress_bar=False
        )

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embed what can be found; shape (len(texts), dimension)."""
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        vectors = self._transformer.encode_document(
            [encodable(text) for text in texts],
            prompt=self._prefixes[1],
            normalize_embeddings=True,
            show_progress_bar=False,
        )
        return np.asarray(vectors, dtype=np.float32)


class CrossEncoderReranker:
    """Any cross-encoder of sentence-transformers that gives a pair one score, by name or folder.

    Raises ``MissingEngine`` without the package, ``UnusableReranker`` when the model can't be loaded or
    isn't a cross-encoder: to a model that only embeds, the package would add a head of random weights.
    Safe to ask from several threads: they wait for each other, as one question uses all cores.
    """

    def __init__(self, model: str, device: str = "cpu") -> None:
        try:
            from sentence_transformers import CrossEncoder
        except ImportError as error:
            raise MissingEngine(engine=SENTENCE_TRANSFORMERS, remedy=REMEDY, reason=str(error)) from error
        try:
            self._encoder = CrossEncoder(model, device=device, local_files_only=_is_folder(model))
        except _unloadable() as error:
            raise UnusableReranker(model=model, reason=_first_line(error)) from error
        loaded_as, labels = type(self._encoder.model).__name__, self._encoder.num_labels
        saved_as = self._encoder.model.config.architectures or [loaded_as]
        if labels != 1 or loaded_as not in saved_as:
            raise UnusableReranker(model=model, reason=f"{', '.join(saved_as)}, num_labels={labels}")
        self._lock = threading.Lock()

    def relevance(self, question: str, texts: Sequence[str]) -> NDArray[np.float64]:
        """Return the logit of each text for the question; shape (len(texts),)."""
        pairs = [(encodable(question), encodable(text)) for text in texts]
        with self._lock:
            logits = self._encoder.predict(
                pairs, batch_size=PAIRS_AT_A_TIME, activation_fn=_as_it_is, show_progress_bar=False
            )
        return np.asarray(logits, dtype=np.float64)


def _is_folder(model: str) -> bool:
    """Tell whether a model is here; otherwise the package asks Hugging Face about a folder's name too."""
    return Path(model).is_dir()


def _unloadable() -> tuple[type[Exception], ...]:
    """Name what sentence-transformers raises on a model that isn't there, isn't whole or isn't one."""
    from safetensors import SafetensorError

    return (OSError, ValueError, RuntimeError, ImportError, SafetensorError)


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]


def _as_it_is(logits: Any) -> Any:
    return logits
