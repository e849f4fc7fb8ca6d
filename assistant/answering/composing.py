"""The composer: answers from card statements and, where no card says it, from quoted sentences.

No model is used. Each intent has a plan: which sections to open, in which order. Claims are
statements as the cards have them, so that what the reader sees is what was curated and cited.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby

from assistant.answering.completing import LEANINGS, complete, room_of, shorten, stands_alone, together
from assistant.answering.drafting import Draft
from assistant.answering.listing import find_list
from assistant.answering.quoting import quotable
from assistant.answering.selecting import Candidate, Selection
from assistant.answering.shelf import Shelf
from assistant.domain import (
    Card,
    CardKind,
    CardSection,
    Claim,
    Findings,
    Intent,
    Language,
    Manner,
    Query,
    SectionRole,
    Statement,
    card_id_of,
)

ENOUGH_WORDS = 80
"""Words after which an answer gets no extras."""

NAMED = 0.6
"""Share of a question's content that a card's name must account for, to define that card's subject."""

ALIKE = 0.4
"""Statements that share less of their stems than this can open an answer one after the other."""

CONTRAST_FIT = 0.6
"""Share of the words of each side that a contrast's title and lead must hold."""

HELP_MARGIN = 0.15
"""How much less than the best statement a section with advice may suit, if a fitting list is there."""

NEAR = 0.9
"""Facts that score at least this share of the best go into the answer with it."""

MOST_FACTS = 4

QUOTE_MARGIN = 0.2
"""How much better than every card statement a sentence of an original must suit, to be quoted."""

CLEAR, MOST_SEEN, NEAREST = 0.85, 4, 6
"""In a situation: what suits it nearly as well as the best says what is going on, in at most so many
statements; the cards of the nearest so many statements give advice."""

_ASIDE = frozenset({SectionRole.QUESTIONS, SectionRole.LIMITS, SectionRole.BACKGROUND})
"""Sections that say nothing about somebody's situation."""


class Composer:
    """Composes an answer for each intent from the cards on one shelf."""

    engine = "composer"

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._plans: Mapping[Intent, Callable[[Selection], Draft]] = {
            Intent.DEFINITION: _define,
            Intent.LIST: _list,
            Intent.COMPARISON: _compare,
            Intent.HOW_TO: _advise,
            Intent.WHY: _explain,
            Intent.SITUATION: _consider,
            Intent.HEALTH_CHECK: _define,
        }

    def compose(self, query: Query, findings: Findings) -> Iterator[Claim]:
        """Yield the claims of an answer, in reading order; nothing if no card or passage suits."""
        plan = self._plans.get(query.intent, _state_facts)
        selection = Selection(self._shelf, query, findings)
        draft = plan(selection)
        if Manner.SHORT not in query.manners:
            complete(draft, selection)
        yield from shorten(draft.claims, query.room)


def _define(selection: Selection) -> Draft:
    """Open with what it is, then its features, as far as there is room."""
    named = selection.named_by(selection.query.text)
    is_subject = named is not None and named.kind is not CardKind.OVERVIEW
    if named is None or not is_subject or selection.shelf.naming(named, selection.wanted) < NAMED:
        return _state_facts(selection)
    draft = _draft(selection)
    draft.add_section(_core(named))
    roles = (SectionRole.FEATURES, SectionRole.PARTS, SectionRole.EXAMPLE, SectionRole.REASONS)
    for section in _with_roles(named, roles):
        if draft.words < ENOUGH_WORDS and _words(section) + draft.words <= room_of(selection.query):
            draft.add_section(section)
    return draft


def _list(selection: Selection) -> Draft:
    """Give the list that was asked for, complete and in its own order."""
    if selection.query.role is not None:
        return _advise(selection)
    found = find_list(selection)
    if found is None:
        return _state_facts(selection)
    card, section = found
    draft = _draft(selection)
    opening, lead = _core(card).statements[0], section.statements[0]
    if card.kind is CardKind.OVERVIEW and selection.shelf.likeness(opening, lead) < ALIKE:
        draft.add_paragraph([opening])
    draft.add_section(section)
    return draft


def _compare(selection: Selection) -> Draft:
    """Set the two sides next to each other: how they differ, then of each what suits the question best."""
    draft = _draft(selection)
    contrast = _find_contrast(selection)
    if contrast is not None:
        draft.add_section(contrast)
    named = [selection.named_by(side) for side in selection.query.sides]
    sides = {card.id: card for card in named if card is not None}
    if len(sides) < 2:
        return draft if contrast is not None else _state_facts(selection)
    room = (room_of(selection.query) - draft.words) // len(sides)
    for card in sides.values():
        draft.add_paragraph(_side(card, selection, room))
    return draft


