"""What can go wrong for a client, as a tree.

AllianceError                   everything that the client raises on purpose
├── Unreachable                 no response came; ``was_sent``: the server may have read the request
│   └── TimedOut                it didn't come in time
├── Unreadable                  a response came, but not one of this contract
├── CutOff                      a stream broke, and what was missing can't be had any more
└── Problem                     the server says what is wrong, as RFC 9457 has it
    ├── InvalidRequest          400, 413, 415, 422: something in the request; see ``errors``
    ├── NotAuthenticated        401: no key, or one that is unknown, revoked or expired
    ├── NotAllowed              403: the key is for something else
    ├── NotFound                404, 410: it isn't there, or isn't there any more
    ├── Conflicting             409: not in this state
    ├── TooManyRequests         429: too fast, or the quota of the day is spent; see ``retry_after``
    └── ServerFault             500 and up
        └── Unavailable         503: not now; see ``retry_after``
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from pydantic import ValidationError

from assistant.client.values import FieldProblem, ProblemDetails


class AllianceError(Exception):
    """Everything that the client raises on purpose."""


class Unreachable(AllianceError):
    """No response came; ``was_sent`` is false where the server can't have read the request."""

    def __init__(self, message: str, was_sent: bool) -> None:
        super().__init__(message, was_sent)
        self.was_sent = was_sent

    def __str__(self) -> str:
        return str(self.args[0])


class TimedOut(Unreachable):
    """No response came in time."""


class Unreadable(AllianceError):
    """A response came, but not one of this contract."""


class CutOff(AllianceError):
    """A stream broke after ``last_event_id``, and what was missing can't be had any more."""

    def __init__(self, last_event_id: str | None) -> None:
        super().__init__(last_event_id)
        self.last_event_id = last_event_id

    def __str__(self) -> str:
        return f"the stream broke for good after event {self.last_event_id or 'none'}"


class Problem(AllianceError):
    """The server says what is wrong: ``type`` is stable, ``title`` and ``detail`` are Dutch, for people."""

    def __init__(self, details: ProblemDetails, retry_after: float | None = None) -> None:
        super().__init__(details, retry_after)
        self.details = details
        self.retry_after = retry_after

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self.details.status

    @property
    def type(self) -> str:
        """What kind of problem it is, as a URI that stays the same."""
        return self.details.type

    @property
    def title(self) -> str:
        """The kind of problem, for people."""
        return self.details.title

    @property
    def detail(self) -> str:
        """What is wrong and what to do, for people."""
        return self.details.detail

    @property
    def errors(self) -> tuple[FieldProblem, ...]:
        """What is wrong with each field of the request."""
        return self.details.errors or ()

    def __str__(self) -> str:
        return f"{self.status} {self.title}: {self.detail}".removesuffix(": ")


class InvalidRequest(Problem):
    """Something in the request isn't right; see ``errors``."""


class NotAuthenticated(Problem):
    """No key, or one that is unknown, revoked or expired."""


class NotAllowed(Problem):
    """The key is for something else."""


class NotFound(Problem):
    """It isn't there, or isn't there any more."""


class Conflicting(Problem):
    """It can't be done in this state."""


class TooManyRequests(Problem):
    """Too fast, or the quota of the day is spent; see ``retry_after``."""


class ServerFault(Problem):
    """The server failed."""


class Unavailable(ServerFault):
    """The server can't do it now; see ``retry_after``."""


_BY_STATUS: Mapping[int, type[Problem]] = {
    400: InvalidRequest,
    413: InvalidRequest,
    415: InvalidRequest,
    422: InvalidRequest,
    401: NotAuthenticated,
    403: NotAllowed,
    404: NotFound,
    410: NotFound,
    409: Conflicting,
    429: TooManyRequests,
    503: Unavailable,
}


def as_problem(details: ProblemDetails, retry_after: float | None = None) -> Problem:
    """Return the exception for what the server says."""
    kind = _BY_STATUS.get(details.status, ServerFault if details.status >= 500 else Problem)
    return kind(details, retry_after)


def read_problem(status: int, headers: Mapping[str, str], body: bytes) -> Problem:
    """Return the exception for a response; a proxy's, which is no problem+json, has its status alone."""
    try:
        details = ProblemDetails.model_validate({**json.loads(body), "status": status})
    except (ValueError, TypeError, ValidationError):
        details = ProblemDetails(type="about:blank", title=_phrase(status), status=status, detail="")
    return as_problem(details, read_retry_after(headers))


def read_retry_after(headers: Mapping[str, str]) -> float | None:
    """Return after how many seconds to try again; a moment is counted from the server's own clock."""
    told = headers.get("Retry-After", "").strip()
    if told.isascii() and told.isdigit():
        return float(told)
    moment = _moment(told)
    if moment is None:
        return None
    return max(0.0, (moment - (_moment(headers.get("Date", "")) or datetime.now(UTC))).total_seconds())


def _moment(told: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(told)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""
