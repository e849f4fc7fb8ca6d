"""The use cases of access: keys are made, shown and taken back, and tell who asks."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from assistant.domain import ApiKey, Caller, CreatedKey, KeyScope
from assistant.errors import ConfigurationError, KeyExpired, KeyRevoked, StorageUnavailable
from assistant.settings import Settings
from assistant.storage import Storage

_log = logging.getLogger(__name__)
_LONGEST_NAME = 200
_LONGEST_RATE = 80
_SIGNED_IN = timedelta(days=30)
_SECONDS_WITHOUT_KEYS = 2.0


class KeyState(StrEnum):
    """Whether a key can be used."""

    USABLE = "usable"
    REVOKED = "revoked"
    EXPIRED = "expired"


class Access:
    """Makes keys and tells who asks; safe to use from several threads and processes.

    Nothing that a key may do is remembered between requests: once revoked, it fails at the very next one.
    """

    def __init__(self, storage: Storage, clock: Callable[[], float] = time.monotonic) -> None:
        self._keys = storage.api_keys
        self._clock = clock
        self._has_keys = False
        self._ask_again = -float("inf")
        self._noted: dict[str, date] = {}

    # ── Whoever runs the assistant ───────────────────────────────────────────

    def create(
        self,
        name: str,
        scopes: Iterable[KeyScope],
        *,
        expires: datetime | None = None,
        rate: str | None = None,
        daily_questions: int | None = None,
    ) -> CreatedKey:
        """Make a key for a client; ``rate`` is like ``60/minute``.

        Raises ``ConfigurationError`` for a name that is blank, longer than 200 code points or holds control
        characters; for no scopes, an expiry that has passed, or a rate or number that can't be used.
        """
        wanted = frozenset(scopes)
        _require(bool(wanted), "scope", "")
        _require(_is_name(name), "name", repr(name))
        _require(expires is None or expires > self._keys.now(), "expires", str(expires))
        _require(rate is None or _is_rate(rate), "rate", str(rate))
        _require(daily_questions is None or daily_questions > 0, "daily-questions", str(daily_questions))
        until = expires.astimezone(UTC) if expires else None
        created = self._keys.create(name.strip(), wanted, until, rate, daily_questions)
        self._has_keys = True
        return created

    def all(self) -> tuple[ApiKey, ...]:
        """Return all keys there ever were, the oldest first."""
        return self._keys.all()

    def revoke(self, id: str) -> ApiKey:  # noqa: A002 - as surfaces call it
        """Take a key back for good; ``UnknownKey`` if no key has this id."""
        return self._keys.revoke(id)

    def state(self, key: ApiKey) -> KeyState:
        """Return whether a key can be used at this moment."""
        if key.revoked:
            return KeyState.REVOKED
        is_over = key.expires is not None and key.expires <= self._keys.now()
        return KeyState.EXPIRED if is_over else KeyState.USABLE

    # ── Requests ─────────────────────────────────────────────────────────────

    def has_keys(self) -> bool:
        """Whether there ever was a key; without one, this is asked of the database every two seconds."""
        if not self._has_keys and self._clock() >= self._ask_again:
            self._has_keys = self._keys.has_any()
            self._ask_again = self._clock() + _SECONDS_WITHOUT_KEYS
        return self._has_keys

    def has_usable_key(self) -> bool:
        """Whether there is a key that can be used at this moment."""
        return any(self.state(key) is KeyState.USABLE for key in self.all())

    def identify(self, secret: str) -> Caller:
        """Return who asks with a secret, and note that its key was used today.

        Raises ``KeyUnknown``, ``KeyRevoked`` or ``KeyExpired``.
        """
        return self._caller(self._keys.found(secret))

    def sign_in(self, secret: str) -> str:
        """Return a token for the browser of who has a secret, good for 30 days or as long as the key is.

        Raises what ``identify`` raises.
        """
        return self._keys.sign_in(self.identify(secret).owner, _SIGNED_IN)

    def visit(self, token: str) -> Caller:
        """Return who asks with a token.

        Raises ``KeyMissing`` if it is none of ours, too old or signed out; ``KeyRevoked`` or ``KeyExpired``
        where its key is.
        """
        return self._caller(self._keys.visited(token))

    def sign_out(self, token: str) -> None:
        """Let a token be good for nothing."""
        self._keys.sign_out(token)

    def _caller(self, key: ApiKey) -> Caller:
        state = self.state(key)
        if state is KeyState.REVOKED:
            raise KeyRevoked
        if state is KeyState.EXPIRED:
            raise KeyExpired
        self._note_use(key)
        return Caller(key.id, key.scopes, key.rate, key.daily_questions)

    def _note_use(self, key: ApiKey) -> None:
        """Try once a day: a disk that is full is no reason to refuse who only reads."""
        today = self._keys.now().date()
        if key.last_used == today or self._noted.get(key.id) == today:
            return
        self._noted[key.id] = today
        try:
            self._keys.note_use(key.id)
        except StorageUnavailable as error:
            _log.warning("couldn't note the use of key %s: %s", key.id, error)


@contextmanager
def open_access(settings: Settings) -> Iterator[Access]:
    """Give the access to the database of the settings, where no server is run; close it afterwards."""
    with closing(Storage.open(settings.storage_url)) as storage:
        yield Access(storage)


def _require(is_fine: bool, setting: str, value: str) -> None:
    if not is_fine:
        raise ConfigurationError(setting=setting, value=value)


def _is_name(name: str) -> bool:
    return 0 < len(name.strip()) <= _LONGEST_NAME and name.isprintable()


def _is_rate(rate: str) -> bool:
    """Whether a rate is one that the ``limits`` package reads, and allows something."""
    from limits import parse_many

    try:
        amounts = [one.amount for one in parse_many(rate)]
    except ValueError:
        return False
    return len(rate) <= _LONGEST_RATE and len(amounts) == 1 and amounts[0] > 0
