"""Which cards have the words that somebody types, and which comes first."""

from __future__ import annotations

import pytest

from assistant.bootstrap import Assistant
from assistant.domain import Card
from assistant.surfaces.pages.library.searching import Run, Words


def found(assistant: Assistant, text: str) -> list[Card]:
    """Return the cards with the words, the best first."""
    words = Words.read(text)
    scored = [(words.score(card), card) for card in assistant.catalogue.cards.values()]
    return [card for _, card in sorted(((s, c) for s, c in scored if s), key=lambda one: -one[0])]


@pytest.mark.parametrize("which", ["title", "alias"])
def test_every_card_is_among_the_first_for_its_title_and_its_aliases(
    from_cards: Assistant, which: str
) -> None:
    for card in from_cards.catalogue.cards.values():
        for name in (card.title,) if which == "title" else card.aliases:
            assert card.id in [one.id for one in found(from_cards, name)[:3]], name


@pytest.mark.parametrize(
    ("typed", "card"),
    [
        ("co-creeren", "consolideren-en-co-creeren"),
        ("CO-CREËREN", "consolideren-en-co-creeren"),
        ("cocre\u0301eren co", ""),
        ("joint ventures", "joint-venture"),
        ("fund", "funderen"),
        ("Wat is funderen?", "funderen"),
        ("kwantummechanica", ""),
        ("funderen kwantummechanica", ""),
    ],
)
def test_capitals_accents_plurals_and_endings_do_not_matter_but_every_word_does(
    from_cards: Assistant, typed: str, card: str
) -> None:
    first = next((one.id for one in found(from_cards, typed)), "")
    assert first == card


def test_nothing_typed_finds_everything(from_cards: Assistant) -> None:
    words = Words.read("  ?! ")
    assert all(words.score(card) is not None for card in from_cards.catalogue.cards.values())


def test_words_that_say_nothing_are_sought_when_there_are_no_others() -> None:
    assert Words.read("wat is dat").typed == ("wat", "is", "dat")


def test_what_is_too_long_is_cut() -> None:
    assert len(Words.read("aap noot mies " * 500).typed) == 3
    assert len(Words.read(" ".join(f"woord{number}" for number in range(100))).typed) == 12


@pytest.mark.parametrize("text", ["Vertrouwen, vertrouwd & <b>Creëren</b>.", "", "vertrouwen"])
def test_the_runs_of_a_text_are_the_text_and_found_words_are_apart(text: str) -> None:
    runs = Words.read("vertrouw creeren").mark(text)
    assert "".join(run.text for run in runs) == text
    assert {run.text.lower() for run in runs if run.is_found} <= {"vertrouwen", "vertrouwd", "creëren"}
    assert Run("vertrouwen", True) in runs or text != "vertrouwen"
