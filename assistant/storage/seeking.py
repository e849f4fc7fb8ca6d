"""How texts are folded to be sought in, alike in every database: none of them folds case as the others do."""

from __future__ import annotations

import unicodedata

_LONGEST_SEARCH = 200
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Mn"})


def folded(text: str) -> str:
    """Return a text without capitals, accents and what can't be seen, with single spaces between words."""
    plain = _decomposed(_decomposed(text).casefold())
    words = (_visible(word) for word in plain.split())
    return " ".join(word for word in words if word)


def sought_words(search: str) -> tuple[str, ...]:
    """Return the words to look for, each once; of a very long search its first 200 code points."""
    return tuple(dict.fromkeys(folded(search[:_LONGEST_SEARCH]).split()))


def _decomposed(text: str) -> str:
    return unicodedata.normalize("NFKD", text)


def _visible(word: str) -> str:
    if word.isascii() and word.isprintable():
        return word
    return "".join(sign for sign in word if unicodedata.category(sign) not in _INVISIBLE)
