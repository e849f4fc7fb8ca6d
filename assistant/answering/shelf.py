"""The cards of a catalogue, with the stems that matching needs worked out once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

from assistant.domain import Card, CardSection, Catalogue, Filters, Statement


class Lexicon(Protocol):
    """Content words as the keyword index sees them, and how rare each is."""

    def content_words(self, text: str) -> tuple[str, ...]:
        """Return the stems of a text without stop words, in order, each once."""
        ...

    def rarity(self, stem: str) -> float:
        """Return a positive weight; a stem that occurs nowhere gets the highest."""
        ...


class Shelf:
    """Compares words: of questions, card names, section titles and statements."""

    def __init__(self, catalogue: Catalogue, lexicon: Lexicon) -> None:
        self.cards = catalogue.cards
        self._lexicon = lexicon
        self._rarities = _Rarities(lexicon)
        self._names: dict[str, tuple[frozenset[str], ...]] = {}
        self._questions: dict[str, tuple[tuple[frozenset[str], float], ...]] = {}
        self._statements: dict[str, frozenset[str]] = {}
        self._sources: dict[str, frozenset[str]] = {}
        self._name_stems: dict[str, frozenset[str]] = {}
        self._all_stems: dict[str, frozenset[str]] = {}
        for card in self.cards.values():
            self._put(card)

    def _put(self, card: Card) -> None:
        self._names[card.id] = tuple(map(self.stems, (card.title, *card.aliases)))
        asked = map(self.stems, card.questions)
        self._questions[card.id] = tuple((stems, self._weight(stems)) for stems in asked)
        self._statements.update((statement.id, self.stems(statement.text)) for statement in card.statements)
        self._sources[card.id] = frozenset[str]().union(*map(sources_of, card.statements))
        said = (self._statements[statement.id] for statement in card.statements)
        self._name_stems[card.id] = frozenset[str]().union(*self._names[card.id])
        self._all_stems[card.id] = self._names[card.id][0].union(*said)

    def admitted(self, filters: Filters) -> Iterator[Card]:
        """Yield the cards of a kind, and citing a source, that may be used."""
        for card in self.cards.values():
            is_kind = not filters.kinds or card.kind in filters.kinds
            if is_kind and (not filters.sources or not filters.sources.isdisjoint(self._sources[card.id])):
                yield card

    def stems(self, text: str) -> frozenset[str]:
        """Return the content stems of a text."""
        return frozenset(self._lexicon.content_words(text))

    def overlap(self, wanted: frozenset[str], offered: frozenset[str]) -> float:
        """Return the share of ``wanted``, weighted by rarity, that ``offered`` holds (0 to 1)."""
        shared = wanted & offered
        return self._weight(shared) / self._weight(wanted) if shared else 0.0

    def holding(self, card: Card, statement: Statement, wanted: frozenset[str]) -> float:
        """Return the share of ``wanted`` that a statement, or the title of its card, holds."""
        held = (wanted & self._statements[statement.id]) | (wanted & self._names[card.id][0])
        return self.overlap(wanted, held)

    def says_all(self, card: Card, wanted: frozenset[str]) -> bool:
        """Return whether one statement of the card, with the card's title, holds all of ``wanted``."""
        if not wanted or not wanted <= self._all_stems[card.id]:
            return False
        unsaid = wanted - self._names[card.id][0]
        return any(unsaid <= self._statements[statement.id] for statement in card.statements)

    def likeness(self, one: Statement, other: Statement) -> float:
        """Return how much two statements say the same: shared stems over the smaller set (0 to 1)."""
        left, right = self._statements[one.id], self._statements[other.id]
        return len(left & right) / max(1, min(len(left), len(right)))

    def repeated(self, statement: Statement, said: Iterable[Statement]) -> float:
        """Return the share of a statement's stems, weighted by rarity, that others together hold (0 to 1)."""
        held = frozenset[str]().union(*(self._statements[one.id] for one in said))
        return self.overlap(self._statements[statement.id], held)

    def naming(self, card: Card, wanted: frozenset[str]) -> float:
        """Return the share of ``wanted`` that the card's title or an alias, named in full, accounts for."""
        if wanted.isdisjoint(self._name_stems[card.id]):
            return 0.0
        named = [name for name in self._names[card.id] if name and name <= wanted]
        return max((self.overlap(wanted, name) for name in named), default=0.0)

    def asking(self, card: Card, wanted: frozenset[str]) -> float:
        """Return how much of ``wanted`` and of a question that the card answers is the same (0 to 1)."""
        best, whole = 0.0, self._weight(wanted)
        for asked, weight in self._questions[card.id]:
            if shared := asked & wanted:
                both = self._weight(shared)
                best = max(best, both / (whole + weight - both))
        return best

    def titling(self, card: Card, section: CardSection, wanted: frozenset[str]) -> float:
        """Return the share of ``wanted`` in what names a section's subject, and in its first statement."""
        first = self._statements[section.statements[0].id]
        return self.overlap(wanted, self._name_stems[card.id] | self.stems(section.heading) | first)

    def _weight(self, stems: Iterable[str]) -> float:
        return sum(map(self._rarities.__getitem__, stems))


class _Rarities(dict[str, float]):
    """The rarity of each stem, asked of the lexicon once."""

    def __init__(self, lexicon: Lexicon) -> None:
        super().__init__()
        self._lexicon = lexicon

    def __missing__(self, stem: str) -> float:
        rarity = self[stem] = self._lexicon.rarity(stem)
        return rarity


def sources_of(statement: Statement) -> frozenset[str]:
    """Return the ids of the sources that a statement cites."""
    return frozenset(reference.source_id for reference in statement.references)
