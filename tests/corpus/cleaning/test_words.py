"""Mending words."""

from __future__ import annotations

import pytest

from assistant.corpus.cleaning import Vocabulary
from assistant.corpus.cleaning.tracked import Tracked
from assistant.corpus.cleaning.words import drop_hyphens, mend_letters, split_words


def mended(text: str, vocabulary: Vocabulary) -> str:
    return split_words(mend_letters(Tracked.of(text), vocabulary), vocabulary).text


@pytest.mark.parametrize(
    ("found", "clean"),
    [
        ("creéren", "creëren"),
        ("financiéle industriéle crisis", "financiële industriële crisis"),
        ("in Italié en Itali€", "in Italië en Italië"),
        ("een codperatieve coOperatie", "een coöperatieve coöperatie"),
        ("de cooperatie", "de coöperatie"),
        ("DE COOPERATIE", "DE COÖPERATIE"),
        ("hun carriéres", "hun carrières"),
        ("geinitieerd", "geïnitieerd"),
        ("een waardenoriéntatie", "een waardenoriëntatie"),
        ("de jezuieten", "de jezuïeten"),
        ("Guinter en Günter", "Günter en Günter"),
        ("ledereen en iedereen", "Iedereen en iedereen"),
        ("de jaren 8o", "de jaren 80"),
    ],
)
def test_misread_letters_are_given_back(vocabulary: Vocabulary, found: str, clean: str) -> None:
    assert mended(found, vocabulary) == clean


@pytest.mark.parametrize(
    ("found", "clean"),
    [
        ("de eeuw diein de tijd", "de eeuw die in de tijd"),
        ("groter danin Delft", "groter dan in Delft"),
        ("delen enaan de slag", "delen en aan de slag"),
        ("Eris meer", "Er is meer"),
        ("Eenvan ons", "Een van ons"),
        ("een overzichtvan bruggen", "een overzicht van bruggen"),
        ("het opleverdevoorde partijen", "het opleverde voor de partijen"),
        ("door de partnersisingesteld", "door de partners is ingesteld"),
        ("de universiteit-universiteitin Delft", "de universiteit-universiteit in Delft"),
        ("de managersvinden hier", "de managers vinden hier"),
        ("toen vormdenindustriële bedrijven", "toen vormden industriële bedrijven"),
        ("In1988 begon", "In 1988 begon"),
        ("voor-en nadelen", "voor- en nadelen"),
    ],
)
def test_words_that_run_together_come_apart(vocabulary: Vocabulary, found: str, clean: str) -> None:
    assert mended(found, vocabulary) == clean


@pytest.mark.parametrize(
    "text",
    [
        "één café",
        "de allianties van een boerin",
        "een basis",
        "waardengedreven alliantiemanagers",
        "lente en leden",
        "Pugés en Bocconi",
        "kennisuitwisseling",
        "vertrouwensvragen en waardenladders",
        "netwerkstructuur en covidvaccin",
        "een tuin met een huis en fruit",
        "win-windenken",
        "een ode en een rode kool",
        "www.brugvan.nl",
        "ideeën over zeeën",
        "de koolmees en de school",
        "desillusie",
        "vijf- en zesjarig",
        "proces en niveau",
    ],
)
def test_what_is_right_stays_as_it_is(vocabulary: Vocabulary, text: str) -> None:
    assert mended(text, vocabulary) == text


def test_a_hyphen_in_a_word_that_dutch_writes_as_one_goes(vocabulary: Vocabulary) -> None:
    assert (
        drop_hyphens(Tracked.of("ontwikkelings-samenwerking"), vocabulary).text == "ontwikkelingssamenwerking"
    )


@pytest.mark.parametrize("word", ["auto-industrie", "publiek-private", "win-windenken", "Noord-Europa"])
def test_a_hyphen_that_belongs_to_the_word_stays(word: str, vocabulary: Vocabulary) -> None:
    assert drop_hyphens(Tracked.of(word), vocabulary).text == word


def test_two_words_that_the_corpus_has_apart_come_apart() -> None:
    apart = Vocabulary(["Wij gaan dieper ingaan op bruggen."])
    assert mended("die dieperingaan op sluizen", apart) == "die dieper ingaan op sluizen"


def test_a_compound_that_the_corpus_often_has_stays_whole() -> None:
    words = Vocabulary(["brugwachters, brugwachters en brugwachters: de brug wachters"])
    assert mended("de brugwachters", words) == "de brugwachters"


def test_a_hyphen_at_a_line_end_is_no_word_of_the_corpus() -> None:
    words = Vocabulary(["de blorp-\nkwist en de blorpwist"])
    assert words.occurs("blorpwist")
    assert not words.occurs("blorpkwist")
    assert not words.occurs("kwist")


def test_an_inflected_form_begins_no_compound(vocabulary: Vocabulary) -> None:
    assert vocabulary.begins_compounds("netwerk")
    assert not vocabulary.begins_compounds("managers")


def test_compounds_of_common_words_are_known(vocabulary: Vocabulary) -> None:
    assert vocabulary.knows("samenwerkingsactiviteiten")
    assert vocabulary.knows("bruggenkaart")
    assert not vocabulary.knows("blorpkwist")
