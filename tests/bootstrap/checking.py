"""Filling health checks as people would."""

from __future__ import annotations

from assistant.bootstrap.health_checks import HealthChecks
from assistant.domain import CheckKind, Created, Questionnaire, Response

PARTNERS = ("Gemeente", "Zorggroep", "Woonbond")


def make(checks: HealthChecks, *, previous: str | None = None, kind: CheckKind = CheckKind.FULL) -> Created:
    return checks.create("Gezonde Wijken", PARTNERS, kind, previous)


def all_answers(asked: Questionnaire, kind: CheckKind, score: int, remark: str = "") -> list[Response]:
    """Answer everything alike; a remark goes with the last thing asked."""
    tensions = {one.id for one in asked.tensions}
    open_questions = {one.id for one in asked.open_questions}
    answers = []
    for item in asked.asked(kind):
        given = None if item in open_questions else max(-2, min(2, score - 3)) if item in tensions else score
        answers.append(Response(item, given))
    last = answers[-1]
    return [*answers[:-1], Response(last.item_id, last.score, remark)]


def fill(checks: HealthChecks, created: Created, *sizes: int, score: int = 3) -> list[str]:
    """Let so many people of each partner answer all; return their codes."""
    codes: list[str] = []
    for size, token in zip(sizes, created.invitations.values(), strict=True):
        for number in range(size):
            code = checks.begin(token).code
            remark = f"Opmerking {len(codes)}" if number == 0 else ""
            checks.answer(code, *all_answers(checks.questionnaire, created.check.kind, score, remark))
            checks.finish(code)
            codes.append(code)
    return codes
