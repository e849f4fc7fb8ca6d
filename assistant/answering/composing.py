"""The composer: answers from card statements and, where no card says it, from quoted sentences.

No model is used. Each intent has a plan: which sections to open, in which order. Claims are
statements as the cards have them, so that what the reader sees is what was curated and cited.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby

from assistant.answering.selecting import Candidate, Shelf
from assistant.domain import (
    ORIGINAL,
    Card,
    CardKind,
    CardSection,
    Claim,
    ClaimForm,
    Findings,
    Intent,
    Passage,
    Query,
    SectionRole,
    Statement,
)

WORD_BUDGET = 130
"""Words after which no further block is opened; a list that was begun is finished."""

ENOUGH_WORDS = 80
"""Words after which an answer gets no extras."""

SAME = 0.75
"""Statements that share this much of their stems say the same."""

ALIKE = 0.4
"""Statements that share less of their stems than this can open an answer one after the other."""

LIST_FIT = 0.5
"""Share of a list question that a section's title and lead must cover to count as the list asked for."""

QUOTE_MARGIN = 0.1
"""How much better than every card statement a sentence of an original must suit, to be quoted."""

NAMED = 0.6
"""Share of a question's content that a card's name must account for, to define that card's subject."""

CONTRAST_FIT = 0.6
"""Share of the words of both sides that a contrast's title and lead must hold."""

NEAR = 0.9
"""Facts that score at least this share of the best go into the answer with it."""

MOST_FACTS = 4

_LEANINGS: Mapping[Intent, Mapping[SectionRole, float]] = {
    Intent.DEFINITION: {SectionRole.DEFINITION: 0.1, SectionRole.FEATURES: 0.05, SectionRole.QUESTIONS: -0.2},
    Intent.HOW_TO: {SectionRole.APPROACH: 0.2, SectionRole.PARTS: 0.05, SectionRole.PITFALLS: 0.05},
    Intent.WHY: {SectionRole.REASONS: 0.15, SectionRole.DEFINITION: 0.03},
    Intent.FACT: {SectionRole.FACTS: 0.03, SectionRole.QUESTIONS: -0.2},
    Intent.LIST: {SectionRole.PARTS: 0.1},
}

_COUNTS = {
    "twee": 2, "drie": 3, "vier": 4, "vijf": 5, "zes": 6, "zeven": 7, "acht": 8,
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
}  # fmt: skip


_LEANING_BACK = re.compile(r"(Dit|Dat|Deze|Die|Hij|Zij|Ze|Het|Hun|Zo|Ook|Daar|Hier|Dan|Toen|Juist)\w*\b")
"""How a sentence opens that needs the one before it."""


@dataclass
class _Draft:
    """The answer under way: its claims, and what they already say."""

    shelf: Shelf
    sources: frozenset[str]
    """Sources that may be used; empty means all."""
    claims: list[Claim] = field(default_factory=list)
    said: list[Statement] = field(default_factory=list)

    @property
    def words(self) -> int:
        return sum(len(claim.text.split()) for claim in self.claims)

    def add(self, statement: Statement, form: ClaimForm = ClaimForm.SENTENCE) -> None:
        """Add a statement, unless it or its like was said already."""
        if all(self.shelf.likeness(statement, other) < SAME for other in self.said):
            self._append(statement, form)

    def _append(self, statement: Statement, form: ClaimForm) -> None:
        cited = {reference.source_id for reference in statement.references}
        if not self.sources or not self.sources.isdisjoint(cited):
            self.said.append(statement)
            self.claims.append(Claim(statement.text, (statement.id,), form))

    def open_with(self, statements: Iterable[Statement]) -> None:
        """Add statements as a paragraph of their own."""
        for position, statement in enumerate(statements):
            self.add(statement, ClaimForm.SENTENCE if position else ClaimForm.PARAGRAPH)

    def add_section(self, section: CardSection) -> None:
        """Add a section whole: its sentences as a paragraph, its items as a complete list."""
        item = ClaimForm.NUMBERED if section.is_ordered else ClaimForm.BULLET
        for position, statement in enumerate(section.statements):
            if statement.is_item and statement not in self.said:
                self._append(statement, item)
            else:
                self.add(statement, ClaimForm.SENTENCE if position else ClaimForm.PARAGRAPH)


