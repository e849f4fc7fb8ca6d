"""The baselines: rankings without repeats, and answers out of sentences that are there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.domain import Question, Ranking
from evals.bench import Bench
from evals.judging.nuggets import sentences
from evals.systems import (
    LONGEST,
    READ,
    Meaning,
    Product,
    RankFusion,
    System,
    Words,
    build_baselines,
    extract,
)
from evals.textbook import split_like_a_textbook

NAMES = ("bm25", "dense", "rrf", "textbook")
QUESTIONS = (
    "Wat is het verschil tussen calculatief en relationeel vertrouwen?",
    "How do you deal with a paradox?",
    "Wie won de wedstrijd?",
)
BOTH_KINDS = ("jansen-2004-alliantievertrouwen", "Calculatief en relationeel vertrouwen")


class ByLength:
    """Finds the longest sentence the nearest."""

    def chunks(self, text: str) -> Ranking:
        return ()

    def of(self, text: str, listed: Sequence[str]) -> NDArray[np.floating]:
        return np.array([float(len(one)) for one in listed])


@pytest.fixture(
    scope="module", params=["card_bench", pytest.param("original_bench", marks=pytest.mark.originals)]
)
def small(request: pytest.FixtureRequest) -> Bench:
    """A bench whose textbook has little to embed; the index is whole."""
    found = request.getfixturevalue(request.param)
    assert isinstance(found, Bench)
    catalogue = found.opened.catalogue
    shortest = sorted(catalogue.documents.values(), key=lambda document: len(document.text))[:1]
    few = replace(
        catalogue,
        documents={document.source_id: document for document in shortest},
        cards=dict(islice(catalogue.cards.items(), 2)),
    )
    return replace(found, opened=replace(found.opened, catalogue=few))


@pytest.fixture(scope="module")
def baselines(small: Bench) -> dict[str, System]:
    return {system.name: system for system in build_baselines(small)}


def test_the_baselines_are_both_legs_plain_fusion_and_the_textbook(baselines: dict[str, System]) -> None:
    assert tuple(baselines) == NAMES


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("question", QUESTIONS)
def test_a_baseline_ranks_each_section_once(baselines: dict[str, System], name: str, question: str) -> None:
    ranking = baselines[name].rank(Question(question))
    assert len(set(ranking)) == len(ranking)
    assert ranking or name == "bm25"


@pytest.mark.parametrize("name", NAMES[:3])
def test_a_leg_finds_the_section_that_a_plain_question_is_about(
    baselines: dict[str, System], name: str
) -> None:
    first = [(one.source_id, one.section) for one in baselines[name].rank(Question(QUESTIONS[0]))[:3]]
    assert BOTH_KINDS in first


@pytest.mark.parametrize("name", NAMES)
def test_a_baseline_answers_within_the_limit_and_with_sentences_that_are_there(
    small: Bench, baselines: dict[str, System], name: str
) -> None:
    texts = [chunk.text for chunk in small.opened.chunks.values()]
    if name == "textbook":
        texts = [split.text for split in split_like_a_textbook(small.opened.catalogue)]
    known = {sentence for text in texts for sentence in sentences(text)}
    said = baselines[name].answer(Question(QUESTIONS[0])).splitlines()
    assert len(" ".join(said).split()) <= LONGEST
    assert [sentence for sentence in said if sentence not in known] == []
    assert said


def test_a_leg_answers_from_its_best_chunks_only(small: Bench, baselines: dict[str, System]) -> None:
    best = Meaning(small).chunks(QUESTIONS[0])[:READ]
    known = {sentence for hit in best for sentence in sentences(small.opened.chunks[hit.chunk_id].text)}
    assert set(baselines["dense"].answer(Question(QUESTIONS[0])).splitlines()) <= known


def test_the_product_ranks_each_section_once_and_the_right_one_first(small: Bench) -> None:
    ranking = Product(small).rank(Question(QUESTIONS[0]))
    assert len(set(ranking)) == len(ranking)
    assert (ranking[0].source_id, ranking[0].section) == BOTH_KINDS


def test_a_sentence_with_the_words_of_the_question_is_nearer_than_one_without(small: Bench) -> None:
    meaning, words = Meaning(small), Words(small.opened.keywords)
    listed = ["De winkel verkoopt meel.", "Calculatief vertrouwen rust op reputatie."]
    for nearness in (meaning, words, RankFusion(meaning, words)):
        beside, near = nearness.of("Wat is calculatief vertrouwen?", listed)
        assert near > beside


def test_no_sentence_is_embedded_twice(small: Bench) -> None:
    meaning = Meaning(small)
    listed = ["De winkel verkoopt meel.", "De winkel verkoopt meel.", "De molen maalt."]
    first = meaning.of("Wat verkoopt de winkel?", listed)
    assert first[0] == first[1]
    assert meaning.of("Wat verkoopt de winkel?", listed[2:])[0] == pytest.approx(float(first[2]), abs=1e-4)


def test_the_nearest_sentences_come_first_and_each_once() -> None:
    passages = ["Kort. Een lange zin over bruggen.", "Een lange zin over bruggen. Iets langer."]
    assert extract("?", passages, ByLength()).splitlines() == [
        "Een lange zin over bruggen.",
        "Iets langer.",
        "Kort.",
    ]


def test_an_answer_ends_before_the_sentence_that_would_make_it_too_long() -> None:
    passages = [" ".join([f"woord{number}"] * 40) + "." for number in range(10, 16)]
    said = extract("?", passages, ByLength()).splitlines()
    assert said == passages[: LONGEST // 40]


def test_without_passages_there_is_nothing_to_say() -> None:
    assert extract("?", [], ByLength()) == ""
    assert extract("?", [" \n"], ByLength()) == ""
