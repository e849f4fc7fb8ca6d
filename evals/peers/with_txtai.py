"""An embeddings database of ``txtai`` with external vectors: dense, as it is by default, or hybrid."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from evals.peers.engine import PASSAGE, QUERY, embed_prefixed, load
from evals.peers.worker import Find, Found, setting, work

DATABASE = "embeddings"
BETWEEN = " "
"""Stands between the number of a piece and its page, in its id."""


def build(folder: Path, pieces: Found) -> None:
    """Index the pieces with their text, and save the database."""
    from txtai import Embeddings

    embeddings = Embeddings(
        method="external",
        transform=_transform(folder),
        instructions={"query": QUERY, "data": PASSAGE},
        content=True,
        hybrid=setting() == "hybrid",
    )
    embeddings.index((f"{number}{BETWEEN}{page}", text, None) for number, (page, text) in enumerate(pieces))
    embeddings.save(str(folder / DATABASE))


def open_index(folder: Path) -> Find:
    """Load the database; functions aren't saved with it, so it gets its own again."""
    from txtai import Embeddings

    embeddings = Embeddings()
    embeddings.load(str(folder / DATABASE), config={"transform": _transform(folder)})
    return lambda question, count: [
        (one["id"].partition(BETWEEN)[2], one["text"]) for one in embeddings.search(question, count)
    ]


def _transform(folder: Path) -> Callable[[list[str]], NDArray[np.float32]]:
    embedder = load(folder)

    def transform(texts: list[str]) -> NDArray[np.float32]:
        return embed_prefixed(embedder, texts)

    return transform


if __name__ == "__main__":
    work(build, open_index)
