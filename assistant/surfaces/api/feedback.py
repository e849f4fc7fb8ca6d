"""``POST /v1/feedback``: what readers think of answers that they got over the API."""

from __future__ import annotations

import re
from collections.abc import Iterator

from fastapi import APIRouter, Depends, Request

from assistant.answering.reading import visible
from assistant.domain import Ending, Feedback, KeptExchange, Verdict
from assistant.surfaces.access import caller_of
from assistant.surfaces.api.answers import require_json
from assistant.surfaces.api.problems import Fault, Rejection
from assistant.surfaces.api.protocol import Rating
from assistant.surfaces.api.reading import Limits, question_faults, text_faults
from assistant.surfaces.api.schemas import (
    LONGEST_ANSWER,
    LONGEST_ID,
    LONGEST_REASON,
    LONGEST_REMARK,
    MOST_REASONS,
    FeedbackRequest,
)

_ID = re.compile(rf"[A-Za-z0-9_-]{{1,{LONGEST_ID}}}")
_REASON = re.compile(rf"[a-z0-9_-]{{1,{LONGEST_REASON}}}")


def build_feedback(rating: Rating, limits: Limits) -> APIRouter:
    """Return the route that takes feedback."""
    router = APIRouter(tags=["feedback"], dependencies=[Depends(require_json)])

    @router.post("/feedback", status_code=204)
    def send_feedback(sent: FeedbackRequest, request: Request) -> None:
        """Tell what a reader thinks of an answer.

        Answers that are given over the API aren't kept, so question and answer come along. Who sends
        feedback on the same answer again replaces what was said before.
        """
        rating.receive(caller_of(request).owner, *read_feedback(sent, limits))

    return router


def read_feedback(sent: FeedbackRequest, limits: Limits) -> tuple[KeptExchange, Feedback]:
    """Return an answer and what is thought of it, or raise ``Rejection`` with every fault."""
    question, answer, remark = visible(sent.question), visible(sent.answer), visible(sent.remark)
    faults = (
        *_id_faults(sent),
        *question_faults("question", question, limits),
        *_answer_faults(answer),
        *text_faults("remark", remark, LONGEST_REMARK),
    )
    if faults:
        raise Rejection(422, "ongeldig-verzoek", faults)
    exchange = KeptExchange(sent.answer_id, question, Ending.ANSWERED, answer)
    return exchange, Feedback(Verdict(sent.verdict), tuple(sent.reasons), remark)


def _answer_faults(answer: str) -> Iterator[Fault]:
    if not answer.strip():
        yield Fault("answer", "veld.leeg")
    yield from text_faults("answer", answer, LONGEST_ANSWER)


def _id_faults(sent: FeedbackRequest) -> Iterator[Fault]:
    if not _ID.fullmatch(sent.answer_id):
        yield Fault("answer_id", "veld.geen-id", {"limit": LONGEST_ID})
    if len(sent.reasons) > MOST_REASONS:
        yield Fault("reasons", "veld.te-veel", {"length": len(sent.reasons), "limit": MOST_REASONS})
    for position, reason in enumerate(sent.reasons[:MOST_REASONS]):
        if not _REASON.fullmatch(reason):
            yield Fault(f"reasons.{position}", "veld.geen-reden", {"limit": LONGEST_REASON})