class Composer:
    """Composes an answer for each intent from one catalogue."""

    engine = "composer"

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._plans: Mapping[Intent, Callable[[Query, Findings], _Draft]] = {
            Intent.DEFINITION: self._define,
            Intent.LIST: self._list,
            Intent.COMPARISON: self._compare,
            Intent.HOW_TO: self._advise,
            Intent.WHY: self._explain,
            Intent.SITUATION: self._consider,
            Intent.HEALTH_CHECK: self._define,
        }

    def compose(self, query: Query, findings: Findings) -> Iterator[Claim]:
        """Yield the claims of an answer, in reading order; nothing if no card or passage suits."""
        plan = self._plans.get(query.intent, self._state_facts)
        yield from plan(query, findings).claims

    def _define(self, query: Query, findings: Findings) -> _Draft:
        named = self._shelf.named_by(query.text, query.filters)
        if named is None or self._shelf.naming(named, self._shelf.stems(query.text)) < NAMED:
            return self._state_facts(query, findings)
        draft = _Draft(self._shelf, query.filters.sources)
        draft.add_section(_core(named))
        roles = (SectionRole.FEATURES, SectionRole.PARTS, SectionRole.EXAMPLE, SectionRole.REASONS)
        for section in _sections(named, roles):
            if draft.words < ENOUGH_WORDS and _words(section) + draft.words <= WORD_BUDGET:
                draft.add_section(section)
        return draft

    def _list(self, query: Query, findings: Findings) -> _Draft:
        found = self._find_list(query, findings)
        if found is None:
            return self._state_facts(query, findings)
        card, section = found
        draft = _Draft(self._shelf, query.filters.sources)
        opening = _core(card).statements[0]
        if card.kind is CardKind.OVERVIEW and self._shelf.likeness(opening, section.statements[0]) < ALIKE:
            draft.open_with([opening])
        draft.add_section(section)
        return draft

    def _find_list(self, query: Query, findings: Findings) -> tuple[Card, CardSection] | None:
        """Return the card and section with items whose title, heading and lead cover the question best."""
        wanted = self._shelf.stems(query.text)
        count = next((number for word, number in _COUNTS.items() if word in query.text.casefold().split()), 0)
        best: tuple[float, Card, CardSection] | None = None
        for card, card_score in self._shelf.rank_cards(query, findings)[:15]:
            for section in card.sections:
                items = sum(statement.is_item for statement in section.statements)
                titled = self._shelf.overlap(wanted, self._shelf.title_stems(card, section))
                fit = max(titled, self._shelf.asking(card, wanted))
                if items < 2 or fit < LIST_FIT:
                    continue
                lead = findings.closeness.get(section.statements[0].id, 0.0)
                leaning = _LEANINGS[Intent.LIST].get(section.role, 0.0) + (0.25 if items == count else 0.0)
                score = fit + 0.6 * card_score + leaning + 5 * lead
                if best is None or score > best[0]:
                    best = (score, card, section)
        return best[1:] if best else None

    def _compare(self, query: Query, findings: Findings) -> _Draft:
        named = [self._shelf.named_by(side, query.filters) for side in query.sides]
        sides = [card for card in named if card is not None]
        contrast = self._find_contrast(query, findings)
        draft = _Draft(self._shelf, query.filters.sources)
        if contrast is not None:
            draft.add_section(contrast)
            return draft
        if len({card.id for card in sides}) < 2:
            return self._state_facts(query, findings)
        for card in sides:
            draft.open_with(_core(card).statements[:2])
        return draft

    def _find_contrast(self, query: Query, findings: Findings) -> CardSection | None:
        """Return the section that sets the two sides next to each other, if a card has one.

        Its title and lead hold the words of both sides, or it is among the best passages, which is
        how a question in another language finds it.
        """
        wanted = self._shelf.stems(" ".join(query.sides))
        found = {(passage.chunk.card_id, passage.chunk.section) for passage in findings.passages[:3]}
        ranked = [
            (
                self._shelf.overlap(wanted, self._shelf.title_stems(card, section)),
                (card.id, section.heading) in found,
                section,
            )
            for card, _ in self._shelf.rank_cards(query, findings)
            for section in card.sections
            if section.role is SectionRole.CONTRAST
        ]
        fitting = [entry for entry in ranked if entry[0] >= CONTRAST_FIT or entry[1]]
        return max(fitting, key=lambda entry: entry[:2])[2] if fitting else None

    def _advise(self, query: Query, findings: Findings) -> _Draft:
        ranked = self._shelf.candidates(query, findings, _LEANINGS[Intent.HOW_TO])
        asked = query.role or SectionRole.APPROACH
        helping = next((found for found in ranked if found.section.role is asked), None)
        listing = self._find_list(query, findings)
        draft = _Draft(self._shelf, query.filters.sources)
        if helping is None or (listing and helping.score < ranked[0].score - 0.15):
            if listing is None:
                return self._state_facts(query, findings)
            draft.add_section(listing[1])
            return draft
        draft.add(_core(helping.card).statements[0], ClaimForm.PARAGRAPH)
        draft.add_section(helping.section)
        return draft

    def _consider(self, query: Query, findings: Findings) -> _Draft:
        """Say what is going on and what the texts advise."""
        ranked = self._shelf.rank_for_story(query, findings)
        if not ranked:
            return self._state_facts(query, findings)
        draft = _Draft(self._shelf, query.filters.sources)
        draft.open_with(_core(ranked[0]).statements[:2])
        for section in _sections(ranked[0], (SectionRole.APPROACH, SectionRole.PITFALLS)):
            if draft.words < ENOUGH_WORDS:
                draft.add_section(section)
        return draft

    def _explain(self, query: Query, findings: Findings) -> _Draft:
        """State what comes closest, with the reasons that its card gives."""
        draft = self._state_facts(query, findings)
        cards = [self._shelf.catalogue.cards[statement.id.split("#")[0]] for statement in draft.said[:1]]
        for section in (
            part for card in cards for part in _sections(card, (SectionRole.REASONS, SectionRole.PARTS))
        ):
            if draft.words < ENOUGH_WORDS // 2:
                draft.add_section(section)
        return draft

    def _state_facts(self, query: Query, findings: Findings) -> _Draft:
        """Give the statements, or else the quoted sentences, that come closest to the question."""
        wanted = self._shelf.stems(query.text)
        ranked = self._shelf.candidates(query, findings, _LEANINGS.get(query.intent, {}))
        quotes = self._quotes(wanted, findings)
        draft = _Draft(self._shelf, query.filters.sources)
        best = ranked[0].score if ranked else 0.0
        if quotes and quotes[0][0] > best + QUOTE_MARGIN:
            draft.claims.extend(claim for score, claim in quotes[:2] if score >= 0.85 * quotes[0][0])
            return draft
        for section, candidates in groupby(_closest(ranked, best), key=lambda found: found.section):
            chosen = [candidate.statement for candidate in candidates]
            if sum(statement.is_item for statement in chosen) > 1:
                draft.add_section(section)
            else:
                draft.open_with(chosen)
        return draft

    def _quotes(self, wanted: frozenset[str], findings: Findings) -> list[tuple[float, Claim]]:
        """Return sentences of the originals as claims, scored like candidates, best first."""
        scored = [
            (0.5 * passage.score + 0.5 * self._shelf.overlap(wanted, self._shelf.stems(sentence)), claim)
            for passage in findings.passages
            if passage.chunk.kind == ORIGINAL
            for sentence, claim in _sentence_claims(passage)
        ]
        return sorted(scored, key=lambda entry: entry[0], reverse=True)


