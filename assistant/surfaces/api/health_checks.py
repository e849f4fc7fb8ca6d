"""``/v1/health-checks``: making, answering, closing and reporting a check.

Whoever holds a key may use what it opens; keys travel in headers, so that no address holds them.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Header, Path
from starlette.responses import Response as HttpResponse

from assistant.domain import CheckKind, ChosenAction, Respondent, Response
from assistant.publishing.presenting import portfolio_json, questionnaire_json, report_json
from assistant.surfaces.api.answers import require_json
from assistant.surfaces.api.check_schemas import (
    ActionRequest,
    ActionsRequest,
    ActionsResponse,
    CheckRequest,
    CheckResponse,
    CreatedResponse,
    GivenResponse,
    InvitationRequest,
    OrganisationResponse,
    PortfolioResponse,
    RespondentExportResponse,
    RespondentResponse,
    ResponsesRequest,
    ShareRequest,
)
from assistant.surfaces.api.protocol import Answering, Checking
from assistant.surfaces.api.report_schemas import (
    ActionResponse,
    CheckExportResponse,
    QuestionnaireResponse,
    ReportResponse,
    SharedChecksResponse,
)

OwnerKey = Annotated[
    str,
    Header(
        alias="X-Check-Key",
        description="The key that making the check gave",
        json_schema_extra={"format": "check-key"},
    ),
]
Code = Annotated[
    str,
    Header(
        alias="X-Respondent-Code",
        description="The code that beginning to answer gave",
        json_schema_extra={"format": "respondent-code"},
    ),
]
PortfolioKey = Annotated[
    str,
    Header(
        alias="X-Portfolio-Key",
        description="The key that opening the portfolio gave",
        json_schema_extra={"format": "portfolio-key"},
    ),
]
FileFormat = Annotated[Literal["docx", "md"], Path(description="Word or Markdown")]
ShareCode = Annotated[
    str, Path(description="Of the coach's portfolio", json_schema_extra={"format": "share-code"})
]

PREFIX = "/health-checks"

_BYTES = {"type": "string", "contentMediaType": "application/octet-stream"}

MEDIA_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "md": "text/markdown; charset=utf-8",
}

FILE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The file",
        "content": {media.partition(";")[0]: {"schema": _BYTES} for media in MEDIA_TYPES.values()},
    }
}
UNKNOWN: dict[int | str, dict[str, Any]] = {404: {"description": "Nothing has this key or code"}}
CONFLICT: dict[int | str, dict[str, Any]] = {409: {"description": "The check is closed, or isn't yet"}}


def build_health_checks(checks: Checking, assistant: Answering) -> APIRouter:
    """Return the routes of health checks."""
    router = APIRouter(tags=["health checks"])
    router.include_router(_build_owning(checks, assistant), prefix=PREFIX)
    router.include_router(_build_reporting(checks, assistant), prefix=PREFIX)
    router.include_router(_build_answering(checks), prefix=PREFIX)
    router.include_router(_build_portfolios(checks, assistant), prefix=PREFIX)
    return router


def _build_owning(checks: Checking, assistant: Answering) -> APIRouter:
    """Return the routes of who made a check."""
    router = APIRouter()

    @router.get("/questionnaire")
    def read_questionnaire() -> QuestionnaireResponse:
        """Return all that a check asks, with the sources of every item."""
        asked = questionnaire_json(checks.questionnaire, assistant.catalogue)
        return QuestionnaireResponse.model_validate(asked)

    @router.post("", status_code=201, dependencies=[Depends(require_json)], responses=UNKNOWN)
    def create_check(request: CheckRequest) -> CreatedResponse:
        """Make a check, with an invitation for every organisation. Its key is shown this once."""
        made = checks.create(
            request.alliance, request.organisations, CheckKind(request.kind), request.previous_key
        )
        return CreatedResponse(**_present_check(checks, made.owner_key).model_dump(), key=made.owner_key)

    @router.get("/mine")
    def read_check(key: OwnerKey) -> CheckResponse:
        """Return a check, its invitations, and how many people answered."""
        return _present_check(checks, key)

    @router.post("/mine/close", responses=CONFLICT)
    def close_check(key: OwnerKey) -> ReportResponse:
        """Close a check for good, and return its report."""
        shown = report_json(checks.close(key), checks.chosen(key), assistant.catalogue)
        return ReportResponse.model_validate(shown)

    @router.get("/mine/export")
    def export_check(key: OwnerKey) -> CheckExportResponse:
        """Return all that is kept of a check, no answers of single people among it."""
        return CheckExportResponse.model_validate(checks.export(key))

    @router.delete("/mine", status_code=204)
    def erase_check(key: OwnerKey) -> None:
        """Erase a check with all that belongs to it."""
        checks.erase(key)

    return router


def _build_reporting(checks: Checking, assistant: Answering) -> APIRouter:
    """Return the routes of a closed check: its report, the actions, and with whom it is shared."""
    router = APIRouter()

    @router.get("/mine/report", responses=CONFLICT)
    def read_report(key: OwnerKey) -> ReportResponse:
        """Return the report of a closed check, with its sources."""
        shown = report_json(checks.report(key), checks.chosen(key), assistant.catalogue)
        return ReportResponse.model_validate(shown)

    @router.get("/mine/report.{format}", response_class=HttpResponse, responses={**FILE, **CONFLICT})
    def download_report(key: OwnerKey, format: FileFormat) -> HttpResponse:  # noqa: A002
        """Return the report as a Word or Markdown file."""
        return HttpResponse(checks.report_file(key, format), media_type=MEDIA_TYPES[format])

    @router.get("/mine/actions")
    def read_actions(key: OwnerKey) -> ActionsResponse:
        """Return the actions chosen."""
        return _present_actions(checks, key)

    @router.put("/mine/actions", dependencies=[Depends(require_json)], responses=CONFLICT)
    def choose_actions(key: OwnerKey, request: ActionsRequest) -> ActionsResponse:
        """Choose at most three actions, each with an owner and a date."""
        checks.choose(key, [_chosen(action) for action in request.actions])
        return _present_actions(checks, key)

    @router.post("/mine/shares", status_code=204, dependencies=[Depends(require_json)])
    def share_check(key: OwnerKey, request: ShareRequest) -> None:
        """Show the report and the actions in a coach's portfolio."""
        checks.share(key, request.share_code)

    @router.delete("/mine/shares/{share_code}", status_code=204)
    def unshare_check(key: OwnerKey, share_code: ShareCode) -> None:
        """Take a check out of a portfolio."""
        checks.unshare(key, share_code)

    return router


