"""Chunks as rows: what is scored together is ranked as it would be one by one."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.domain import ORIGINAL, Chunk, Filters, Hit
from assistant.retrieval.chunk_rows import ABSENT, ChunkRows


@pytest.fixture
def rows() -> ChunkRows:
    made = (
        Chunk("b", "", "", "begrip", "", ("jansen",)),
        Chunk("c", "", "", ORIGINAL, "", ("boonstra",)),
        Chunk("a", "", "", "begrip", "", ("jansen", "boonstra")),
    )
    return ChunkRows({chunk.id: chunk for chunk in made})


def test_chunks_that_score_the_same_are_ranked_by_their_ids(rows: ChunkRows) -> None:
    ranked = rows.ranking(np.array([0.5, 0.5, 0.9]), 3)
    assert ranked == (Hit("c", 0.9, "dense"), Hit("a", 0.5, "dense"), Hit("b", 0.5, "dense"))
    assert rows.ranking(np.array([0.5, 0.5, 0.9]), 2) == ranked[:2]


def test_what_is_absent_is_not_ranked_and_what_scores_low_is(rows: ChunkRows) -> None:
    assert rows.ranking(np.array([ABSENT, -0.5, ABSENT]), 3) == (Hit("b", -0.5, "dense"),)
    assert rows.ranking(np.full(3, ABSENT), 3) == ()


def test_a_ranking_gives_the_scores_that_it_was_made_from(rows: ChunkRows) -> None:
    scores = np.array([0.25, ABSENT, 0.75])
    assert rows.scores(rows.ranking(scores, 3)).tolist() == scores.tolist()
    assert rows.scores(()).tolist() == [ABSENT] * 3


@pytest.mark.parametrize(
    ("filters", "admitted"),
    [
        (Filters(), "abc"),
        (Filters(sources=frozenset({"boonstra"})), "ac"),
        (Filters(kinds=frozenset({"begrip"})), "ab"),
        (Filters(sources=frozenset({"boonstra"}), kinds=frozenset({"begrip"})), "a"),
        (Filters(sources=frozenset({"niemand"})), ""),
    ],
)
def test_filters_admit_kinds_and_sources(rows: ChunkRows, filters: Filters, admitted: str) -> None:
    assert [id_ for id_, is_in in zip("abc", rows.admitted(filters), strict=True) if is_in] == [*admitted]


def test_without_chunks_nothing_is_ranked() -> None:
    rows = ChunkRows({})
    assert rows.ranking(rows.scores(()), 3) == ()
    assert rows.admitted(Filters()).tolist() == []
