"""The composer: answers from card statements and, where no card says it, from quoted sentences.

No model is used. Each intent has a plan: which sections to open, in which order. Claims are
statements as the cards have them, so that what the reader sees is what was curated and cited.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby

from assistant.answering.drafting import Draft
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
    Query,
    SectionRole,
    Statement,
    card_id_of,
)

WORD_BUDGET = 140
"""Words after which no further section is opened; a list that was begun is finished."""

ENOUGH_WORDS = 80
"""Words after which an answer gets no extras."""

NAMED = 0.6
"""Share of a question's content that a card's name must account for, to define that card's subject."""

LIST_FIT = 0.5
"""Share of a list question that a section's title and lead must cover to count as the list asked for."""

LIST_CARD_WEIGHT, LIST_LEAD_WEIGHT, LIST_COUNT_BONUS, LIST_PARTS_BONUS = 0.6, 5.0, 0.25, 0.1
"""What counts for a list beside its fit: its card, its lead's meaning, its number of items, its role."""

ALIKE = 0.4
"""Statements that share less of their stems than this can open an answer one after the other."""

CONTRAST_FIT = 0.6
"""Share of the words of both sides that a contrast's title and lead must hold."""

HELP_MARGIN = 0.15
"""How much less than the best statement a section with advice may suit, if a fitting list is there."""

NEAR = 0.9
"""Facts that score at least this share of the best go into the answer with it."""

MOST_FACTS = 4

QUOTE_MARGIN = 0.2
"""How much better than every card statement a sentence of an original must suit, to be quoted."""

RELATED = 0.6
"""Statements that score at least this share of the best may complete an answer."""

MOST_ADDED = 8

ROOM: Mapping[Intent, int] = {Intent.FACT: 120}
"""Words up to which an answer is completed, where that isn't ``WORD_BUDGET``."""

_LEANINGS: Mapping[Intent, Mapping[SectionRole, float]] = {
    Intent.DEFINITION: {
        SectionRole.DEFINITION: 0.1,
        SectionRole.FEATURES: 0.05,
        SectionRole.QUESTIONS: -0.2,
    },
    Intent.HOW_TO: {SectionRole.APPROACH: 0.2, SectionRole.PARTS: 0.05, SectionRole.PITFALLS: 0.05},
    Intent.WHY: {SectionRole.REASONS: 0.15, SectionRole.DEFINITION: 0.03},
    Intent.FACT: {SectionRole.FACTS: 0.03, SectionRole.QUESTIONS: -0.2},
}

_COUNTS = {
    "twee": 2, "drie": 3, "vier": 4, "vijf": 5, "zes": 6, "zeven": 7, "acht": 8,
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
}  # fmt: skip


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
        _complete(draft, selection)
        yield from draft.claims


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
        if draft.words < ENOUGH_WORDS and _words(section) + draft.words <= WORD_BUDGET:
            draft.add_section(section)
    return draft


def _list(selection: Selection) -> Draft:
    """Give the list that was asked for, complete and in its own order."""
    if selection.query.role is not None:
        return _advise(selection)
    found = _find_list(selection)
    if found is None:
        return _state_facts(selection)
    card, section = found
    draft = _draft(selection)
    opening, lead = _core(card).statements[0], section.statements[0]
    if card.kind is CardKind.OVERVIEW and selection.shelf.likeness(opening, lead) < ALIKE:
        draft.add_paragraph([opening])
    draft.add_section(section)
    return draft


def _find_list(selection: Selection) -> tuple[Card, CardSection] | None:
    """Return the section with items that covers the question best, or whose card answers it."""
    words = selection.query.text.casefold().split()
    count = next((number for word, number in _COUNTS.items() if word in words), 0)
    best: tuple[float, Card, CardSection] | None = None
    for card, section, card_score in selection.sections:
        items = sum(statement.is_item for statement in section.statements)
        if items < 2:
            continue
        titled = selection.shelf.titling(card, section, selection.wanted)
        fit = max(titled, selection.shelf.asking(card, selection.wanted))
        score = fit + LIST_CARD_WEIGHT * card_score
        score += LIST_LEAD_WEIGHT * selection.closeness(section.statements[0])
        score += LIST_COUNT_BONUS * (items == count) + LIST_PARTS_BONUS * (section.role is SectionRole.PARTS)
        if fit >= LIST_FIT and (best is None or score > best[0]):
            best = (score, card, section)
    return best[1:] if best else _parts_of_best(selection)


def _parts_of_best(selection: Selection) -> tuple[Card, CardSection] | None:
    """Return the list of the overview that says what comes closest, if an overview does."""
    best = selection.candidates({})[:1]
    cards = [found.card for found in best if found.card.kind is CardKind.OVERVIEW]
    return next(
        ((card, section) for card in cards for section in _with_roles(card, (SectionRole.PARTS,))), None
    )