def _build_answering(checks: Checking) -> APIRouter:
    """Return the routes of who answers."""
    router = APIRouter(prefix="/respondents")

    @router.post("", status_code=201, dependencies=[Depends(require_json)], responses={**UNKNOWN, **CONFLICT})
    def begin_answering(request: InvitationRequest) -> RespondentResponse:
        """Begin to answer; the code is the only way back to the answers."""
        return _present_respondent(checks, checks.begin(request.invitation))

    @router.get("/me")
    def read_answers(code: Code) -> RespondentResponse:
        """Return the answers so far."""
        return _present_respondent(checks, checks.respondent(code))

    @router.put("/me/responses", dependencies=[Depends(require_json)], responses=CONFLICT)
    def answer_items(code: Code, request: ResponsesRequest) -> RespondentResponse:
        """Keep answers; none is kept if one of them doesn't fit."""
        given = (Response(one.item_id, one.score, one.remark) for one in request.responses)
        return _present_respondent(checks, checks.answer(code, *given))

    @router.post("/me/finish", responses=CONFLICT)
    def finish_answering(code: Code) -> RespondentResponse:
        """Say that all is answered; it can be changed until the check closes."""
        return _present_respondent(checks, checks.finish(code))

    @router.get("/me/export")
    def export_answers(code: Code) -> RespondentExportResponse:
        """Return all that is kept of a respondent."""
        return RespondentExportResponse.model_validate(checks.export_answers(code))

    @router.delete("/me", status_code=204)
    def withdraw_answers(code: Code) -> None:
        """Erase the answers of a respondent, and all that points to them."""
        checks.withdraw(code)

    return router


def _build_portfolios(checks: Checking, assistant: Answering) -> APIRouter:
    """Return the routes of a coach who looks after several alliances."""
    router = APIRouter(prefix="/portfolios")

    @router.post("", status_code=201)
    def open_portfolio() -> PortfolioResponse:
        """Open a portfolio: a key for the coach, and a code for alliances to share theirs with."""
        opened = checks.open_portfolio()
        return PortfolioResponse(key=opened.key, share_code=opened.share_code)

    @router.get("/mine")
    def read_portfolio(key: PortfolioKey) -> SharedChecksResponse:
        """Return the checks that alliances shared, the newest first."""
        shared = portfolio_json(checks.shared(key), assistant.catalogue)
        return SharedChecksResponse.model_validate(shared)

    return router


def _present_check(checks: Checking, key: str) -> CheckResponse:
    check, invitations = checks.check(key), checks.invitations(key)
    return CheckResponse(
        id=check.id,
        alliance=check.alliance,
        kind=check.kind.value,
        round=check.round,
        version=check.version,
        created=check.created,
        closed=check.closed,
        organisations=[
            OrganisationResponse(
                id=one.organisation.id,
                name=one.organisation.name,
                invitation=invitations[one.organisation.id],
                begun=one.begun,
                finished=one.finished,
            )
            for one in checks.participation(key)
        ],
    )


def _present_respondent(checks: Checking, respondent: Respondent) -> RespondentResponse:
    check = respondent.check
    return RespondentResponse(
        code=respondent.code,
        alliance=check.alliance,
        organisation=respondent.organisation.name,
        kind=check.kind.value,
        is_open=check.is_open,
        is_finished=respondent.is_finished,
        asked=list(checks.questionnaire.asked(check.kind)),
        responses=[
            GivenResponse(item_id=one.item_id, score=one.score, remark=one.remark)
            for one in respondent.responses.values()
        ],
    )


def _present_actions(checks: Checking, key: str) -> ActionsResponse:
    shown = [
        ActionResponse(id=one.id, title=one.title, owner=one.owner, due=one.due, is_done=one.is_done)
        for one in checks.chosen(key)
    ]
    return ActionsResponse(actions=shown)


def _chosen(action: ActionRequest) -> ChosenAction:
    return ChosenAction(action.id or "", action.title, action.owner, action.due, action.is_done)
