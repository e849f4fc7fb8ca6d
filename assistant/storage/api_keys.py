"""The keys of clients, and the browsers that signed in with one; of all secrets only hashes are kept."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import Select, delete, or_, select, update

from assistant.domain import KEY_PREFIX, ApiKey, CreatedKey, KeyScope
from assistant.errors import KeyMissing, KeyUnknown, UnknownKey
from assistant.storage.keys import hash_of
from assistant.storage.models import AccessSessionRow, ApiKeyRow
from assistant.storage.rows import api_key_of
from assistant.storage.sessions import Sessions

_ID_BYTES = 6
_SECRET_BYTES = 32
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
_SECRET = re.compile(re.escape(KEY_PREFIX) + _TOKEN.pattern)


class ApiKeys:
    """The keys, revoked and expired ones too: whether one may be used is for ``bootstrap.access``."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    def now(self) -> datetime:
        """Tell the time in UTC, by which keys expire."""
        return self._sessions.now()

    def create(
        self,
        name: str,
        scopes: Iterable[KeyScope],
        expires: datetime | None = None,
        rate: str | None = None,
        daily_questions: int | None = None,
    ) -> CreatedKey:
        """Make a key; its secret can't be had again."""
        secret = KEY_PREFIX + secrets.token_urlsafe(_SECRET_BYTES)
        row = ApiKeyRow(
            id=secrets.token_hex(_ID_BYTES),
            secret_hash=hash_of(secret),
            name=name,
            scopes=sorted(scopes),
            created=self._sessions.now(),
            expires=expires,
            rate=rate,
            daily_questions=daily_questions,
        )
        with self._sessions.writing() as session:
            session.add(row)
            session.flush()
            return CreatedKey(api_key_of(row), secret)

    def all(self) -> tuple[ApiKey, ...]:
        """Return all keys there ever were, the oldest first."""
        wanted = select(ApiKeyRow).order_by(ApiKeyRow.created, ApiKeyRow.id)
        with self._sessions.reading() as session:
            return tuple(map(api_key_of, session.scalars(wanted)))

    def has_any(self) -> bool:
        """Whether there ever was a key."""
        with self._sessions.reading() as session:
            return session.scalar(select(ApiKeyRow.id).limit(1)) is not None

    def found(self, secret: str) -> ApiKey:
        """Return the key with a secret; ``KeyUnknown`` if it was never given out here."""
        if _SECRET.fullmatch(secret):
            wanted = select(ApiKeyRow).where(ApiKeyRow.secret_hash == hash_of(secret))
            if key := self._first(wanted):
                return key
        raise KeyUnknown

    def note_use(self, id: str) -> None:  # noqa: A002 - as bootstrap calls it
        """Keep that a key was used today."""
        today = self._sessions.today
        is_older = or_(ApiKeyRow.last_used.is_(None), ApiKeyRow.last_used < today)
        with self._sessions.writing() as session:
            session.execute(update(ApiKeyRow).where(ApiKeyRow.id == id, is_older).values(last_used=today))

    def revoke(self, id: str) -> ApiKey:  # noqa: A002
        """Take a key back for good; where that was done before, its moment stays.

        Raises ``UnknownKey`` if no key has this id.
        """
        with self._sessions.writing() as session:
            is_it = ApiKeyRow.id == id
            still = update(ApiKeyRow).where(is_it, ApiKeyRow.revoked.is_(None))
            session.execute(still.values(revoked=self._sessions.now()))
            row = session.scalar(select(ApiKeyRow).where(is_it))
            if row is None:
                raise UnknownKey(kind="api-key")
            return api_key_of(row)

    # ── Browsers ─────────────────────────────────────────────────────────────

    def sign_in(self, id: str, lasting: timedelta) -> str:  # noqa: A002
        """Give a browser a token that stands for a key, as long as that key is good itself."""
        token = secrets.token_urlsafe(_SECRET_BYTES)
        now = self._sessions.now()
        with self._sessions.writing() as session:
            session.execute(delete(AccessSessionRow).where(AccessSessionRow.expires <= now))
            session.add(AccessSessionRow(token_hash=hash_of(token), key_id=id, expires=now + lasting))
        return token

    def visited(self, token: str) -> ApiKey:
        """Return the key that a token stands for; ``KeyMissing`` if it stands for none, or no longer."""
        if _TOKEN.fullmatch(token):
            wanted = (
                select(ApiKeyRow)
                .join(AccessSessionRow, AccessSessionRow.key_id == ApiKeyRow.id)
                .where(AccessSessionRow.token_hash == hash_of(token))
                .where(AccessSessionRow.expires > self._sessions.now())
            )
            if key := self._first(wanted):
                return key
        raise KeyMissing

    def sign_out(self, token: str) -> None:
        """Let a token stand for nothing; what it stood for may be gone already."""
        with self._sessions.writing() as session:
            session.execute(delete(AccessSessionRow).where(AccessSessionRow.token_hash == hash_of(token)))

    def _first(self, wanted: Select[ApiKeyRow]) -> ApiKey | None:
        with self._sessions.reading() as session:
            row = session.scalar(wanted)
            return api_key_of(row) if row else None
