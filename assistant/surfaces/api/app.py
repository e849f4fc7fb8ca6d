"""Puts the API together."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from assistant.answering.prompts import Texts
from assistant.errors import AssistantError
from assistant.surfaces.api.answers import build_answers
from assistant.surfaces.api.briefs import build_briefs
from assistant.surfaces.api.documentation import build_documentation
from assistant.surfaces.api.health import build_health
from assistant.surfaces.api.health_checks import build_health_checks
from assistant.surfaces.api.library import build_library
from assistant.surfaces.api.paths import OwnPaths
from assistant.surfaces.api.problems import MEDIA_TYPE, Problems, Rejection, write_problem
from assistant.surfaces.api.protection import SECURITY_HEADERS, BodyLimit, SecurityHeaders
from assistant.surfaces.api.protocol import Answering, Coaching
from assistant.surfaces.api.reading import Limits
from assistant.surfaces.api.schemas import FieldProblem, Problem

VERSION_PREFIX = "/v1"


def build_api(
    assistant: Answering,
    texts: Texts,
    *,
    coaching: Coaching | None = None,
    max_question_length: int = 2000,
    max_body_bytes: int = 1_048_576,
) -> FastAPI:
    """Return the API over an assistant; a page may be mounted on it afterwards, at ``/`` too.

    ``texts`` is ``prompts/problems.yaml``. Without ``coaching`` there are no health checks and no briefs.
    ``max_question_length`` counts code points.
    """
    problems = Problems(texts)
    limits = Limits(max_question_length)
    app = FastAPI(
        title="Alliantie-assistent", version="1", docs_url=None, redoc_url=None, redirect_slashes=False
    )
    versioned = APIRouter(prefix=VERSION_PREFIX, responses=_problem_responses())
    versioned.include_router(build_answers(assistant, problems, limits))
    versioned.include_router(build_library(assistant))
    if coaching is not None:
        versioned.include_router(build_health_checks(coaching.checks, assistant))
        versioned.include_router(build_briefs(coaching.briefs, assistant))
    app.include_router(versioned)
    app.include_router(build_health(assistant, problems))
    app.include_router(build_documentation())
    app.router.routes.append(OwnPaths(app.router.routes, VERSION_PREFIX))
    app.add_middleware(BodyLimit, max_bytes=max_body_bytes)
    app.add_middleware(SecurityHeaders)
    _report_errors(app, problems)
    return app


def _report_errors(app: FastAPI, problems: Problems) -> None:
    async def report(request: Request, error: Exception) -> Response:
        problem = problems.describe(error)
        place = problem.instance or quote(request.scope["path"], errors="replace")
        headers = error.headers if isinstance(error, HTTPException) else None
        return write_problem(problem.model_copy(update={"instance": place}), headers)

    async def report_crash(request: Request, error: Exception) -> Response:
        # This one answers outside the middleware, so it brings the headers itself.
        response = await report(request, error)
        response.headers.update(SECURITY_HEADERS)
        return response

    for expected in (Rejection, RequestValidationError, HTTPException, AssistantError):
        app.add_exception_handler(expected, report)
    app.add_exception_handler(Exception, report_crash)


def _problem_responses() -> dict[int | str, dict[str, Any]]:
    schema = Problem.model_json_schema(ref_template="{model}")
    schema.pop("$defs")
    schema["properties"]["errors"] = {"type": "array", "items": FieldProblem.model_json_schema()}
    problem = {"description": "Problem", "content": {MEDIA_TYPE: {"schema": schema}}}
    return {"4XX": problem, "5XX": problem}
