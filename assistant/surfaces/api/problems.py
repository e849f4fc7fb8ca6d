"""Errors as ``application/problem+json``: a stable type, and Dutch that says what to do.

The texts stand in ``prompts/problems.yaml``: ``<slug>`` holds the detail, ``<slug>.titel`` the title,
``veld.<fault>`` what can be wrong with a field.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import uuid4

from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from assistant.answering.prompts import Texts
from assistant.domain import Status
from assistant.errors import (
    AccessRefused,
    AssistantError,
    CheckClosed,
    CheckStillOpen,
    CoachingError,
    DocumentError,
    IndexUnavailable,
    InvalidAction,
    InvalidCheck,
    InvalidQuestion,
    InvalidResponse,
    KeyInAddress,
    ScopeMissing,
    StorageUnavailable,
    TooManyQuestions,
    UnknownDocument,
    UnknownKey,
    UnreadableDocument,
)
from assistant.surfaces.api.compatibility import with_error
from assistant.surfaces.api.schemas import FieldProblem, Problem
from assistant.surfaces.uploads import FileTooLarge

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_SECONDS = 10

_TYPE = "urn:alliantie:probleem:"
_MOST_FAULTS = 20
_MOST_FAULTS_OF_MANY = 1000  # In a job of many questions.
_LONGEST_VALUE = 100
_BY_STATUS = {400: "geen-json", 404: "pad", 405: "methode", 413: "te-groot", 415: "mediatype"}
_BY_PYDANTIC = {
    "missing": "veld.ontbreekt",
    "extra_forbidden": "veld.onbekend",
    "string_type": "veld.geen-tekst",
    "string_unicode": "veld.geen-unicode",
    "bool_type": "veld.geen-boolean",
    "list_type": "veld.geen-lijst",
    "model_type": "veld.geen-object",
    "model_attributes_type": "veld.geen-object",
    "literal_error": "veld.geen-keuze",
    "date_from_datetime_parsing": "veld.geen-datum",
    "date_parsing": "veld.geen-datum",
    "date_type": "veld.geen-datum",
    "int_type": "veld.geen-getal",
    "int_parsing": "veld.geen-getal",
    "int_from_float": "veld.geen-getal",
    "greater_than_equal": "veld.te-klein",
    "less_than_equal": "veld.te-groot",
}
_BY_COACHING: Mapping[type[CoachingError], int] = {UnknownKey: 404, CheckClosed: 409, CheckStillOpen: 409}

_NO_KEY = 401
_UNAVAILABLE = 503
_BY_KIND: Mapping[type[AssistantError], int] = {
    InvalidQuestion: 422,
    UnreadableDocument: 422,
    UnknownDocument: 404,
    DocumentError: 409,
    TooManyQuestions: 429,
    KeyInAddress: 400,
    ScopeMissing: 403,
    AccessRefused: _NO_KEY,
    IndexUnavailable: _UNAVAILABLE,
    StorageUnavailable: _UNAVAILABLE,
}

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a field: a key in the texts, and what fills its placeholders."""

    place: str
    key: str
    values: Mapping[str, object] = field(default_factory=dict)


class Rejection(Exception):
    """A request that a route turns down, with its status, slug, faults and the values of its text."""

    def __init__(self, status: int, slug: str, faults: Sequence[Fault] = (), **values: object) -> None:
        self.status, self.slug, self.faults, self.values = status, slug, faults, values
        super().__init__(f"{status} {slug}")


