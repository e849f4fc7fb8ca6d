"""Which cards, sections and statements suit a query: scores between what is asked and what is known."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from assistant.answering.shelf import Shelf
from assistant.domain import (
    Card,
    CardKind,
    CardSection,
    Expectation,
    Findings,
    Passage,
    Query,
    SectionRole,
    Statement,
)

NAME_WEIGHT = 0.6
"""What it counts that a question names a card, or is one that it answers, beside its best passage."""

MOST_CARDS = 10
"""Cards whose statements are weighed."""

FOUND_WEIGHT, CARD_WEIGHT, CLOSENESS_WEIGHT, WORDS_WEIGHT = 0.5, 0.25, 0.1, 0.15
"""What counts for a statement: its section found, its card, its meaning, its words."""

CLOSENESS_RANGE = 0.06
"""Similarities of a question to statements that could answer it lie within this of the closest."""

ASKED_WEIGHT, ASKED_RANGE = 0.1, 0.04
"""What it counts that a question is like one that asks for the statement, and within which similarity."""

SUITED_WEIGHT, SUITED_RANGE = 0.8, 0.3
"""What it counts that the adapted query lies near the statement, and within which similarity."""

ROLE_WEIGHT, EXPECTED_WEIGHT = 0.3, 0.12
"""What it counts that a statement is of the role, and has the name or number, that is asked for."""

_EXPECTED = {
    Expectation.NAME: re.compile(r"(?<=[a-zà-ÿ,] )[A-Z]\w+"),
    Expectation.TIME: re.compile(r"\b(1\d{3}|20\d{2})\b|\beeuw\b"),
    Expectation.NUMBER: re.compile(
        r"\d|\b(twee|drie|vier|vijf|zes|zeven|acht|negen|tien|elf|twaalf|twintig|dertig|veertig|vijftig|zestig"
        r"|zeventig|tachtig|negentig|honderd|duizend|helft|eeuw)\b"
    ),
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A statement that may go into the answer, and how well it suits the query (about 0 to 1)."""

    statement: Statement
    section: CardSection
    card: Card
    score: float


class Selection:
    """What suits one query, given what was found for it; filters hold throughout."""

    def __init__(self, shelf: Shelf, query: Query, findings: Findings) -> None:
        self.shelf = shelf
        self.query = query
        self.findings = findings
        self.wanted = shelf.stems(query.text)
        self._admitted = tuple(shelf.admitted(query.filters))
        self._found = _best_passages(findings.passages)
        self._found_cards = _best_sections(self._found)

    @cached_property
    def cards(self) -> tuple[tuple[Card, float], ...]:
        """The cards that were found or named, with their scores, best first."""
        scored = ((card, self._card_score(card)) for card in self._admitted)
        return tuple(sorted((pair for pair in scored if pair[1] > 0), key=lambda pair: pair[1], reverse=True))

    @cached_property
    def sections(self) -> tuple[tuple[Card, CardSection, float], ...]:
        """Every section of those cards, with its card's score."""
        return tuple((card, section, score) for card, score in self.cards for section in card.sections)

    def named_by(self, text: str) -> Card | None:
        """Return the card that a few words name best, an overview only if nothing else does."""
        wanted = self.shelf.stems(text)
        named = [(self.shelf.naming(card, wanted), card) for card in self._admitted]
        ranked = sorted(
            named, key=lambda pair: (pair[0], pair[1].kind is not CardKind.OVERVIEW), reverse=True
        )
        return ranked[0][1] if ranked and ranked[0][0] > 0 else None

    def is_among_best(self, card: Card, section: CardSection) -> bool:
        """Return whether a section is one of the three best passages."""
        best = self.findings.passages[:3]
        return any((one.chunk.card_id, one.chunk.section) == (card.id, section.heading) for one in best)

    def closeness(self, statement: Statement) -> float:
        """Return the similarity of a statement to the query; 0 where it isn't known."""
        return self.findings.closeness.get(statement.id, 0.0)

    def suited(self, statement: Statement) -> float:
        """Return how near a statement is to the adapted query; 1 for the nearest of all, down to 0."""
        distance = self._best_suited - self.findings.suited.get(statement.id, 0.0)
        return max(0.0, 1 - distance / SUITED_RANGE)

    @cached_property
    def _best_suited(self) -> float:
        return max(self.findings.suited.values(), default=SUITED_RANGE)

    def candidates(self, leanings: Mapping[SectionRole, float]) -> list[Candidate]:
        """Return every statement of the best cards, best first; ``leanings`` favours section roles."""
        return self.weigh([card for card, _ in self.cards[:MOST_CARDS]], leanings)

    def weigh(self, cards: Iterable[Card], leanings: Mapping[SectionRole, float]) -> list[Candidate]:
        """Return every statement of some cards, best first."""
        scored = [
            Candidate(statement, section, card, self._score(card, score, section, statement) + leaning)
            for card in cards
            for score in (self._card_score(card),)
            for section in card.sections
            for statement in section.statements
            for leaning in (leanings.get(section.role, 0.0),)
        ]
        return sorted(scored, key=lambda candidate: candidate.score, reverse=True)

    def _card_score(self, card: Card) -> float:
        named = max(self.shelf.naming(card, self.wanted), self.shelf.asking(card, self.wanted))
        return self._found_cards.get(card.id, 0.0) + NAME_WEIGHT * named

    def _score(self, card: Card, card_score: float, section: CardSection, statement: Statement) -> float:
        distance = (self._closest - self.closeness(statement)) / CLOSENESS_RANGE
        score = FOUND_WEIGHT * self._found.get((card.id, section.heading), 0.0)
        score += CARD_WEIGHT * card_score
        score += CLOSENESS_WEIGHT * (1 - distance)
        score += WORDS_WEIGHT * self.shelf.holding(card, statement, self.wanted)
        score += ASKED_WEIGHT * self._asked(statement)
        score += SUITED_WEIGHT * self.suited(statement)
        score += ROLE_WEIGHT * (section.role is self.query.role)
        expected = self.query.expects
        has_it = expected is not None and bool(_EXPECTED[expected].search(statement.text))
        return score + EXPECTED_WEIGHT * has_it

    def _asked(self, statement: Statement) -> float:
        """Return how near the question is to one that asks for the statement; 1 for the nearest of all."""
        distance = (self._nearest_asked - self.findings.asked.get(statement.id, 0.0)) / ASKED_RANGE
        return max(0.0, 1 - distance)

    @cached_property
    def _nearest_asked(self) -> float:
        return max(self.findings.asked.values(), default=1.0)

    @cached_property
    def _closest(self) -> float:
        return max(self.findings.closeness.values(), default=1.0)


def _best_passages(passages: tuple[Passage, ...]) -> dict[tuple[str, str], float]:
    """Return the best passage score of each section of a card, by the card's id and its heading."""
    best: dict[tuple[str, str], float] = {}
    for passage in passages:
        if passage.chunk.card_id is not None:
            place = passage.chunk.card_id, passage.chunk.section
            best[place] = max(passage.score, best.get(place, 0.0))
    return best


def _best_sections(found: Mapping[tuple[str, str], float]) -> dict[str, float]:
    """Return the score of the best section of each card, by the card's id."""
    best: dict[str, float] = {}
    for (card_id, _), score in found.items():
        best[card_id] = max(score, best.get(card_id, 0.0))
    return best
