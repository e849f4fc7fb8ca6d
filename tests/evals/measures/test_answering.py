"""Coverage, support, length and reading ease of answers, on answers that can be counted by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from assistant.domain import CheckedClaim, Claim
from evals.items import Answerable, Nugget, QuestionType
from evals.judging.verdicts import Support
from evals.judging.words import WordJudge
from evals.measures.answering import (
    AnswerScores,
    count_words,
    score_answer,
    summarize_answers,
    support_of,
    types_of,
)
from evals.readability import reading_ease
from evals.results import ALL
from tests.evals.measures.outcomes import answered, refused

ITEM = Answerable(
    id="groei",
    type=QuestionType.WHY,
    question="Hoe groeit vertrouwen?",
    nuggets=(
        Nugget(text="het groeit traag", keys=("groei", "traag|langzaam")),
        Nugget(text="het gaat snel verloren", keys=("snel", "verlo|verdwijn")),
        Nugget(text="het vraagt tijd", keys=("tijd",), vital=False),
        Nugget(text="het vraagt geduld", keys=("geduld",), vital=False),
    ),
)


class Unwilling:
    """A judge that wants to be left alone."""

    name = "unwilling"

    def holds(self, nugget: Nugget, answer: str) -> bool:
        raise RuntimeError("judged")

    def supports(self, claim: str, quotes: Sequence[str]) -> Support:
        raise RuntimeError("judged")


def scores(
    type_: str = "why",
    text: str = "Het groeit.",
    vital: float | None = 0.5,
    support: float | None = None,
    words: int = 2,
) -> AnswerScores:
    return AnswerScores(type_, text, vital, vital, (), support, words)


def test_coverage_is_the_share_of_the_nuggets_that_are_in_the_answer(judge: WordJudge) -> None:
    found = score_answer(ITEM, "Vertrouwen groeit **langzaam**. [1]\n\n- Het vraagt tijd. [2]", judge, 0.5)
    assert (found.vital, found.nuggets) == (0.5, 0.5)
    assert found.missing == ("het gaat snel verloren",)
    assert (found.type, found.support, found.words) == ("why", 0.5, 6)


def test_a_refusal_covers_nothing(judge: WordJudge) -> None:
    found = score_answer(ITEM, "", judge)
    assert (found.vital, found.nuggets, found.words, found.f1) == (0.0, 0.0, 0, 0.0)
    assert found.missing == ("het groeit traag", "het gaat snel verloren")


def test_a_refusal_is_not_judged() -> None:
    with pytest.raises(RuntimeError, match="judged"):
        score_answer(ITEM, "Vertrouwen groeit.", Unwilling())
    assert score_answer(ITEM, "", Unwilling()).vital == 0.0


def test_an_item_without_nuggets_has_no_coverage(judge: WordJudge) -> None:
    found = score_answer(ITEM.model_copy(update={"nuggets": ()}), "Vertrouwen groeit.", judge)
    assert (found.vital, found.nuggets, found.missing, found.f1) == (None, None, (), None)


def test_an_item_with_minor_nuggets_only_has_no_vital_coverage(judge: WordJudge) -> None:
    found = score_answer(ITEM.model_copy(update={"nuggets": ITEM.nuggets[2:]}), "Dat vraagt tijd.", judge)
    assert (found.vital, found.nuggets) == (None, 0.5)


@pytest.mark.parametrize(
    ("vital", "support", "f1"),
    [
        (1.0, 0.5, 2 / 3),
        (0.5, None, 2 / 3),
        (0.5, 0.5, 0.5),
        (0.0, 0.0, 0.0),
        (1.0, 0.0, 0.0),
        (None, 1.0, None),
    ],
)
def test_the_f1_is_the_harmonic_mean_of_support_and_vital_coverage(
    vital: float | None, support: float | None, f1: float | None
) -> None:
    found = scores(vital=vital, support=support).f1
    assert found == (None if f1 is None else pytest.approx(f1))


def test_support_is_the_share_of_claims_that_their_quotes_carry(judge: WordJudge) -> None:
    answer = answered()
    (citation, _) = answer.citations
    good = CheckedClaim(Claim("Vertrouwen groeit traag.", ()), (citation,))
    beside = CheckedClaim(Claim("Bruggen hebben pijlers.", ()), (citation,))
    bare = CheckedClaim(Claim("Vertrouwen groeit traag.", ()), ())
    assert support_of(replace(answer, claims=(good,)), judge) == 1.0
    assert support_of(replace(answer, claims=(good, beside, bare, good)), judge) == 0.5


def test_a_refusal_and_an_answer_without_claims_have_no_support(judge: WordJudge) -> None:
    assert support_of(refused(), judge) is None
    assert support_of(replace(answered(), claims=()), judge) is None


@pytest.mark.parametrize(
    ("markdown", "count"),
    [("", 0), ("Een brug. [1]", 2), ("- **Een brug.** Van steen. [1][2]\n1. Met pijlers", 6)],
)
def test_marks_are_no_words(markdown: str, count: int) -> None:
    assert count_words(markdown) == count


def test_there_is_a_row_for_all_answers_and_one_for_each_type() -> None:
    rows = summarize_answers(
        "product",
        [
            scores("why", "De kat zit op de mat.", 1.0, 1.0, 6),
            scores("why", "", 0.0, None, 0),
            scores("fact", "De kat zit. Vertrouwen groeit.", 0.5, 0.5, 5),
            scores("fact", "Het groeit.", None, None, 2),
        ],
    )
    assert [(row.type, row.vital.count, row.vital.mean) for row in rows] == [
        (ALL, 3, 0.5),
        ("why", 2, 0.5),
        ("fact", 1, 0.5),
    ]
    everything, why, _ = rows
    assert everything.support is not None
    assert (everything.support.mean, everything.support.count) == (0.75, 2)
    assert everything.f1.mean == pytest.approx((1 + 0 + 0.5) / 3)
    assert everything.words == pytest.approx(13 / 3)
    assert everything.most_words == 6
    assert why.readability == pytest.approx(reading_ease("De kat zit op de mat."))


def test_where_all_was_refused_there_is_nothing_to_read() -> None:
    everything, _ = summarize_answers("product", [scores(text="", vital=0.0, words=0)])
    assert (everything.words, everything.most_words, everything.readability) == (0.0, 0, 0.0)
    assert (everything.support, everything.vital.mean) == (None, 0.0)


def test_no_answers_give_no_rows() -> None:
    assert summarize_answers("product", []) == ()


def test_types_are_known_by_id() -> None:
    assert types_of([ITEM]) == {"groei": "why"}


def test_an_answer_that_says_what_it_quotes_is_wholly_supported(judge: WordJudge) -> None:
    answer = answered()
    quoting = tuple(
        CheckedClaim(Claim(citation.evidence.quote, ()), (citation,)) for citation in answer.citations
    )
    assert support_of(replace(answer, claims=quoting), judge) == 1.0
