"""A described situation, read with the index: how near it is to phases and paradoxes, and where.

The text is looked up as a whole and sentence by sentence. It is only ever compared and quoted;
nothing that it asks for is done.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant.domain import (
    Card,
    CardKind,
    CardSection,
    Filters,
    Findings,
    Intent,
    Language,
    Query,
    SectionRole,
    Statement,
)

LEAST_WORDS = 20
"""A shorter text says too little to suspect anything."""

LEAST_NEARNESS = 0.43
"""Weight of the nearest card below which a text isn't about alliances."""

WHOLE_WEIGHT, PARTS_WEIGHT, SUITED_WEIGHT = 0.5, 0.25, 0.25
"""What counts for a card: the whole text, its sentences on average, and the adapted query."""

SUITED_RANGE = (0.05, 0.3)
"""Adapted similarities to a statement that has nothing to do with a text, and to one that has."""

CLOSENESS_RANGE = (0.78, 0.88)
"""Similarities of a sentence to a statement: of any, and of one that says the same."""

_KINDS = Filters(kinds=frozenset({CardKind.PHASE.value, CardKind.PARADOX.value}))
_ALL = 200
_SENTENCE_END = re.compile(r"(?<=[.!?…])[’\"')]*\s+(?=[‘\"'(]*[A-ZÀ-Ý0-9])|\n+")
_TELLING = frozenset(
    {
        SectionRole.DEFINITION,
        SectionRole.FEATURES,
        SectionRole.PARTS,
        SectionRole.CONTRAST,
        SectionRole.REASONS,
        SectionRole.SIGNALS,
        SectionRole.PITFALLS,
        SectionRole.BACKGROUND,
    }
)
"""Roles of the sections that say how a phase or paradox shows, rather than what to do about it."""


class Retrieves(Protocol):
    """Finds what the index has for a query."""

    def retrieve(self, query: Query, limit: int = ...) -> Findings:
        """Return what was found, best first."""
        ...


@dataclass(frozen=True, slots=True)
class Match:
    """A sentence of the situation beside a statement of a card, and how well they fit (about 0 to 1)."""

    sentence: str
    statement: Statement
    strength: float


@dataclass(frozen=True, slots=True)
class Situation:
    """A situation that was looked up."""

    text: str
    weights: Mapping[str, float]
    """How near it is to each phase and paradox, from 0 to 1, by card id."""
    whole: Findings
    """What was found for all of it."""
    parts: tuple[tuple[str, Findings], ...]
    """Its sentences, and what was found for each."""

    def nearness(self, statements: Sequence[str]) -> float:
        """Return how near all of it, and the nearest sentence, is to statements on average, from 0 to 1."""
        return sum(map(self._near, statements)) / max(1, len(statements))

    def _near(self, id_: str) -> float:
        parts = max((findings.suited.get(id_, 0.0) for _, findings in self.parts), default=0.0)
        return sum(_place(one, SUITED_RANGE) for one in (self.whole.suited.get(id_, 0.0), parts)) / 2

    def matches(self, card: Card) -> list[Match]:
        """Return every sentence beside every statement of the card that tells how it shows, best first."""
        found = []
        for sentence, findings in self.parts:
            share = _share(card, findings)
            scores = {
                one.chunk.section: one.score for one in findings.passages if one.chunk.card_id == card.id
            }
            for section, statement in telling(card):
                strength = _strength(findings, scores.get(section.heading, 0.0), statement)
                found.append(Match(sentence, statement, share**2 * strength))
        return sorted(found, key=lambda match: -match.strength)


def read_situation(text: str, cards: Mapping[str, Card], retriever: Retrieves) -> Situation | None:
    """Look a situation up; ``None`` if it's too short, or about something else than alliances."""
    text = text.strip()
    if len(text.split()) < LEAST_WORDS:
        return None
    whole = _look_up(retriever, text)
    parts = tuple((sentence, _look_up(retriever, sentence)) for sentence in sentences(text))
    weights = {
        card.id: _weigh(card, whole, [findings for _, findings in parts])
        for card in cards.values()
        if card.kind in (CardKind.PHASE, CardKind.PARADOX)
    }
    is_about_alliances = max(weights.values(), default=0.0) >= LEAST_NEARNESS
    return Situation(text, weights, whole, parts) if is_about_alliances else None


def sentences(text: str) -> list[str]:
    """Cut a text into sentences, at line ends too."""
    pieces = (" ".join(piece.split()) for piece in _SENTENCE_END.split(text))
    return [piece for piece in pieces if any(letter.isalpha() for letter in piece)]


def telling(card: Card) -> list[tuple[CardSection, Statement]]:
    """Return the statements that tell how a phase or paradox shows; not those that only lead in a list."""
    told: list[tuple[CardSection, Statement]] = []
    for section in card.sections:
        if section.role not in _TELLING:
            continue
        following = (*section.statements[1:], None)
        for statement, after in zip(section.statements, following, strict=True):
            if statement.is_item or after is None or not after.is_item:
                told.append((section, statement))
    return told


def _look_up(retriever: Retrieves, text: str) -> Findings:
    return retriever.retrieve(Query(text, Language.DUTCH, Intent.SITUATION, _KINDS), limit=_ALL)


def _weigh(card: Card, whole: Findings, parts: list[Findings]) -> float:
    average = sum(_found(card, part) for part in parts) / max(1, len(parts))
    suited = sorted((whole.suited.get(one.id, 0.0) for one in card.statements), reverse=True)[:2]
    near = _place(sum(suited) / max(1, len(suited)), SUITED_RANGE)
    return WHOLE_WEIGHT * _found(card, whole) + PARTS_WEIGHT * average + SUITED_WEIGHT * near


def _found(card: Card, findings: Findings) -> float:
    """Return the score of the best passage of a card."""
    scores = (passage.score for passage in findings.passages if passage.chunk.card_id == card.id)
    return max(scores, default=0.0)


def _share(card: Card, findings: Findings) -> float:
    """Return how near a card is beside the nearest of its kind, from 0 to 1."""
    best = max((one.score for one in findings.passages if one.chunk.kind == card.kind), default=0.0)
    return _found(card, findings) / best if best else 0.0


def _strength(findings: Findings, section: float, statement: Statement) -> float:
    close = _place(findings.closeness.get(statement.id, 0.0), CLOSENESS_RANGE)
    suited = _place(findings.suited.get(statement.id, 0.0), SUITED_RANGE)
    return (2 * section + close + suited) / 4


def _place(value: float, between: tuple[float, float]) -> float:
    low, high = between
    return min(1.0, max(0.0, (value - low) / (high - low)))
