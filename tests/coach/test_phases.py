"""Phases: shares, the lead, what decided it and what would settle a doubt."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.coach.phases import MOST_GROUNDS, locate
from assistant.coach.scoring import Answers
from assistant.domain import PhaseResult
from tests.coach.checks import PROPERTY, shipped

QUESTIONNAIRE = shipped().questionnaire
IDS = [one.id for one in QUESTIONNAIRE.phase_items]


def _located(scores: Mapping[str, int], people: int = 3) -> dict[str, PhaseResult]:
    found = locate(QUESTIONNAIRE, [Answers("A", scores)] * people, shipped().norms)
    return {one.model: one for one in found}


def test_a_share_is_the_strength_of_a_phase_among_those_of_its_model() -> None:
    """Kennismaking 1 and 1; bevestiging 0 and 1/2; uitvoer 1/4 and 1/4: strengths 1, 1/4 and 1/4."""
    result = _located(
        {
            "fase-leren-kennen": 5,
            "fase-ambitie-bespreken": 5,
            "fase-besturing-vastleggen": 1,
            "fase-zekerheden-bespreken": 3,
            "fase-leren-van-elkaar": 2,
            "fase-kennis-benutten": 2,
        }
    )["jansen"]
    assert [one.share for one in result.shares] == [0.67, 0.17, 0.16]  # adds up to 1
    assert (result.leading, result.is_doubtful, result.settling) == ("kennismaking", False, ())
    assert [one.item_id for one in result.decided_by] == [
        "fase-leren-kennen",
        "fase-ambitie-bespreken",
        "fase-besturing-vastleggen",
    ]
    assert [one.mean for one in result.decided_by] == [5.0, 5.0, 1.0]
    assert "Kennismaking" in result.sentence


def test_where_all_is_seen_alike_the_doubt_is_between_the_first_two_phases_of_the_model() -> None:
    for result in _located(dict.fromkeys(IDS, 4)).values():
        model = next(one for one in QUESTIONNAIRE.models if one.id == result.model)
        assert result.leading == model.phases[0]
        assert result.is_doubtful
        assert result.settling == tuple(QUESTIONNAIRE.settling[one] for one in model.phases[:2])
        assert result.decided_by == ()


@pytest.mark.parametrize(("scores", "people"), [({}, 5), (dict.fromkeys(IDS, 5), 2)])
def test_without_three_answers_nothing_can_be_said(scores: dict[str, int], people: int) -> None:
    for result in _located(scores, people).values():
        assert (result.leading, result.shares, result.sentence) == (None, (), shipped().norms.few)


def test_who_sees_no_phase_at_all_is_in_none() -> None:
    for result in _located(dict.fromkeys(IDS, 1)).values():
        assert (result.leading, result.shares, result.sentence) == (None, (), shipped().norms.unseen)


@PROPERTY
@given(st.dictionaries(st.sampled_from(IDS), st.integers(1, 5)))
def test_the_leading_phase_has_the_largest_share_and_few_grounds(scores: dict[str, int]) -> None:
    for result in _located(scores).values():
        shares = {one.phase: one.share for one in result.shares}
        assert sum(round(100 * share) for share in shares.values()) == (100 if shares else 0)
        assert result.leading is None or shares[result.leading] == max(shares.values())
        assert len(result.decided_by) <= MOST_GROUNDS
        assert bool(result.settling) == (result.is_doubtful and result.leading is not None)


@PROPERTY
@given(st.dictionaries(st.sampled_from(IDS), st.integers(1, 4), min_size=1), st.data())
def test_seeing_more_of_a_phase_never_lowers_its_share(scores: dict[str, int], data: st.DataObject) -> None:
    item_id = data.draw(st.sampled_from(sorted(scores)))
    (item,) = (one for one in QUESTIONNAIRE.phase_items if one.id == item_id)
    before, after = _located(scores), _located(scores | {item_id: scores[item_id] + 1})
    for model, result in after.items():
        then = {one.phase: one.share for one in before[model].shares}
        for one in result.shares:
            if one.phase in item.phases:
                assert one.share >= then.get(one.phase, 0) - 0.01
