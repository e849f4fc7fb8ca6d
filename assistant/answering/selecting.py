"""Which cards, sections and statements suit a query: scores between what is asked and what is known."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from assistant.domain import (
    ORIGINAL,
    Card,
    CardKind,
    CardSection,
    Catalogue,
    Expectation,
    Filters,
    Findings,
    Passage,
    Query,
    SectionRole,
    Statement,
)

NAME_WEIGHT = 0.6
"""What naming a card in the question counts, beside the score of its passages."""

CLOSENESS_RANGE = 0.06
"""Similarities of a question to statements that could answer it lie within this of the closest."""

STORY_RANGE = 0.03
"""The same for cards as a whole and a story; their means over three statements lie closer together."""

CITED = 0.7
"""What a passage of an original counts for a card that cites its section, beside the card's own passages."""

STORY_KINDS = (CardKind.PARADOX, CardKind.PHASE, CardKind.FORM)
"""What can be behind a situation that someone tells."""

MOST_CARDS = 10
"""Cards whose statements are weighed."""

ASKED_FOR = 0.12
"""What it counts that a statement has what the question asks for."""

_EXPECTED = {
    Expectation.NAME: re.compile(r"(?<=[a-zà-ÿ,] )[A-Z]\w+"),
    Expectation.NUMBER: re.compile(
        r"\d|\b(twee|drie|vier|vijf|zes|zeven|acht|negen|tien|elf|twaalf|twintig|dertig|veertig|vijftig|zestig"
        r"|zeventig|tachtig|negentig|honderd|duizend|helft|eeuw)\b"
    ),
}


class Lexicon(Protocol):
    """Content words as the keyword index sees them, and how rare each is."""

    def content_words(self, text: str) -> tuple[str, ...]:
        """Return the stems of a text without stop words, in order, each once."""
        ...

    def rarity(self, stem: str) -> float:
        """Return a positive weight; a stem that occurs nowhere gets the highest."""
        ...


@dataclass(frozen=True, slots=True)
class Candidate:
    """A statement that may go into the answer, and how well it suits the query (about 0 to 1)."""

    statement: Statement
    section: CardSection
    card: Card
    score: float


