"""The report of a closed check: made once, kept as it is, and afterwards only ever showing less."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from pydantic import TypeAdapter

from assistant.coach.actions import suggest
from assistant.coach.agenda import draw_up
from assistant.coach.grouping import divide
from assistant.coach.phases import locate
from assistant.coach.questionnaire import HealthCheckTexts
from assistant.coach.rounds import trends
from assistant.coach.scoring import read_answers, score_condition
from assistant.coach.tensions import weigh
from assistant.domain import (
    SMALLEST_GROUP,
    AgendaKind,
    Check,
    CheckKind,
    Condition,
    ConditionResult,
    Questionnaire,
    Remark,
    Report,
    Respondent,
    Score,
    Submission,
)
from assistant.errors import CheckStillOpen

_REPORT = TypeAdapter(Report)


def build_report(
    check: Check, texts: HealthCheckTexts, submissions: Sequence[Submission], earlier: Sequence[Report] = ()
) -> Report:
    """Say what a closed check shows, or raise ``CheckStillOpen``; ``earlier`` are rounds of its series.

    Who answered nothing isn't a respondent. A pulse shows no phases and no tensions.
    """
    if check.closed is None:
        raise CheckStillOpen(alliance=check.alliance)
    questionnaire, norms = texts.questionnaire, texts.norms
    given = [one for one in submissions if one.responses]
    partition = divide(check.organisations, given, norms.groups.merged)
    asked = questionnaire.asked(check.kind)
    answers = read_answers(given, partition, asked)
    conditions = tuple(score_condition(one, answers, norms) for one in _asked_of(questionnaire, asked))
    is_full = check.kind is CheckKind.FULL
    phases = locate(questionnaire, answers, norms) if is_full else ()
    tensions = weigh(questionnaire.tensions, answers, norms) if is_full else ()
    return Report(
        check_id=check.id,
        alliance=check.alliance,
        kind=check.kind,
        round=check.round,
        version=check.version,
        closed=check.closed,
        respondents=len(given),
        groups=partition.groups,
        phases=phases,
        conditions=conditions,
        tensions=tensions,
        agenda=draw_up(conditions, {one.id: one for one in questionnaire.items}, norms),
        suggestions=suggest(texts.actions, conditions, phases, tensions, norms),
        remarks=tuple(_remarks(questionnaire, given, asked)),
        trends=trends(check.round, conditions, earlier, norms),
        disclaimer=questionnaire.disclaimer,
    )


def build_own_view(respondent: Respondent, texts: HealthCheckTexts) -> Report:
    """Say what one person's answers show, to that person alone, at any moment.

    It is built as if three people gave the same answers, so that the rules for groups, which are there
    to hide a person from others, hide nothing here.
    """
    check, now = respondent.check, datetime.now(UTC)
    alike = (Submission(respondent.organisation.id, tuple(respondent.responses.values())),) * SMALLEST_GROUP
    report = build_report(replace(check, closed=check.closed or now), texts, alike)
    return replace(report, respondents=1, groups=(), remarks=(), trends=())


def report_to_json(report: Report) -> str:
    """Return a report as JSON text."""
    return _REPORT.dump_json(report).decode()


def report_from_json(text: str) -> Report:
    """Return the report that ``report_to_json`` wrote; raise ``ValueError`` for any other text."""
    return _REPORT.validate_json(text)


def show_less(report: Report, check: Check, left: Sequence[Submission]) -> Report:
    """Return what a report still shows when some respondents erased their answers; no figure changes.

    Remarks that nobody left made vanish. Where a group has fewer than three left, all groups vanish
    with what rests on them, since the others would give it away; where fewer than three are left in
    all, every figure and remark does.
    """
    present = [one for one in left if one.responses]
    if len(present) < SMALLEST_GROUP:
        return _without_figures(report)
    names = {one.id: one.name for one in check.organisations}
    counts = Counter(names[one.organisation_id] for one in present)
    kept = replace(report, remarks=tuple(_kept(report.remarks, present)))
    if all(sum(counts[name] for name in group.organisations) >= SMALLEST_GROUP for group in report.groups):
        return kept
    return _without_groups(kept)


def _asked_of(questionnaire: Questionnaire, asked: Collection[str]) -> Iterator[Condition]:
    """Yield the conditions with the items that are asked, if any."""
    for condition in questionnaire.conditions:
        items = tuple(one for one in condition.items if one.id in asked)
        if items:
            yield replace(condition, items=items)


def _remarks(
    questionnaire: Questionnaire, submissions: Sequence[Submission], asked: Sequence[str]
) -> Iterator[Remark]:
    """Yield remarks by item and then by text: their order says nothing of who wrote them, or when."""
    if len(submissions) < SMALLEST_GROUP:
        return
    titles = _titles(questionnaire)
    written = _written(submissions)
    for item_id in asked:
        texts = sorted(text for at, text in written.elements() if at == item_id)
        yield from (Remark(item_id, titles[item_id], text) for text in texts)


def _titles(questionnaire: Questionnaire) -> Mapping[str, str]:
    return {
        **{one.id: one.text for one in questionnaire.phase_items},
        **{one.id: one.text for one in questionnaire.items},
        **{one.id: one.question for one in questionnaire.tensions},
        **{one.id: one.text for one in questionnaire.open_questions},
    }


def _written(submissions: Sequence[Submission]) -> Counter[tuple[str, str]]:
    """Count what was written, by item and text."""
    remarks = ((r.item_id, r.remark.strip()) for one in submissions for r in one.responses)
    return Counter((item_id, text) for item_id, text in remarks if text)


def _kept(remarks: Sequence[Remark], left: Sequence[Submission]) -> Iterator[Remark]:
    """Yield the remarks that somebody who is left made; of equal ones as many as are left."""
    written = _written(left)
    for one in remarks:
        if written[one.item_id, one.text]:
            written[one.item_id, one.text] -= 1
            yield one


def _without_figures(report: Report) -> Report:
    return replace(
        report,
        groups=(),
        phases=(),
        conditions=(),
        tensions=(),
        agenda=(),
        suggestions=(),
        remarks=(),
        trends=(),
    )


def _without_groups(report: Report) -> Report:
    return replace(
        report,
        groups=(),
        conditions=tuple(_ungrouped(one) for one in report.conditions),
        tensions=tuple(replace(one, score=_total(one.score)) for one in report.tensions),
        agenda=tuple(one for one in report.agenda if one.kind is not AgendaKind.GAP),
    )


def _ungrouped(result: ConditionResult) -> ConditionResult:
    return ConditionResult(_total(result.score), tuple(_total(one) for one in result.items))


def _total(score: Score) -> Score:
    return replace(score, groups=())
