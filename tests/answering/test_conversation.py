"""Follow-up questions: what they leave unsaid is filled in, and a question that says it all stays."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.conversation import Names
from assistant.answering.understanding import Understanding
from assistant.domain import Card, CardKind, Intent, Question, Turn

CUES = Path(__file__).parents[2] / "prompts" / "understanding.yaml"

NAMES = {
    "Rochdale": ("Equitable Pioneers",),
    "GABV": ("Global Alliance for Banking on Values",),
    "NAV-model": ("net added value",),
    "Calculatief vertrouwen": (),
    "Vertrouwen": (),
    "Coöperatie": ("coöperaties",),
    "Alliantie": ("samenwerking",),
}
FASES = (
    "Er zijn drie fasen. [1]\n\n1. **Formeren.** Eerst dit. [2]\n2. **Funderen.** Dan dat. [3]\n"
    "3. **Evolueren.** Ten slotte dit. [4]"
)
TWO_LISTS = "- **Ja:** soms. [1]\n- **Nee:** soms. [2]\n\nOf anders:\n\n" + FASES.partition("\n\n")[2]

Ask = Callable[..., str]


@pytest.fixture(scope="module")
def understanding() -> Understanding:
    """Knows some of the names that the shipped cards have."""
    return Understanding(
        CUES,
        [
            Card(title.casefold(), CardKind.CONCEPT, title, aliases, None, (), (), ())
            for title, aliases in NAMES.items()
        ],
    )


@pytest.fixture(scope="module")
def ask(understanding: Understanding) -> Ask:
    """Return a question as it stands by itself after others, of which the last got ``answer``."""

    def ask(text: str, *before: str, answer: str = "Dat weten we niet. [1]") -> str:
        history = [turn for one in before for turn in (Turn("user", one), Turn("assistant", answer))]
        return understanding.understand(Question(text, tuple(history))).text

    return ask


# Names.


def test_the_longest_name_is_found_as_it_was_typed_and_each_once() -> None:
    names = Names(["vertrouwen", "Calculatief vertrouwen", "", "GABV"], frozenset())
    found = names.find("Bouwt de gabv op Calculatief Vertrouwen? De gabv en (vertrouwen)!")
    assert found == ["gabv", "Calculatief Vertrouwen", "vertrouwen"]


def test_a_name_is_not_found_inside_a_word_and_general_names_are_left_out() -> None:
    names = Names(["rol", "alliantie", "nav-model"], frozenset({"alliantie"}))
    assert names.find("Controle over de alliantie met het NAV-model") == ["NAV-model"]
    assert names.find("nav-modellen, rolt, alliantie") == []


def test_without_names_nothing_is_found() -> None:
    assert Names([], frozenset()).find("Wat wil de GABV?") == []


@given(st.text(max_size=12), st.text(max_size=12))
def test_a_name_is_found_whatever_letters_stand_around_it(before: str, after: str) -> None:
    assert Names(["GABV"], frozenset()).find(f"{before} GABV {after}")[:1] == ["GABV"]


# Another name takes the place of the one before.


@pytest.mark.parametrize(
    ("text", "before", "standalone"),
    [
        ("en bij de GABV?", "Wat wil Rochdale bereiken?", "Wat wil GABV bereiken?"),
        ("En hoe is dat bij Rochdale?", "Hoe werkt de gabv?", "En hoe is dat bij Rochdale? gabv"),
        ("maar het NAV-model dan?", "Wie bedacht calculatief vertrouwen?", "Wie bedacht NAV-model?"),
        ("and Rochdale?", "What does the GABV want?", "What does the Rochdale want?"),
    ],
)
def test_a_bare_other_name_is_exchanged_for_the_one_before(
    ask: Ask, text: str, before: str, standalone: str
) -> None:
    assert ask(text, before) == standalone


@pytest.mark.parametrize(
    ("before", "standalone"),
    [
        ("Verschilt Rochdale van het NAV-model?", "en de GABV? Rochdale, NAV-model"),
        ("Wat wil een alliantie bereiken?", "Wat wil een alliantie bereiken? en de GABV?"),
    ],
)
def test_where_no_single_name_can_be_exchanged_it_is_added_to(ask: Ask, before: str, standalone: str) -> None:
    assert ask("en de GABV?", before) == standalone


# The subject is added.


@pytest.mark.parametrize(
    ("text", "before", "standalone"),
    [
        ("Hoe herken je dat?", "Wat is calculatief vertrouwen?", "Hoe herken je dat? calculatief vertrouwen"),
        ("Wie heeft die opgericht?", "Wat is Rochdale?", "Wie heeft die opgericht? Rochdale"),
        ("en de nadelen daarvan?", "Wat zegt het NAV-model?", "en de nadelen daarvan? NAV-model"),
        ("Wat vindt de GABV daarvan?", "Wat is de GABV?", "Wat is de GABV? Wat vindt de GABV daarvan?"),
    ],
)
def test_the_subject_of_the_question_before_is_added(
    ask: Ask, text: str, before: str, standalone: str
) -> None:
    assert ask(text, before) == standalone


def test_without_a_subject_the_whole_question_before_is_added(ask: Ask) -> None:
    assert ask("Waaraan merk je dat?", "Wat is goed werk?") == "Wat is goed werk? Waaraan merk je dat?"


def test_the_subject_lasts_through_follow_ups(ask: Ask) -> None:
    assert ask("En de nadelen?", "Wat is Rochdale?", "Wie hebben die opgericht?") == "En de nadelen? Rochdale"


@pytest.mark.parametrize("text", ["waarom?", "En hoe dan?", "Geef eens een voorbeeld", "why?"])
def test_a_question_that_says_nothing_gets_the_whole_question_before(ask: Ask, text: str) -> None:
    assert ask(text, "Wat wil Rochdale bereiken?") == f"Wat wil Rochdale bereiken? {text}"


# Ordinals.


@pytest.mark.parametrize(
    ("text", "standalone"),
    [
        ("en de tweede?", "en Funderen?"),
        ("Hoe werkt de derde precies?", "Hoe werkt Evolueren precies?"),
        ("Wat houdt die laatste in?", "Wat houdt Evolueren in?"),
        ("tell me about the last one", "tell me about Evolueren"),
        ("En de EERSTE?", "En Formeren?"),
    ],
)
def test_an_ordinal_becomes_the_item_of_the_last_answer(ask: Ask, text: str, standalone: str) -> None:
    assert ask(text, "Welke fasen zijn er?", answer=FASES) == standalone


def test_an_item_keeps_the_subject_of_its_list(ask: Ask) -> None:
    assert ask("en de tweede?", "Welke fasen kent het NAV-model?", answer=FASES) == "en Funderen? NAV-model"


def test_of_several_lists_the_first_that_is_long_enough_is_meant(ask: Ask) -> None:
    assert ask("en de tweede?", "Welke fasen zijn er?", answer=TWO_LISTS) == "en Nee?"
    assert ask("en de derde?", "Welke fasen zijn er?", answer=TWO_LISTS) == "en Evolueren?"


@pytest.mark.parametrize("answer", [FASES, "- **Alleen dit.** Meer niet. [1]", "Geen lijst. [1]"])
def test_an_ordinal_that_no_list_reaches_leans_on_the_question(ask: Ask, answer: str) -> None:
    assert ask("en de vijfde?", "Welke fasen zijn er?", answer=answer) == "Welke fasen zijn er? en de vijfde?"


# A question that says it all stays.


@pytest.mark.parametrize(
    "text",
    [
        "Wat is calculatief vertrouwen?",
        "Hoe is de GABV ontstaan?",
        "Wat is de hoofdstad van Australië?",
        "Wat was de eerste coöperatie?",
        "Wie was de laatste voorzitter van de GABV?",
    ],
)
def test_another_subject_is_left_alone(ask: Ask, text: str) -> None:
    assert ask(text, "Welke fasen zijn er?", answer=FASES) == text


def test_an_ordinal_beside_a_name_that_was_spoken_of_still_means_the_list(ask: Ask) -> None:
    before = "Welke fasen kent vertrouwen?"
    assert ask("Hoe werkt de tweede bij vertrouwen?", before, answer=FASES) == (
        "Hoe werkt Funderen bij vertrouwen?"
    )


@pytest.mark.parametrize("text", ["waarom?", "en de tweede?", "Hoe herken je dat?"])
def test_without_a_conversation_a_question_is_left_alone(ask: Ask, text: str) -> None:
    assert ask(text) == text


def test_a_conversation_without_a_question_adds_nothing(understanding: Understanding) -> None:
    query = understanding.understand(Question("En bij de GABV?", (Turn("assistant", FASES),)))
    assert query.text == "En bij de GABV?"


# Stories.

TALE = "Bij ons loopt het vast, onze partners praten niet meer met elkaar en de energie raakt op"
LONG_TALE = f"{TALE}, terwijl wij samen zo mooi begonnen en nog veel te doen hebben. Wat raadt u ons aan?"


@pytest.mark.parametrize(
    ("text", "is_story"),
    [
        (TALE, True),
        (LONG_TALE, True),
        ("Wij willen weten wat het NAV-model is, kunt u dat voor ons in het kort uitleggen?", False),
        ("Onze partners praten niet meer.", False),
        (LONG_TALE.replace("ons", "hen").replace("onze", "de").replace("wij", "zij"), False),
    ],
)
def test_a_message_that_asks_something_is_a_story_only_if_it_is_long(
    understanding: Understanding, text: str, is_story: bool
) -> None:
    assert (understanding.understand(Question(text)).intent is Intent.SITUATION) == is_story
