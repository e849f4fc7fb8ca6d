"""Cleaning as a whole."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.corpus.anchors import Anchor
from assistant.corpus.cleaning import Layout, Vocabulary, clean
from assistant.corpus.manifest import ColumnSwap

WORDS = Vocabulary()

pieces = st.sampled_from(
    [
        "de",
        "brug",
        "samen-\nwerking",
        "creéren",
        "Eris",
        "\n\n",
        "\n",
        " ",
        ". ",
        ".3 ",
        "**",
        "*",
        "# ",
        "\\*",
        "[een](http://x.nl)",
        "06 12345678",
        "a@b.nl",
        "mensen.2Ongeveer",
        "ledereen",
        "31",
        "KOPREGEL",
        "“",
        "”",
        "\u00ad",
        "\r\n",
        "\u200b",
        "•",
        "voor-en nadelen",
        "auto-\nindustrie",
        "é",
        "In1988",
        "- ",
        "_",
        "€",
        "\x0c",
    ]
)
messy = st.one_of(st.text(max_size=60), st.lists(pieces, max_size=25).map("".join))


@given(messy)
@settings(max_examples=300, deadline=None)
def test_every_unchanged_character_leads_back_to_the_file(text: str) -> None:
    cleaned = clean(text, WORDS)
    for run in cleaned.origin:
        assert cleaned.text[run.cleaned :][: run.length] == text[run.original :][: run.length]


@given(messy)
@settings(max_examples=300, deadline=None)
def test_no_character_is_ours_unless_a_repair_says_so(text: str) -> None:
    cleaned = clean(text, WORDS)
    covered = {run.cleaned + at for run in cleaned.origin for at in range(run.length)}
    told = {repair.offset + at for repair in cleaned.repairs for at in range(len(repair.after))}
    assert set(range(len(cleaned.text))) <= covered | told


@given(messy)
@settings(max_examples=300, deadline=None)
def test_no_letter_is_lost_invented_or_moved_outside_the_repairs(text: str) -> None:
    cleaned = clean(text, WORDS)
    balance = Counter(filter(str.isalnum, text))
    for repair in cleaned.repairs:
        balance.subtract(filter(str.isalnum, repair.before))
        balance.update(filter(str.isalnum, repair.after))
    assert balance == Counter(filter(str.isalnum, cleaned.text))
    assert all(one.original + one.length <= other.original for one, other in pairwise(cleaned.origin))


@given(messy)
@settings(max_examples=300, deadline=None)
def test_letters_that_are_ours_are_letters_given_back(text: str) -> None:
    for repair in clean(text, WORDS).repairs:
        if any(letter.isalnum() for letter in repair.after):
            assert repair.kind in {"letters", "capital-i", "hyphenation"}
            assert len(repair.after) == 1


@given(messy)
@settings(max_examples=300, deadline=None)
def test_a_clean_text_has_no_trailing_spaces_or_empty_paragraphs(text: str) -> None:
    cleaned = clean(text, WORDS).text
    assert cleaned == cleaned.strip()
    assert not re.search(r" \n|\n |\n{3}|  |[\r\t\x0c\u00ad\u200b]", cleaned)


contacts = st.sampled_from(
    [
        "06 12345678",
        "a@b.nl",
        "\n",
        "  ",
        "06",
        "12",
        "34 56 78",
        "-",
        "(020) 1234567",
        "+31 6 1234 5678",
        "**",
        "Bel:",
        "mailto:x@y.nl",
        "[z@w.nl](mailto:z@w.nl)",
        ".",
        "é",
        "samen-\n",
    ]
)


@given(st.lists(contacts, max_size=14).map(" ".join))
@settings(max_examples=500, deadline=None)
def test_no_address_is_left_whatever_stands_around_it(text: str) -> None:
    cleaned = clean(text, WORDS).text
    assert not re.search(r"\S@\S", cleaned)
    assert not re.search(r"(?<![\w./-])0\d(?:[ -]?\d){8}(?!\w)", cleaned)


@pytest.mark.parametrize(
    "address", ["jan@voorbeeld.nl", "06 12 34 56 78", "06-12345678", "+31 (0)20 123 45 67", "(020) 1234567"]
)
def test_no_address_is_left(address: str) -> None:
    cleaned = clean(f"Bel of schrijf: {address}\n\nTot ziens.", WORDS)
    assert cleaned.text == "Bel of schrijf:\n\nTot ziens."
    assert "contact" in {repair.kind for repair in cleaned.repairs}


def test_years_pages_and_plain_numbers_are_no_telephone_numbers() -> None:
    text = "Zie 45(4), 684-707 en 2010-2023, of 1 000 000 euro."
    assert clean(text, WORDS).text == text


def test_the_layout_of_the_bibliography_is_followed() -> None:
    page = Layout(
        anchors=(Anchor("De sluis", is_heading=True), Anchor("De brug over", is_heading=False)),
        captions=("Een plaatje van de brug",),
        columns=(ColumnSwap("gaat open voor", "Zij is van hout", "Daarna is het stil"),),
    )
    text = (
        "De sluis\nWat hier ligt is oud, dat weet ieder kind.\ngaat open voor wie wacht.\n"
        "Zij is van hout en\nEen plaatje van de brug\nDaarna is het stil.\nDe brug over het kanaal is nieuw."
    )
    assert clean(text, WORDS, page).text == (
        "De sluis\n\n"
        "Wat hier ligt is oud, dat weet ieder kind. Zij is van hout en gaat open voor wie wacht.\n\n"
        "Daarna is het stil.\n\nDe brug over het kanaal is nieuw."
    )
