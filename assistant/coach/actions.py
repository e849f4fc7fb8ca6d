"""Which actions fit what an alliance needs, where it is and to which side it leans."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.coach.norms import Norms
from assistant.coach.tensions import Tilt, tilt_of
from assistant.domain import Action, ConditionResult, PhaseResult, TensionResult

MOST_SUGGESTIONS = 8
"""So many actions are offered to choose from."""

MOST_FOR_ONE_ITEM = 2
"""So many suggestions have the same item as the one that they help most."""

PHASE_WEIGHT = 0.25
"""An action for the phase where the alliance clearly is gains this over one for another phase; the whole
of a need is worth 1, so that suiting the phase decides between actions for needs that are alike."""

TENSION_WEIGHT = 0.25
"""An action that brings a tilted tension back gains this."""


@dataclass(frozen=True, slots=True)
class _Needs:
    """What the figures ask for."""

    items: Mapping[str, float]
    """From 0 to 1, of each item that shows a mean."""
    phases: frozenset[str]
    tilts: Mapping[str, Tilt]

    def of(self, action: Action) -> list[float]:
        """Return the needs that an action answers."""
        return [self.items[one] for one in action.items if one in self.items]

    def fit(self, action: Action) -> float:
        """Return how well an action fits: the mean of its needs, its phases and its tensions."""
        needs = self.of(action)
        phase = 0.5 if not action.phases else float(bool(self.phases & set(action.phases)))
        tension = any(self.tilts.get(one) == side for one, side in action.tensions.items())
        return sum(needs) / len(needs) + PHASE_WEIGHT * phase + TENSION_WEIGHT * tension


def suggest(
    actions: Sequence[Action],
    conditions: Sequence[ConditionResult],
    phases: Sequence[PhaseResult],
    tensions: Sequence[TensionResult],
    norms: Norms,
) -> tuple[Action, ...]:
    """Return the actions that fit best, the best first; those that fit alike in the order of the file.

    An action that helps no item with a figure isn't offered.
    """
    needs = _Needs(
        {one.id: _need(one.mean, one.gap) for c in conditions for one in c.items if one.mean is not None},
        frozenset(one.leading for one in phases if one.leading and not one.is_doubtful),
        {one.score.id: tilt_of(one.score, norms) for one in tensions},
    )
    ranked = sorted((one for one in actions if needs.of(one)), key=lambda one: -needs.fit(one))
    helped = Counter[str]()
    chosen: list[Action] = []
    for action in ranked:
        neediest = max((one for one in action.items if one in needs.items), key=needs.items.__getitem__)
        helped[neediest] += 1
        if helped[neediest] <= MOST_FOR_ONE_ITEM:
            chosen.append(action)
    return tuple(chosen[:MOST_SUGGESTIONS])


def _need(mean: float, gap: float) -> float:
    """Return how much an item needs help, from 0 to 1: it's low, or partners see it differently."""
    return ((5 - mean) + gap / 2) / 6