def _side(card: Card, selection: Selection, room: int) -> list[Statement]:
    """Return what suits the question best of one side, in its card's order, as far as there is room."""
    chosen = [_core(card).statements[0]]
    for candidate in selection.weigh([card], {}):
        room_left = room - sum(len(statement.text.split()) for statement in chosen)
        fits = len(candidate.statement.text.split()) <= room_left
        if fits and stands_alone(candidate) and candidate.statement not in chosen:
            chosen.append(candidate.statement)
    return sorted(chosen, key=list(card.statements).index)


def _find_contrast(selection: Selection) -> CardSection | None:
    """Return the section that sets the two sides next to each other, if a card has one.

    Its title and lead hold the words of both sides; a question in another language has no words in
    common with them, and finds it among the best passages.
    """
    sides = [selection.shelf.stems(side) for side in selection.query.sides]
    is_foreign = selection.query.language is not Language.DUTCH
    ranked = [
        (
            min((selection.shelf.titling(card, section, side) for side in sides), default=0.0),
            selection.is_among_best(card, section),
            section,
        )
        for card, section, _ in selection.sections
        if section.role is SectionRole.CONTRAST
    ]
    fitting = [entry for entry in ranked if entry[0] >= CONTRAST_FIT or (is_foreign and entry[1])]
    return max(fitting, key=lambda entry: entry[:2])[2] if fitting else None


def _advise(selection: Selection) -> Draft:
    """Say in a sentence what it is about, then what the texts advise."""
    ranked = selection.candidates(LEANINGS[Intent.HOW_TO])
    asked = selection.query.role or SectionRole.APPROACH
    helping = next((found for found in ranked if found.section.role is asked), None)
    listing = find_list(selection)
    draft = _draft(selection)
    if helping is not None and (listing is None or helping.score >= ranked[0].score - HELP_MARGIN):
        draft.add_paragraph(_core(helping.card).statements[:1])
        draft.add_section(helping.section)
        return draft
    if listing is None:
        return _state_facts(selection)
    draft.add_section(listing[1])
    return draft


def _consider(selection: Selection) -> Draft:
    """Say what is going on, by what suits the story best, then what the texts advise about it."""
    ranked = [one for one in selection.candidates({}) if one.section.role not in _ASIDE]
    draft = _draft(selection)
    if not ranked:
        return draft
    seen = [one for one in ranked if one.score >= CLEAR * ranked[0].score and stands_alone(one)]
    draft.add_paragraph(one.statement for one in together(seen[:MOST_SEEN]))
    cards = list(dict.fromkeys(one.card.id for one in ranked[:NEAREST]))
    for card in (selection.shelf.cards[id_] for id_ in cards):
        for section in _with_roles(card, (SectionRole.APPROACH,)):
            fitting = section.statements if _words(section) + draft.words <= room_of(selection.query) else ()
            advice = [one for one in fitting if draft.is_new(one, ())]
            if advice and draft.words < ENOUGH_WORDS:
                draft.add_section(section)
    return draft


def _explain(selection: Selection) -> Draft:
    """State what comes closest; where that is what a card opens with, add the reasons it gives."""
    draft = _state_facts(selection)
    cards = [selection.shelf.cards[card_id_of(statement.id)] for statement in draft.said[:1]]
    for card in (card for card in cards if draft.said[0] in _core(card).statements):
        for section in _with_roles(card, (SectionRole.REASONS, SectionRole.PARTS)):
            if draft.words < ENOUGH_WORDS // 2:
                draft.add_section(section)
    return draft


def _state_facts(selection: Selection) -> Draft:
    """Give the statements, or else the quoted sentences, that come closest to the question."""
    ranked = selection.candidates(LEANINGS.get(selection.query.intent, {}))
    best = ranked[0].score if ranked else 0.0
    quotes = sorted(quotable(selection), key=lambda entry: entry[0], reverse=True)
    draft = _draft(selection)
    if quotes and quotes[0][0] > best + QUOTE_MARGIN:
        for score, claim in quotes[:2]:
            if score >= NEAR * quotes[0][0]:
                draft.quote(claim)
        return draft
    for number, (section, candidates) in enumerate(
        groupby(_closest(ranked, best), lambda found: found.section)
    ):
        chosen = list(candidates)
        if all(map(stands_alone, chosen)) or (number and selection.query.intent is Intent.LIST):
            draft.add_paragraph(candidate.statement for candidate in chosen)
        elif number == 0 or len(chosen) > 1:
            draft.add_section(section)
    return draft


def _closest(ranked: list[Candidate], best: float) -> Iterable[Candidate]:
    """Return the candidates near the best, section by section."""
    return together([candidate for candidate in ranked if candidate.score >= NEAR * best][:MOST_FACTS])


def _draft(selection: Selection) -> Draft:
    return Draft(selection.shelf, selection.query.filters.sources)


def _core(card: Card) -> CardSection:
    return card.sections[0]


def _with_roles(card: Card, roles: tuple[SectionRole, ...]) -> Iterator[CardSection]:
    for role in roles:
        yield from (section for section in card.sections if section.role is role)


def _words(section: CardSection) -> int:
    return sum(len(statement.text.split()) for statement in section.statements)
