"""Finds the list that a question asks for."""

from __future__ import annotations

from assistant.answering.premises import counts_others
from assistant.answering.selecting import Selection
from assistant.domain import Card, CardKind, CardSection, SectionRole

LIST_FIT = 0.5
"""Share of a list question that a section's title and lead must cover to count as the list asked for."""

CARD_WEIGHT, LEAD_WEIGHT, SUITED_WEIGHT, COUNT_BONUS, PARTS_BONUS = 0.6, 5.0, 0.5, 0.25, 0.1
"""What counts for a list beside its fit: its card, its lead's meaning, its number of items, its role."""

OTHER_PENALTY, UNASKED_PENALTY = 1.0, 0.3
"""What counts against it: it counts something else, or is of a kind that is asked for by name."""

_UNASKED = frozenset({SectionRole.APPROACH, SectionRole.SIGNALS, SectionRole.PITFALLS, SectionRole.QUESTIONS})
"""Sections with lists of what to do, see, avoid or ask."""

_COUNTS = {
    "twee": 2, "drie": 3, "vier": 4, "vijf": 5, "zes": 6, "zeven": 7, "acht": 8,
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
}  # fmt: skip


def find_list(selection: Selection) -> tuple[Card, CardSection] | None:
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
        score = fit + CARD_WEIGHT * card_score
        score += LEAD_WEIGHT * selection.closeness(section.statements[0])
        score += SUITED_WEIGHT * selection.suited(section.statements[0])
        score += COUNT_BONUS * (items == count) + PARTS_BONUS * (section.role is SectionRole.PARTS)
        score -= OTHER_PENALTY * counts_others(selection.query.text, section.statements[0].text)
        score -= UNASKED_PENALTY * (section.role in _UNASKED)
        if fit >= LIST_FIT and (best is None or score > best[0]):
            best = (score, card, section)
    return best[1:] if best else _parts_of_best(selection)


def _parts_of_best(selection: Selection) -> tuple[Card, CardSection] | None:
    """Return the list of the overview that says what comes closest, if an overview does."""
    best = selection.candidates({})[:1]
    cards = [found.card for found in best if found.card.kind is CardKind.OVERVIEW]
    return next(
        ((card, section) for card in cards for section in card.sections if section.role is SectionRole.PARTS),
        None,
    )
