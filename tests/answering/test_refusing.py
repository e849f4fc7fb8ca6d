"""When a question is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.refusing import RefusalPolicy
from assistant.domain import ORIGINAL, Chunk, Findings, Intent, Language, Passage, Query, RefusalReason

PASSAGE = Passage(Chunk("bron-1", "…", "Boek", ORIGINAL, "Deel", ("boek",)), 0.5)


def decide(
    similarity: float, coverage: float, language: Language = Language.DUTCH, intent: Intent = Intent.FACT
) -> RefusalReason | None:
    query = Query("…", language, intent)
    return RefusalPolicy().decide(query, Findings((PASSAGE,), similarity, coverage, ()))


@pytest.mark.parametrize(
    ("similarity", "coverage", "reason"),
    [
        (0.78, 1.0, RefusalReason.OUT_OF_SCOPE),
        (0.87, 0.1, RefusalReason.NOT_IN_SOURCES),
        (0.85, 1.0, RefusalReason.NOT_IN_SOURCES),
        (0.91, 0.6, None),
        (0.86, 1.0, None),
    ],
)
def test_similarity_and_coverage_decide_together(
    similarity: float, coverage: float, reason: RefusalReason | None
) -> None:
    assert decide(similarity, coverage) is reason


def test_a_statement_may_be_nearer_than_any_passage() -> None:
    findings = Findings((PASSAGE,), 0.83, 1.0, (), {"kaart#1": 0.9})
    assert RefusalPolicy().decide(Query("…", Language.DUTCH, Intent.FACT), findings) is None


def test_nothing_found_is_refused() -> None:
    query = Query("…", Language.DUTCH, Intent.FACT)
    assert RefusalPolicy().decide(query, Findings((), 0.0, 0.0, ())) is RefusalReason.OUT_OF_SCOPE


def test_an_english_question_needs_no_words_in_common_with_dutch_texts() -> None:
    assert decide(0.88, 0.0, Language.ENGLISH) is None


def test_a_story_may_hold_words_that_no_text_has() -> None:
    assert decide(0.87, 0.45, intent=Intent.SITUATION) is None
    assert decide(0.87, 0.45, intent=Intent.FACT) is RefusalReason.NOT_IN_SOURCES


@given(st.floats(0.7, 1.0), st.floats(0.0, 1.0), st.floats(0.0, 0.1), st.floats(0.0, 0.2))
def test_finding_more_never_turns_an_answer_into_a_refusal(
    similarity: float, coverage: float, closer: float, more: float
) -> None:
    if decide(similarity, coverage) is None:
        assert decide(min(1.0, similarity + closer), min(1.0, coverage + more)) is None