class Problems:
    """Describes every error in the words of one file of texts."""

    def __init__(self, texts: Texts, faults: Texts | None = None) -> None:
        """``faults`` is ``prompts/documents.yaml``, for what can be wrong with a file that is sent."""
        self._texts, self._faults = texts, faults

    def describe(self, error: Exception) -> Problem:
        """Return the problem for an error; what nobody foresaw is logged under the number it shows."""
        match error:
            case Rejection():
                return self._rejected(error)
            case RequestValidationError():
                return self._unreadable(error)
            case HTTPException():
                return self._refused(error)
            case CoachingError():
                return self._coached(error)
            case AssistantError() if status := _status_of(error):
                return self._known(error, status)
        return self._crash(error)

    def not_ready(self, status: Status) -> Problem:
        """Return why no question can be answered at this moment."""
        if status.building:
            return self._problem(503, "in-opbouw", done=status.building.done, total=status.building.total)
        if status.failure:
            return self._problem(503, "opbouw-mislukt", failure=status.failure)
        return self._problem(503, "geen-index")

    def _problem(self, status: int, slug: str, **values: object) -> Problem:
        shown = {name: _shown(value) for name, value in values.items()}
        return Problem(
            type=_TYPE + slug,
            title=self._texts.render(f"{slug}.titel"),
            status=status,
            detail=self._texts.render(slug, **shown),
        )

    def _rejected(self, error: Rejection) -> Problem:
        if error.faults:
            return self._invalid(error.faults)
        return self._problem(error.status, error.slug, **error.values)

    def _coached(self, error: CoachingError) -> Problem:
        match error:
            case InvalidCheck():
                place = error.details["field"]
                return self._invalid([Fault(place, _fault_key("check", error), error.details)])
            case InvalidResponse():
                return self._invalid([Fault(error.details["item"], _fault_key("antwoord", error))])
            case InvalidAction():
                return self._invalid([Fault("actions", _fault_key("actie", error))])
        return self._problem(_BY_COACHING.get(type(error), 422), error.code, **error.details)

    def _known(self, error: AssistantError, status: int) -> Problem:
        if status >= _UNAVAILABLE:
            # The details may name folders of the server: those are for the log.
            _log.warning("%s", error)
        problem = self._problem(status, error.code, **error.details)
        if isinstance(error, UnreadableDocument) and self._faults:
            fault = self._faults.render(error.details["fault"])
            detail = self._texts.render(error.code, name=_shown(error.details["name"]), fault=fault)
            return problem.model_copy(update={"detail": detail})
        return problem

    def _invalid(self, faults: Iterable[Fault]) -> Problem:
        found = list(faults)
        most = _MOST_FAULTS_OF_MANY if found[0].place.startswith("questions.") else _MOST_FAULTS
        errors = [self._field_problem(fault) for fault in found[:most]]
        problem = self._problem(422, "ongeldig-verzoek")
        detail = " ".join([problem.detail, errors[0].message])
        return problem.model_copy(update={"detail": detail, "errors": errors})

    def _field_problem(self, fault: Fault) -> FieldProblem:
        name = _shown(fault.place)
        values = {key: _shown(value) for key, value in fault.values.items() if key != "field"}
        return FieldProblem(field=name, message=self._texts.render(fault.key, field=name, **values))

    def _unreadable(self, error: RequestValidationError) -> Problem:
        first = error.errors()[0]
        if first["type"] == "json_invalid":
            return self._problem(400, "kapotte-json", position=first["loc"][-1])
        return self._invalid([_fault(entry) for entry in error.errors()])

    def _refused(self, error: HTTPException) -> Problem:
        slug = _BY_STATUS.get(error.status_code, "geweigerd")
        if isinstance(error, FileTooLarge):
            slug = "bestand-te-groot"
        allowed = (error.headers or {}).get("Allow", "")
        return self._problem(error.status_code, slug, allowed=allowed, limit=error.detail)

    def _crash(self, error: Exception) -> Problem:
        number = uuid4()
        _log.error("unexpected error %s", number, exc_info=error)
        problem = self._problem(500, "storing", number=number)
        return problem.model_copy(update={"instance": number.urn})


def headers_of(error: Exception) -> dict[str, str]:
    """Return what the headers of a response say of an error."""
    match error:
        case TooManyQuestions():
            return {"Retry-After": error.details["seconds"]}
        case AccessRefused() if _status_of(error) == _NO_KEY:
            return {"WWW-Authenticate": "Bearer"}
        case HTTPException():
            return dict(error.headers or {})
    return {}


def write_problem(problem: Problem, headers: Mapping[str, str] | None = None, path: str = "") -> Response:
    """Return a problem as a response; one that passes by itself says when to try again.

    Clients of OpenAI's API, known by the ``path`` of the request, get an ``error`` beside it.
    """
    retry = {"Retry-After": str(RETRY_AFTER_SECONDS)} if problem.status == 503 else {}
    return Response(
        with_error(problem, path).model_dump_json(exclude_none=True),
        problem.status,
        headers={"Cache-Control": "no-store", **retry, **(headers or {})},
        media_type=MEDIA_TYPE,
    )


def faults_in(error: ValidationError) -> list[Fault]:
    """Return what is wrong with a value that Pydantic refused, by the names of its fields."""
    entries = error.errors(include_url=False, include_input=False)
    return [_fault({**entry, "loc": ("", *entry["loc"])}) for entry in entries[:_MOST_FAULTS]]


def _fault(entry: Mapping[str, object]) -> Fault:
    place = entry["loc"]
    steps = [str(step) for step in place] if isinstance(place, tuple) else []
    name = ".".join(steps[1:]) or "body"
    context = entry.get("ctx")
    return Fault(name, _BY_PYDANTIC.get(str(entry["type"]), "veld.ongeldig"), _values(context or {}))


def _values(context: object) -> dict[str, object]:
    """Return what pydantic tells of a fault, in the names of our texts."""
    if not isinstance(context, dict):
        return {}
    known = re.findall(r"'([^']*)'", str(context.get("expected", "")))
    return {"known": ", ".join(known), "limit": context.get("ge", context.get("le", ""))}


def _status_of(error: AssistantError) -> int | None:
    """Return the status of an error that a route may raise as it is."""
    return next((status for kind, status in _BY_KIND.items() if isinstance(error, kind)), None)


def _fault_key(kind: str, error: CoachingError) -> str:
    return f"veld.{kind}.{error.details['fault']}"


def _shown(value: object) -> str:
    """Return a value as it may stand in a text: short, and never a lone surrogate."""
    text = str(value).encode("utf-8", "replace").decode("utf-8")
    return text if len(text) <= _LONGEST_VALUE else text[:_LONGEST_VALUE] + "…"
