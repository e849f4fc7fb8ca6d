"""A report shows nobody apart, whatever people answered, and after closing only ever shows less."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.coach.reporting import build_report, report_from_json, report_to_json, show_less
from assistant.domain import AgendaKind, CheckKind, Report, Response, Score, Submission
from assistant.errors import CheckStillOpen
from tests.coach.checks import PROPERTY, answers, closed_check, profile, report_of, shipped

QUESTIONNAIRE = shipped().questionnaire
AMBITION, TRUST = QUESTIONNAIRE.conditions[:2]
STATEMENTS = [
    *(one.id for one in (*AMBITION.items, *TRUST.items[:2])),
    *(one.id for one in QUESTIONNAIRE.phase_items[:3]),
]
SLIDER = QUESTIONNAIRE.tensions[0].id
OPEN = QUESTIONNAIRE.open_questions[0].id
PARTNERS = 4

_STATEMENT = st.builds(
    Response,
    st.sampled_from(STATEMENTS),
    st.none() | st.integers(1, 5),
    st.sampled_from(["", "", "Mooi.", "Traag."]),
)
_SLIDE = st.builds(Response, st.just(SLIDER), st.none() | st.integers(-2, 2))
_OPEN = st.builds(Response, st.just(OPEN), st.none(), st.sampled_from(["Tijd.", " ", "Geld."]))
_RESPONSES = st.lists(
    st.one_of(_STATEMENT, _STATEMENT, _STATEMENT, _SLIDE, _OPEN),
    max_size=14,
    unique_by=lambda one: one.item_id,
)
SUBMISSIONS = st.lists(
    st.builds(Submission, st.sampled_from([f"o{one}" for one in range(PARTNERS)]), _RESPONSES.map(tuple)),
    max_size=14,
)
CHECK = closed_check(PARTNERS)


def _report(submissions: Sequence[Submission]) -> Report:
    return build_report(CHECK, shipped(), submissions)


def _scores(report: Report) -> Iterator[Score]:
    for result in report.conditions:
        yield from (result.score, *result.items)
    yield from (one.score for one in report.tensions)


def _with(submission: Submission, scores: dict[str, int]) -> Submission:
    responses = (
        replace(one, score=scores.get(one.item_id, one.score)) if one.score is not None else one
        for one in submission.responses
    )
    return replace(submission, responses=tuple(responses))


def _counts(json_part: Any) -> Iterator[int]:
    """Yield every number of answers or people that a JSON text holds."""
    if isinstance(json_part, dict):
        for key, value in json_part.items():
            if key == "count" or (key == "respondents" and "label" in json_part):
                yield value
            yield from _counts(value)
    if isinstance(json_part, list):
        for one in json_part:
            yield from _counts(one)


@PROPERTY
@given(SUBMISSIONS)
def test_no_figure_rests_on_fewer_than_three_answers_in_the_report_or_its_json(
    submissions: list[Submission],
) -> None:
    report = _report(submissions)
    for score in _scores(report):
        assert (score.mean is None) == (score.spread is None) == (score.count == 0)
    assert all(count == 0 or count >= 3 for count in _counts(json.loads(report_to_json(report))))


@PROPERTY
@given(SUBMISSIONS)
def test_subtracting_shown_groups_from_a_total_leaves_nobody_or_at_least_three(
    submissions: list[Submission],
) -> None:
    for score in _scores(_report(submissions)):
        if not score.groups:
            continue
        for size in range(len(score.groups) + 1):
            for part in combinations(score.groups, size):
                left = score.count - sum(one.count for one in part)
                assert left == 0 or left >= 3


@PROPERTY
@given(SUBMISSIONS, st.integers(1, 5), st.integers(-2, 2))
def test_what_one_or_two_people_answered_makes_no_difference(
    submissions: list[Submission], statement: int, slide: int
) -> None:
    given_by = {
        item: sum(
            one.item_id == item and one.score is not None for sent in submissions for one in sent.responses
        )
        for item in (*STATEMENTS, SLIDER)
    }
    hidden = {
        item: slide if item == SLIDER else statement for item, number in given_by.items() if 0 < number < 3
    }
    assert _report([_with(one, hidden) for one in submissions]) == _report(submissions)


@PROPERTY
@given(SUBMISSIONS, st.randoms(use_true_random=False))
def test_who_gave_which_answer_to_an_item_without_groups_shows_in_no_figure_of_a_group(
    submissions: list[Submission], random: Any
) -> None:
    before = _report(submissions)
    hidden = [one.id for result in before.conditions for one in result.items if not one.groups]
    dealt = {
        item: [r.score for one in submissions for r in one.responses if r.item_id == item and r.score]
        for item in hidden
    }
    for hand in dealt.values():
        random.shuffle(hand)
    after = _report(
        [
            _with(
                one,
                {r.item_id: dealt[r.item_id].pop() for r in one.responses if r.item_id in hidden and r.score},
            )
            for one in submissions
        ]
    )
    assert [one.groups for one in _scores(after)] == [one.groups for one in _scores(before)]


@PROPERTY
@given(SUBMISSIONS, st.randoms(use_true_random=False))
def test_the_order_of_people_and_of_their_answers_does_not_matter(
    submissions: list[Submission], random: Any
) -> None:
    shuffled = [
        replace(one, responses=tuple(random.sample(one.responses, len(one.responses)))) for one in submissions
    ]
    random.shuffle(shuffled)
    assert _report(shuffled) == _report(submissions)


@PROPERTY
@given(SUBMISSIONS)
def test_the_shares_of_a_model_add_up_to_one(submissions: list[Submission]) -> None:
    for result in _report(submissions).phases:
        assert sum(round(100 * one.share) for one in result.shares) == (100 if result.leading else 0)


@PROPERTY
@given(SUBMISSIONS)
def test_a_report_is_the_same_after_it_was_json(submissions: list[Submission]) -> None:
    report = _report(submissions)
    assert report_from_json(report_to_json(report)) == report


@PROPERTY
@given(SUBMISSIONS.filter(bool), st.data())
def test_who_erases_answers_after_closing_changes_no_number_and_reveals_nobody(
    submissions: list[Submission], data: st.DataObject
) -> None:
    report = _report(submissions)
    gone = data.draw(st.integers(0, len(submissions) - 1))
    left = [*submissions[:gone], *submissions[gone + 1 :]]
    less = show_less(report, CHECK, left)
    shown = {one.id: one for one in _scores(report)}
    for score in _scores(less):
        then = shown[score.id]
        assert replace(score, groups=then.groups) == then
        assert score.groups in ((), then.groups)
    assert less.groups in ((), report.groups)
    assert bool(less.groups) >= any(one.groups for one in _scores(less))
    assert set(less.agenda) <= set(report.agenda)
    written = [(r.item_id, r.remark.strip()) for one in left for r in one.responses]
    for remark in less.remarks:
        written.remove((remark.item_id, remark.text))
    assert replace(less, remarks=report.remarks) == report or not less.groups
    assert report_from_json(report_to_json(less)) == less


@PROPERTY
@given(SUBMISSIONS)
def test_erasing_one_by_one_shows_as_little_as_erasing_at_once(submissions: list[Submission]) -> None:
    report = _report(submissions)
    step = report
    for number in range(1, len(submissions) + 1):
        step = show_less(step, CHECK, submissions[number:])
        assert step == show_less(report, CHECK, submissions[number:])


def test_a_group_that_falls_under_three_takes_all_groups_along() -> None:
    low = profile(ambitie_gedeeld=1)
    given = [
        *(answers(0, profile(["ambitie-gedeeld"])) for _ in range(4)),
        *(answers(1, low) for _ in range(3)),
    ]
    report = _report(given)
    assert [one.label for one in report.groups] == ["Partner 0", "Partner 1"]
    assert AgendaKind.GAP in {one.kind for one in report.agenda}
    less = show_less(report, CHECK, given[:-1])
    assert not less.groups
    assert not any(one.groups for one in _scores(less))
    assert AgendaKind.GAP not in {one.kind for one in less.agenda}
    assert less.conditions[0].score.mean == report.conditions[0].score.mean
    assert show_less(report, CHECK, given[1:]) == report


def test_when_fewer_than_three_are_left_no_figure_is() -> None:
    given = [answers(0, profile(), {OPEN: f"Antwoord {one}"}) for one in range(4)]
    less = show_less(_report(given), CHECK, given[:2])
    assert not any((less.groups, less.conditions, less.phases, less.tensions, less.agenda, less.remarks))
    assert less.respondents == 4


def test_remarks_stand_in_the_order_of_the_questions_and_of_their_texts() -> None:
    given = [
        answers(0, {}, {OPEN: "Zon"}),
        answers(1, {}, {"ambitie-gedeeld": " Maan "}),
        answers(2, {}, {OPEN: "Aarde"}),
    ]
    report = _report(given)
    assert [(one.item_id, one.text) for one in report.remarks] == [
        ("ambitie-gedeeld", "Maan"),
        (OPEN, "Aarde"),
        (OPEN, "Zon"),
    ]


def test_two_respondents_show_no_remarks_and_nothing_else() -> None:
    report = _report([answers(0, profile(), {OPEN: "Zon"}), answers(1, profile(), {OPEN: "Maan"})])
    assert not any((report.groups, report.remarks, report.agenda, report.suggestions, report.trends))
    assert all(one.mean is None for one in _scores(report))
    assert {one.leading for one in report.phases} == {None}


def test_who_answered_nothing_is_no_respondent() -> None:
    report = _report([*(answers(0, profile()) for _ in range(2)), Submission("o0", ())])
    assert (report.respondents, report.groups) == (2, ())


def test_a_pulse_has_five_conditions_of_one_item_and_no_phases_or_tensions() -> None:
    report = report_of([profile(["ambitie-levend"])] * 3, kind=CheckKind.PULSE)
    assert [[one.id for one in result.items] for result in report.conditions] == [
        [one] for one in QUESTIONNAIRE.pulse
    ]
    assert [one.score.mean for one in report.conditions] == [5.0, 3.0, 3.0, 3.0, 3.0]
    assert (report.phases, report.tensions) == ((), ())


def test_an_open_check_has_no_report() -> None:
    with pytest.raises(CheckStillOpen):
        build_report(replace(CHECK, closed=None), shipped(), [])
