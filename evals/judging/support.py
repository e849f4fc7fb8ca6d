"""Whether quotes support a claim: by the rare words, names and numbers that they share.

Shared wording can't tell a claim from one with the opposite meaning; the hand labels show how often
that goes wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

from assistant.corpus.likeness import Reader, Terms, Wordings
from assistant.corpus.sentences import split_sentences
from assistant.domain import Catalogue
from evals.judging.verdicts import Support

SUPPORTED_FROM = 0.5
PARTLY_FROM = 0.3
"""Shares of a claim's wording, set on the hand labels of the dev split."""

_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
_SMALL = "twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien"
_NUMERALS = {
    **{word: str(number) for number, word in enumerate(_SMALL.split(), start=2)},
    **{"twintig": "20", "dertig": "30", "zeventig": "70", "honderd": "100", "helft": "1/2", "derde": "1/3"},
}


@dataclass(frozen=True, slots=True)
class Likeness:
    """How a claim compares with its quotes."""

    shared: float
    """Share of the claim's wording that the quotes hold, by weight."""
    has_numbers: bool
    """Whether every number of the claim is in the quotes, in figures or in words."""


class WordSupport:
    """Judges by wording; knows from all texts which words are rare."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._reader = Reader()
        texts = chain(_sentences(catalogue), _statements(catalogue))
        self._wordings = Wordings(map(self._reader.terms, texts))

    def judge(self, claim: str, quotes: Sequence[str]) -> Support:
        """Tell how far quotes support a claim."""
        if claim.strip() in (quote.strip() for quote in quotes):
            return Support.SUPPORTED
        likeness = self.compare(claim, quotes)
        if likeness.shared < PARTLY_FROM or not likeness.has_numbers:
            return Support.UNSUPPORTED
        return Support.SUPPORTED if likeness.shared >= SUPPORTED_FROM else Support.PARTLY

    def compare(self, claim: str, quotes: Sequence[str]) -> Likeness:
        """Compare a claim with its quotes."""
        stems = frozenset(term.stem for quote in quotes for term in self._reader.terms(quote))
        return Likeness(
            shared=self._share(self._reader.terms(claim), stems),
            has_numbers=_numbers(claim) <= _numbers("\n".join(quotes)),
        )

    def _share(self, terms: Terms, stems: frozenset[str]) -> float:
        weights = [self._wordings.weight(term) for term in terms]
        held = (
            weight * self._wordings.match(term, stems) for weight, term in zip(weights, terms, strict=True)
        )
        return sum(held) / sum(weights) if weights else 0.0


def _sentences(catalogue: Catalogue) -> Iterable[str]:
    for document in catalogue.documents.values():
        for span in split_sentences(document.text):
            yield document.text[span.start : span.end]


def _statements(catalogue: Catalogue) -> Iterable[str]:
    for card in catalogue.cards.values():
        for statement in card.statements:
            yield statement.plain


def _numbers(text: str) -> set[str]:
    plain = text.casefold()
    words = re.findall(r"\w+", plain)
    return set(_FIGURE.findall(plain)) | {_NUMERALS[word] for word in words if word in _NUMERALS}
