"""What a reader says of an answer, as a form sends it."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.exceptions import HTTPException

from assistant.domain import Feedback, Verdict
from assistant.surfaces.pages.site import Visit

REASONS: Mapping[Verdict, tuple[str, ...]] = {
    Verdict.HELPFUL: (),
    Verdict.UNHELPFUL: ("beside", "incomplete", "unclear", "source"),
    Verdict.WRONG: (),
}
"""The reasons to choose from, by verdict; ``reason_…`` in ``prompts/page.yaml`` names them."""


def read_feedback(visit: Visit) -> Feedback:
    """Return the feedback in a form; a verdict or a reason that no form of ours offers is a 400."""
    try:
        verdict = Verdict(visit.value("verdict"))
    except ValueError as error:
        raise HTTPException(400) from error
    reasons = tuple(dict.fromkeys(visit.values("reasons")))
    if not set(reasons) <= set(REASONS[verdict]):
        raise HTTPException(400)
    return Feedback(verdict, reasons, visit.value("remark"))
