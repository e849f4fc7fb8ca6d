"""Fusion: what holds for all rankings, and a few that can be checked by hand."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain import Engine, Hit, Ranking
from assistant.retrieval.fusion import FULL_RANGE, fuse, fuse_by_rank


def rankings(engine: Engine, low: float, high: float) -> st.SearchStrategy[Ranking]:
    """Draw rankings over a few ids, best first."""
    scores = st.dictionaries(st.sampled_from("abcdefgh"), st.floats(low, high), max_size=8)
    return scores.map(
        lambda of: tuple(
            Hit(id_, score, engine) for id_, score in sorted(of.items(), key=lambda hit: (-hit[1], hit[0]))
        )
    )


DENSE = rankings("dense", -1.0, 1.0)
KEYWORDS = rankings("keywords", 0.0, 40.0)
WEIGHTS = st.floats(0, 1)


def ids(ranking: Ranking) -> list[str]:
    return [hit.chunk_id for hit in ranking]


@given(DENSE, KEYWORDS, WEIGHTS)
def test_scores_stay_between_0_and_1_and_come_best_first(
    dense: Ranking, keywords: Ranking, weight: float
) -> None:
    for fused in (fuse(dense, keywords, weight), fuse_by_rank(dense, keywords)):
        scores = [hit.score for hit in fused]
        assert all(0 <= score <= 1 for score in scores)
        assert scores == sorted(scores, reverse=True)
        assert {hit.engine for hit in fused} <= {"fusion"}


@given(DENSE, KEYWORDS, WEIGHTS)
def test_every_hit_of_either_is_there_once(dense: Ranking, keywords: Ranking, weight: float) -> None:
    for fused in (fuse(dense, keywords, weight), fuse_by_rank(dense, keywords)):
        assert sorted(ids(fused)) == sorted({*ids(dense), *ids(keywords)})


@given(DENSE, KEYWORDS, WEIGHTS, st.randoms(use_true_random=False))
def test_the_order_in_which_hits_come_in_makes_no_difference(
    dense: Ranking, keywords: Ranking, weight: float, chance: random.Random
) -> None:
    mixed = tuple(chance.sample(dense, len(dense)))
    mixed_keywords = tuple(chance.sample(keywords, len(keywords)))
    assert fuse(mixed, mixed_keywords, weight) == fuse(dense, keywords, weight)
    assert fuse_by_rank(mixed, mixed_keywords) == fuse_by_rank(dense, keywords)


@given(DENSE, KEYWORDS, WEIGHTS)
def test_a_hit_that_is_first_in_both_is_first(dense: Ranking, keywords: Ranking, weight: float) -> None:
    if dense and keywords and dense[0].chunk_id == keywords[0].chunk_id:
        assert ids(fuse(dense, keywords, weight))[0] == dense[0].chunk_id
        assert ids(fuse_by_rank(dense, keywords))[0] == dense[0].chunk_id


@given(DENSE, WEIGHTS)
def test_one_engine_alone_keeps_its_order(dense: Ranking, weight: float) -> None:
    assert ids(fuse(dense, (), weight)) == ids(dense)
    assert ids(fuse_by_rank(dense, ())) == ids(dense)


def test_scores_can_be_checked_by_hand() -> None:
    dense = (Hit("a", 0.90, "dense"), Hit("b", 0.80, "dense"))
    keywords = (Hit("b", 8.0, "keywords"), Hit("c", 2.0, "keywords"))
    fused = {hit.chunk_id: hit.score for hit in fuse(dense, keywords, weight=0.6)}
    assert fused == pytest.approx({"a": 0.6 * 0.75, "b": 0.6 * 0.25 + 0.4, "c": 0.4 * 0.25})


def test_a_weight_of_one_is_the_dense_order_and_of_nothing_the_other() -> None:
    dense = (Hit("a", 0.90, "dense"), Hit("b", 0.80, "dense"))
    keywords = (Hit("b", 8.0, "keywords"), Hit("a", 2.0, "keywords"))
    assert ids(fuse(dense, keywords, weight=1)) == ["a", "b"]
    assert ids(fuse(dense, keywords, weight=0)) == ["b", "a"]


def test_without_keywords_the_dense_score_has_all_the_weight() -> None:
    assert fuse((Hit("a", 0.95, "dense"),), (), weight=0.6)[0].score == pytest.approx(1)


def test_a_weak_best_hit_stays_weak() -> None:
    assert fuse((Hit("a", 0.76, "dense"),), (), weight=0.6)[0].score == pytest.approx(0.05)


def test_a_model_that_uses_the_whole_scale_is_not_clipped() -> None:
    low, high = Hit("a", 0.3, "dense"), Hit("b", 0.6, "dense")
    assert [hit.score for hit in fuse((high, low), (), 0.6, FULL_RANGE)] == pytest.approx([0.6, 0.3])


def test_nothing_gives_nothing() -> None:
    assert fuse((), (), weight=0.5) == ()
    assert fuse_by_rank((), ()) == ()


def test_ranks_add_up_to_reciprocals() -> None:
    fused = fuse_by_rank((Hit("a", 0.9, "dense"), Hit("b", 0.8, "dense")), (Hit("b", 3.0, "keywords"),))
    assert ids(fused) == ["b", "a"]
    assert [hit.score for hit in fused] == pytest.approx([1 / 62 + 1 / 61, 1 / 61])
