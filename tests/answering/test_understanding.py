"""What a question wants, read without a model."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.answering.understanding import Understanding
from assistant.domain import Intent, Language, Question, Turn
from assistant.errors import InvalidTexts

CUES = Path(__file__).parents[2] / "prompts" / "understanding.yaml"


@pytest.fixture(scope="module")
def understanding() -> Understanding:
    return Understanding(CUES)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("Wat is een paradox?", Intent.DEFINITION),
        ("wat betekent calculatief vertrouwen", Intent.DEFINITION),
        ("Leg het NAV-model uit", Intent.DEFINITION),
        ("Welke vier fasen kent een waardengedreven alliantie?", Intent.LIST),
        ("Noem de rollen van een alliantiemanager", Intent.LIST),
        ("Welke twee vragen stelt de health check?", Intent.LIST),
        ("Wat is het verschil tussen een alliantie en een netwerk?", Intent.COMPARISON),
        ("Waarin verschilt een netwerk van een alliantie?", Intent.COMPARISON),
        ("joint venture of toch contractuele alliantie?", Intent.COMPARISON),
        ("Hoe ga je om met een paradox?", Intent.HOW_TO),
        ("Wat kunnen we doen als het vertrouwen weg is?", Intent.HOW_TO),
        ("Waarom vallen allianties uit elkaar?", Intent.WHY),
        ("Wie heeft het NAV-model bedacht?", Intent.FACT),
        ("In welk jaar werd de GABV opgericht?", Intent.FACT),
        ("Ik wil graag de health check doen", Intent.HEALTH_CHECK),
        ("Hallo!", Intent.SMALL_TALK),
        ("dankjewel", Intent.SMALL_TALK),
        ("What is an alliance?", Intent.DEFINITION),
        ("Which roles does an alliance manager have?", Intent.LIST),
        (
            "Wij blijven onze partners maar analyseren, de juristen sturen steeds nieuwe vragen en intussen "
            "loopt bij iedereen de energie eruit.",
            Intent.SITUATION,
        ),
    ],
)
def test_a_question_shows_what_it_wants(understanding: Understanding, text: str, intent: Intent) -> None:
    assert understanding.understand(Question(text)).intent is intent


def test_a_comparison_names_its_two_sides(understanding: Understanding) -> None:
    query = understanding.understand(Question("Wat is het verschil tussen een alliantie en een netwerk?"))
    assert query.sides == ("een alliantie", "een netwerk")


@pytest.mark.parametrize("text", ["What is trust?", "How do we deal with a paradox?", "roles of the manager"])
def test_english_is_told_by_its_function_words(understanding: Understanding, text: str) -> None:
    assert understanding.language_of(text) is Language.ENGLISH


@pytest.mark.parametrize("text", ["Wat is joint venture management?", "health check", "Hoi", ""])
def test_what_is_not_clearly_english_counts_as_dutch(understanding: Understanding, text: str) -> None:
    assert understanding.language_of(text) is Language.DUTCH


def test_a_follow_up_takes_its_subject_from_the_question_before_it(understanding: Understanding) -> None:
    history = (Turn("user", "Wat gebeurt er bij formeren?"), Turn("assistant", "Partners verkennen elkaar."))
    query = understanding.understand(Question("En waarom?", history))
    assert query.text == "Wat gebeurt er bij formeren? En waarom?"


def test_an_ordinal_names_the_item_of_the_last_list(understanding: Understanding) -> None:
    answer = "Er zijn vier fasen. [1]\n\n1. **Formeren.** Eerst dit. [2]\n2. **Funderen.** Dan dat. [3]"
    history = (Turn("user", "Welke fasen zijn er?"), Turn("assistant", answer))
    query = understanding.understand(Question("Vertel meer over de tweede", history))
    assert query.text == "Vertel meer over Funderen"


def test_a_question_that_says_it_all_is_left_alone(understanding: Understanding) -> None:
    history = (Turn("user", "Wat is een paradox?"), Turn("assistant", "Een spanning."))
    text = "Welke rollen heeft een alliantiemanager in een organisatie?"
    assert understanding.understand(Question(text, history)).text == text


def test_a_broken_expression_names_the_file(tmp_path: Path) -> None:
    cues = tmp_path / "understanding.yaml"
    cues.write_text(CUES.read_text(encoding="utf-8").replace("'^(en|maar|and|but)\\b'", "'^(en'"))
    with pytest.raises(InvalidTexts, match=r"understanding\.yaml"):
        Understanding(cues)


def test_a_follow_up_on_a_follow_up_keeps_the_subject(understanding: Understanding) -> None:
    history = (
        Turn("user", "Wat is een joint venture?"),
        Turn("assistant", "Een onderneming samen."),
        Turn("user", "En wanneer werkt die?"),
        Turn("assistant", "Als partners elkaar vertrouwen."),
    )
    assert understanding.understand(Question("Waarom?", history)).text.startswith("Wat is een joint venture?")