def _compare(selection: Selection) -> Draft:
    """Set the two sides next to each other."""
    draft = _draft(selection)
    contrast = _find_contrast(selection)
    if contrast is not None:
        draft.add_section(contrast)
        return draft
    named = [selection.named_by(side) for side in selection.query.sides]
    sides = {card.id: card for card in named if card is not None}
    if len(sides) < 2:
        return _state_facts(selection)
    for card in sides.values():
        draft.add_paragraph(_core(card).statements[:2])
    return draft


def _find_contrast(selection: Selection) -> CardSection | None:
    """Return the section that sets the two sides next to each other, if a card has one.

    Its title and lead hold the words of both sides, or it is among the best passages, which is
    how a question in another language finds it.
    """
    wanted = selection.shelf.stems(" ".join(selection.query.sides))
    ranked = [
        (selection.shelf.titling(card, section, wanted), selection.is_among_best(card, section), section)
        for card, section, _ in selection.sections
        if section.role is SectionRole.CONTRAST
    ]
    fitting = [entry for entry in ranked if entry[0] >= CONTRAST_FIT or entry[1]]
    return max(fitting, key=lambda entry: entry[:2])[2] if fitting else None


def _advise(selection: Selection) -> Draft:
    """Say in a sentence what it is about, then what the texts advise."""
    ranked = selection.candidates(_LEANINGS[Intent.HOW_TO])
    asked = selection.query.role or SectionRole.APPROACH
    helping = next((found for found in ranked if found.section.role is asked), None)
    listing = _find_list(selection)
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
    """Say what is going on and what the texts advise: by the card whose section suits the story best."""
    ranked = selection.candidates({})
    if not ranked:
        return _draft(selection)
    best = ranked[0]
    draft = _draft(selection)
    draft.add_paragraph(_core(best.card).statements[:1])
    if _words(best.section) + draft.words <= WORD_BUDGET:
        draft.add_section(best.section)
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
    ranked = selection.candidates(_LEANINGS.get(selection.query.intent, {}))
    best = ranked[0].score if ranked else 0.0
    quotes = sorted(quotable(selection), key=lambda entry: entry[0], reverse=True)
    draft = _draft(selection)
    if quotes and quotes[0][0] > best + QUOTE_MARGIN:
        for score, claim in quotes[:2]:
            if score >= NEAR * quotes[0][0]:
                draft.quote(claim)
        return draft
    for section, candidates in groupby(_closest(ranked, best), key=lambda found: found.section):
        chosen = [candidate.statement for candidate in candidates]
        items = sum(statement.is_item for statement in chosen)
        if items > 1 or any(_leads_a_list(section, statement) for statement in chosen):
            draft.add_section(section)
        else:
            draft.add_paragraph(chosen)
    return draft


def _complete(draft: Draft, selection: Selection) -> None:
    """Add the statements that come closest to the question and aren't said yet, as far as there is room.

    Those of one section stay together, in its order. What leads a list says little without it.
    """
    ranked = selection.candidates(_LEANINGS.get(selection.query.intent, {}))
    room = ROOM.get(selection.query.intent, WORD_BUDGET) - draft.words
    chosen: list[Candidate] = []
    for candidate in ranked:
        length = len(candidate.statement.text.split())
        if candidate.score < RELATED * ranked[0].score or len(chosen) == MOST_ADDED:
            break
        others = [one.statement for one in chosen]
        is_lead = _leads_a_list(candidate.section, candidate.statement)
        if length > room or is_lead or not draft.admits(candidate.statement):
            continue
        if draft.is_new(candidate.statement, others):
            chosen.append(candidate)
            room -= length
    for _, candidates in groupby(_together(chosen), key=lambda found: id(found.section)):
        draft.add_some([candidate.statement for candidate in candidates])


def _leads_a_list(section: CardSection, statement: Statement) -> bool:
    following = section.statements[section.statements.index(statement) + 1 :][:1]
    return not statement.is_item and any(after.is_item for after in following)


def _closest(ranked: list[Candidate], best: float) -> Iterable[Candidate]:
    """Return the candidates near the best, section by section."""
    return _together([candidate for candidate in ranked if candidate.score >= NEAR * best][:MOST_FACTS])


def _together(ranked: list[Candidate]) -> list[Candidate]:
    """Return candidates with those of one section together, in its order; the best section first."""
    order = {id(found.section): place for place, found in reversed(list(enumerate(ranked)))}
    return sorted(ranked, key=lambda found: (order[id(found.section)], _place(found)))


def _place(candidate: Candidate) -> int:
    return candidate.section.statements.index(candidate.statement)


def _draft(selection: Selection) -> Draft:
    return Draft(selection.shelf, selection.query.filters.sources)


def _core(card: Card) -> CardSection:
    return card.sections[0]


def _with_roles(card: Card, roles: tuple[SectionRole, ...]) -> Iterator[CardSection]:
    for role in roles:
        yield from (section for section in card.sections if section.role is role)


def _words(section: CardSection) -> int:
    return sum(len(statement.text.split()) for statement in section.statements)
