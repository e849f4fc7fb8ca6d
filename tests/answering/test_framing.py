"""What is said around the claims: in whose language, of whose premises, and what is asked back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from assistant.answering.framing import MOST_PLACES, Framer
from assistant.answering.prompts import Texts
from assistant.answering.rendering import render_claims
from assistant.answering.selecting import Selection
from assistant.answering.shelf import Shelf
from assistant.domain import Card, CheckedClaim, Claim, Findings, Intent, Language, Manner, Query
from assistant.settings import default_prompts
from tests.answering.cards import Words, a_card, catalogue_of, claims_of, found_on

TEXTS = Texts.read(default_prompts() / "answers.yaml")
BRIDGE = a_card(
    "Brug",
    "Een brug heeft drie onderdelen.",
    "**Dek.** Daar rijdt u op.",
    "**Pijler.** Die draagt het dek.",
    "**Leuning.** Die houdt u tegen.",
    question_back="Wie [steekt](x) er bij u over?",
)
FERRY = a_card("Pont", "Een pont vaart heen en weer.", source="de-brug", section="Pijlers")
DUTCH = Query("Waaruit bestaat een brug?", Language.DUTCH, Intent.LIST)
ENGLISH = replace(DUTCH, text="What are the parts of a bridge?", language=Language.ENGLISH)


def frame(
    query: Query,
    *cards: Card,
    claims: Sequence[CheckedClaim] | None = None,
    uncovered: Sequence[str] = (),
) -> str:
    """Frame all that the cards say, or some other claims."""
    catalogue = catalogue_of(*cards)
    selection = Selection(Shelf(catalogue, Words()), query, Findings(found_on(*cards), 0.9, 1.0, ()))
    said = claims_of(*cards) if claims is None else claims
    return Framer(catalogue, TEXTS).frame(selection, said, uncovered)


def test_a_dutch_answer_is_what_the_claims_say_and_nothing_else() -> None:
    assert frame(DUTCH, BRIDGE) == render_claims(claims_of(BRIDGE))


# English.


@pytest.mark.parametrize(
    ("intent", "opening"),
    [
        (Intent.LIST, "english_list"),
        (Intent.COMPARISON, "english_comparison"),
        (Intent.HOW_TO, "english_how_to"),
        (Intent.SITUATION, "english_situation"),
        (Intent.DEFINITION, "english_other"),
        (Intent.FACT, "english_other"),
        (Intent.WHY, "english_other"),
    ],
)
def test_an_english_answer_opens_by_what_was_wanted_and_on_what_card(intent: Intent, opening: str) -> None:
    framed = frame(replace(ENGLISH, intent=intent), BRIDGE, FERRY)
    assert framed.partition("\n\n")[0] == TEXTS.render(opening, topic="Brug")


def test_in_an_english_answer_the_dutch_claims_are_one_quotation() -> None:
    _, _, quoted = frame(ENGLISH, BRIDGE).partition("\n\n")
    assert quoted.splitlines() == [
        "> Een brug heeft drie onderdelen. [1]",
        ">",
        "> - **Dek.** Daar rijdt u op. [2]",
        "> - **Pijler.** Die draagt het dek. [3]",
        "> - **Leuning.** Die houdt u tegen. [4]",
    ]


def test_an_answer_without_a_card_is_on_alliances() -> None:
    quoted = [CheckedClaim(Claim("“Een brug verbindt.”", ("passage",)), claims_of(BRIDGE)[0].citations)]
    assert frame(ENGLISH, BRIDGE, claims=quoted).startswith(
        TEXTS.render("english_list", topic=TEXTS.render("alliances_en"))
    )


@pytest.mark.parametrize(
    ("language", "manner", "is_english"),
    [
        (Language.DUTCH, Manner.ENGLISH, True),
        (Language.ENGLISH, Manner.DUTCH, False),
        (Language.DUTCH, Manner.SHORT, False),
    ],
)
def test_the_frame_is_in_the_language_that_was_asked_for(
    language: Language, manner: Manner, is_english: bool
) -> None:
    framed = frame(replace(DUTCH, language=language, manners=frozenset({manner})), BRIDGE)
    assert ("> Een brug heeft" in framed) == is_english


# A question back, and an offer.


def test_after_a_situation_the_first_card_with_a_question_asks_it_inertly() -> None:
    framed = frame(replace(DUTCH, intent=Intent.SITUATION), FERRY, BRIDGE)
    asked = TEXTS.render("question_back_nl", question=r"Wie \[steekt]\(x) er bij u over?")
    assert framed.endswith(f"\n\n{asked}")


def test_after_an_english_situation_the_question_is_introduced_in_english() -> None:
    last = frame(replace(ENGLISH, intent=Intent.SITUATION), BRIDGE).split("\n\n")[-1]
    assert last.startswith("A question for you (in Dutch): Wie")


@pytest.mark.parametrize("intent", [intent for intent in Intent if intent is not Intent.SITUATION])
def test_nothing_is_asked_back_where_nothing_was_told(intent: Intent) -> None:
    assert "bij u over" not in frame(replace(DUTCH, intent=intent), BRIDGE)


def test_a_card_without_a_question_asks_nothing() -> None:
    query = replace(DUTCH, intent=Intent.SITUATION)
    assert frame(query, FERRY) == render_claims(claims_of(FERRY))


@pytest.mark.parametrize("query", [DUTCH, ENGLISH])
def test_who_wants_to_do_the_health_check_is_told_how_to_go_on(query: Query) -> None:
    framed = frame(replace(query, intent=Intent.HEALTH_CHECK), BRIDGE)
    assert framed.endswith(TEXTS.render(f"offer_health_check_{query.language}"))


# Who says it.


def test_who_says_it_is_named_with_the_place_and_its_mark() -> None:
    framed = frame(replace(DUTCH, manners=frozenset({Manner.SOURCED})), BRIDGE, FERRY)
    places = "Jansen 1999 (‘Dek’) [1] en De Brug (‘Pijlers’) [5]"
    assert framed.partition("\n\n")[0] == TEXTS.render("sourced_nl", places=places)


def test_of_many_places_the_first_few_are_named() -> None:
    cards = [a_card(f"Brug {letter}", "Een brug.", section=f"Deel {letter}") for letter in "abcdef"]
    opening = frame(replace(DUTCH, manners=frozenset({Manner.SOURCED})), *cards).partition("\n\n")[0]
    assert [f"[{number}]" in opening for number in range(1, 7)] == [True] * MOST_PLACES + [False] * 2


def test_an_answer_in_english_says_so_in_english() -> None:
    query = replace(ENGLISH, manners=frozenset({Manner.SOURCED}))
    assert frame(query, FERRY).startswith(TEXTS.render("sourced_en", places="De Brug (‘Pijlers’) [1]"))


# What is left over.


@pytest.mark.parametrize("query", [DUTCH, ENGLISH])
def test_what_the_sources_do_not_cover_is_said_of_each_question_inertly(query: Query) -> None:
    framed = frame(query, BRIDGE, uncovered=["Wat <b>kost</b> dat?", "En [1](http://x)?"])
    key = f"uncovered_{query.language}"
    assert framed.split("\n\n")[-2:] == [
        TEXTS.render(key, question=r"Wat \<b>kost\</b> dat?"),
        TEXTS.render(key, question=r"En \[1]\(x)?"),
    ]


# What a question takes for granted.


def test_a_number_that_the_sources_do_not_bear_out_is_contradicted_first() -> None:
    framed = frame(replace(DUTCH, text="Welke zes onderdelen heeft een brug?"), BRIDGE)
    assert framed.startswith(TEXTS.render("miscount_nl", asked="zes onderdelen") + "\n\n")


def test_a_number_that_is_right_is_left_alone() -> None:
    query = replace(DUTCH, text="Welke drie onderdelen heeft een brug?")
    assert frame(query, BRIDGE) == render_claims(claims_of(BRIDGE))


def test_an_author_who_did_not_write_it_is_contradicted() -> None:
    framed = frame(replace(DUTCH, text="Wat zegt Jansen over de pont?"), FERRY)
    assert framed.startswith(TEXTS.render("other_sources_nl", sources="De Brug") + "\n\n")


def test_an_author_who_wrote_it_is_left_alone() -> None:
    query = replace(DUTCH, text="Wat zegt Jansen over de brug?")
    assert frame(query, BRIDGE, FERRY) == render_claims(claims_of(BRIDGE, FERRY))
