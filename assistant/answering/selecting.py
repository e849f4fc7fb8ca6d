"""Which cards, sections and statements suit a query: scores between what is asked and what is known."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from assistant.answering.shelf import Shelf
from assistant.domain import (
    ORIGINAL,
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

ROLE_WEIGHT, EXPECTED_WEIGHT = 0.3, 0.12
"""What it counts that a statement is of the role, and has the name or number, that is asked for."""

STORY_KINDS = (CardKind.PARADOX, CardKind.PHASE, CardKind.FORM)
"""What can be behind a situation that someone tells."""

STORY_RANGE = 0.03
"""As ``CLOSENESS_RANGE``, for the means over three statements of a card, which lie closer together."""

CITED_WEIGHT = 0.7
"""What a passage of an original counts for a card that cites its section, beside the card's own passages."""

_EXPECTED = {
    Expectation.NAME: re.compile(r"(?<=[a-zà-ÿ,] )[A-Z]\w+"),
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

    def candidates(self, leanings: Mapping[SectionRole, float]) -> list[Candidate]:
        """Return every statement of the best cards, best first; ``leanings`` favours section roles."""
        scored = [
            Candidate(statement, section, card, self._score(card, score, section, statement) + leaning)
            for card, score in self.cards[:MOST_CARDS]
            for section in card.sections
            for statement in section.statements
            for leaning in (leanings.get(section.role, 0.0),)
        ]
        return sorted(scored, key=lambda candidate: candidate.score, reverse=True)

    def stories(self) -> list[Card]:
        """Return the tensions, phases and forms that may be behind a story, likeliest first.

        A card scores by the mean closeness of its three nearest statements, and by the best passage
        of its own or of a section that it cites.
        """
        means = [(card, self._mean_closeness(card)) for card in self._admitted if card.kind in STORY_KINDS]
        nearest = max((mean for _, mean in means), default=0.0)
        scored = [(1 - (nearest - mean) / STORY_RANGE + self._told(card), card) for card, mean in means]
        return [card for _, card in sorted(scored, key=lambda pair: pair[0], reverse=True)]

    def _card_score(self, card: Card) -> float:
        named = max(self.shelf.naming(card, self.wanted), self.shelf.asking(card, self.wanted))
        return self._best_found(card) + NAME_WEIGHT * named

    def _best_found(self, card: Card) -> float:
        return max(self._found.get((card.id, section.heading), 0.0) for section in card.sections)

    def _score(self, card: Card, card_score: float, section: CardSection, statement: Statement) -> float:
        distance = (self._closest - self.closeness(statement)) / CLOSENESS_RANGE
        score = FOUND_WEIGHT * self._found.get((card.id, section.heading), 0.0)
        score += CARD_WEIGHT * card_score
        score += CLOSENESS_WEIGHT * (1 - distance)
        score += WORDS_WEIGHT * self.shelf.holding(card, statement, self.wanted)
        score += ROLE_WEIGHT * (section.role is self.query.role)
        expected = self.query.expects
        has_it = expected is not None and bool(_EXPECTED[expected].search(statement.text))
        return score + EXPECTED_WEIGHT * has_it

    @cached_property
    def _closest(self) -> float:
        return max(self.findings.closeness.values(), default=1.0)

    def _mean_closeness(self, card: Card) -> float:
        nearest = sorted((self.closeness(statement) for statement in card.statements), reverse=True)[:3]
        return sum(nearest) / len(nearest)

    def _told(self, card: Card) -> float:
        """Return the best passage of a card, or of an original's section that it cites."""
        cited = {reference for statement in card.statements for reference in statement.references}
        passages = [self._found.get((one.source_id, one.section), 0.0) for one in cited]
        return max(self._best_found(card), CITED_WEIGHT * max(passages))


def _best_passages(passages: tuple[Passage, ...]) -> dict[tuple[str, str], float]:
    """Return the best passage score of each section, by the id of its card or source and its title."""
    best: dict[tuple[str, str], float] = {}
    for place, score in _places(passages):
        best[place] = max(score, best.get(place, 0.0))
    return best


def _places(passages: tuple[Passage, ...]) -> Iterator[tuple[tuple[str, str], float]]:
    for passage in passages:
        chunk = passage.chunk
        owner = chunk.source_ids[0] if chunk.kind == ORIGINAL else chunk.card_id
        if owner is not None:
            yield (owner, chunk.section), passage.score
