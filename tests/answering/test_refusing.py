"""When a question is refused: the shipped calibration, and files that aren't one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.refusing import FILE, RefusalPolicy, signals
from assistant.domain import ORIGINAL, Chunk, Findings, Intent, Language, Passage, Query, RefusalReason
from assistant.errors import InvalidTexts

POLICY = RefusalPolicy.read()
WEIGHTS: dict[str, float] = {str(name): weight for name, weight in POLICY.weights.items()}
PASSAGE = Passage(Chunk("bron-1", "…", "Boek", ORIGINAL, "Deel", ("boek",)), 0.5)
QUERY = Query("Hoe groeit vertrouwen tussen partners?", Language.DUTCH, Intent.HOW_TO)
NOTHING = Findings((), 0.0, 0.0, ())
CLEAR = Findings((PASSAGE,), 0.92, 1.0, (), {"kaart#1": 0.93}, best_phrasing=0.93, best_unanswered=0.84)
VAGUE = replace(CLEAR, best_dense=0.86, closeness={"kaart#1": 0.85}, best_phrasing=0.85, best_unanswered=0.95)

SIMILARITY, ADAPTED, SHARE = st.floats(0.7, 1.0), st.floats(-0.2, 0.6), st.floats(0.0, 1.0)
FOUND = st.builds(
    lambda passage, statement, suited, phrasing, unanswered, coverage, unknown: Findings(
        (PASSAGE,),
        passage,
        coverage,
        (),
        {"kaart#1": statement},
        {"kaart#1": suited},
        best_phrasing=phrasing,
        best_unanswered=unanswered,
        unknown_share=unknown,
    ),
    *(SIMILARITY, SIMILARITY, ADAPTED, SIMILARITY, SIMILARITY, SHARE, SHARE),
)
QUERIES = st.builds(
    lambda words, language, intent: Query(" ".join(["woord"] * words), language, intent),
    st.integers(0, 60),
    st.sampled_from(Language),
    st.sampled_from([intent for intent in Intent if intent is not Intent.TASK]),
)


# What is shipped.


@pytest.mark.parametrize("signal", ["passage", "phrasing", "suited", "coverage"])
def test_what_is_found_speaks_for_an_answer(signal: str) -> None:
    assert WEIGHTS[signal] >= 0


@pytest.mark.parametrize("signal", ["unanswered", "unknown", "unknown_name"])
def test_what_the_texts_lack_speaks_against_an_answer(signal: str) -> None:
    assert WEIGHTS[signal] <= 0


def test_every_signal_has_a_weight_and_every_weight_a_signal() -> None:
    assert WEIGHTS.keys() == signals(QUERY, CLEAR).keys()


def test_the_bounds_lie_within_what_can_occur() -> None:
    assert 0 < POLICY.answered_from < 1
    assert 0 < POLICY.off_topic < 1


# What follows from it.


@given(QUERIES, FOUND, FOUND)
def test_finding_more_never_lowers_the_confidence(query: Query, one: Findings, other: Findings) -> None:
    more = replace(
        one,
        best_dense=max(one.best_dense, other.best_dense),
        coverage=max(one.coverage, other.coverage),
        closeness={**one.closeness, "kaart#2": other.closeness["kaart#1"]},
        suited={**one.suited, "kaart#2": other.suited["kaart#1"]},
        best_phrasing=max(one.best_phrasing, other.best_phrasing),
    )
    assert POLICY.confidence(query, more) >= POLICY.confidence(query, one)


@given(QUERIES, FOUND, FOUND)
def test_lacking_more_never_raises_the_confidence(query: Query, one: Findings, other: Findings) -> None:
    less = replace(
        one,
        best_unanswered=max(one.best_unanswered, other.best_unanswered),
        unknown_share=max(one.unknown_share, other.unknown_share),
    )
    assert POLICY.confidence(query, less) <= POLICY.confidence(query, one)


@given(QUERIES, FOUND)
def test_a_question_is_answered_just_when_the_confidence_is_enough(query: Query, found: Findings) -> None:
    confidence = POLICY.confidence(query, found)
    assert 0 < confidence < 1
    assert (POLICY.decide(query, found) is None) == (confidence >= POLICY.answered_from)


def test_what_is_found_clearly_is_answered_and_what_the_texts_lack_is_not() -> None:
    assert POLICY.decide(QUERY, CLEAR) is None
    assert POLICY.decide(QUERY, VAGUE) is RefusalReason.NOT_IN_SOURCES


def test_where_nothing_is_found_there_is_no_confidence_at_all() -> None:
    assert POLICY.confidence(QUERY, NOTHING) == 0
    assert POLICY.decide(QUERY, NOTHING) is RefusalReason.OUT_OF_SCOPE


@given(FOUND)
def test_a_task_is_never_within_scope(found: Findings) -> None:
    task = replace(QUERY, intent=Intent.TASK)
    assert POLICY.confidence(task, found) == 0
    assert POLICY.decide(task, found) is RefusalReason.OUT_OF_SCOPE


@pytest.mark.parametrize("nearest", ["passage", "statement", "phrasing"])
def test_a_refused_question_is_on_the_subject_if_anything_is_near_enough(nearest: str) -> None:
    far, near = POLICY.off_topic - 0.001, POLICY.off_topic
    off_topic = replace(
        VAGUE, best_dense=far, closeness={"kaart#1": far}, best_phrasing=far, best_unanswered=0.95
    )
    beside = {
        "passage": replace(off_topic, best_dense=near),
        "statement": replace(off_topic, closeness={"kaart#1": far, "kaart#2": near}),
        "phrasing": replace(off_topic, best_phrasing=near),
    }[nearest]
    assert POLICY.decide(QUERY, off_topic) is RefusalReason.OUT_OF_SCOPE
    assert POLICY.decide(QUERY, beside) is RefusalReason.NOT_IN_SOURCES


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("Wat deed Zeppelin voor de alliantie?", "zeppelin"),
        ("Wat deed de Zeppelin-groep voor de alliantie?", "zeppelin"),
        ("What did Zeppelin do for the alliance?", "zeppelin"),
    ],
)
def test_a_name_that_no_text_holds_lowers_the_confidence(text: str, unknown: str) -> None:
    query = replace(QUERY, text=text)
    named = replace(CLEAR, unknown_terms=(unknown,))
    assert signals(query, named)["unknown_name"] == 1
    assert POLICY.confidence(query, named) < POLICY.confidence(query, CLEAR)


@pytest.mark.parametrize("text", ["Zeppelin?", "Wat deed een zeppelin?", "Is dit het eind. Zeppelin?"])
def test_a_capital_that_begins_a_sentence_makes_no_name(text: str) -> None:
    assert (
        signals(replace(QUERY, text=text), replace(CLEAR, unknown_terms=("zeppelin",)))["unknown_name"] == 0
    )


def test_an_english_question_is_not_held_against_dutch_words() -> None:
    english = replace(QUERY, language=Language.ENGLISH)
    without, with_words = (
        replace(CLEAR, coverage=0.0, unknown_share=1.0),
        replace(CLEAR, coverage=1.0, unknown_share=0.0),
    )
    assert POLICY.confidence(english, without) == POLICY.confidence(english, with_words)
    assert POLICY.confidence(QUERY, without) < POLICY.confidence(QUERY, with_words)


def test_a_question_without_words_can_be_weighed() -> None:
    assert signals(replace(QUERY, text=""), CLEAR)["length"] == 0


def test_a_story_is_weighed_as_such() -> None:
    assert signals(replace(QUERY, intent=Intent.SITUATION), CLEAR)["story"] == 1
    assert signals(QUERY, CLEAR)["story"] == 0


# Files.


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("bias:", "slope:"),
        ("weights:", "weights: ["),
        ("  passage:", "  pasage:"),
        ("answered_from: ", "answered_from: about "),
        ("off_topic: ", "off_topic: .nan # "),
        ("bias:", "colour: red\nbias:"),
    ],
)
def test_a_file_that_is_no_calibration_is_told_by_its_name(tmp_path: Path, old: str, new: str) -> None:
    shipped = FILE.read_text(encoding="utf-8")
    assert shipped.count(old) == 1
    (tmp_path / "mine.yaml").write_text(shipped.replace(old, new), encoding="utf-8")
    with pytest.raises(InvalidTexts, match=r"mine\.yaml"):
        RefusalPolicy.read(tmp_path / "mine.yaml")


@pytest.mark.parametrize("content", [b"", b"- 1\n", b"bias: \xff\n"])
def test_a_file_that_is_something_else_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "mine.yaml").write_bytes(content)
    with pytest.raises(InvalidTexts):
        RefusalPolicy.read(tmp_path / "mine.yaml")


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(InvalidTexts, match=r"absent\.yaml"):
        RefusalPolicy.read(tmp_path / "absent.yaml")


def test_a_corpus_that_lists_no_phrasings_and_nothing_unanswered_is_weighed_by_what_is_usual() -> None:
    passage = Passage(Chunk("bron-1", "…", "Boek", ORIGINAL, "Deel", ("boek",)), 0.5)
    query = Query("Hoe bak ik een taart", Language.DUTCH, Intent.FACT)
    far_off = Findings((passage,), 0.79, 0.0, (), {"kaart#1": 0.8}, unknown_share=1.0)
    assert RefusalPolicy.read().decide(query, far_off) is RefusalReason.OUT_OF_SCOPE
    near = Findings((passage,), 0.91, 0.9, (), {"kaart#1": 0.92})
    assert RefusalPolicy.read().decide(query, near) is None
