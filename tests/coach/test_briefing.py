"""The brief as a whole."""

from __future__ import annotations

import pytest

from assistant.domain import Brief
from tests.coach.briefs import SITUATIONS, Coach, told
from tests.coach.test_hypotheses import report


@pytest.fixture(scope="module", params=SITUATIONS, ids=[one["id"] for one in SITUATIONS])
def brief(request: pytest.FixtureRequest, coach: Coach) -> Brief:
    """Give the brief for each situation."""
    return coach.brief(request.param["text"])


def test_a_brief_has_three_interventions_that_differ(coach: Coach, brief: Brief) -> None:
    assert len({one.id for one in brief.interventions}) == 3
    methods = {one.intervention.id: one.suits for one in coach.toolbox.repertoire.methods}
    suits = [methods[one.id] for one in brief.interventions]
    assert len({(*sorted(one.paradoxes.items()), *sorted(one.phases)) for one in suits}) == 3


def test_the_first_intervention_serves_the_strongest_paradox(coach: Coach, brief: Brief) -> None:
    strongest = next(one for one in brief.hypotheses if not one.is_phase)
    methods = {one.intervention.id: one.suits for one in coach.toolbox.repertoire.methods}
    assert strongest.card_id in methods[brief.interventions[0].id].paradoxes


def test_each_party_gets_at_most_four_questions_with_a_source(brief: Brief) -> None:
    assert sum(len(party.questions) for party in brief.questions) >= 4
    for party in brief.questions:
        assert 1 <= len(party.questions) <= 4
        assert all(question.statements for question in party.questions)


def test_no_question_is_asked_twice(brief: Brief) -> None:
    asked = [question.text for party in brief.questions for question in party.questions]
    assert len({*asked}) == len(asked)


def test_new_members_are_only_asked_where_there_are_some(coach: Coach) -> None:
    growing = [party.party for party in coach.brief(told("te-snel-groeien")).questions]
    overreaching = [party.party for party in coach.brief(told("ambitie-boven-vermogen")).questions]
    assert "Nieuwe leden" in growing
    assert "Nieuwe leden" not in overreaching


def test_an_intervention_for_newcomers_or_controls_waits_until_there_are_any(coach: Coach) -> None:
    for situation, unfit in [
        ("ambitie-boven-vermogen", "toelatingsgesprek"),
        ("bedrijfsleiders-rekenen", "controles-schrappen"),
    ]:
        assert unfit not in [one.id for one in coach.brief(told(situation)).interventions]


def test_the_agenda_is_filled_in_and_fits_two_hours(brief: Brief) -> None:
    text = " ".join(block.text.text for block in brief.agenda)
    assert "{" not in text
    assert f"‘{brief.interventions[0].title}’" in text
    assert sum(block.minutes for block in brief.agenda) == 120


def test_a_brief_says_what_it_cannot_know(coach: Coach) -> None:
    told_only = " ".join(coach.brief(told("oogsten")).caveats)
    assert "geen diagnose" in told_only
    assert "één kant" in told_only
    assert "niets gemeten" in told_only
    measured = " ".join(coach.brief("", report()).caveats)
    assert "geen gevalideerd" in measured
    assert "één kant" not in measured


def test_the_side_that_prevails_decides_what_is_proposed(coach: Coach) -> None:
    rational = coach.brief(told("opstart-te-rationeel")).interventions
    trusting = coach.brief(told("klik-zonder-inhoud")).interventions
    assert rational[0].id == "drijfverengesprek"
    assert trusting[0].id != "drijfverengesprek"


def test_every_hypothesis_can_be_laid_before_partners_in_words_of_their_own(coach: Coach) -> None:
    wording = coach.toolbox.wording
    for card in coach.toolbox.suspecting.cards.values():
        key = f"suspicion_{card.id.replace('-', '_')}"
        if card.kind in ("fase", "paradox"):
            assert wording.render(key)
        if card.kind == "paradox":
            assert wording.render(f"{key}_left") != wording.render(f"{key}_right")


def test_every_party_has_a_name(coach: Coach) -> None:
    for question in coach.toolbox.repertoire.questions:
        assert coach.toolbox.wording.render(f"party_{question.party.replace('-', '_')}")


def test_a_situation_that_cannot_be_used_beside_a_report_is_said_to_be_left_out(coach: Coach) -> None:
    assert any("steunt alleen op de check" in one for one in coach.brief("Gaat slecht.", report()).caveats)
