"""Sentences in groups, of which the nearest counts."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.retrieval.nearest import Groups, Phrasings
from assistant.retrieval.sentence_index import SentenceIndex


def test_of_each_group_the_nearest_sentence_counts() -> None:
    groups = Groups(["b", "a", "b", "", "c"])
    near = np.array([0.2, 0.5, 0.7, 0.9, -0.1], np.float32)
    assert groups.nearest(near) == {"a": pytest.approx(0.5), "b": pytest.approx(0.7)}


@pytest.mark.parametrize("names", [[], [""], ["", ""]])
def test_sentences_without_a_group_count_for_none(names: list[str]) -> None:
    assert Groups(names).nearest(np.ones(len(names), np.float32)) == {}


def test_random_groups_give_what_looking_at_each_sentence_gives() -> None:
    random = np.random.default_rng(4)
    for count in range(1, 60):
        names = [str(name) if name else "" for name in random.integers(0, 9, count)]
        near = random.normal(size=count).astype(np.float32)
        expected: dict[str, float] = {}
        for name, closeness in zip(names, near.tolist(), strict=True):
            if name and closeness > expected.get(name, 0.0):
                expected[name] = closeness
        assert Groups(names).nearest(near) == expected


def test_a_phrasing_counts_for_its_chunk_and_for_its_statement() -> None:
    index = SentenceIndex(["nut~nut#2~1", "nut~~1"], np.eye(2, dtype=np.float32))
    chunks, statements = Phrasings(index).nearest(np.array([0.3, 0.6], np.float32))
    assert chunks == {"nut": pytest.approx(0.6)}
    assert statements == {"nut#2": pytest.approx(0.3)}
