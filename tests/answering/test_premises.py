"""What a question takes for granted: how many there are, and who says it."""

from __future__ import annotations

import pytest

from assistant.answering.premises import counts_others, find_miscount, find_other_sources
from assistant.answering.selecting import Selection
from assistant.answering.shelf import Shelf
from assistant.domain import Card, Findings, Intent, Language, Query
from tests.answering.cards import SOURCES, Words, a_card, catalogue_of, claims_of, found_on

ITEMS = ("**Bouwer.** Dit.", "**Tekenaar.** Dat.", "**Schilder.** Zus.", "**Wachter.** Zo.")
ROLES = a_card("Rollen", "Een bruggenbouwer heeft rollen.", *ITEMS)
STEPS = a_card("Stappen", "Bouwen gaat in zeven stappen, waarvan de tekst er vier noemt.", *ITEMS)
PLAIN = a_card("Bouwers", "Een bruggenbouwer heeft partners nodig.")


def miscount(text: str, *cards: Card, intent: Intent = Intent.LIST) -> str | None:
    """Return what is wrongly counted, where the answer is all that the cards say."""
    query = Query(text, Language.DUTCH, intent)
    selection = Selection(
        Shelf(catalogue_of(*cards), Words()), query, Findings(found_on(*cards), 0.9, 1.0, ())
    )
    return find_miscount(selection, claims_of(*cards))


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Welke zes rollen heeft een bruggenbouwer?", "zes rollen"),
        ("Noem de 6 rollen van een bruggenbouwer", "6 rollen"),
        ("Wat zijn de twee voornaamste rollen van een bouwer?", "twee voornaamste rollen"),
        ("Waar horen de vijfde rollen bij?", "vijfde rollen"),
    ],
)
def test_a_number_of_what_a_list_holds_is_wrong_if_no_list_is_that_long(text: str, asked: str) -> None:
    assert miscount(text, ROLES) == asked


@pytest.mark.parametrize(
    "text",
    [
        "Welke vier rollen heeft een bruggenbouwer?",
        "Welke rollen heeft een bruggenbouwer?",
        "Wat zijn de derde en de vierde rollen?",
        "Welke veertien rollen heeft een bruggenbouwer?",
        "Welke een rollen heeft een bruggenbouwer?",
        "Hoe bouwen vijf gemeenten een brug?",
        "",
    ],
    ids=["right", "no number", "ordinals within it", "a figure", "one", "nothing listed", "no words"],
)
def test_a_number_that_is_right_or_counts_nothing_listed_is_left_alone(text: str) -> None:
    assert miscount(text, ROLES) is None


@pytest.mark.parametrize("text", ["Welke zeven stappen zijn er?", "Welke vier stappen zijn er?"])
def test_a_list_is_as_long_as_it_is_and_as_it_is_said_to_be(text: str) -> None:
    assert miscount(text, STEPS) is None
    assert miscount(text.replace("zeven", "vijf").replace("vier", "vijf"), STEPS) == "vijf stappen"


def test_any_list_of_those_things_may_be_the_one_that_is_meant() -> None:
    three = a_card("Drie rollen", "In de bouw zijn rollen.", *ITEMS[:3])
    assert miscount("Welke drie rollen zijn er?", ROLES) == "drie rollen"
    assert miscount("Welke drie rollen zijn er?", ROLES, three) is None


def test_a_number_that_the_answer_itself_gives_is_left_alone() -> None:
    told = a_card("Brug", "Aan een brug met rollen werken zes mensen.")
    assert miscount("Welke zes rollen zijn er?", ROLES) == "zes rollen"
    assert miscount("Welke zes rollen zijn er?", ROLES, told) is None


def test_what_no_list_is_about_cannot_be_miscounted() -> None:
    assert miscount("Welke vijf partners heeft een bruggenbouwer?", PLAIN) is None


def test_a_situation_is_not_counted() -> None:
    assert miscount("Wij hebben zes rollen verdeeld.", ROLES, intent=Intent.SITUATION) is None


@pytest.mark.parametrize(
    ("question", "lead", "is_other"),
    [
        ("Welke vier paradoxen zijn er?", "Er zijn vier manieren van omgaan met een brug.", True),
        ("Welke vier paradoxen zijn er?", "Er zijn vier paradoxen.", False),
        ("Welke vier paradoxen zijn er?", "Er zijn vijf manieren van bouwen.", False),
        ("Welke paradoxen zijn er?", "Er zijn vier manieren van bouwen.", False),
    ],
)
def test_a_list_of_the_same_length_may_count_something_else(question: str, lead: str, is_other: bool) -> None:
    assert counts_others(question, lead) == is_other


FERRY = a_card("Pont", "Een pont vaart.", source="de-brug")


@pytest.mark.parametrize(
    ("text", "cards", "others"),
    [
        ("Wat zegt Jansen over de pont?", [FERRY], ("De Brug",)),
        ("wat schrijft jansen daarover", [FERRY], ("De Brug",)),
        ("Wat zegt De Brug over rollen?", [ROLES], ("Jansen 1999",)),
        ("Wat zegt Jansen over rollen?", [ROLES], ()),
        ("Wat zegt Jansen over rollen en over de pont?", [ROLES, FERRY], ()),
        ("Wat zeggen Jansen en De Brug over de pont?", [FERRY], ()),
        ("Wat zegt Jansens buurman over de pont?", [FERRY], ()),
        ("Wat zegt Zeppelin over de pont?", [FERRY], ()),
        ("Wat zegt Jansen?", [], ()),
    ],
)
def test_an_author_who_is_named_should_be_among_those_that_are_cited(
    text: str, cards: list[Card], others: tuple[str, ...]
) -> None:
    assert find_other_sources(text, claims_of(*cards), SOURCES.values()) == others
