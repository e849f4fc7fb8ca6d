"""Words as they compare, without case and accents, and as they can be seen."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection


def folded(text: str) -> str:
    """Return a text in small letters without diacritics; it may be longer or shorter."""
    small = text.casefold()
    if small.isascii():
        return small
    apart = unicodedata.normalize("NFKD", small)
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def without_hidden(text: str, hidden: Collection[str]) -> str:
    """Return a text without the letters of these categories, all of Unicode's "C": what can't be seen."""
    if text.isprintable():  # As nearly all texts are; then there is none of them.
        return text
    return "".join(letter for letter in text if unicodedata.category(letter) not in hidden)
