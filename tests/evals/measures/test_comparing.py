"""Follow-ups beside their standalone form and English beside Dutch, asked of the real assistant."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.domain import Answer, Question, outcome_of
from evals.bench import Bench
from evals.items import Answerable, FollowUp, Nugget, QuestionType, Twin
from evals.judging.words import WordJudge
from evals.measures.comparing import Pair, compare_follow_ups, compare_twins, converse, summarize_pairs
from evals.measures.ranking import RankScores

PHASES = "Welke vier fasen kent een waardengedreven alliantie?"
CYCLE = "boonstra-2023-strategisch-samenwerken, De levenscyclus van waardengedreven allianties"
BOTH_KINDS = "jansen-2004-alliantievertrouwen, Calculatief en relationeel vertrouwen"
TRUST = Answerable(
    id="vertrouwen",
    type=QuestionType.COMPARISON,
    question="Wat is het verschil tussen calculatief en relationeel vertrouwen?",
    nuggets=(Nugget(text="reputatie", keys=("reputatie",)), Nugget(text="bruggen", keys=("bruggen",))),
    sections=(BOTH_KINDS,),
)
FULL, HALF = RankScores(1, 1, 1), RankScores(0.5, 0.5, 0.5)
EQUAL = Pair("q", FULL, FULL, 0.5, 0.5, False, False)


def follow_up(question: str, standalone: str, section: str = CYCLE) -> FollowUp:
    return FollowUp(id="en", before=(PHASES,), question=question, standalone=standalone, sections=(section,))


def test_a_conversation_is_held_for_real(card_bench: Bench) -> None:
    turns = converse(card_bench, [PHASES, "En de tweede?"])
    assert [turn.role for turn in turns] == ["user", "assistant"] * 2
    assert [turn.content for turn in turns[::2]] == [PHASES, "En de tweede?"]
    first = outcome_of(card_bench.assistant.ask(Question(PHASES)))
    second = outcome_of(card_bench.assistant.ask(Question("En de tweede?", turns[:2])))
    assert [turn.content for turn in turns[1::2]] == [first.markdown, second.markdown]
    assert "funderen" in second.markdown.casefold()


def test_a_follow_up_that_is_understood_finds_what_its_standalone_form_finds(
    card_bench: Bench, judge: WordJudge
) -> None:
    item = follow_up(
        "En de tweede?", "Wat houdt funderen in, de tweede fase van een waardengedreven alliantie?"
    )
    (pair,) = compare_follow_ups(card_bench, [item], judge)
    assert (pair.id, pair.is_weaker) == ("en", False)
    assert pair.form.recall == pair.other.recall == 1.0
    assert (pair.is_refused, pair.other_is_refused) == (False, False)
    assert (pair.vital, pair.other_vital) == (None, None)


def test_a_follow_up_about_something_else_is_weaker(card_bench: Bench, judge: WordJudge) -> None:
    item = follow_up("Hoe ver is de maan?", TRUST.question, BOTH_KINDS)
    (pair,) = compare_follow_ups(card_bench, [item], judge)
    assert pair.is_weaker
    assert pair.is_refused
    assert not pair.other_is_refused
    assert pair.form.recall < pair.other.recall


def test_a_twin_is_asked_in_english_and_judged_by_the_nuggets_of_its_dutch_question(
    card_bench: Bench, judge: WordJudge
) -> None:
    twin = Twin(
        id="en-vertrouwen",
        of=TRUST.id,
        question="What is the difference between calculative and relational trust?",
    )
    (pair,) = compare_twins(card_bench, [twin], {TRUST.id: TRUST}, judge)
    assert pair.id == "en-vertrouwen"
    assert (pair.form.recall, pair.other.recall) == (1.0, 1.0)
    assert (pair.vital, pair.other_vital) == (0.5, 0.5)


def test_a_twin_that_asks_something_else_is_weaker_than_its_dutch_question(
    card_bench: Bench, judge: WordJudge
) -> None:
    twin = Twin(id="en-maan", of=TRUST.id, question="How far away is the moon?")
    (pair,) = compare_twins(card_bench, [twin], {TRUST.id: TRUST}, judge)
    assert pair.is_weaker
    assert (pair.form.recall, pair.other.recall) == (0.0, 1.0)
    assert (pair.vital, pair.other_vital) == (0.0, 0.5)
    assert (pair.is_refused, pair.other_is_refused) == (True, False)


def test_a_twin_of_an_item_without_gold_sections_is_not_compared(card_bench: Bench, judge: WordJudge) -> None:
    bare = TRUST.model_copy(update={"sections": ()})
    twin = Twin(id="en-vertrouwen", of=TRUST.id, question="What is trust?")
    assert compare_twins(card_bench, [twin], {TRUST.id: bare}, judge) == ()


@pytest.mark.originals
def test_with_the_originals_too_a_follow_up_gets_an_answer(original_bench: Bench) -> None:
    turns = converse(original_bench, [PHASES])
    outcome = outcome_of(original_bench.assistant.ask(Question("En de tweede?", turns)))
    assert isinstance(outcome, Answer)
    assert "funderen" in outcome.markdown.casefold()


@pytest.mark.parametrize(
    ("pair", "is_weaker"),
    [
        (EQUAL, False),
        (replace(EQUAL, form=HALF), True),
        (replace(EQUAL, other=HALF), False),
        (replace(EQUAL, vital=0.25), True),
        (replace(EQUAL, vital=0.75), False),
        (replace(EQUAL, vital=None, other_vital=None), False),
        (replace(EQUAL, is_refused=True), True),
        (replace(EQUAL, is_refused=True, other_is_refused=True), False),
        (replace(EQUAL, other_is_refused=True), False),
    ],
)
def test_a_form_is_weaker_if_it_finds_less_or_is_refused_alone(pair: Pair, is_weaker: bool) -> None:
    assert pair.is_weaker is is_weaker


def test_pairs_are_put_together_by_their_means() -> None:
    found = summarize_pairs(
        [EQUAL, replace(EQUAL, form=HALF, vital=0.0, is_refused=True), replace(EQUAL, vital=None)]
    )
    assert found is not None
    assert found.recall.mean == pytest.approx(2.5 / 3)
    assert found.other_recall.mean == 1.0
    assert found.recall_ratio == found.ndcg_ratio == pytest.approx(2.5 / 3)
    assert found.vital is not None
    assert found.other_vital is not None
    assert (found.vital.mean, found.vital.count) == (0.25, 2)
    assert found.other_vital.mean == 0.5
    assert found.refused == pytest.approx(1 / 3)
    assert found.other_refused == 0.0


def test_no_pairs_are_not_put_together() -> None:
    assert summarize_pairs([]) is None


def test_pairs_without_nuggets_have_no_coverage() -> None:
    found = summarize_pairs([replace(EQUAL, vital=None, other_vital=None)])
    assert found is not None
    assert (found.vital, found.other_vital) == (None, None)
