"""Who is at the other end of a connection, and which keys came with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from starlette.requests import Request

from assistant.domain import LOCAL, Caller
from assistant.settings import Settings
from assistant.surfaces.access import caller_of, spend_questions

CHECK_KEY, PORTFOLIO_KEY = "X-Check-Key", "X-Portfolio-Key"


@dataclass(frozen=True, slots=True)
class Keys:
    """What opens health checks; it never passes through a model's context."""

    check: str | None = field(default=None, repr=False)
    portfolio: str | None = field(default=None, repr=False)

    def __bool__(self) -> bool:
        return (self.check, self.portfolio) != (None, None)


@dataclass(frozen=True, slots=True)
class Connection:
    """Who calls a tool. ``spend`` counts a question, and raises ``QuotaSpent`` if a day has no more."""

    caller: Caller
    keys: Keys
    spend: Callable[[], None]


Connect = Callable[[Request | None], Connection]
"""Returns the connection that a request came by; over stdio there is no request."""


def connect_over_http(request: Request | None) -> Connection:
    """Return who sent a request, with the keys in its headers."""
    assert request is not None  # noqa: S101 - the transport always has one
    keys = Keys(request.headers.get(CHECK_KEY), request.headers.get(PORTFOLIO_KEY))
    return Connection(caller_of(request), keys, lambda: spend_questions(request))


def connect_here(settings: Settings) -> Connect:
    """Return how somebody at this computer connects: with the keys in the environment."""
    connection = Connection(LOCAL, Keys(settings.check_key, settings.portfolio_key), lambda: None)
    return lambda request: connection
