"""Vectors of single statements."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assistant.errors import IndexDamaged
from assistant.retrieval.sentence_index import SentenceIndex, write_sentence_index

VECTORS = np.array([[1, 0, 0], [0, 0.6, 0.8]], dtype=np.float32)


def test_what_was_written_is_compared_with_each_question(tmp_path: Path) -> None:
    write_sentence_index(tmp_path / "statements.npz", ["a#1", "b#1"], VECTORS)
    closeness = SentenceIndex.open(tmp_path / "statements.npz").closeness(np.array([0, 0, 1], np.float32))
    assert closeness == {"a#1": 0.0, "b#1": pytest.approx(0.8, abs=1e-3)}


def test_no_statements_are_close_to_nothing(tmp_path: Path) -> None:
    write_sentence_index(tmp_path / "statements.npz", [], np.zeros((0, 3), np.float32))
    assert SentenceIndex.open(tmp_path / "statements.npz").closeness(np.ones(3, np.float32)) == {}


def test_the_nearest_is_as_near_as_the_closest_and_none_is_nearer_than_nothing() -> None:
    index = SentenceIndex(["a#1", "b#1"], VECTORS)
    assert index.nearest(np.array([0, 0, 1], np.float32)) == pytest.approx(0.8)
    assert index.nearest(np.array([-1, 0, 0], np.float32)) == 0
    assert SentenceIndex([], np.zeros((0, 3), np.float32)).nearest(np.ones(3, np.float32)) == 0


def test_of_an_index_only_the_sentences_that_pass_are_kept() -> None:
    kept = SentenceIndex(["a#1", "b#1"], VECTORS).among(lambda id_: id_.startswith("b"))
    assert kept.closeness(np.array([0, 0, 1], np.float32)) == {"b#1": pytest.approx(0.8)}


def test_ids_and_vectors_that_do_not_match_are_an_error(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="1 sentences with 2 vectors"):
        write_sentence_index(tmp_path / "statements.npz", ["a#1"], VECTORS)


@pytest.mark.parametrize("content", [b"", b"no archive"])
def test_a_damaged_file_is_noticed(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "statements.npz").write_bytes(content)
    with pytest.raises(IndexDamaged):
        SentenceIndex.open(tmp_path / "statements.npz")
