"""Whether a nugget is in an answer: by the words that its author wrote down for it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache

from assistant.domain.folding import folded
from evals.items import Nugget

WINDOW = 2
"""Sentences that follow each other in which all keys of a nugget must be found."""

_MARKS = re.compile(r"\[\d+\]|\*\*|__|^\s*(?:[-*]|\d+\.)\s+", re.MULTILINE)
_BOUNDARY = re.compile(r"(?<=[.!?])\s+|\n+")


def sentences(markdown: str) -> list[str]:
    """Split an answer into its sentences and bullets, without marks."""
    return [part.strip() for part in _BOUNDARY.split(_MARKS.sub("", markdown)) if part.strip()]


def holds(nugget: Nugget, said: Sequence[str]) -> bool:
    """Return whether a nugget is in the sentences of an answer."""
    folded = [fold(sentence) for sentence in said]
    windows = (" ".join(folded[start : start + WINDOW]) for start in range(len(folded)))
    return any(all(_pattern(key).search(window) for key in nugget.keys) for window in windows)


def found(nuggets: Iterable[Nugget], markdown: str) -> tuple[Nugget, ...]:
    """Return the nuggets that an answer holds."""
    said = sentences(markdown)
    return tuple(nugget for nugget in nuggets if holds(nugget, said))


def fold(text: str) -> str:
    """Return a text without case and accents."""
    return folded(text).replace("’", "'")


@cache
def _pattern(key: str) -> re.Pattern[str]:
    return re.compile("|".join(_alternative(part) for part in key.split("|")))


def _alternative(text: str) -> str:
    start, end = r"\b", ""
    words = fold(text.strip())
    if words.startswith("*"):
        start, words = "", words[1:]
    if words.endswith("!"):
        end, words = r"\b", words[:-1]
    *first, last = words.split()
    beginnings = [_word(word, r"\w*") for word in first]
    return start + r"\W+".join([*beginnings, _word(last, end)])


def _word(word: str, rest: str) -> str:
    """Return the pattern of a word's beginning and what may follow; a number must be that number."""
    is_number = word.isdigit()
    return rf"(?<!\d[.,]){word}(?![.,]?\d)" if is_number else re.escape(word) + rest
