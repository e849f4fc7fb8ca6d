"""Fills an answer up with what comes closest to the question, and keeps it within its room."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from assistant.answering.drafting import Draft, leads_a_list
from assistant.answering.selecting import Candidate, Selection
from assistant.domain import USUAL_ROOM, Claim, ClaimForm, Intent, Query, SectionRole

RELATED, RELATED_BY_INTENT = 0.75, {Intent.FACT: 0.8, Intent.WHY: 0.8}
"""Statements that score at least this share of the best may complete an answer."""

RELATED_TO_NAME = 0.9
"""The same, where a name, a number or a time is asked for."""

MOST_ADDED = 6

ROOM: Mapping[Intent, int] = {Intent.FACT: 120, Intent.SITUATION: 118}
"""Words up to which an answer of the usual room is completed, where that isn't all of it."""

LEANINGS: Mapping[Intent, Mapping[SectionRole, float]] = {
    Intent.DEFINITION: {
        SectionRole.DEFINITION: 0.1,
        SectionRole.FEATURES: 0.05,
        SectionRole.QUESTIONS: -0.2,
    },
    Intent.HOW_TO: {SectionRole.APPROACH: 0.2, SectionRole.PARTS: 0.05, SectionRole.PITFALLS: 0.05},
    Intent.WHY: {SectionRole.REASONS: 0.15, SectionRole.DEFINITION: 0.03},
    Intent.FACT: {SectionRole.FACTS: 0.03, SectionRole.QUESTIONS: -0.2},
}
"""Section roles that an intent favours, or avoids."""


def complete(draft: Draft, selection: Selection) -> None:
    """Add the statements that come closest to the question and aren't said yet, as far as there is room.

    Those of one section stay together, in its order. What leads a list says little without it, and
    an item says little without its lead.
    """
    intent = selection.query.intent
    ranked = selection.candidates(LEANINGS.get(intent, {}))
    share = RELATED_TO_NAME if selection.query.expects else RELATED_BY_INTENT.get(intent, RELATED)
    least = share * ranked[0].score if ranked else 0.0
    room = room_of(selection.query) - draft.words
    chosen: list[Candidate] = []
    for candidate in ranked:
        length = len(candidate.statement.text.split())
        if candidate.score < least or len(chosen) == MOST_ADDED:
            break
        others = [one.statement for one in chosen]
        if length > room or not stands_alone(candidate) or not draft.admits(candidate.statement):
            continue
        if draft.is_new(candidate.statement, others):
            chosen.append(candidate)
            room -= length
    for _, candidates in groupby(together(chosen), key=lambda found: id(found.section)):
        draft.add_some([candidate.statement for candidate in candidates])


def room_of(query: Query) -> int:
    """Return up to how many words an answer is completed."""
    return query.room * ROOM.get(query.intent, USUAL_ROOM) // USUAL_ROOM


def stands_alone(candidate: Candidate) -> bool:
    """Return whether a statement says enough without its neighbours."""
    is_lead = leads_a_list(candidate.section, candidate.statement)
    return not candidate.statement.is_item and not is_lead


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


def together(ranked: list[Candidate]) -> list[Candidate]:
    """Return candidates with those of one section together, in its order; the best section first."""
    order = {id(found.section): place for place, found in reversed(list(enumerate(ranked)))}
    return sorted(ranked, key=lambda found: (order[id(found.section)], _place(found)))


def _place(candidate: Candidate) -> int:
    return candidate.section.statements.index(candidate.statement)
