"""Taking out what isn't text."""

from __future__ import annotations

import pytest

from assistant.corpus.cleaning import Vocabulary
from assistant.corpus.cleaning.marks import drop_addresses, drop_invisible, drop_markdown, drop_notes
from assistant.corpus.cleaning.tracked import Tracked


@pytest.mark.parametrize(
    ("found", "clean"),
    [
        ("**vet** en *schuin* woord", "vet en schuin woord"),
        ("# Een kop\n## Nog een", "Een kop\nNog een"),
        ("kijk op [de site](http://brug.nl/a) of [hier](#)", "kijk op de site of hier"),
        (r"\*\*\* Dit is \*zo\*", "Dit is *zo*"),
        ("NOC*NSF en 3 * 4 * 5", "NOC*NSF en 3 * 4 * 5"),
        ("- een punt", "- een punt"),
    ],
)
def test_markdown_goes_and_its_words_stay(found: str, clean: str) -> None:
    assert drop_markdown(Tracked.of(found)).text == clean


@pytest.mark.parametrize(
    ("found", "clean"),
    [
        ("Er waren 28 mensen.2Ongeveer de helft", "Er waren 28 mensen. Ongeveer de helft"),
        ("formeel en informeel .3", "formeel en informeel."),
        ("in allerlei vormen toegenomen.4\nMeer", "in allerlei vormen toegenomen.\nMeer"),
        ("internationale handel.s Bruggen", "internationale handel. Bruggen"),
        ("nieuwe bruggen.® Ook", "nieuwe bruggen. Ook"),
        ("nieuwe bruggen.” Ook", "nieuwe bruggen. Ook"),
        ("nieuwe bruggen.’s Ook", "nieuwe bruggen. Ook"),
        ("dit artikel.¹\n\nWat", "dit artikel.\n\nWat"),
        ("een nieuwe bouwer5), namelijk", "een nieuwe bouwer), namelijk"),
        ("leveranciers toegenomen . Er is", "leveranciers toegenomen. Er is"),
    ],
)
def test_a_footnote_mark_goes(vocabulary: Vocabulary, found: str, clean: str) -> None:
    assert drop_notes(Tracked.of(found), vocabulary).text == clean


@pytest.mark.parametrize(
    "text",
    [
        "“Wij bouwen bruggen.” Ook sluizen.",
        "Hij zei ‘ik kom.’ Dat was al.",
        "in 1992. In de lente",
        "blz.3 Daar",
        "CO2 en covid19 bestaan",
        "een brug van 3.5 meter",
        "wachten ... En dan",
        "een oppervlak van 5 km² gras",
    ],
)
def test_what_is_no_footnote_mark_stays(vocabulary: Vocabulary, text: str) -> None:
    assert drop_notes(Tracked.of(text), vocabulary).text == text


def test_invisible_characters_go_and_every_space_is_a_space() -> None:
    assert drop_invisible(Tracked.of("al\u00adli\u200bantie\u00a0van\ttwee\r\nen\u2028drie\x07")).text == (
        "alliantie van twee\nen\ndrie"
    )


def test_addresses_go() -> None:
    assert (
        drop_addresses(Tracked.of("Bel 06 12 34 56 78 of mail jan.bos@brug.nl nu")).text == "Bel  of mail  nu"
    )
