"""How the client sends: where to, with which key, how long it waits, and what it sends again."""

from __future__ import annotations

import os
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic
from typing import Any, TypedDict

import httpx
from tenacity import (
    RetryCallState,
    retry_if_exception,
    stop_before_delay,
    wait_exponential_jitter,
    wait_random,
)

from assistant.client.calls import Call
from assistant.client.problems import Problem, TimedOut, Unreachable, Unreadable

DEFAULT_ADDRESS = "http://127.0.0.1:8000"
KEY_VARIABLE = "ALLIANTIE_API_KEY"

ANSWERED_NOT_NOW = frozenset({429, 503})
"""The server says that it did nothing and wants to be asked again."""
PASSED_ON_IN_VAIN = frozenset({502, 504})
"""Something between may have passed the request on."""
UNSENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
"""What happens before anything of the request is sent."""

IDLE = 2.0
"""Seconds that an idle connection is kept: less than servers do, so that none is closed under a request."""

_BACKOFF = wait_exponential_jitter(multiplier=0.25, max=8, jitter=0.5)
_JITTER = wait_random(0, 0.5)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long the client waits, in seconds; a call takes ``retrying`` and one ``response`` at most."""

    connect: float = 5.0
    response: float = 60.0
    """For one response, whole; it is looked at with every piece that comes in."""
    silence: float = 45.0
    """For the next piece of a stream, in which the server says something every 15 seconds."""
    retrying: float = 60.0
    """For new attempts to begin in, counted from the first; 0 for no new attempts."""

    @property
    def of_response(self) -> httpx.Timeout:
        """What httpx makes of a response."""
        return httpx.Timeout(self.response, connect=self.connect)

    @property
    def of_stream(self) -> httpx.Timeout:
        """What httpx makes of a stream."""
        return httpx.Timeout(self.response, connect=self.connect, read=self.silence)


class Deadline:
    """The moment at which a response must be whole."""

    def __init__(self, seconds: float) -> None:
        self._moment = monotonic() + seconds

    def check(self) -> None:
        """Raise ``TimedOut`` when it has passed."""
        if monotonic() > self._moment:
            raise TimedOut("the response was too slow", was_sent=True)


class Connection(TypedDict):
    """What both kinds of httpx client are made with."""

    base_url: str
    headers: dict[str, str]
    limits: httpx.Limits
    verify: ssl.SSLContext | bool


def connection(base_url: str, key: str | None) -> Connection:
    """Return how to connect; without ``key`` it is the one in the environment, if any.

    ``ValueError``: an address that isn't of HTTP, or a key with characters that no key has.
    """
    if not base_url.startswith(("http://", "https://")):
        raise ValueError("the address has to begin with http:// or https://")
    found = (os.environ.get(KEY_VARIABLE, "") if key is None else key).strip()
    if not found.isascii() or not found.isprintable() or " " in found:
        raise ValueError("the key has characters that no key has")
    headers = {"Authorization": f"Bearer {found}"} if found else {}
    limits = httpx.Limits(keepalive_expiry=IDLE)
    # Reading the certificates of the world takes longer than a request, and bare HTTP has no use for them.
    verify = base_url.startswith("https://") or ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    return Connection(base_url=base_url.rstrip("/"), headers=headers, limits=limits, verify=verify)


class _Request(TypedDict):
    method: str
    url: str
    json: Any
    content: bytes | None
    params: Any
    headers: Any


def request_of(call: Call[Any]) -> _Request:
    """Return a call as httpx takes it."""
    return _Request(
        method=call.method,
        url=call.path,
        json=call.body,
        content=call.content,
        params=list(call.params),
        headers=dict(call.headers),
    )


@contextmanager
def faults_named() -> Iterator[None]:
    """Raise what httpx raises as ``Unreachable``, or as ``Unreadable`` where a response can't be decoded."""
    try:
        yield
    except httpx.TransportError as error:
        kind = TimedOut if isinstance(error, httpx.TimeoutException) else Unreachable
        told = f"{type(error).__name__}: {error}".removesuffix(": ")
        raise kind(told, was_sent=not isinstance(error, UNSENT)) from error
    except httpx.DecodingError as error:
        raise Unreadable(str(error)) from error


def retrying(call: Call[Any], patience: Patience) -> dict[str, Any]:
    """Return what tenacity is told of a call."""
    return {
        "retry": retry_if_exception(lambda error: may_repeat(error, call)),
        "wait": wait_before_next,
        "stop": stop_before_delay(patience.retrying),
        "reraise": True,
    }


def may_repeat(error: BaseException, call: Call[Any]) -> bool:
    """Return whether a call may be sent again after this: nothing is ever done twice by that."""
    match error:
        case Unreachable():
            return call.is_repeatable or not error.was_sent
        case Problem():
            return error.status in ANSWERED_NOT_NOW or (
                call.is_repeatable and error.status in PASSED_ON_IN_VAIN
            )
    return False


def wait_before_next(state: RetryCallState) -> float:
    """Return how many seconds to wait: what the server asks and a little more, else longer every time."""
    error = state.outcome.exception() if state.outcome else None
    if isinstance(error, Problem) and error.retry_after is not None:
        return error.retry_after + _JITTER(state)
    return _BACKOFF(state)
