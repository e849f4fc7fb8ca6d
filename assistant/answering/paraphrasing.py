"""Whether other words say what cited texts say: numbers, names, negation, and enough of the wording.

Shared wording can't tell a claim from one that turns its meaning round in other words. That is why
numbers, names and negation are looked at apart, and why the bar is high.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from assistant.answering.numerals import numbers_in, without_numbers
from assistant.answering.shelf import Lexicon
from assistant.domain import Catalogue

PARAPHRASE_BAR = 0.8
"""Share of a sentence's wording that its citations must hold.

Of the hand labels of the dev split 18 pass: all of them right, of 99, and none of the 57 that are not;
lower, statements that were altered in a word or two begin to pass.
"""

MOST_NEW = 1
"""Words of its own that a sentence may have, that aren't related to any in its citations."""

PART_BAR = 0.25
"""Share of a claim's wording that each of its citations must hold."""

FEWEST_STEMS = 3
"""A sentence with fewer content words is weighed with the one beside it; a claim with fewer says too
little to weigh: any word of a statement could be picked out."""

_RELATED = 0.9
"""What a compound or an inflection counts, of the word that it's related to."""
_SHORTEST = 5
_TURNING = re.compile(r"(?:on|wan|niet|non|anti|mis)$")
_WORD = re.compile(r"[^\W_]+(?:[-*&][^\W_]+)*")
_OPENS = re.compile(r"(?:^|[.!?:…]|\n)[\s\"“‘'(«*]*$")
_SENTENCE = re.compile(r"(?<=[.!?…:;])[\"”’»)*]*\s+")
_NEGATION = re.compile(
    r"\b(?:niet|geen|nooit|niemand|niets|nergens|noch|zonder|nauwelijks|amper|evenmin)\b", re.IGNORECASE
)
_ABSOLUTE = re.compile(
    r"\b(?:alleen|uitsluitend|slechts|enkel|altijd|steeds|alle|iedereen|verplicht|allemaal|volledig)\b",
    re.IGNORECASE,
)
_FOREIGN = re.compile(
    r"[<>{}\[\]|`\\@#]|://|\bwww\.|\b[\w-]+\.(?:nl|com|org|net|eu|be|example)\b", re.IGNORECASE
)
"""What no statement has: markup, links and addresses."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What one citation says."""

    text: str
    """A statement, or a sentence of an original."""
    quotes: tuple[str, ...] = ()
    """The words of the originals that it rests on."""
    context: tuple[str, ...] = ()
    """What it is about and whose it is: the title of its card, the names of its sources."""

    @property
    def whole(self) -> str:
        """All of it as one text."""
        return "\n".join((self.text, *self.quotes, *self.context))