class Shelf:
    """The cards of a catalogue, with the stems that matching needs worked out once."""

    def __init__(self, catalogue: Catalogue, lexicon: Lexicon) -> None:
        self.catalogue = catalogue
        self._lexicon = lexicon
        self._names: dict[str, tuple[frozenset[str], ...]] = {}
        self._stems: dict[str, frozenset[str]] = {}
        self._questions: dict[str, frozenset[str]] = {}
        for card in catalogue.cards.values():
            names = (card.title, *card.aliases)
            self._names[card.id] = tuple(self.stems(name) for name in names)
            self._questions.update((question, self.stems(question)) for question in card.questions)
            for _, statement in statements_of(card):
                self._stems[statement.id] = self.stems(statement.text)

    def stems(self, text: str) -> frozenset[str]:
        """Return the content stems of a text."""
        return frozenset(self._lexicon.content_words(text))

    def overlap(self, wanted: frozenset[str], offered: frozenset[str]) -> float:
        """Return the share of ``wanted``, weighted by rarity, that ``offered`` holds (0 to 1)."""
        total = self._weight(wanted)
        return self._weight(wanted & offered) / total if total else 0.0

    def likeness(self, one: Statement, other: Statement) -> float:
        """Return how much two statements say the same: shared stems over the smaller set (0 to 1)."""
        left, right = self._stems[one.id], self._stems[other.id]
        return len(left & right) / max(1, min(len(left), len(right)))

    def naming(self, card: Card, wanted: frozenset[str]) -> float:
        """Return how much of the query the card's title or an alias, named in full, accounts for."""
        return max(
            (self.overlap(wanted, name) for name in self._names[card.id] if name and name <= wanted),
            default=0,
        )

    def asking(self, card: Card, wanted: frozenset[str]) -> float:
        """Return how much of the query and of a question that the card answers is the same (0 to 1)."""
        questions = [self._questions[question] for question in card.questions]
        return max((self.overlap(wanted | asked, wanted & asked) for asked in questions), default=0.0)

    def offers(self, query: Query) -> bool:
        """Return whether the question is one that a card, within the filters, says it answers."""
        asked = _bare(query.text)
        cards = (card for card in self.catalogue.cards.values() if admits(query.filters, card))
        return any(asked == _bare(question) for card in cards for question in card.questions)

    def named_by(self, text: str, filters: Filters) -> Card | None:
        """Return the card that a few words name best, an overview only if nothing else does."""
        wanted = self.stems(text)
        ranked = sorted(
            (card for card in self.catalogue.cards.values() if admits(filters, card)),
            key=lambda card: (self.naming(card, wanted), card.kind is not CardKind.OVERVIEW),
            reverse=True,
        )
        return ranked[0] if ranked and self.naming(ranked[0], wanted) > 0 else None

    def rank_cards(self, query: Query, findings: Findings) -> list[tuple[Card, float]]:
        """Return the cards that were found or named, within the filters, with their scores, best first."""
        wanted = self.stems(query.text)
        best = best_by_card(findings.passages)
        scored = (
            (
                card,
                best.get(card.id, 0.0)
                + NAME_WEIGHT * max(self.naming(card, wanted), self.asking(card, wanted)),
            )
            for card in self.catalogue.cards.values()
            if admits(query.filters, card)
        )
        return sorted((pair for pair in scored if pair[1] > 0), key=lambda pair: pair[1], reverse=True)

    def rank_for_story(self, query: Query, findings: Findings) -> list[Card]:
        """Return the tensions, phases and forms that may be behind a story, likeliest first.

        A card scores by the mean closeness of its three nearest statements, and by the best passage
        of its own or of a section that it cites.
        """
        cards = [card for card in self.catalogue.cards.values() if admits(query.filters, card)]
        closeness = {card.id: _mean_closeness(card, findings) for card in cards if card.kind in STORY_KINDS}
        nearest = max(closeness.values(), default=0.0)
        found, cited = best_by_card(findings.passages), best_by_section(findings.passages)
        scores = {
            card_id: 1
            - (nearest - near) / STORY_RANGE
            + max(found.get(card_id, 0.0), CITED * _best_cited(self.catalogue.cards[card_id], cited))
            for card_id, near in closeness.items()
        }
        return [
            self.catalogue.cards[name] for name in sorted(scores, key=lambda name: scores[name], reverse=True)
        ]

    def title_stems(self, card: Card, section: CardSection) -> frozenset[str]:
        """Return the stems that tell what a section is about: title, aliases, heading, first statement."""
        names = frozenset[str]().union(*self._names[card.id])
        return names | self.stems(section.heading) | self._stems[section.statements[0].id]

    def candidates(
        self, query: Query, findings: Findings, leanings: Mapping[SectionRole, float]
    ) -> list[Candidate]:
        """Return every statement of the found cards, best first; ``leanings`` favours section roles.

        A score adds how well its section and its card were found, how close the statement is in
        meaning, and which of the question's words it or its card's title holds.
        """
        wanted = self.stems(query.text)
        found = {
            (passage.chunk.card_id, passage.chunk.section): passage.score for passage in findings.passages
        }
        closest = max(findings.closeness.values(), default=1.0)
        scored = [
            Candidate(
                statement,
                section,
                card,
                0.2 * found.get((card.id, section.heading), 0.0)
                + 0.2 * card_score
                + 0.45 * (1 - (closest - findings.closeness.get(statement.id, 0.0)) / CLOSENESS_RANGE)
                + 0.15 * self.overlap(wanted, self._stems[statement.id] | self._names[card.id][0])
                + leanings.get(section.role, 0.0)
                + self._fitness(query, section, statement),
            )
            for card, card_score in self.rank_cards(query, findings)[:MOST_CARDS]
            for section, statement in statements_of(card)
        ]
        return sorted(scored, key=lambda candidate: candidate.score, reverse=True)

    def _fitness(self, query: Query, section: CardSection, statement: Statement) -> float:
        """Return a bonus for the kind of section, and the name or number, that the question asks for."""
        bonus = ASKED_FOR if section.role is query.role else 0.0
        if query.expects is not None and _EXPECTED[query.expects].search(statement.text):
            bonus += ASKED_FOR
        return bonus

    def _weight(self, stems: Iterable[str]) -> float:
        return sum(self._lexicon.rarity(stem) for stem in stems)


def admits(filters: Filters, card: Card) -> bool:
    """Return whether a card is of a kind, and cites a source, that may be used."""
    cited = {
        reference.source_id for _, statement in statements_of(card) for reference in statement.references
    }
    is_kind = not filters.kinds or card.kind in filters.kinds
    return is_kind and (not filters.sources or not filters.sources.isdisjoint(cited))


def statements_of(card: Card) -> Iterator[tuple[CardSection, Statement]]:
    """Yield each statement of a card with its section, in order."""
    for section in card.sections:
        for statement in section.statements:
            yield section, statement


def _bare(question: str) -> str:
    return question.casefold().strip(" ?!.")


def best_by_card(passages: tuple[Passage, ...]) -> dict[str, float]:
    """Return the best passage score of each card."""
    best: dict[str, float] = {}
    for passage in passages:
        if passage.chunk.card_id is not None:
            best[passage.chunk.card_id] = max(passage.score, best.get(passage.chunk.card_id, 0.0))
    return best


def best_by_section(passages: tuple[Passage, ...]) -> dict[tuple[str, str], float]:
    """Return the best passage score of each section of an original, by source id and title."""
    best: dict[tuple[str, str], float] = {}
    for passage in passages:
        if passage.chunk.kind == ORIGINAL:
            place = (passage.chunk.source_ids[0], passage.chunk.section)
            best[place] = max(passage.score, best.get(place, 0.0))
    return best


def _best_cited(card: Card, sections: Mapping[tuple[str, str], float]) -> float:
    return max(
        sections.get((reference.source_id, reference.section), 0.0)
        for _, statement in statements_of(card)
        for reference in statement.references
    )


def _mean_closeness(card: Card, findings: Findings) -> float:
    nearest = sorted(
        (findings.closeness.get(statement.id, 0.0) for _, statement in statements_of(card)), reverse=True
    )[:3]
    return sum(nearest) / len(nearest)
