"""Putting lines back together."""

from __future__ import annotations

import pytest

from assistant.corpus.anchors import Anchor
from assistant.corpus.cleaning import Vocabulary
from assistant.corpus.cleaning.layout import (
    drop_asides,
    drop_captions,
    drop_pull_quotes,
    drop_repeated_lines,
    drop_running_heads,
    join_lines,
)
from assistant.corpus.cleaning.tracked import Tracked


def joined(text: str, vocabulary: Vocabulary, *headings: str) -> str:
    anchors = [Anchor(heading, is_heading=True) for heading in headings]
    return join_lines(Tracked.of(text), anchors, vocabulary).text


@pytest.mark.parametrize(
    ("found", "clean"),
    [
        ("als middel om\n\nde brug te bouwen.", "als middel om de brug te bouwen."),
        ("Een alinea.\n\nNog een alinea.", "Een alinea.\n\nNog een alinea."),
        ("open voor iedereen;\n\neerlijke verdeling;", "open voor iedereen;\n\neerlijke verdeling;"),
        ("De fases:\n• de start\n• het eind", "De fases:\n• de start\n• het eind"),
        (
            "die samen werken aan hun samen-\nwerking in de regio",
            "die samen werken aan hun samenwerking in de regio",
        ),
        ("voor-\nen nadelen", "voor- en nadelen"),
        ("in de auto-\nindustrie", "in de auto-industrie"),
        ("in Noord-\nEuropa", "in Noord-Europa"),
        ("in de IT-\nbranche", "in de IT-branche"),
        ("van potenti-\n\nele kopers", "van potentiële kopers"),
        ("een Bos-Bakkerorganisa-\ntie", "een Bos-Bakkerorganisatie"),
        ("de blorp-\nkwist daar", "de blorp-kwist daar"),
    ],
)
def test_the_lines_of_a_sentence_join(vocabulary: Vocabulary, found: str, clean: str) -> None:
    assert joined(found, vocabulary) == clean


def test_lines_of_a_wrapped_paragraph_join_and_a_short_last_line_ends_it(vocabulary: Vocabulary) -> None:
    text = (
        "Een brug verbindt twee oevers met elkaar. Zij maakt het\n"
        "Mogelijk om droog aan de overkant te komen zonder boot.\n"
        "Zo is het.\n"
        "Een sluis houdt het water tegen en laat boten erdoor.\n"
    )
    lines = joined(text, vocabulary).strip().split("\n\n")
    assert [line[:9] for line in lines] == ["Een brug ", "Een sluis"]


def test_a_heading_stands_on_its_own(vocabulary: Vocabulary) -> None:
    text = "Het eind.\nBruggen en de\nsluizen\nWie bouwt er bruggen?"
    assert joined(text, vocabulary, "Bruggen en de sluizen") == (
        "Het eind.\n\nBruggen en de sluizen\n\nWie bouwt er bruggen?"
    )


def test_double_spaced_lines_join_as_single_ones_do(vocabulary: Vocabulary) -> None:
    lines = [
        "Een brug verbindt twee oevers met",
        "elkaar en maakt het mogelijk om de",
        "Maas over te steken met droge voe-",
        "ten en een fiets.",
        "Een sluis houdt het water tegen op",
        "de plek waar dat nodig is.",
    ]
    assert joined("\n\n".join(lines), vocabulary) == (
        "Een brug verbindt twee oevers met elkaar en maakt het mogelijk om de Maas over te steken met droge "
        "voeten en een fiets.\n\nEen sluis houdt het water tegen op de plek waar dat nodig is."
    )


def test_a_line_wider_than_the_column_above_it_stands_apart(vocabulary: Vocabulary) -> None:
    lines = ["Een brug verbindt twee oevers met", "elkaar, en dat weet ieder van ons."] * 8
    wide = "Bruggen verbinden mensen, ook als het water hoog staat …"
    assert joined("\n\n".join([*lines, wide]), vocabulary).endswith(f" ieder van ons.\n\n{wide}")


def test_running_heads_and_page_numbers_go() -> None:
    text = (
        "Inleiding\n\nEen tekst\n\n\nINLEIDING\n\nloopt door.\n\n31\n\nOok hier.\n\n"
        "PIET BOS G JAN BAKKER\n Nieuw"
    )
    left = drop_running_heads(Tracked.of(text), [Anchor("Inleiding", is_heading=True)]).text
    assert left.split() == ["Inleiding", "Een", "tekst", "loopt", "door.", "Ook", "hier.", "Nieuw"]


def test_a_heading_in_capitals_and_an_abbreviation_stay() -> None:
    text = "Een tekst.\n\nDE BRUGGEN\n\nWij bouwen.\n\nWASH\n\nKlaar."
    assert drop_running_heads(Tracked.of(text), [Anchor("De bruggen", is_heading=True)]).text == text


def test_a_quotation_that_breaks_a_sentence_goes() -> None:
    text = "Zo gaan we om\n\n“Bruggen verbinden mensen”\n\nmet water."
    assert "verbinden" not in drop_pull_quotes(Tracked.of(text)).text


def test_a_quotation_between_sentences_stays() -> None:
    text = "Zo gaat het.\n\n“Bruggen verbinden mensen”\n\nDat is zo."
    assert drop_pull_quotes(Tracked.of(text)).text == text


def test_a_quotation_that_repeats_the_text_goes_unless_a_section_begins_there() -> None:
    said = "bruggen verbinden mensen die aan de andere kant van het water wonen met elkaar"
    text = f"Zo gaat het.\n\n“Alle {said}\n\nDat is zo. Alle {said}, zeggen wij."
    tracked = Tracked.of(text)
    assert drop_pull_quotes(tracked).text.count("elkaar") == 1
    assert drop_pull_quotes(tracked, [Anchor("“Alle bruggen", is_heading=False)]).text == text


def test_a_caption_with_a_number_goes_and_a_sentence_about_it_stays() -> None:
    text = "Kijk.\n\nFiguur 2 De brug en het water\n\nFiguur 2 laat de brug zien.\n\nMooi."
    assert drop_captions(Tracked.of(text), ()).text == text.replace("Figuur 2 De brug en het water", "")


def test_a_line_that_says_the_same_as_the_one_before_goes() -> None:
    text = "Bruggen bouwen\n\nBruggen bouwen\n\nWij bouwen."
    assert drop_repeated_lines(Tracked.of(text)).text == "Bruggen bouwen\n\nWij bouwen."


def test_what_was_read_from_another_column_goes_only_at_the_end_of_a_line() -> None:
    text = "Koop nu! Een brug die Koop nu!\nlang blijft staan."
    assert drop_asides(Tracked.of(text), ["Koop nu!"]).text == "Koop nu! Een brug die\nlang blijft staan."
