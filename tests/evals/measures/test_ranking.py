"""Rankings that can be scored by hand, and what holds for all."""

from __future__ import annotations

from math import log2

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.domain import Reference
from evals.items import Answerable, QuestionType
from evals.measures.ranking import RankScores, score_rankings, summarize_rankings
from evals.results import ALL

NAMES = "abcdefghijkl"


def section(name: str) -> Reference:
    return Reference("bron", f"Deel {name}")


def item(id_: str, gold: str, helpful: str = "") -> Answerable:
    return Answerable(
        id=id_,
        type=QuestionType.FACT,
        question="Wat?",
        sections=tuple(f"bron, Deel {name}" for name in gold),
        also=tuple(f"bron, Deel {name}" for name in helpful),
    )


def score(gold: str, helpful: str, ranking: str) -> RankScores:
    return score_rankings([item("q", gold, helpful)], {"q": [section(name) for name in ranking]})["q"]


def discounted(*grades: int) -> float:
    return sum(grade / log2(rank + 1) for rank, grade in enumerate(grades, start=1))


def test_a_small_ranking_scores_what_it_does_by_hand() -> None:
    found = score(gold="ab", helpful="c", ranking="cxaybz")
    assert found.ndcg == pytest.approx(discounted(1, 0, 2, 0, 2) / discounted(2, 2, 1))
    assert found.recall == 1.0
    assert found.reciprocal_rank == pytest.approx(1 / 3)


def test_recall_looks_at_the_first_five_and_at_what_holds_the_answer_only() -> None:
    found = score(gold="ab", helpful="c", ranking="acxyzb")
    assert found.recall == 0.5
    assert found.reciprocal_rank == 1.0


def test_what_helps_counts_in_the_ndcg_alone() -> None:
    found = score(gold="a", helpful="c", ranking="cd")
    assert found.ndcg == pytest.approx(discounted(1) / discounted(2, 1))
    assert (found.recall, found.reciprocal_rank) == (0.0, 0.0)


def test_what_comes_after_the_first_ten_does_not_count_in_the_ndcg() -> None:
    found = score(gold="l", helpful="", ranking="abcdefghijl")
    assert (found.ndcg, found.recall) == (0.0, 0.0)
    assert found.reciprocal_rank == pytest.approx(1 / 11)


def test_an_empty_ranking_scores_zero_and_so_does_one_beside_the_mark() -> None:
    for ranking in ("", "xyz"):
        assert score(gold="ab", helpful="c", ranking=ranking) == RankScores(0.0, 0.0, 0.0)


def test_an_item_without_gold_sections_is_not_scored() -> None:
    assert score_rankings([item("q", "")], {}) == {}
    found = score_rankings([item("q", ""), item("r", "a")], {"r": [section("a")]})
    assert found == {"r": RankScores(1.0, 1.0, 1.0)}


def test_each_item_is_scored_by_its_own_sections() -> None:
    rankings = {"q": [section("a"), section("b")], "r": [section("a"), section("b")]}
    found = score_rankings([item("q", "a"), item("r", "b")], rankings)
    assert found["q"].reciprocal_rank == 1.0
    assert found["r"].reciprocal_rank == 0.5


@settings(max_examples=50)
@given(
    st.lists(st.sampled_from(NAMES), unique=True, min_size=1, max_size=5),
    st.integers(1, 5),
    st.permutations("uvwxyz"),
)
def test_a_perfect_ranking_scores_one_whatever_follows(
    relevant: list[str], count: int, rest: list[str]
) -> None:
    gold, helpful = "".join(relevant[:count]), "".join(relevant[count:])
    found = score(gold, helpful, gold + helpful + "".join(rest))
    assert found.ndcg == pytest.approx(1.0)
    assert (found.recall, found.reciprocal_rank) == (1.0, 1.0)


@settings(max_examples=50)
@given(st.permutations(NAMES[:7]))
def test_no_order_scores_outside_zero_and_one_or_better_than_the_perfect_one(ranking: list[str]) -> None:
    found = score("ab", "c", "".join(ranking))
    assert 0 < found.ndcg <= 1 + 1e-9
    is_perfect = set(ranking[:2]) == {"a", "b"} and ranking[2] == "c"
    assert (found.ndcg > 1 - 1e-9) == is_perfect
    assert found.recall == sum(name in ranking[:5] for name in "ab") / 2
    assert found.reciprocal_rank == pytest.approx(1 / (1 + min(map(ranking.index, "ab"))))


def test_there_is_a_row_for_all_and_one_for_each_type() -> None:
    scores = {"q": RankScores(1, 1, 1), "r": RankScores(0, 0.5, 0.25), "s": RankScores(0.5, 0, 0.25)}
    rows = summarize_rankings("dense", scores, {"q": "fact", "r": "why", "s": "why", "t": "list"})
    assert [(row.system, row.type, row.ndcg.count) for row in rows] == [
        ("dense", ALL, 3),
        ("dense", "fact", 1),
        ("dense", "why", 2),
    ]
    assert [row.ndcg.mean for row in rows] == [0.5, 1.0, 0.25]
    assert rows[0].recall.mean == 0.5
    assert rows[0].reciprocal_rank.mean == 0.5
