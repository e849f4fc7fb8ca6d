"""How much one may ask: counted in this process, or in a Redis that several processes share."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from math import ceil
from typing import TypeVar, cast
from urllib.parse import urlsplit

from limits import RateLimitItem, RateLimitItemPerDay, parse
from limits.errors import ConfigurationError as Unconfigured
from limits.errors import StorageError
from limits.storage import MemoryStorage, RedisStorage, Storage
from limits.strategies import MovingWindowRateLimiter

from assistant.domain import LOCAL, Caller
from assistant.errors import ConfigurationError, QuotaSpent, TooManyQuestions
from assistant.settings import PREFIX

PATIENCE = 0.25
"""Seconds that Redis gets to answer."""
PAUSE = 10.0
"""Seconds after which a Redis that was away is tried again."""

Result = TypeVar("Result")
read_rate = cache(parse)
"""Reads ``120/minute`` and the like; raises ``ValueError`` for what isn't a rate."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Window:
    """How one stands: how many there may be, how many are left, and in how many seconds there are more."""

    limit: int
    remaining: int
    seconds: int
    is_over: bool

    @property
    def headers(self) -> dict[str, str]:
        """The same for a client to read."""
        return {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(self.remaining),
            "RateLimit-Reset": str(self.seconds),
        }

    def require(self) -> None:
        """Raise ``TooManyQuestions`` if there was no room."""
        if self.is_over:
            raise TooManyQuestions(seconds=str(self.seconds))


class Counter:
    """Counts in moving windows; while a shared store is away, this process counts for itself."""

    def __init__(self, url: str = "memory://") -> None:
        """``url`` is ``memory://`` or that of a Redis; raise ``ConfigurationError`` if it can't be used."""
        self._own = MovingWindowRateLimiter(MemoryStorage())
        self._shared = None if url.startswith("memory:") else MovingWindowRateLimiter(_open(url))
        self._is_away = False
        self._again = 0.0

    def hit(self, rate: RateLimitItem, *who: str, cost: int = 1) -> Window:
        """Count for ``who``, if there is room for all of it."""

        def count(limiter: MovingWindowRateLimiter) -> Window:
            is_over = not limiter.hit(rate, *who, cost=cost)
            reset, remaining = limiter.get_window_stats(rate, *who)
            return Window(rate.amount, max(0, remaining), max(1, ceil(reset - time.time())), is_over)

        return self._try(count)

    def _try(self, count: Callable[[MovingWindowRateLimiter], Result]) -> Result:
        if self._shared is None or time.monotonic() < self._again:
            return count(self._own)
        try:
            result = count(self._shared)
        except StorageError as error:
            if not self._is_away:
                _log.warning("the shared limits are away, so this process counts: %s", error.storage_error)
            self._is_away, self._again = True, time.monotonic() + PAUSE
            return count(self._own)
        if self._is_away:
            _log.warning("the shared limits are back")
            self._is_away = False
        return result


class KeyLimits:
    """What a key may do: requests by a rate, questions by the day."""

    def __init__(self, counter: Counter, rate: str, daily_questions: int | None) -> None:
        """Take what holds for keys that have nothing of their own."""
        try:
            read_rate(rate)
        except ValueError as error:
            raise ConfigurationError(setting=f"{PREFIX}RATE", value=rate) from error
        self._counter, self._rate, self._daily = counter, rate, daily_questions

    def admit(self, caller: Caller) -> Window | None:
        """Count a request, and return how the rate of a key stands. Who has no key has no limit."""
        if not caller.owner or caller == LOCAL:
            return None
        return self._counter.hit(read_rate(caller.rate or self._rate), "sleutel", caller.owner)

    def spend(self, caller: Caller, count: int) -> None:
        """Count questions; raise ``QuotaSpent`` if there are fewer left in a day."""
        most = caller.daily_questions or self._daily
        if most is None or not caller.owner or caller == LOCAL:
            return
        window = self._counter.hit(RateLimitItemPerDay(most), "vragen", caller.owner, cost=count)
        if window.is_over:
            raise QuotaSpent(seconds=str(window.seconds), limit=str(most))


@dataclass(frozen=True, slots=True)
class KeyMeter:
    """The limits of one caller."""

    limits: KeyLimits
    caller: Caller

    def admit(self) -> None:
        """Count a request; raise ``TooManyQuestions`` if it comes too soon."""
        if window := self.limits.admit(self.caller):
            window.require()

    def spend(self, count: int) -> None:
        """Count questions; raise ``QuotaSpent`` if there are fewer left in a day."""
        self.limits.spend(self.caller, count)


def _open(url: str) -> Storage:
    """Return the store of a Redis, without asking whether it is there."""
    try:
        from redis import ConnectionPool
        from redis.backoff import NoBackoff
        from redis.retry import Retry

        pool = ConnectionPool.from_url(
            url,
            socket_timeout=PATIENCE,
            socket_connect_timeout=PATIENCE,
            retry=Retry(NoBackoff(), 0),
        )
        return cast("Storage", RedisStorage(url, pool, "alliantie", wrap_exceptions=True))
    except (ImportError, ValueError, Unconfigured) as error:
        # The address may hold a password: only where it points is shown.
        place = urlsplit(url)
        shown = f"{place.scheme}://{place.hostname or ''}"
        raise ConfigurationError(setting=f"{PREFIX}LIMITS_URL", value=shown) from error
