"""Who may have what: the gate before every request, signing in with a key, and how much a key may ask.

Routes need ``caller_of`` and ``spend_questions`` alone; ``gate`` and ``signing_in`` are put before them
in ``server``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from starlette.requests import HTTPConnection

from assistant.domain import LOCAL, Caller

__all__ = ["METER", "Meter", "caller_of", "count_request", "spend_questions"]

METER = "alliantie.meter"
"""Where in the scope of a request the gate leaves the ``Meter`` of who sent it."""

Asked = HTTPConnection | Mapping[str, Any]
"""A request, or its scope."""


class Meter(Protocol):
    """Counts what one caller does."""

    def admit(self) -> None:
        """Count a request; raise ``TooManyQuestions`` if it comes too soon."""
        ...

    def spend(self, count: int) -> None:
        """Count questions; raise ``QuotaSpent`` if there are fewer left in a day."""
        ...


def caller_of(request: Asked) -> Caller:
    """Return who sent a request; whoever comes where no gate stands is ``LOCAL``."""
    caller: Caller = _scope_of(request).get("state", {}).get("caller", LOCAL)
    return caller


def count_request(request: Asked) -> None:
    """Count a request that the gate let pass uncounted; raise ``TooManyQuestions`` if it comes too soon.

    The gate itself counts what goes to ``/v1`` and ``/mcp``.
    """
    if meter := _meter_of(request):
        meter.admit()


def spend_questions(request: Asked, count: int = 1) -> None:
    """Count questions of who asks; raise ``QuotaSpent`` if a day has fewer left. No gate, no limit."""
    if meter := _meter_of(request):
        meter.spend(count)


def _meter_of(request: Asked) -> Meter | None:
    meter: Meter | None = _scope_of(request).get(METER)
    return meter


def _scope_of(request: Asked) -> Mapping[str, Any]:
    return request.scope if isinstance(request, HTTPConnection) else request
