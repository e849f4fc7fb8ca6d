"""What is measured: the product on an index of its own, with the legs of its retrieval in reach."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from assistant.answering.understanding import Understanding
from assistant.bootstrap import Assistant, Indexer, load_reranker
from assistant.domain import Catalogue, Chunk, Reference
from assistant.indexing.opening import OpenVersion, open_version
from assistant.indexing.versions import IndexFolder
from assistant.retrieval.embedding import Embedder
from assistant.retrieval.reranking import Reranker
from assistant.settings import Settings, read_settings


@dataclass(frozen=True, slots=True)
class Bench:
    """An assistant, and the index that it answers from, opened a second time."""

    assistant: Assistant
    opened: OpenVersion
    embedder: Embedder
    reranker: Reranker | None
    understanding: Understanding
    sections: Mapping[str, tuple[Reference, ...]]
    """The sections of the sources that each chunk carries, by chunk id."""

    @property
    def way(self) -> str:
        """Return ``originals`` if their texts are there, else ``cards``."""
        return "originals" if self.opened.catalogue.documents else "cards"


class RememberingEmbedder:
    """An embedder that embeds no question or passage twice: systems are asked, and indexes hold, the same."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._known: dict[str, NDArray[np.float32]] = {}
        self._passages: dict[str, NDArray[np.float32]] = {}
        self.engine = embedder.engine
        self.model = embedder.model
        self.dimension = embedder.dimension

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """Embed a question; shape (dimension,)."""
        if text not in self._known:
            self._known[text] = self._embedder.embed_query(text)
        return self._known[text]

    def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embed questions; shape (len(texts), dimension)."""
        return self._embedder.embed_queries(texts)

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embed passages; shape (len(texts), dimension)."""
        new = [text for text in dict.fromkeys(texts) if text not in self._passages]
        if new:
            self._passages.update(zip(new, self._embedder.embed_passages(new), strict=True))
        rows = [self._passages[text] for text in texts]
        return np.array(rows, dtype=np.float32).reshape(len(texts), self.dimension)


@contextmanager
def open_bench(settings: Settings, embedder: Embedder) -> Iterator[Bench]:
    """Build the index of the settings if need be, and open it for measuring."""
    Indexer(settings, embedder).build(lambda step: None)
    folder = IndexFolder(settings.index_folder)
    reranker = load_reranker(settings)
    with (
        closing(Assistant(settings, embedder)) as assistant,
        closing(open_version(folder, folder.require_current(), embedder, reranker)) as opened,
    ):
        sections = {id_: sections_of(chunk, opened.catalogue) for id_, chunk in opened.chunks.items()}
        cards = opened.catalogue.cards.values()
        understanding = Understanding(settings.prompts / "understanding.yaml", cards)
        yield Bench(assistant, opened, embedder, reranker, understanding, sections)


@contextmanager
def both_ways(settings: Settings, is_own: bool = False) -> Iterator[list[Settings]]:
    """Give the settings of each way: cards alone first, then with the originals if they are here.

    A user's own corpus is measured one way: as it is.
    """
    with TemporaryDirectory() as name:
        if is_own:
            yield [settings]
            return
        folders = {one: Path(name) / one for one in ("data", "originals")}
        for folder in folders.values():
            folder.mkdir()
        cards = read_settings(**folders)
        yield [cards, settings] if settings.originals_folder else [cards]


def sections_of(chunk: Chunk, catalogue: Catalogue) -> tuple[Reference, ...]:
    """Return the sections that a chunk carries: its own, or those that its card's statements cite.

    What more of its statements cite comes first.
    """
    if chunk.card_id is None:
        return tuple(Reference(source, chunk.section) for source in chunk.source_ids)
    counts: dict[Reference, int] = {}
    for section in catalogue.cards[chunk.card_id].sections:
        if section.heading == chunk.section:
            for statement in section.statements:
                for reference in statement.references:
                    counts[reference] = counts.get(reference, 0) + 1
    return tuple(sorted(counts, key=lambda reference: -counts[reference]))
