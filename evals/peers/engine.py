"""The product's default embedding, for peers that take one as a Python object."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.retrieval.embedding import ONNX, Embedder, build_embedder
from assistant.retrieval.embedding.embedder import PREFIXES

QUERY, PASSAGE = PREFIXES


def load(folder: Path) -> Embedder:
    """Load it; what it makes once is kept in the folder of the index."""
    return build_embedder(ONNX, None, folder / "engines")


def embed_prefixed(embedder: Embedder, texts: list[str]) -> NDArray[np.float32]:
    """Embed texts that carry E5's prefixes already; shape (len(texts), dimension)."""
    if all(text.startswith(PASSAGE) for text in texts):
        return embedder.embed_passages([text.removeprefix(PASSAGE) for text in texts])
    return embedder.embed_queries([text.removeprefix(QUERY) for text in texts])
