"""Finding known words in a text."""

from __future__ import annotations

import pytest

from assistant.corpus.anchors import Anchor, find_anchors, find_line, find_words


@pytest.mark.parametrize(
    "text",
    [
        "Een brug\n\nDe pijlers van de brug\n\nTekst",
        "Een brug\nde  PIJLERS van\nde brug\nTekst",
        "Een brug\nDe pij-\nlers van de brug \nTekst",
    ],
)
def test_a_heading_is_found_whatever_its_case_lines_and_hyphens(text: str) -> None:
    (span,) = find_anchors(text, [Anchor("De pijlers van de brug", is_heading=True)])
    assert span is not None
    assert text[span.start :].lower().startswith("de")
    assert text[span.end :].strip() == "Tekst"


def test_a_heading_is_not_found_inside_a_sentence() -> None:
    assert find_anchors("Hier staan de sluizen open.", [Anchor("De sluizen", is_heading=True)]) == (None,)


def test_first_words_are_rather_found_at_the_start_of_a_line() -> None:
    text = "Kijk, de brug is open.\nDe brug is dicht."
    (span,) = find_anchors(text, [Anchor("De brug is", is_heading=False)])
    assert span is not None
    assert span.start == text.index("De brug")


def test_anchors_are_found_in_order() -> None:
    first, second = find_anchors("Slot\n\nBrug\n\nSlot", [Anchor("Brug", True), Anchor("Slot", True)])
    assert first is not None
    assert second is not None
    assert first.end < second.start


def test_words_with_either_apostrophe_are_found() -> None:
    assert find_line("thema’s en\nmeer", "thema's en meer") is not None


@pytest.mark.parametrize(
    ("words", "found"),
    [("de brug", "de brug"), ("BRUG IS", "brug\nis"), ("dicht", "dicht"), ("brugwachter", "brug-\nwachter")],
)
def test_words_are_found_in_the_middle_of_a_line_and_across_lines(words: str, found: str) -> None:
    text = "Kijk, de brug\nis dicht, zegt de brug-\nwachter."
    span = find_words(text, words)
    assert span is not None
    assert text[span.start : span.end] == found


def test_words_are_found_from_the_given_place_on() -> None:
    span = find_words("brug en brug", "brug", 1)
    assert span is not None
    assert span.start == 8


@pytest.mark.parametrize("words", ["bru", "rug", "brug de"])
def test_a_part_of_a_word_and_words_in_another_order_are_not_found(words: str) -> None:
    assert find_words("Kijk, de brug is dicht.", words) is None