class Paraphrases:
    """Weighs words by how rare they are, and knows the names that the texts hold."""

    def __init__(self, catalogue: Catalogue, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._names = _names_of(catalogue)

    def bearing(self, claim: str, grounds: Mapping[str, Ground]) -> tuple[str, ...]:
        """Return the ids of the grounds that together say what a claim says; none if they don't."""
        plain = claim.replace("**", "")
        wanted = self._stems(plain)
        if _FOREIGN.search(plain) or len(wanted) < FEWEST_STEMS:
            return ()
        kept = {id_: ground for id_, ground in grounds.items() if self._bears(plain, wanted, ground)}
        whole = "\n".join(ground.whole for ground in kept.values())
        return tuple(kept) if kept and self._says(plain, whole) else ()

    def _bears(self, claim: str, wanted: frozenset[str], ground: Ground) -> bool:
        """Whether a ground says part of a claim, and nothing against it."""
        part = self._share(wanted, self._stems(ground.whole))
        return part >= PART_BAR and self._agrees(claim, wanted, ground)

    def _says(self, claim: str, said: str) -> bool:
        """Whether a text has the numbers, the names and enough of the words of a claim.

        A claim asks nothing that the text doesn't ask.
        """
        has_numbers = numbers_in(claim) <= numbers_in(said)
        is_measured = bool(_ABSOLUTE.search(said)) or not _ABSOLUTE.search(claim)
        is_asked = "?" in said or "?" not in claim
        has_facts = has_numbers and is_measured and is_asked and self._has_names(claim, said)
        return has_facts and self._is_worded(claim, self._stems(said))

    def _is_worded(self, claim: str, offered: frozenset[str]) -> bool:
        """Whether each sentence of a claim is in words that are offered, but for one of its own.

        That isn't the word it opens with: a model may have been told to put a word in front.
        """
        if not _match(next(iter(self._lexicon.content_words(without_numbers(claim))), ""), offered):
            return False
        parts = [wanted for part in self._parts(claim) if (wanted := self._stems(part))]
        return bool(parts) and all(
            self._share(wanted, offered) >= PARAPHRASE_BAR
            and sum(not _match(stem, offered) for stem in wanted) <= MOST_NEW
            for wanted in parts
        )

    def _agrees(self, claim: str, wanted: frozenset[str], ground: Ground) -> bool:
        """Whether claim and ground don't contradict each other where they say the same.

        Both deny something, or neither does; and it's not so that two words have changed places.
        """
        sentences = _SENTENCE.split(ground.text.replace("**", ""))
        nearest = max(sentences, key=lambda one: self._share(wanted, self._stems(one)))
        is_denied = bool(_NEGATION.search(claim)) != bool(_NEGATION.search(nearest))
        return not is_denied and not self._is_exchanged(claim, nearest)

    def _is_exchanged(self, claim: str, said: str) -> bool:
        """Whether the words that two texts share stand in the same order but for two that changed places."""
        ours, theirs = self._lexicon.content_words(claim), self._lexicon.content_words(said)
        order = [stem for stem in ours if stem in theirs]
        other = [stem for stem in theirs if stem in ours]
        return len(order) > 2 and sum(map(str.__ne__, order, other)) == 2

    def _has_names(self, claim: str, said: str) -> bool:
        """Whether every name of a claim stands in a text; a word that no text knows may be a name."""
        known = {_bare(word) for word in _WORD.findall(said)}
        return all(_bare(name) in known for name in self._named(claim))

    def _named(self, claim: str) -> Iterator[str]:
        for found in _WORD.finditer(claim):
            word = found[0]
            opens = bool(_OPENS.search(claim[: found.start()]))
            if not word[0].isupper() and not _is_acronym(word):
                continue
            if not opens or _is_acronym(word) or word in self._names or self._is_strange(word):
                yield word

    def _is_strange(self, word: str) -> bool:
        stems = self._lexicon.content_words(word)
        return bool(stems) and all(self._lexicon.rarity(stem) >= self._lexicon.rarity("") for stem in stems)

    def _parts(self, claim: str) -> list[str]:
        """Return the sentences of a claim; a short one, such as a label, with the one after it."""
        parts: list[str] = []
        for part in _SENTENCE.split(claim):
            if parts and min(len(self._stems(parts[-1])), len(self._stems(part))) < FEWEST_STEMS:
                parts[-1] += f" {part}"
            else:
                parts.append(part)
        return parts

    def _stems(self, text: str) -> frozenset[str]:
        """Return the content words of a text, without its numbers, which are looked at apart."""
        return frozenset(self._lexicon.content_words(without_numbers(text)))

    def _share(self, wanted: frozenset[str], offered: frozenset[str]) -> float:
        weights = {stem: self._lexicon.rarity(stem) for stem in wanted}
        held = sum(weight * _match(stem, offered) for stem, weight in weights.items())
        return held / sum(weights.values()) if weights else 0.0


def _match(stem: str, offered: frozenset[str]) -> float:
    """Return how well the stems of a text stand for one: 1 for the same, less for a related one."""
    if stem in offered:
        return 1.0
    return _RELATED if any(_is_related(stem, other) for other in offered) else 0.0


def _is_related(one: str, other: str) -> bool:
    """Return whether one word is a part of the other, and doesn't turn it round ("onmogelijk")."""
    short, long = sorted((one, other), key=len)
    return len(short) >= _SHORTEST and short in long and not _TURNING.search(long[: long.index(short)])


def _is_acronym(word: str) -> bool:
    return len(word) > 1 and sum(letter.isupper() for letter in word) > 1


def _bare(word: str) -> str:
    """Return a word as names are compared: small letters, without the s of a genitive."""
    return word.casefold().removesuffix("s")


def _names_of(catalogue: Catalogue) -> frozenset[str]:
    """Return the words that the texts write with a capital within a sentence, and never without."""
    capital: set[str] = set()
    small: set[str] = set()
    for text in _texts_of(catalogue):
        for found in _WORD.finditer(text):
            word = found[0]
            if word[0].islower():
                small.add(word)
            elif word[0].isupper() and not _OPENS.search(text[max(0, found.start() - 4) : found.start()]):
                capital.add(word)
    return frozenset(word for word in capital if word.casefold() not in small)


def _texts_of(catalogue: Catalogue) -> Iterable[str]:
    for card in catalogue.cards.values():
        yield from (statement.plain for statement in card.statements)
    yield from (document.text for document in catalogue.documents.values())
    yield from (author for source in catalogue.sources.values() for author in source.authors)
