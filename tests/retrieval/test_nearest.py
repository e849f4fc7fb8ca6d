"""Sentences in groups, of which the nearest counts."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.domain import Chunk
from assistant.retrieval.chunk_rows import ChunkRows
from assistant.retrieval.nearest import Groups, Phrasings
from assistant.retrieval.sentence_index import SentenceIndex


def nearest(names: Sequence[str], closeness: NDArray[np.float32]) -> dict[str, float]:
    """Return how near the nearest sentence of each group is."""
    groups = Groups(names)
    return dict(zip(groups.names, groups.nearest(closeness).tolist(), strict=True))


def test_of_each_group_the_nearest_sentence_counts() -> None:
    near = np.array([0.2, 0.5, 0.7, 0.9, -0.1], np.float32)
    assert nearest(["b", "a", "b", "", "c"], near) == pytest.approx({"a": 0.5, "b": 0.7, "c": -0.1})


@pytest.mark.parametrize("names", [[], [""], ["", ""]])
def test_sentences_without_a_group_count_for_none(names: list[str]) -> None:
    assert nearest(names, np.ones(len(names), np.float32)) == {}


def test_random_groups_give_what_looking_at_each_sentence_gives() -> None:
    random = np.random.default_rng(4)
    for count in range(1, 60):
        names = [str(name) if name else "" for name in random.integers(0, 9, count)]
        near = random.normal(size=count).astype(np.float32)
        expected: dict[str, float] = {}
        for name, closeness in zip(names, near.tolist(), strict=True):
            if name and closeness > expected.get(name, -math.inf):
                expected[name] = closeness
        assert nearest(names, near) == expected


def test_a_phrasing_counts_for_its_chunk_and_for_its_statement_if_it_is_near() -> None:
    rows = ChunkRows({id_: Chunk(id_, "", "", "begrip", "", ()) for id_ in ("nut", "ander", "ver")})
    index = SentenceIndex(["nut~nut#2~1", "nut~~1", "ver~ver#1~1"], np.eye(3, dtype=np.float32))
    chunks, statements = Phrasings(index, rows).nearest(np.array([0.3, 0.6, -0.2], np.float32))
    assert [hit.chunk_id for hit in rows.ranking(chunks, 5)] == ["nut"]
    assert rows.ranking(chunks, 5)[0].score == pytest.approx(0.6)
    assert statements == {"nut#2": pytest.approx(0.3)}
