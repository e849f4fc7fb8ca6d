"""Puts the API together."""

from __future__ import annotations

from urllib.parse import quote

from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from assistant.answering.prompts import Texts
from assistant.errors import AssistantError
from assistant.settings import default_prompts
from assistant.surfaces.api.answers import build_answers
from assistant.surfaces.api.batches import MAX_BODY_BYTES, PATH, Batching, build_batches
from assistant.surfaces.api.briefs import build_briefs
from assistant.surfaces.api.completion_text import CompletionTexts
from assistant.surfaces.api.completions import build_completions
from assistant.surfaces.api.documentation import build_documentation
from assistant.surfaces.api.documents import build_documents
from assistant.surfaces.api.feedback import build_feedback
from assistant.surfaces.api.health import Checks, build_health
from assistant.surfaces.api.health_checks import build_health_checks
from assistant.surfaces.api.library import build_library
from assistant.surfaces.api.openapi import DescribedAPI
from assistant.surfaces.api.paths import OwnPaths
from assistant.surfaces.api.problems import Problems, Rejection, headers_of, write_problem
from assistant.surfaces.api.protection import SECURITY_HEADERS, BodyLimit, SecurityHeaders
from assistant.surfaces.api.protocol import Answering, Coaching, Rating
from assistant.surfaces.api.reading import Limits, Shelves
from assistant.surfaces.api.resuming import KeptStreams, StreamLimits
from assistant.surfaces.api.searching import build_searching
from assistant.surfaces.operating.routes import NoteRoute
from assistant.surfaces.operating.under_way import current_request
from assistant.surfaces.owning import Documenting
from assistant.surfaces.uploads import MOST_UPLOAD_BYTES

VERSION_PREFIX = "/v1"


def build_api(  # noqa: PLR0913 - the composition root names each collaborator
    assistant: Answering,
    texts: Texts,
    *,
    coaching: Coaching | None = None,
    rating: Rating | None = None,
    batches: Batching | None = None,
    documents: Documenting | None = None,
    checks: Checks | None = None,
    completions: Texts | None = None,
    streams: StreamLimits = StreamLimits(),  # noqa: B008 - it is frozen
    max_question_length: int = 2000,
    max_body_bytes: int = 1_048_576,
) -> FastAPI:
    """Return the API over an assistant; a page may be mounted on it afterwards, at ``/`` too.

    ``texts`` is ``prompts/problems.yaml``. Without ``coaching`` there are no health checks and no briefs,
    without ``rating`` no feedback, without ``batches`` no jobs of many questions, without ``documents`` no
    documents of one's own.
    ``completions`` is ``prompts/completions.yaml``; ``max_question_length`` counts code points.
    """
    faults = Texts.read(default_prompts() / "documents.yaml")
    problems = Problems(texts, faults)
    limits = Limits(max_question_length)
    shelves = Shelves(assistant, documents)
    app = DescribedAPI(longest_question=max_question_length)
    versioned = APIRouter(prefix=VERSION_PREFIX)
    kept = KeptStreams(streams)
    versioned.include_router(build_answers(assistant, problems, limits, kept, shelves))
    said = CompletionTexts(completions or Texts.read(default_prompts() / "completions.yaml"))
    versioned.include_router(build_completions(assistant, problems, limits, kept, said, shelves=shelves))
    versioned.include_router(build_library(assistant))
    versioned.include_router(build_searching(assistant, limits, shelves))
    if rating is not None:
        versioned.include_router(build_feedback(rating, limits))
    if coaching is not None:
        versioned.include_router(build_health_checks(coaching.checks, assistant))
        versioned.include_router(build_briefs(coaching.briefs, assistant))
    if batches is not None:
        versioned.include_router(build_batches(batches, limits, shelves))
    if documents is not None:
        versioned.include_router(build_documents(documents, faults))
    app.include_router(versioned)
    app.include_router(build_health(assistant, problems, checks or {}))
    app.include_router(build_documentation())
    app.router.routes.append(OwnPaths(app.router.routes, VERSION_PREFIX))
    longer = {VERSION_PREFIX + PATH: max(max_body_bytes, MAX_BODY_BYTES)}
    app.add_middleware(NoteRoute)
    uploads = max(max_body_bytes, MOST_UPLOAD_BYTES)
    app.add_middleware(BodyLimit, max_bytes=max_body_bytes, longer=longer, uploads=uploads)
    app.add_middleware(SecurityHeaders)
    _report_errors(app, problems)
    return app


def _report_errors(app: FastAPI, problems: Problems) -> None:
    async def report(request: Request, error: Exception) -> Response:
        problem = problems.describe(error)
        place = problem.instance or quote(request.scope["path"], errors="replace")
        return write_problem(
            problem.model_copy(update={"instance": place}), headers_of(error), request.scope["path"]
        )

    async def report_crash(request: Request, error: Exception) -> Response:
        # This one answers outside the middleware, so it brings the headers itself.
        watched = current_request()
        problem = problems.describe(error).model_copy(update={"request_id": watched and watched.id})
        response = write_problem(problem, path=request.scope["path"])
        response.headers.update(SECURITY_HEADERS)
        return response

    for expected in (Rejection, RequestValidationError, HTTPException, AssistantError):
        app.add_exception_handler(expected, report)
    app.add_exception_handler(Exception, report_crash)
