"""Suggestions: for what is low or seen differently, where the alliance is, to which side it leans."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from assistant.coach.actions import MOST_FOR_ONE_ITEM, MOST_SUGGESTIONS, suggest
from assistant.domain import Action, CheckKind, ConditionResult, PhaseResult, Score, TensionResult
from tests.coach.checks import PROPERTY, profile, report_of, shipped

NORMS = shipped().norms


def _action(name: str, *items: str, phase: str = "", side: str = "") -> Action:
    phases = (phase,) if phase else ()
    return Action(name, name, "", (), "", "", items, phases, {"t": side} if side else {})


def _suggested(*actions: Action, tilt: float = 0.0, **means: float) -> list[str]:
    scores = tuple(Score(name, name, mean, 0.0, 3) for name, mean in means.items())
    conditions = [ConditionResult(Score("c", "C", 3.0, 0.0, 3), scores)]
    phase = PhaseResult("m", "M", (), "lente", False, "", (), ())
    tension = TensionResult(Score("t", "T", tilt, 0.0, 3), "k", "", "", "")
    return [one.id for one in suggest(actions, conditions, [phase], [tension], NORMS)]


def test_what_helps_the_lowest_item_comes_first() -> None:
    assert _suggested(_action("een", "a"), _action("twee", "b"), a=4.0, b=2.0) == ["twee", "een"]


def test_among_equal_needs_the_phase_decides_and_no_phase_suits_half() -> None:
    actions = [
        _action("herfst", "a", phase="herfst"),
        _action("altijd", "b"),
        _action("lente", "c", phase="lente"),
    ]
    assert _suggested(*actions, a=2.0, b=2.0, c=2.0) == ["lente", "altijd", "herfst"]


def test_an_action_for_the_side_to_which_a_tension_leans_goes_before_its_opposite() -> None:
    actions = [_action("links", "a", side="left"), _action("rechts", "b", side="right")]
    assert _suggested(*actions, a=2.0, b=2.0, tilt=1.0) == ["rechts", "links"]
    assert _suggested(*actions, a=2.0, b=2.0, tilt=-1.0) == ["links", "rechts"]


def test_what_helps_no_item_with_a_figure_is_not_suggested() -> None:
    assert _suggested(_action("een", "a"), _action("twee", "b"), a=3.0) == ["een"]


def test_three_actions_for_the_same_item_are_one_too_many() -> None:
    actions = [_action(name, "a") for name in ("een", "twee", "drie")]
    assert _suggested(*actions, _action("vier", "b"), a=1.0, b=4.0) == ["een", "twee", "vier"]


@PROPERTY
@given(st.fixed_dictionaries({one.id: st.integers(1, 5) for one in shipped().questionnaire.items}))
def test_suggestions_are_few_and_various(scores: dict[str, int]) -> None:
    report = report_of([profile() | scores] * 3)
    means = {one.id: one.mean for result in report.conditions for one in result.items}
    helped = Counter(min(one.items, key=lambda item: means[item] or 0) for one in report.suggestions)
    assert 0 < len(report.suggestions) <= MOST_SUGGESTIONS
    assert max(helped.values()) <= MOST_FOR_ONE_ITEM


def test_a_pulse_suggests_what_helps_its_five_items() -> None:
    report = report_of([profile(leren_stilstaan=1)] * 3, kind=CheckKind.PULSE)
    pulse = set(shipped().questionnaire.pulse)
    assert report.suggestions[0].id == "leeragenda-opstellen"
    assert all(pulse & set(one.items) for one in report.suggestions)
