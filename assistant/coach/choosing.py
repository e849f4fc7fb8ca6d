"""Chooses interventions and questions that serve what seems to be going on in an alliance."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from assistant.coach.hypotheses import Suspicion
from assistant.coach.interventions import Method, PartyQuestion, Repertoire, Suits
from assistant.coach.told import Told
from assistant.domain import Report

INTERVENTIONS = 3
MOST_QUESTIONS = 4
"""Per party."""

PHASE_WEIGHT = 0.5
"""What it counts that something suits the phase, beside the paradox."""

CERTAIN = 0.7
"""Weight of a phase from which it counts in full."""

FAIR_MEAN = 3.5
"""A condition that scores below this asks for attention."""

FAR = 0.4
"""What is left of the worth of an intervention whose aim has nothing to do with what was told."""

OPPOSED = 0.3
"""What is left of the worth of an intervention that is meant for the other side of a paradox that leans."""

_SERVED = 0.55
"""What is left of a need's weight when something chosen already serves it."""

_PARTLY = 0.6
"""How well something for either side of many serves one that leans, and for one side one that doesn't."""

_HARDLY = 0.1
"""How well something for one side serves a paradox that leans to the other."""

_FITTING = 0.35
"""Share of the second best question's worth from which another is asked."""

_Choice = TypeVar("_Choice", Method, PartyQuestion)


@dataclass(frozen=True, slots=True)
class _Need:
    """Something that an intervention or a question can serve, and how much it asks for that."""

    weight: float
    fit: Callable[[Suits], float]
    """How well something with these suits serves it, from 0 to 1."""


class Choosing:
    """Chooses for one situation or report, or both."""

    def __init__(self, suspicions: Sequence[Suspicion], told: Told | None, report: Report | None) -> None:
        self._needs = _needs(suspicions, report)
        self._told = told
        self._heard = told.statements() if told else set()
        self._leans = {one.hypothesis.card_id: one.lean for one in suspicions if one.lean}
        self._suspected = [one.hypothesis.card_id for one in suspicions]

    def methods(self, repertoire: Repertoire) -> list[Method]:
        """Choose interventions; the first serves the first need, which the agenda turns on."""
        offered = self._called_for(repertoire.methods)
        weights = {one.intervention.id: self._nearness(one) * self._siding(one.suits) for one in offered}

        def weigh(method: Method) -> float:
            return weights[method.intervention.id]

        apt = [method for method in offered if self._needs[0].fit(method.suits) > _HARDLY]
        first = max(apt or offered, key=lambda method: _merit(method, self._needs, weigh(method)))
        others = [method for method in offered if method is not first]
        return [first, *_choose(others, _left(self._needs, first.suits), INTERVENTIONS - 1, weigh)]

    def questions(self, repertoire: Repertoire) -> Mapping[str, list[PartyQuestion]]:
        """Choose questions that fit well, by party; a party without any isn't there."""
        offered = self._called_for(repertoire.questions)
        worth = {question.id: _worth(question.suits, self._needs) for question in offered}
        least = _FITTING * sorted(worth.values())[-2]
        fitting = [question for question in offered if worth[question.id] >= least]
        chosen = {}
        for party in dict.fromkeys(question.party for question in fitting):
            own = [question for question in fitting if question.party == party]
            chosen[party] = _choose(own, self._needs, MOST_QUESTIONS)
        return {party: questions for party, questions in chosen.items() if questions}

    def _called_for(self, offered: Sequence[_Choice]) -> list[_Choice]:
        return [one for one in offered if one.suits.is_called_for(self._heard, self._suspected)]

    def _siding(self, suits: Suits) -> float:
        """Return by what its worth is multiplied: less if it's meant for the side that doesn't prevail."""
        sides = ((suits.paradoxes.get(card_id), lean) for card_id, lean in self._leans.items())
        return OPPOSED if any(side not in (None, "both", lean) for side, lean in sides) else 1.0

    def _nearness(self, method: Method) -> float:
        """Return by what a method's worth is multiplied: how near its aim is to what was told."""
        if self._told is None:
            return 1.0
        return FAR + (1 - FAR) * self._told.situation.nearness(method.intervention.aim.statements)


def _needs(suspicions: Sequence[Suspicion], report: Report | None) -> list[_Need]:
    """Return the needs that hypotheses and weak conditions are; a weaker hypothesis counts far less."""
    needs = []
    for is_phase in (False, True):
        group = [one for one in suspicions if one.hypothesis.is_phase is is_phase]
        for suspicion in group:
            share = (suspicion.hypothesis.weight / group[0].hypothesis.weight) ** 3
            needs.append(_phase_need(suspicion, share) if is_phase else _paradox_need(suspicion, share))
    for condition in report.conditions if report else ():
        mean = condition.score.mean
        if mean is not None and mean < FAIR_MEAN:
            needs.append(_weak(condition.score.id, (FAIR_MEAN - mean) / (FAIR_MEAN - 1)))
    return needs


def _phase_need(suspicion: Suspicion, share: float) -> _Need:
    phase = suspicion.hypothesis.card_id
    certainty = min(1.0, suspicion.hypothesis.weight / CERTAIN) ** 2
    return _Need(PHASE_WEIGHT * certainty * share, lambda suits: float(phase in suits.phases))


def _paradox_need(suspicion: Suspicion, share: float) -> _Need:
    def fit(suits: Suits) -> float:
        side = suits.paradoxes.get(suspicion.hypothesis.card_id)
        if side is None:
            return 0.0
        is_made_for_it = len(suits.paradoxes) == 1 or suspicion.lean is None
        if side == suspicion.lean or (side == "both" and is_made_for_it):
            return 1.0
        return _PARTLY if side == "both" or suspicion.lean is None else _HARDLY

    return _Need(share, fit)


def _weak(condition: str, weight: float) -> _Need:
    return _Need(weight, lambda suits: float(condition in suits.conditions))


def _choose(
    offered: Sequence[_Choice],
    needs: list[_Need],
    most: int,
    weigh: Callable[[_Choice], float] = lambda _: 1.0,
) -> list[_Choice]:
    """Choose what serves the needs best; one that is served counts for less, so that choices differ."""
    chosen: list[_Choice] = []
    left = [one for one in offered if _worth(one.suits, needs) > 0]
    while left and len(chosen) < most:
        best = max(left, key=lambda one: _merit(one, needs, weigh(one)))
        chosen.append(best)
        left.remove(best)
        needs = _left(needs, best.suits)
    return chosen


def _left(needs: Iterable[_Need], suits: Suits) -> list[_Need]:
    """Return what the needs still ask for when something with these suits is chosen."""
    return [replace(need, weight=need.weight * (1 - (1 - _SERVED) * need.fit(suits))) for need in needs]


def _merit(one: Method | PartyQuestion, needs: Iterable[_Need], weight: float) -> tuple[float, int]:
    """Return what to choose by: of what serves the needs as well, what is for fewer paradoxes."""
    return round(weight * _worth(one.suits, needs), 6), -len(one.suits.paradoxes)


def _worth(suits: Suits, needs: Iterable[_Need]) -> float:
    return sum(need.weight * need.fit(suits) for need in needs)
