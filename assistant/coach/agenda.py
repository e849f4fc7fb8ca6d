"""What deserves a conversation: where partners differ, where people differ, and what is low."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assistant.coach.norms import Norms, quoted
from assistant.domain import AgendaKind, AgendaPoint, ConditionResult, Item, Score

MOST_POINTS = 6
"""More than this doesn't fit in one conversation."""


def draw_up(
    conditions: Sequence[ConditionResult], items: Mapping[str, Item], norms: Norms
) -> tuple[AgendaPoint, ...]:
    """Return the points to talk about: by turns the largest gap, the largest spread and the lowest mean.

    An item is one point at most, and only what the norms find remarkable is one.
    """
    scores = [one for condition in conditions for one in condition.items]
    queues = {kind: _queue(kind, scores, norms) for kind in AgendaKind}
    chosen: dict[str, AgendaPoint] = {}
    for _ in range(MOST_POINTS):
        for kind, queue in queues.items():
            score = next((one for one in queue if one.id not in chosen), None)
            if score and len(chosen) < MOST_POINTS:
                chosen[score.id] = _point(kind, score, items[score.id], norms)
    return tuple(chosen.values())


def _queue(kind: AgendaKind, scores: Sequence[Score], norms: Norms) -> list[Score]:
    """Return what is remarkable in this way, the most remarkable first."""
    match kind:
        case AgendaKind.GAP:
            found = [one for one in scores if one.gap >= norms.gap.start]
            return sorted(found, key=lambda one: -one.gap)
        case AgendaKind.SPREAD:
            found = [one for one in scores if (one.spread or 0) >= norms.spread.start]
            return sorted(found, key=lambda one: -(one.spread or 0))
        case AgendaKind.LOW:
            found = [one for one in scores if one.mean is not None and one.band != norms.bands[-1].label]
            return sorted(found, key=lambda one: (one.mean or 0, -one.gap, -(one.spread or 0)))


def _point(kind: AgendaKind, score: Score, item: Item, norms: Norms) -> AgendaPoint:
    title = quoted(item.text)
    match kind:
        case AgendaKind.GAP:
            ranked = sorted(score.groups, key=lambda one: one.mean)
            low, high = ranked[0].group, ranked[-1].group
            finding = norms.gap.sentence.format(titel=title, hoog=high, laag=low)
            question = norms.agenda.gap
        case AgendaKind.SPREAD:
            finding, question = norms.spread.sentence.format(titel=title), norms.agenda.spread
        case AgendaKind.LOW:
            finding = norms.band_of(score.mean or 0).sentence.format(titel=title)
            question = norms.agenda.low
    return AgendaPoint(kind, item.id, item.text, finding, question.format(titel=title), item.statements)
