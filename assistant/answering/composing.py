"""The composer: answers from card statements and, where no card says it, from quoted sentences.

No model is used. Each intent has a plan: which sections to open, in which order. Claims are
statements as the cards have them, so that what the reader sees is what was curated and cited.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from assistant.answering.drafting import Draft
from assistant.answering.premises import counts_others
from assistant.answering.quoting import quotable
from assistant.answering.selecting import Candidate, Selection
from assistant.answering.shelf import Shelf
from assistant.domain import (
    Card,
    CardKind,
    CardSection,
    Claim,
    ClaimForm,
    Findings,
    Intent,
    Language,
    Manner,
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
LIST_SUITED_WEIGHT, LIST_OTHER_PENALTY, LIST_ASIDE_PENALTY = 0.5, 1.0, 0.3
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

RELATED, RELATED_BY_INTENT = 0.75, {Intent.FACT: 0.8, Intent.WHY: 0.8}
"""Statements that score at least this share of the best may complete an answer."""

RELATED_TO_NAME = 0.9
"""The same, where a name, a number or a time is asked for."""

MOST_ADDED = 6

ROOM: Mapping[Intent, int] = {Intent.FACT: 120, Intent.SITUATION: 118}
"""Words up to which an answer is completed, where that isn't ``WORD_BUDGET``."""

CLEAR, MOST_SEEN, NEAREST = 0.85, 4, 6
"""In a situation: what suits it nearly as well as the best says what is going on, in at most so many
statements; the cards of the nearest so many statements give advice."""

_UNASKED = frozenset({SectionRole.APPROACH, SectionRole.SIGNALS, SectionRole.PITFALLS, SectionRole.QUESTIONS})
"""Sections with lists of what to do, see, avoid or ask, which a question for a list asks for by name."""

_ASIDE = frozenset({SectionRole.QUESTIONS, SectionRole.LIMITS, SectionRole.BACKGROUND})
"""Sections that say nothing about somebody's situation."""

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
        if query.manner is not Manner.SHORT:
            _complete(draft, selection)
        yield from shorten(draft.claims, query.room)


def shorten(claims: Sequence[Claim], room: int) -> Iterator[Claim]:
    """Yield the first claim, and what else fits in so many words; a list only if it fits whole."""
    left = room
    for number, group in enumerate(_lists_whole(claims)):
        words = sum(len(claim.text.split()) for claim in group)
        if words <= left or number == 0:
            yield from group if words <= left else group[:1]
            left -= words


def _lists_whole(claims: Sequence[Claim]) -> list[list[Claim]]:
    """Return the claims one by one, but a list together with what leads it."""
    groups: list[list[Claim]] = []
    for claim in claims:
        is_item = claim.form in (ClaimForm.BULLET, ClaimForm.NUMBERED)
        if is_item and groups:
            groups[-1].append(claim)
        else:
            groups.append([claim])
    return groups


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
        score += LIST_SUITED_WEIGHT * selection.suited(section.statements[0])
        score += LIST_COUNT_BONUS * (items == count) + LIST_PARTS_BONUS * (section.role is SectionRole.PARTS)
        score -= LIST_OTHER_PENALTY * counts_others(selection.query.text, section.statements[0].text)
        score -= LIST_ASIDE_PENALTY * (section.role in _UNASKED)
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
    """Set the two sides next to each other: how they differ, then of each what suits the question best."""
    draft = _draft(selection)
    contrast = _find_contrast(selection)
    if contrast is not None:
        draft.add_section(contrast)
    named = [selection.named_by(side) for side in selection.query.sides]
    sides = {card.id: card for card in named if card is not None}
    if len(sides) < 2:
        return draft if contrast is not None else _state_facts(selection)
    room = (_room(selection.query) - draft.words) // len(sides)
    for card in sides.values():
        draft.add_paragraph(_side(card, selection, room))
    return draft


def _side(card: Card, selection: Selection, room: int) -> list[Statement]:
    """Return what suits the question best of one side, in its card's order, as far as there is room."""
    chosen = [_core(card).statements[0]]
    for candidate in selection.weigh([card], {}):
        room_left = room - sum(len(statement.text.split()) for statement in chosen)
        fits = len(candidate.statement.text.split()) <= room_left
        if fits and _stands_alone(candidate) and candidate.statement not in chosen:
            chosen.append(candidate.statement)
    return sorted(chosen, key=list(card.statements).index)


def _find_contrast(selection: Selection) -> CardSection | None:
    """Return the section that sets the two sides next to each other, if a card has one.

    Its title and lead hold the words of both sides; a question in another language has no words in
    common with them, and finds it among the best passages.
    """
    wanted = selection.shelf.stems(" ".join(selection.query.sides))
    is_foreign = selection.query.language is not Language.DUTCH
    ranked = [
        (selection.shelf.titling(card, section, wanted), selection.is_among_best(card, section), section)
        for card, section, _ in selection.sections
        if section.role is SectionRole.CONTRAST
    ]
    fitting = [entry for entry in ranked if entry[0] >= CONTRAST_FIT or (is_foreign and entry[1])]
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
    """Say what is going on, by what suits the story best, then what the texts advise about it."""
    ranked = [one for one in selection.candidates({}) if one.section.role not in _ASIDE]
    draft = _draft(selection)
    if not ranked:
        return draft
    seen = [one for one in ranked if one.score >= CLEAR * ranked[0].score and _stands_alone(one)]
    draft.add_paragraph(one.statement for one in _together(seen[:MOST_SEEN]))
    cards = list(dict.fromkeys(one.card.id for one in ranked[:NEAREST]))
    for card in (selection.shelf.cards[id_] for id_ in cards):
        for section in _with_roles(card, (SectionRole.APPROACH,)):
            fitting = section.statements if _words(section) + draft.words <= _room(selection.query) else ()
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
    ranked = selection.candidates(_LEANINGS.get(selection.query.intent, {}))
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
        if all(map(_stands_alone, chosen)) or (number and selection.query.intent is Intent.LIST):
            draft.add_paragraph(candidate.statement for candidate in chosen)
        elif number == 0 or len(chosen) > 1:
            draft.add_section(section)
    return draft


def _complete(draft: Draft, selection: Selection) -> None:
    """Add the statements that come closest to the question and aren't said yet, as far as there is room.

    Those of one section stay together, in its order. What leads a list says little without it, and
    an item says little without its lead.
    """
    intent = selection.query.intent
    ranked = selection.candidates(_LEANINGS.get(intent, {}))
    share = RELATED_TO_NAME if selection.query.expects else RELATED_BY_INTENT.get(intent, RELATED)
    least = share * ranked[0].score if ranked else 0.0
    room = _room(selection.query) - draft.words
    chosen: list[Candidate] = []
    for candidate in ranked:
        length = len(candidate.statement.text.split())
        if candidate.score < least or len(chosen) == MOST_ADDED:
            break
        others = [one.statement for one in chosen]
        if length > room or not _stands_alone(candidate) or not draft.admits(candidate.statement):
            continue
        if draft.is_new(candidate.statement, others):
            chosen.append(candidate)
            room -= length
    for _, candidates in groupby(_together(chosen), key=lambda found: id(found.section)):
        draft.add_some([candidate.statement for candidate in candidates])


def _room(query: Query) -> int:
    """Return up to how many words an answer is completed."""
    return query.room * ROOM.get(query.intent, WORD_BUDGET) // WORD_BUDGET


def _stands_alone(candidate: Candidate) -> bool:
    """Return whether a statement says enough without its neighbours."""
    is_lead = _leads_a_list(candidate.section, candidate.statement)
    return not candidate.statement.is_item and not is_lead


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
