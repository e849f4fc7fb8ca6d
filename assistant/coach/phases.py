"""Where an alliance is: how much of what its people see points to each phase of a model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor

from assistant.coach.norms import Norms
from assistant.coach.scoring import Answers, mean_of, rounded
from assistant.domain import Ground, PhaseItem, PhaseModel, PhaseResult, PhaseShare, Questionnaire

MOST_GROUNDS = 3
"""So many items are shown as what decided."""

_HALFWAY = Fraction(1, 2)
"""An answer that speaks neither for nor against a phase."""


@dataclass(frozen=True, slots=True)
class _Sighting:
    """A phase item that enough people answered; ``weight`` is how clearly they see it, from 0 to 1."""

    item: PhaseItem
    mean: Fraction

    @property
    def weight(self) -> Fraction:
        return (self.mean - 1) / 4


def locate(questionnaire: Questionnaire, answers: Sequence[Answers], norms: Norms) -> tuple[PhaseResult, ...]:
    """Say for each model where the alliance is; of a phase without answers nothing is seen."""
    sightings = list(_sightings(questionnaire, answers))
    return tuple(_locate(model, questionnaire, sightings, norms) for model in questionnaire.models)


def _sightings(questionnaire: Questionnaire, answers: Sequence[Answers]) -> Iterator[_Sighting]:
    for item in questionnaire.phase_items:
        mean = mean_of(item.id, answers)
        if mean is not None:
            yield _Sighting(item, mean)


def _locate(
    model: PhaseModel, questionnaire: Questionnaire, sightings: Sequence[_Sighting], norms: Norms
) -> PhaseResult:
    strengths = {phase: _strength(phase, sightings) for phase in model.phases}
    total = sum(strengths.values())
    if not total:
        is_seen = any(set(model.phases) & set(one.item.phases) for one in sightings)
        return PhaseResult(
            model.id, model.title, (), None, True, norms.unseen if is_seen else norms.few, (), ()
        )
    names = questionnaire.phase_names
    first, second = sorted(model.phases, key=lambda phase: -strengths[phase])[:2]
    is_doubtful = (strengths[first] - strengths[second]) / total < norms.doubt.within
    if is_doubtful:
        sentence = norms.doubt.sentence.format(eerste=names[first], tweede=names[second])
    else:
        sentence = norms.settled.sentence.format(fase=names[first])
    return PhaseResult(
        model.id,
        model.title,
        tuple(PhaseShare(phase, names[phase], share) for phase, share in _shares(strengths).items()),
        first,
        is_doubtful,
        sentence,
        _grounds(first, second, sightings),
        tuple(questionnaire.settling[phase] for phase in (first, second)) if is_doubtful else (),
    )


def _strength(phase: str, sightings: Sequence[_Sighting]) -> Fraction:
    weights = [one.weight for one in sightings if phase in one.item.phases]
    return sum(weights, Fraction()) / len(weights) if weights else Fraction()


def _shares(strengths: Mapping[str, Fraction]) -> dict[str, float]:
    """Return whole hundredths that add up to 1: the largest remainders are rounded up."""
    total = sum(strengths.values())
    exact = {phase: 100 * strength / total for phase, strength in strengths.items()}
    hundredths = {phase: floor(share) for phase, share in exact.items()}
    left = 100 - sum(hundredths.values())
    for phase in sorted(exact, key=lambda phase: hundredths[phase] - exact[phase])[:left]:
        hundredths[phase] += 1
    return {phase: number / 100 for phase, number in hundredths.items()}


def _grounds(first: str, second: str, sightings: Sequence[_Sighting]) -> tuple[Ground, ...]:
    """Return what put the first phase ahead of the second: seen in the one, or not seen in the other.

    How far answers lie from halfway adds up to the lead; without a lead nothing decided.
    """
    numbers = {phase: sum(phase in one.item.phases for one in sightings) or 1 for phase in (first, second)}

    def lead(one: _Sighting) -> Fraction:
        pull = Fraction(first in one.item.phases, numbers[first])
        push = Fraction(second in one.item.phases, numbers[second])
        return (one.weight - _HALFWAY) * (pull - push)

    decisive = [one for one in sightings if lead(one) > 0]
    if not sum(lead(one) for one in sightings):
        return ()
    decisive.sort(key=lambda one: (-lead(one), first not in one.item.phases))
    return tuple(
        Ground(one.item.id, one.item.text, rounded(one.mean), one.item.statements)
        for one in decisive[:MOST_GROUNDS]
    )
