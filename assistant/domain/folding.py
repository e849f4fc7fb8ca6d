"""Words as they compare: without case and accents."""

from __future__ import annotations

import unicodedata


def folded(text: str) -> str:
    """Return a text in small letters without diacritics; it may be longer or shorter."""
    small = text.casefold()
    if small.isascii():
        return small
    apart = unicodedata.normalize("NFKD", small)
    return "".join(letter for letter in apart if not unicodedata.combining(letter))