def _closest(ranked: list[Candidate], best: float) -> Iterable[Candidate]:
    """Return the candidates near the best, those of one section together, the best section first."""
    near = [candidate for candidate in ranked if candidate.score >= NEAR * best][:MOST_FACTS]
    order = {id(candidate.section): place for place, candidate in reversed(list(enumerate(near)))}
    return sorted(
        near, key=lambda found: (order[id(found.section)], found.section.statements.index(found.statement))
    )


def _core(card: Card) -> CardSection:
    return card.sections[0]


def _sections(card: Card, roles: tuple[SectionRole, ...]) -> Iterator[CardSection]:
    for role in roles:
        for section in card.sections:
            if section.role is role:
                yield section


def _words(section: CardSection) -> int:
    return sum(len(statement.text.split()) for statement in section.statements)


def _sentence_claims(passage: Passage) -> Iterator[tuple[str, Claim]]:
    """Yield the sentences of a passage that can stand alone, as quoted claims."""
    for match in re.finditer(r"[^.!?]+(?:[.!?]+[”’\"')\]]*)(?=\s|$)", passage.chunk.text):
        sentence = match.group().strip()
        if 6 <= len(sentence.split()) <= 45 and not _LEANING_BACK.match(sentence):
            yield sentence, Claim(f"“{sentence}”", (passage.chunk.id,))
