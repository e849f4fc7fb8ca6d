"""Reading ease: syllables as counted by hand, and the formula on texts that can be counted."""

from __future__ import annotations

import re

import pytest

from evals.readability import reading_ease, syllables

COUNTED = """
waarden 2 veilige 3 die 1 leden 2 kenmerken 3 allianties 4 aan 1 de 1 afspraak 2 volwaardige 4
en 1 strijd 1 het 1 over 2 een 1 onnodig 3 boek 1 moet 1 co-creëren 4 complexer 3
achterstand 3 scherp 1 gang 1 duurzame 3 middeleeuwen 4 ernaar 2 vijfde 2 zelf 1 belooft 2 zodat 2
december 3 meest 1 erop 2 alliantiemanagers 7 zwaarder 2 houvast 2 managen 3 jezuïeten 4 wil 1 leider 2
bevestigingsfase 6 identiteit 4 duidelijk 3 kolonies 3 handelsmaatschappijen 6 groep 1 don 1 verkocht 2
nederlanders 4 verdeeld 2 overstijgen 4 plaatsen 2 certificering 5 vraagt 1 conflict 2 baseerde 3
analytische 5 zestiende 3 combineert 3 breder 2
"""
"""Sixty words drawn from the cards, a third of them by how often they occur, counted by hand."""

BY_HAND = {word: int(count) for word, count in re.findall(r"(\S+) (\d)", COUNTED)}


def test_syllables_are_right_for_nearly_all_words_that_were_counted_by_hand() -> None:
    wrong = {word: count for word, count in BY_HAND.items() if syllables(word) != count}
    assert len(BY_HAND) == 60
    assert len(wrong) <= 1, wrong


def test_together_the_counted_words_have_about_the_syllables_that_they_have() -> None:
    assert sum(map(syllables, BY_HAND)) == pytest.approx(sum(BY_HAND.values()), rel=0.01)


@pytest.mark.parametrize(
    ("word", "count"),
    [("nieuwe", 2), ("ambitieuze", 5), ("mooie", 2), ("loyaal", 2), ("foto's", 2), ("NAV", 1), ("pst", 1)],
)
def test_spellings_of_one_sound_count_once(word: str, count: int) -> None:
    assert syllables(word) == count


def test_an_accent_of_its_own_makes_no_difference() -> None:
    assert syllables("cree\u0308ren") == syllables("creëren") == 3


def test_the_reading_ease_is_that_of_the_formula() -> None:
    assert reading_ease("De kat zit op de mat.") == pytest.approx(206.84 - 0.93 * 6 - 77)
    assert reading_ease("De kat zit. Vertrouwen groeit.") == pytest.approx(206.84 - 0.93 * 5 / 2 - 77 * 7 / 5)


def test_longer_words_and_longer_sentences_read_less_easily() -> None:
    easy = reading_ease("Maak een afspraak. Houd je eraan.")
    assert easy > reading_ease("Maak een afspraak en houd je eraan.")
    assert easy > reading_ease("Formuleer een overeenkomst. Respecteer verantwoordelijkheden.")


def test_marks_bullets_and_figures_do_not_count() -> None:
    plain = "Er zijn vier rollen.\nDe netwerker.\nDe strateeg."
    marked = (
        "Er zijn **vier** rollen. [1]\n\n- De *netwerker*. [2] [3]\n- De strateeg. [12]\n\n1. 2004 – 2023"
    )
    assert reading_ease(marked) == pytest.approx(reading_ease(plain))


@pytest.mark.parametrize("text", ["", " \n", "[1]", "- **12**", "…"])
def test_a_text_without_words_has_no_reading_ease(text: str) -> None:
    with pytest.raises(ValueError, match="without words"):
        reading_ease(text)
