"""Numbers in a text: figures, and the Dutch words for them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
_WORD = re.compile(r"[^\W\d_]+")
_THOUSANDS = re.compile(r"(?<=\d)\.(?=\d{3}(?!\d))")
_SMALL = [
    "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien", "elf", "twaalf", "dertien",
    "veertien", "vijftien", "zestien", "zeventien", "achttien", "negentien",
]  # fmt: skip
_ONES = ["een", *_SMALL[:8]]
_TENS = ["twintig", "dertig", "veertig", "vijftig", "zestig", "zeventig", "tachtig", "negentig"]
_LARGE = {"duizend": "1000", "miljoen": "1000000", "miljard": "1000000000", "helft": "1/2", "half": "1/2"}
_FOLDED = str.maketrans("éëè", "eee")


def numbers_in(text: str) -> frozenset[str]:
    """Return the numbers of a text, those in words as figures; "een" is no number, "tweede" is "2e"."""
    figures = (_THOUSANDS.sub("", found) for found in _FIGURE.findall(text))
    words = (_number(word) for word in _WORD.findall(text))
    return frozenset(figures) | {number for number in words if number}


def without_numbers(text: str) -> str:
    """Return a text without its numbers, in figures and in words."""
    return _WORD.sub(lambda found: "" if _number(found[0]) else found[0], _FIGURE.sub("", text))


def _number(word: str) -> str | None:
    return _numerals().get(word.casefold().translate(_FOLDED))


@cache
def _numerals() -> dict[str, str]:
    cardinals = {word: str(number) for number, word in _counted()}
    ordinals = {_ordinal(word): f"{number}e" for word, number in cardinals.items()}
    return {
        **cardinals,
        **ordinals,
        **_LARGE,
        "eerste": "1e",
        "derde": "3e",
        "tweemaal": "2",
        "driemaal": "3",
    }


def _counted() -> Iterator[tuple[int, str]]:
    """Yield the numbers from 2 to 999 with their words."""
    below = [*enumerate(_SMALL, start=2), *_tens()]
    yield from below
    for hundreds, word in enumerate(["honderd", *(f"{one}honderd" for one in _SMALL[:8])], start=1):
        yield 100 * hundreds, word
        yield from ((100 * hundreds + number, word + rest) for number, rest in [(1, "een"), *below])


def _tens() -> Iterator[tuple[int, str]]:
    for tens, ten in enumerate(_TENS, start=2):
        yield 10 * tens, ten
        yield from ((10 * tens + number, f"{one}en{ten}") for number, one in enumerate(_ONES, start=1))


def _ordinal(word: str) -> str:
    takes_de = word in _SMALL and word != "acht"
    return word + ("de" if takes_de else "ste")
