"""``/healthz`` and ``/readyz``: whether the process lives, and whether it can answer."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from assistant.surfaces.api.presenting import present_status
from assistant.surfaces.api.problems import Problems, write_problem
from assistant.surfaces.api.protocol import Answering
from assistant.surfaces.api.schemas import LivenessResponse, ReadinessResponse


def build_health(assistant: Answering, problems: Problems) -> APIRouter:
    """Return the routes that a supervisor watches."""
    router = APIRouter(tags=["health"])

    @router.get("/healthz")
    async def report_life() -> LivenessResponse:
        """Say that the process lives, whatever else is wrong."""
        return LivenessResponse()

    @router.get("/readyz", response_model=ReadinessResponse)
    def report_readiness() -> ReadinessResponse | Response:
        """Say whether questions can be answered now, and from what."""
        status = assistant.status()
        if not status.is_ready:
            return write_problem(problems.not_ready(status))
        return present_status(status)

    return router
