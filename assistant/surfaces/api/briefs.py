"""``/v1/briefs``: a coach's brief as JSON, to be edited, and as a file."""

from __future__ import annotations

from fastapi import APIRouter, Depends
from starlette.responses import Response

from assistant.publishing.presenting import brief_from_json, brief_json
from assistant.surfaces.api.answers import require_json
from assistant.surfaces.api.brief_schemas import BriefDocument, BriefFileRequest
from assistant.surfaces.api.check_schemas import BriefRequest
from assistant.surfaces.api.health_checks import CONFLICT, FILE, MEDIA_TYPES, UNKNOWN
from assistant.surfaces.api.problems import Rejection
from assistant.surfaces.api.protocol import Answering, Briefing


def build_briefs(briefs: Briefing, assistant: Answering) -> APIRouter:
    """Return the routes of briefs. Nothing that is sent here is kept."""
    router = APIRouter(prefix="/briefs", tags=["briefs"], dependencies=[Depends(require_json)])

    @router.post("", responses={**UNKNOWN, **CONFLICT})
    def prepare_brief(request: BriefRequest) -> BriefDocument:
        """Prepare a coach, from a situation, a closed check, or both."""
        if not request.situation.strip() and not request.check_key:
            raise Rejection(422, "situatie-ontbreekt")
        brief = briefs.brief(request.title, request.situation, request.check_key)
        return BriefDocument.model_validate(brief_json(brief, assistant.catalogue))

    @router.post("/files", response_class=Response, responses=FILE)
    def write_brief(request: BriefFileRequest) -> Response:
        """Write a brief, as it was returned or edited since, to a Word or Markdown file."""
        try:
            brief = brief_from_json(request.brief.model_dump())
            content = briefs.file(brief, request.format)
        except (KeyError, ValueError) as error:
            raise Rejection(422, "brief-ongeldig", field=str(error).splitlines()[0]) from error
        return Response(content, media_type=MEDIA_TYPES[request.format])

    return router
