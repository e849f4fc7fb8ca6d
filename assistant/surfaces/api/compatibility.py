"""Errors as clients of OpenAI's API look for them: beside what a problem says, never instead of it."""

from __future__ import annotations

from pydantic import BaseModel, Field

from assistant.surfaces.api.schemas import Problem

_PATHS = ("/v1/chat/", "/v1/models")
_INVALID, _SERVER, _SERVER_FAULT = "invalid_request_error", "server_error", 500
_KINDS = {401: "authentication_error", 403: "permission_error", 429: "rate_limit_error"}


class ErrorResponse(BaseModel):
    """What such a client shows of a problem."""

    message: str = Field(description="The detail of the problem")
    type: str = Field(description="Its kind, in that API's words")
    code: str = Field(description="The last part of the problem's type")


class ClientProblem(Problem):
    """A problem with what such a client shows of it."""

    error: ErrorResponse = Field(description="The same, for clients of OpenAI's API")


def with_error(problem: Problem, path: str) -> Problem:
    """Return a problem with an ``error`` too, if a client of OpenAI's API may have sent the request."""
    if not path.startswith(_PATHS):
        return problem
    return ClientProblem(**problem.model_dump(), error=error_of(problem))


def error_of(problem: Problem) -> ErrorResponse:
    """Return what a client of OpenAI's API shows of a problem."""
    kind = _SERVER if problem.status >= _SERVER_FAULT else _KINDS.get(problem.status, _INVALID)
    return ErrorResponse(message=problem.detail, type=kind, code=problem.type.rpartition(":")[2])
