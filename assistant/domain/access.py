"""Who asks: the key of a client, what it may do, and the caller that a request comes from.

A secret is shown once, when its key is made; only a hash of it is kept. No scope implies another.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

KEY_PREFIX = "alliantie_"


class KeyScope(StrEnum):
    """What a key may be used for; a key has one or more of these, none of which implies another."""

    ASK = "ask"
    DOCUMENTS = "documents"
    HEALTH_CHECKS = "health-checks"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class ApiKey:
    """What is known of a key, without its secret; ``last_used`` is a day in UTC."""

    id: str
    name: str
    scopes: frozenset[KeyScope]
    created: datetime
    expires: datetime | None
    revoked: datetime | None
    last_used: date | None
    rate: str | None = None
    daily_questions: int | None = None


@dataclass(frozen=True, slots=True)
class CreatedKey:
    """A key that was just made, with the secret that can be seen this once."""

    key: ApiKey
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Caller:
    """Whom a request comes from: the id of a key, or ``local`` at a server without keys."""

    owner: str
    scopes: frozenset[KeyScope]
    rate: str | None = None
    daily_questions: int | None = None


LOCAL = Caller("local", frozenset(KeyScope))
