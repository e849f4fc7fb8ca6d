"""How much of a statement's wording a piece of text holds: rare words, names and numbers count most."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from math import log

from Stemmer import Stemmer

Terms = tuple["Term", ...]

_NAME_WEIGHT = 1.5
"""How much heavier a number or a name counts than another word as rare."""
_UNSEEN_WEIGHT = 0.5
"""What a word that no text holds counts: our own words differ, but our names and numbers don't."""
_RELATED = 0.5
"""From this share of common trigrams on, two words are related: compounds, inflections."""
_BELOW_SAME = 0.9
_SHORTEST = 5
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Term:
    """A word as it's compared: its stem, its letters, and whether it's a number or a name."""

    stem: str
    letters: str
    is_name: bool


class Reader:
    """Reads a text as terms."""

    def __init__(self) -> None:
        self._stemmer = Stemmer("dutch")

    def terms(self, text: str) -> Terms:
        """Give the words of ``text``; a capital that doesn't begin the text marks a name."""
        plain = text.replace("**", "").lstrip("•- \"“‘'(")
        return tuple(self._term(match.group(), match.start() > 0) for match in _WORD.finditer(plain))

    def _term(self, word: str, is_inside: bool) -> Term:
        letters = word.casefold()
        is_capital = (is_inside and word[0].isupper()) or (len(word) > 1 and word.isupper())
        return Term(self._stemmer.stemWord(letters), letters, word.isdigit() or is_capital)


class Wordings:
    """The words of all texts: how rare each is, and which are related to a given one."""

    def __init__(self, sentences: Iterable[Terms]) -> None:
        self._counts: Counter[str] = Counter()
        self._by_trigram: dict[str, set[Term]] = defaultdict(set)
        self._related: dict[Term, dict[str, float]] = {}
        self._total = 0
        for terms in sentences:
            self._total += 1
            self._counts.update({term.stem for term in terms})
            for term in terms:
                for trigram in _trigrams(term.letters):
                    self._by_trigram[trigram].add(term)

    def weight(self, term: Term) -> float:
        """Give how much ``term`` counts: the rarer the more, a name or number most."""
        count = self._counts.get(term.stem, 0)
        if term.is_name:
            return _NAME_WEIGHT * log(1 + self._total / max(1, count))
        return log(1 + self._total / count) if count else _UNSEEN_WEIGHT * log(1 + self._total)

    def match(self, term: Term, stems: Collection[str]) -> float:
        """Give how well the words with these stems stand for ``term``: 1 for the same, 0 for none."""
        related = self._related.setdefault(term, {}) or self._find_related(term)
        return max((likeness for stem, likeness in related.items() if stem in stems), default=0.0)

    def _find_related(self, term: Term) -> Mapping[str, float]:
        trigrams = _trigrams(term.letters)
        near = {other for trigram in trigrams for other in self._by_trigram.get(trigram, ())}
        found = self._related[term]
        for other in near:
            theirs = _trigrams(other.letters)
            share = _BELOW_SAME * len(trigrams & theirs) / min(len(trigrams), len(theirs))
            if share >= _RELATED:
                found[other.stem] = max(share, found.get(other.stem, 0.0))
        found[term.stem] = 1.0
        return found


@cache
def _trigrams(letters: str) -> frozenset[str]:
    if len(letters) < _SHORTEST:
        return frozenset()
    return frozenset(letters[at : at + 3] for at in range(len(letters) - 2))
