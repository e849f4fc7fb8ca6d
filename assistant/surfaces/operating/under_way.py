"""The request under way: what its log lines, its measurements and its span have in common."""

from __future__ import annotations

import re
import uuid
from contextvars import ContextVar
from dataclasses import dataclass, field
from time import perf_counter

REQUEST_ID = "x-request-id"
_READABLE_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")


@dataclass(slots=True)
class UnderWay:
    """One request from its first byte to its last; the parts that see it fill in what they learn."""

    id: str
    method: str
    path: str
    route: str | None = None
    """The template of the route that took it, such as ``/v1/cards/{card_id}``; ``None`` if none did."""
    status: int | None = None
    is_stream: bool = False
    key: str | None = None
    """The id of the key that it came with, or ``local``."""
    span: object | None = None
    has_ended: bool = False
    began: float = field(default_factory=perf_counter)

    @property
    def seconds(self) -> float:
        """How long it has taken so far."""
        return perf_counter() - self.began


_current: ContextVar[UnderWay | None] = ContextVar("request under way", default=None)


def current_request() -> UnderWay | None:
    """Return the request that is being worked for; ``None`` outside one.

    A task that outlives the request in which it began isn't working for it any more.
    """
    found = _current.get()
    return None if found is None or found.has_ended else found


def enter(request: UnderWay) -> None:
    """Make this the current request of the running task."""
    _current.set(request)


def read_request_id(sent: str | None) -> str:
    """Return the id that a request came with, or a new one if it has none that is fit to pass on."""
    return sent if sent and _READABLE_ID.fullmatch(sent) else uuid.uuid4().hex
