"""``/healthz`` and ``/readyz``: whether the process lives, and whether it can answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

from assistant.domain import Status
from assistant.errors import AssistantError
from assistant.surfaces.api.presenting import present_status
from assistant.surfaces.api.problems import Problems, Rejection, write_problem
from assistant.surfaces.api.protocol import Answering
from assistant.surfaces.api.schemas import CheckResult, LivenessResponse, Problem, ReadinessResponse

INDEX = "index"
"""The check that the API does itself."""

Checks = Mapping[str, Callable[[], None]]
"""What else must be in order, by name: each raises an ``AssistantError`` or a ``Rejection`` if it isn't."""


class NotReady(Problem):
    """Why no question can be answered now, and how each check went."""

    checks: dict[str, CheckResult] = Field(description="What was looked at")


def build_health(assistant: Answering, problems: Problems, checks: Checks) -> APIRouter:
    """Return the routes that a supervisor watches; of two faults the first in ``checks`` is told."""
    router = APIRouter(tags=["health"])

    @router.get("/healthz")
    async def report_life() -> LivenessResponse:
        """Say that the process lives, whatever else is wrong."""
        return LivenessResponse()

    @router.get("/readyz", response_model=ReadinessResponse)
    def report_readiness() -> ReadinessResponse | Response:
        """Say whether questions can be answered now, from what, and how each check went."""
        faults = {name: _fault(check, problems) for name, check in checks.items()}
        status, faults[INDEX] = _look_at_index(assistant, problems)
        results = {name: _result(fault) for name, fault in faults.items()}
        fault = next(filter(None, faults.values()), None)
        if status is None or fault is not None:
            assert fault is not None  # noqa: S101 - without a status there is a fault
            return write_problem(NotReady(**fault.model_dump(), checks=results))
        return present_status(status).model_copy(update={"checks": results})

    return router


def _look_at_index(assistant: Answering, problems: Problems) -> tuple[Status | None, Problem | None]:
    try:
        status = assistant.status()
    except AssistantError as error:
        return None, problems.describe(error)
    return status, None if status.is_ready else problems.not_ready(status)


def _fault(check: Callable[[], None], problems: Problems) -> Problem | None:
    try:
        check()
    except (AssistantError, Rejection) as error:
        return problems.describe(error)
    return None


def _result(fault: Problem | None) -> CheckResult:
    return CheckResult(ok=fault is None, detail=fault.detail if fault else None)
