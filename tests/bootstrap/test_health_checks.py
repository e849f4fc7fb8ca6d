"""The use cases of the health check, over real cards and a real database."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from assistant.bootstrap import Assistant
from assistant.bootstrap.coaching import Coach
from assistant.bootstrap.health_checks import HealthChecks
from assistant.domain import SMALLEST_GROUP, CheckKind, ChosenAction, Response, statements_in
from assistant.errors import (
    CheckClosed,
    CheckStillOpen,
    InvalidAction,
    InvalidCheck,
    InvalidResponse,
    UnknownKey,
)
from assistant.settings import Settings
from assistant.storage import Storage
from tests.bootstrap.checking import PARTNERS, all_answers, fill, make


@pytest.fixture
def checks(coach: Coach) -> HealthChecks:
    return coach.checks


@pytest.mark.parametrize(
    ("alliance", "partners", "field", "fault"),
    [
        (" ", PARTNERS, "alliance", "empty"),
        ("x" * 121, PARTNERS, "alliance", "length"),
        ("Nul \x00", PARTNERS, "alliance", "length"),
        ("Wijken", ("Gemeente",), "organisations", "few"),
        ("Wijken", [f"Partner {number}" for number in range(21)], "organisations", "many"),
        ("Wijken", ("Gemeente", "gemeente "), "organisations", "double"),
        ("Wijken", ("Gemeente", ""), "organisations.1", "empty"),
    ],
)
def test_a_check_needs_names_that_can_be_told_apart(
    checks: HealthChecks, alliance: str, partners: list[str], field: str, fault: str
) -> None:
    with pytest.raises(InvalidCheck) as caught:
        checks.create(alliance, partners)
    assert (caught.value.details["field"], caught.value.details["fault"]) == (field, fault)


def test_names_are_kept_on_one_line_without_what_cannot_be_seen(checks: HealthChecks) -> None:
    made = checks.create("  Gezonde\n Wij\u200bken ", PARTNERS)
    assert made.check.alliance == "Gezonde Wijken"


@pytest.mark.parametrize(
    ("response", "fault"),
    [
        (Response("onbekend", 3), "unknown"),
        (Response("vertrouwen-bedoelingen", 6), "range"),
        (Response("vertrouwen-bedoelingen", 0), "range"),
        (Response("gevoel-en-analyse", 3), "range"),
        (Response("vertrouwen-bedoelingen", 3, "x" * 2001), "length"),
        (Response("vertrouwen-bedoelingen", 3, "nul \x00"), "length"),
    ],
)
def test_an_answer_that_does_not_fit_is_refused_and_none_beside_it_is_kept(
    checks: HealthChecks, response: Response, fault: str
) -> None:
    code = checks.begin(next(iter(make(checks).invitations.values()))).code
    with pytest.raises(InvalidResponse) as caught:
        checks.answer(code, Response("ambitie-gedeeld", 4), response)
    assert caught.value.details["fault"] == fault
    assert not checks.respondent(code).responses


def test_an_open_question_gets_no_score(checks: HealthChecks) -> None:
    code = checks.begin(next(iter(make(checks).invitations.values()))).code
    item = checks.questionnaire.open_questions[0].id
    with pytest.raises(InvalidResponse):
        checks.answer(code, Response(item, 3, "tekst"))
    assert checks.answer(code, Response(item, None, " tekst ")).responses[item].remark == "tekst"


def test_nothing_is_shown_before_a_check_is_closed(checks: HealthChecks) -> None:
    made = make(checks)
    fill(checks, made, 3, 3, 3)
    with pytest.raises(CheckStillOpen):
        checks.report(made.owner_key)
    assert [one.finished for one in checks.participation(made.owner_key)] == [3, 3, 3]


def test_after_closing_nobody_answers_and_the_report_stays_the_same(checks: HealthChecks) -> None:
    made = make(checks)
    codes = fill(checks, made, 3, 3, 3)
    report = checks.close(made.owner_key)
    with pytest.raises(CheckClosed):
        checks.answer(codes[0], Response("ambitie-gedeeld", 1))
    with pytest.raises(CheckClosed):
        checks.close(made.owner_key)
    assert checks.report(made.owner_key) == report
    assert report.respondents == 9


def test_all_that_a_report_says_is_proved_by_what_was_known_when_it_was_closed(checks: HealthChecks) -> None:
    made = make(checks)
    fill(checks, made, 4, 3, 4, score=2)
    report = checks.close(made.owner_key)
    cited = set(statements_in(report))
    assert cited
    assert all(report.evidence[statement] for statement in cited)


def test_small_partners_are_shown_together_in_report_export_and_file(checks: HealthChecks) -> None:
    made = make(checks)
    fill(checks, made, 5, 2, 1)
    report = checks.close(made.owner_key)
    assert [group.respondents for group in report.groups] == [5, 3]
    shown = json.dumps(checks.export(made.owner_key)) + checks.report_file(made.owner_key, "md").decode()
    assert '"group": "Woonbond"' not in shown
    groups = [group for condition in report.conditions for group in condition.score.groups]
    assert min(group.count for group in groups) >= SMALLEST_GROUP


def test_who_erases_answers_changes_no_figure_and_takes_the_remark_along(checks: HealthChecks) -> None:
    made = make(checks)
    codes = fill(checks, made, 4, 4, 4)
    before = checks.close(made.owner_key)
    checks.withdraw(codes[0])
    after = checks.report(made.owner_key)
    assert replace(after, remarks=before.remarks) == before
    assert "Opmerking 0" in {remark.text for remark in before.remarks}
    assert "Opmerking 0" not in {remark.text for remark in after.remarks}
    with pytest.raises(UnknownKey):
        checks.respondent(codes[0])


def test_a_group_that_falls_under_three_is_no_longer_shown(checks: HealthChecks) -> None:
    made = make(checks)
    codes = fill(checks, made, 3, 4, 4)
    checks.close(made.owner_key)
    checks.withdraw(codes[0])
    report = checks.report(made.owner_key)
    assert not report.groups
    assert not any(condition.score.groups for condition in report.conditions)


@pytest.mark.parametrize(
    ("actions", "fault"),
    [
        ([ChosenAction(str(number), "Doen", "Anna", date(2027, 1, 1)) for number in range(4)], "many"),
        ([ChosenAction("a", "Doen", " ", date(2027, 1, 1))], "owner"),
        ([ChosenAction("a", "", "Anna", date(2027, 1, 1))], "title"),
        ([ChosenAction("", "Doen", "Anna", date(2027, 1, 1))] * 2, "double"),
    ],
)
def test_at_most_three_actions_are_chosen_each_with_an_owner(
    checks: HealthChecks, actions: list[ChosenAction], fault: str
) -> None:
    made = make(checks)
    with pytest.raises(InvalidAction) as caught:
        checks.choose(made.owner_key, actions)
    assert caught.value.details["fault"] == fault
    assert not checks.chosen(made.owner_key)


def test_a_next_round_takes_over_open_actions_and_shows_the_trend(checks: HealthChecks) -> None:
    first = make(checks)
    fill(checks, first, 3, 3, 3, score=2)
    checks.close(first.owner_key)
    checks.choose(
        first.owner_key,
        [
            ChosenAction("", "Samen eten", "Anna", date(2027, 1, 1)),
            ChosenAction("", "Spelregels", "Bo", date(2027, 1, 1), is_done=True),
        ],
    )
    pulse = make(checks, previous=first.owner_key, kind=CheckKind.PULSE)
    assert [action.title for action in checks.chosen(pulse.owner_key)] == ["Samen eten"]
    fill(checks, pulse, 3, 3, 3, score=4)
    checks.close(pulse.owner_key)
    second = make(checks, previous=first.owner_key)
    fill(checks, second, 3, 3, 3, score=4)
    trends = checks.close(second.owner_key).trends
    assert second.check.round == 3
    assert trends
    assert all(trend.rounds[-1][1] > trend.rounds[0][1] for trend in trends)


def test_what_is_erased_is_gone_for_owner_and_respondents(checks: HealthChecks) -> None:
    made = make(checks)
    codes = fill(checks, made, 1, 1, 1)
    checks.erase(made.owner_key)
    with pytest.raises(UnknownKey):
        checks.check(made.owner_key)
    with pytest.raises(UnknownKey):
        checks.respondent(codes[0])


def test_a_coach_sees_the_checks_that_were_shared_and_no_others(checks: HealthChecks) -> None:
    mine, other = make(checks), make(checks)
    portfolio = checks.open_portfolio()
    checks.share(mine.owner_key, portfolio.share_code)
    assert [shared.check.id for shared in checks.shared(portfolio.key)] == [mine.check.id]
    checks.unshare(mine.owner_key, portfolio.share_code)
    assert checks.shared(portfolio.key) == ()
    assert other.check.id != mine.check.id


def test_what_is_quiet_for_longer_than_the_retention_period_is_erased(
    coach: Coach, from_cards: Assistant, card_settings: Settings, tmp_path: Path
) -> None:
    settings = card_settings.model_copy(
        update={"database_url": f"sqlite:///{tmp_path / 'coach.db'}", "retention_days": 30}
    )
    recent = make(coach.checks)
    long_ago = datetime.now(UTC) - timedelta(days=32)
    with closing(Storage.open(settings.storage_url, now=lambda: long_ago)) as storage:
        quiet = storage.checks.create("Stil", ["Een", "Twee"], CheckKind.FULL, "1")
    with closing(Coach.open(settings, from_cards)) as careful:
        assert careful.checks.check(recent.owner_key)
        with pytest.raises(UnknownKey):
            careful.checks.check(quiet.owner_key)


def test_ones_own_answers_are_shown_to_oneself_at_any_moment(checks: HealthChecks) -> None:
    code = checks.begin_alone("Mijn alliantie").code
    checks.answer(code, *all_answers(checks.questionnaire, CheckKind.FULL, 4))
    view = checks.own_view(code)
    assert (view.respondents, view.groups, view.remarks) == (1, (), ())
    assert {condition.score.mean for condition in view.conditions} == {4.0}


def test_an_export_holds_all_answers_of_a_respondent_and_nothing_of_others(checks: HealthChecks) -> None:
    made = make(checks)
    codes = fill(checks, made, 2, 1, 1)
    export = checks.export_answers(codes[0])
    assert len(export["responses"]) == len(checks.questionnaire.asked(CheckKind.FULL))
    assert codes[1] not in json.dumps(export)
    assert "Opmerking 2" not in json.dumps(export)
