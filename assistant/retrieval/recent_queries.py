"""Questions that were embedded a moment ago: one question is looked up more than once."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.retrieval.embedding import Embedder

MOST_REMEMBERED = 16
"""Questions whose vectors are held: enough for those under way, too few to count as knowing the answer."""


class RecentQueries:
    """An embedder that embeds the same question once."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._known: OrderedDict[str, NDArray[np.float32]] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def engine(self) -> str:
        """The engine behind it."""
        return self._embedder.engine

    @property
    def model(self) -> str:
        """The model behind it."""
        return self._embedder.model

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self._embedder.dimension

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """Embed what a person asks; shape (dimension,), not to be changed."""
        with self._lock:
            if text in self._known:
                return self._known[text]
        vector = self._embedder.embed_query(text)
        vector.setflags(write=False)
        with self._lock:
            self._known[text] = vector
            if len(self._known) > MOST_REMEMBERED:
                self._known.popitem(last=False)
        return vector

    def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embed what people ask; shape (len(texts), dimension)."""
        return self._embedder.embed_queries(texts)

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embed what can be found; shape (len(texts), dimension)."""
        return self._embedder.embed_passages(texts)
