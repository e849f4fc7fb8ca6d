"""What is a Dutch word: the reason for every repair of letters."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable
from itertools import islice, pairwise, takewhile

WORD = re.compile(r"[^\W\d_]+")
KNOWN = 2.0
"""Zipf frequency (tenfold per point; 3 is once in a million words) of a word that surely exists."""
COMMON = 3.0
LINKS = ("", "s", "en", "e", "n")
SHORTEST_PART = 4


class Vocabulary:
    """Word frequencies of Dutch, and the words and pairs of words of the corpus itself."""

    def __init__(self, texts: Iterable[str] = ()) -> None:
        from wordfreq import iter_wordlist, zipf_frequency

        self._zipf = zipf_frequency
        self._listed = iter_wordlist
        self._sorted: list[str] = []
        self._cache: dict[str, float] = {}
        self._words: Counter[str] = Counter()
        self._pairs: Counter[tuple[str, str]] = Counter()
        for text in texts:
            self._learn(text)

    def frequency(self, word: str) -> float:
        """Zipf frequency of ``word`` in Dutch; 0 if it was never seen or isn't one word."""
        key = word.casefold()
        if key not in self._cache:
            self._cache[key] = float(self._zipf(key, "nl")) if key.isalpha() else 0.0
        return self._cache[key]

    def knows(self, word: str) -> bool:
        """Whether ``word`` exists: in Dutch, elsewhere in the corpus, or as a compound."""
        return self.frequency(word) >= KNOWN or self.occurs(word) or self.is_compound(word)

    def occurs(self, word: str) -> bool:
        """Whether the corpus has ``word`` as it stands, in the middle of a line."""
        return word.casefold() in self._words

    def occurs_apart(self, first: str, second: str) -> bool:
        """Whether the corpus has the two words one after the other, at least as often as in one."""
        apart = self._pairs[first.casefold(), second.casefold()]
        return apart > 0 and apart >= self._words[(first + second).casefold()]

    def is_compound(self, word: str) -> bool:
        """Whether ``word`` is two common words, with or without a linking letter."""
        key = word.casefold()
        cuts = range(SHORTEST_PART, len(key) - SHORTEST_PART + 1)
        return any(self._is_part(key[:cut]) and self.frequency(key[cut:]) >= COMMON for cut in cuts)

    def begins_compounds(self, word: str) -> bool:
        """Whether a longer Dutch word begins with ``word``: one does with "netwerk", none with "managers"."""
        self._sorted = self._sorted or sorted(self._listed("nl"))
        key = word.casefold()
        at = bisect_left(self._sorted, key)
        longer = takewhile(lambda other: other.startswith(key), islice(self._sorted, at, None))
        return any(len(other) >= len(key) + SHORTEST_PART and other.isalpha() for other in longer)

    def _is_part(self, word: str) -> bool:
        stems = (word.removesuffix(link) for link in LINKS if word.endswith(link))
        return any(len(stem) >= SHORTEST_PART and self.frequency(stem) >= COMMON for stem in stems)

    def _learn(self, text: str) -> None:
        whole = re.sub(r"\w+-[^\S\n]*\n\s*\w+", " . ", text)
        self._words.update(word.casefold() for word in WORD.findall(whole))
        for line in re.split(r"[^\w ]|\n", whole):
            self._pairs.update(pairwise(word.casefold() for word in WORD.findall(line)))
