"""Searching the cards by the words that somebody types: which cards have them all, and the best first.

Words count as they begin: "vert" finds "vertrouwen". Capitals and accents don't matter, and a plural finds
its singular.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.domain import Card, Statement
from assistant.domain.folding import folded
from assistant.retrieval.stopwords import STOP_WORDS

MOST_LETTERS = 200
MOST_WORDS = 12

_WORD = re.compile(r"[^\W_]+")
_PLURALS = ("en", "s")
_SHORTEST_SINGULAR = 5

_Weights = tuple[float, float]
"""What a word is worth where it stands whole, and where another word begins with it."""
_TITLE: _Weights = (12, 9)
_ALIAS: _Weights = (8, 6)
_QUESTION: _Weights = (3, 2)
_TEXT: _Weights = (2, 1)
_NAMED = 20.0
"""What it is worth to have typed a whole title or alias."""


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a text that was found, or wasn't sought."""

    text: str
    is_found: bool


@dataclass(frozen=True, slots=True)
class Words:
    """The words that are sought, without capitals and accents; none finds everything."""

    typed: tuple[str, ...]
    whole: tuple[str, ...]
    """All words as they were typed, with those that say nothing."""

    @classmethod
    def read(cls, text: str) -> Words:
        """Return the words of what somebody typed, without those that say nothing."""
        words = _words(unicodedata.normalize("NFC", text[:MOST_LETTERS]))
        telling = [word for word in words if word not in STOP_WORDS]
        return cls(tuple(dict.fromkeys(telling or words))[:MOST_WORDS], words)

    def score(self, card: Card) -> float | None:
        """Return how well a card answers to the words; ``None`` if it lacks one of them."""
        fields = list(_fields(card))
        scores = [max(_worth(word, words, weights) for words, weights in fields) for word in self.typed]
        if not all(scores):
            return None
        named = any(_words(name) == self.whole for name in (card.title, *card.aliases))
        return sum(scores) + (_NAMED if named else 0)

    def are_in(self, *texts: str) -> bool:
        """Return whether texts have all the words between them."""
        words = [word for text in texts for word in _words(text)]
        return all(any(_begins(word, typed) for word in words) for typed in self.typed)

    def best(self, statements: Sequence[Statement]) -> Statement | None:
        """Return the statement with most of the words, the first of equals; ``None`` if none has any."""

        def found(statement: Statement) -> int:
            words = _words(statement.plain)
            return sum(any(_begins(word, typed) for word in words) for typed in self.typed)

        best = max(statements, key=found, default=None)
        return best if best and found(best) else None

    def mark(self, text: str) -> tuple[Run, ...]:
        """Cut a text into runs, with the words that were found apart."""
        return tuple(_runs(text, lambda word: any(_begins(folded(word), one) for one in self.typed)))


def fold_for_order(text: str) -> str:
    """Return a text as an alphabet orders it: without capitals and accents."""
    return " ".join(_words(text))


def _fields(card: Card) -> Iterator[tuple[tuple[str, ...], _Weights]]:
    yield _words(card.title), _TITLE
    yield _words(" ".join(card.aliases)), _ALIAS
    yield _words(" ".join(card.questions)), _QUESTION
    for statement in card.statements:
        yield _words(statement.plain), _TEXT


def _worth(typed: str, words: Sequence[str], weights: _Weights) -> float:
    whole, begun = weights
    if typed in words:
        return whole
    return begun if any(_begins(word, typed) for word in words) else 0


def _begins(word: str, typed: str) -> bool:
    return word.startswith(typed) or word in _singulars(typed)


@lru_cache(maxsize=256)
def _singulars(typed: str) -> tuple[str, ...]:
    """Return what a word can be the plural of: "paradoxen" of "paradox", "alliantiemanagers" too."""
    stems = (typed.removesuffix(ending) for ending in _PLURALS if typed.endswith(ending))
    return tuple(stem for stem in stems if len(stem) >= _SHORTEST_SINGULAR)


@lru_cache(maxsize=8192)
def _words(text: str) -> tuple[str, ...]:
    return tuple(folded(word) for word in _WORD.findall(text))


def _runs(text: str, is_found: Callable[[str], bool]) -> Iterator[Run]:
    place = 0
    for match in _WORD.finditer(text):
        if is_found(match.group()):
            if place < match.start():
                yield Run(text[place : match.start()], False)
            yield Run(match.group(), True)
            place = match.end()
    if place < len(text):
        yield Run(text[place:], False)
