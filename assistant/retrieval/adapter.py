"""The adapter: moves a question's vector to where what answers it lies.

E5 places a question beside texts that resemble it; the adapter has learned from the phrasings of the
cards which statements answer a question, and from the questions without an answer that nothing does.
It is one matrix on the side of the question, so that no text is embedded again. That a matrix can carry
vectors from one space into another is from Mikolov, Le and Sutskever, "Exploiting Similarities among
Languages for Machine Translation", 2013.
"""

from __future__ import annotations

import os
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.errors import IndexDamaged

NOTHING = 0.105
"""Adapted similarity from which on something answers a question, rather than nothing."""

ADAPTED_RANGE = (0.05, 0.25)
"""Adapted similarities: the nearest texts of questions off topic, and of clear questions."""


@dataclass(frozen=True, slots=True)
class QueryAdapter:
    """Adds to a question's vector what a matrix of shape (dimension, dimension) makes of it."""

    model: str
    """The model whose vectors it moves."""
    matrix: NDArray[np.float32]

    @classmethod
    def read(cls, path: Path) -> QueryAdapter:
        """Read what ``write`` wrote; raise ``IndexDamaged`` when the file isn't that."""
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
                matrix = arrays["matrix"].astype(np.float32)
                model = str(arrays["model"])
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
            raise IndexDamaged(file=str(path)) from error
        if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or not np.isfinite(matrix).all():
            raise IndexDamaged(file=str(path))
        return cls(model, matrix)

    def write(self, path: Path) -> None:
        """Write it so that a crash leaves the old file or the new one, never a part."""
        unfinished = path.with_name(f"{path.name}.{os.getpid()}.tmp")
        with unfinished.open("wb") as file:
            np.savez_compressed(file, model=np.array(self.model), matrix=self.matrix.astype(np.float16))
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)

    def fits(self, model: str) -> bool:
        """Tell whether it was learned for a model, given by its name or folder."""
        return Path(model).name.casefold() == self.model.casefold()

    def adapt(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the adapted vectors of questions, shape (dimension,) or (n, dimension), normalised."""
        moved = vectors + vectors @ self.matrix
        length = np.linalg.norm(moved, axis=-1, keepdims=True)
        return np.asarray(moved / np.maximum(length, np.finfo(np.float32).tiny), dtype=np.float32)
