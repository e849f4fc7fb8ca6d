"""The tables. Ids are random, so that no order says who came first.

SQLite keeps rows in the order of their insertion, unless a table has no row ids: those of people have none.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

from sqlalchemy import (
    JSON,
    CheckConstraint,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
from sqlalchemy.types import TypeDecorator

ID_LENGTH = 80
NAME_LENGTH = 200
REMARK_LENGTH = 10_000
KEPT_SCORES = range(-2, 6)

_HASH = LargeBinary(32)
_KEY_LENGTH = 32


class Moment(TypeDecorator[datetime]):
    """A moment in UTC, also where the database knows no time zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Bring a moment to UTC."""
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give a moment its time zone."""
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


class Model(DeclarativeBase):
    """What all tables share: how their constraints are named."""

    metadata = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "fk": "fk_%(table_name)s_%(referred_table_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
        }
    )


class CheckRow(Model):
    """A round of a health check."""

    __tablename__ = "checks"
    __table_args__ = (UniqueConstraint("series_id", "round"),)

    id: Mapped[str] = mapped_column(String(_KEY_LENGTH), primary_key=True)
    owner_hash: Mapped[bytes] = mapped_column(_HASH, unique=True)
    series_id: Mapped[str] = mapped_column(String(_KEY_LENGTH))
    round: Mapped[int]
    alliance: Mapped[str] = mapped_column(String(NAME_LENGTH))
    kind: Mapped[str] = mapped_column(String(16))
    version: Mapped[str] = mapped_column(String(ID_LENGTH))
    created: Mapped[datetime] = mapped_column(Moment)
    closed: Mapped[datetime | None] = mapped_column(Moment)
    last_active: Mapped[date] = mapped_column(index=True)
    report: Mapped[str | None] = mapped_column(Text)

    organisations: Mapped[list[OrganisationRow]] = relationship(
        order_by="OrganisationRow.position", lazy="selectin", viewonly=True
    )
    actions: Mapped[list[ActionRow]] = relationship(order_by="ActionRow.position", viewonly=True)


class OrganisationRow(Model):
    """A partner that takes part in a check, and the token of its invitation."""

    __tablename__ = "organisations"

    check_id: Mapped[str] = mapped_column(ForeignKey("checks.id", ondelete="CASCADE"), primary_key=True)
    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger)
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    token: Mapped[str] = mapped_column(String(_KEY_LENGTH), unique=True)


class RespondentRow(Model):
    """Somebody who answers for an organisation; nothing says who or when."""

    __tablename__ = "respondents"
    __table_args__ = (
        ForeignKeyConstraint(
            ["check_id", "organisation_id"],
            ["organisations.check_id", "organisations.id"],
            ondelete="CASCADE",
        ),
        {"sqlite_with_rowid": False},
    )

    id: Mapped[str] = mapped_column(String(_KEY_LENGTH), primary_key=True)
    check_id: Mapped[str] = mapped_column(String(_KEY_LENGTH), index=True)
    organisation_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    code_hash: Mapped[bytes] = mapped_column(_HASH, unique=True)
    is_finished: Mapped[bool] = mapped_column(default=False)

    responses: Mapped[list[ResponseRow]] = relationship(order_by="ResponseRow.item_id", viewonly=True)


class ResponseRow(Model):
    """What a respondent answered to one item."""

    __tablename__ = "responses"
    __table_args__ = (CheckConstraint("score BETWEEN -2 AND 5", "score"), {"sqlite_with_rowid": False})

    respondent_id: Mapped[str] = mapped_column(
        ForeignKey("respondents.id", ondelete="CASCADE"), primary_key=True
    )
    item_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    score: Mapped[int | None] = mapped_column(SmallInteger)
    remark: Mapped[str] = mapped_column(Text)


class ActionRow(Model):
    """An action that the partners chose after a check."""

    __tablename__ = "chosen_actions"

    check_id: Mapped[str] = mapped_column(ForeignKey("checks.id", ondelete="CASCADE"), primary_key=True)
    id: Mapped[str] = mapped_column(String(NAME_LENGTH), primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger)
    title: Mapped[str] = mapped_column(String(NAME_LENGTH))
    owner: Mapped[str] = mapped_column(String(NAME_LENGTH))
    due: Mapped[date]
    is_done: Mapped[bool]


class PortfolioRow(Model):
    """A coach's view on the checks that were shared by its code."""

    __tablename__ = "portfolios"

    id: Mapped[str] = mapped_column(String(_KEY_LENGTH), primary_key=True)
    key_hash: Mapped[bytes] = mapped_column(_HASH, unique=True)
    share_code: Mapped[str] = mapped_column(String(_KEY_LENGTH), unique=True)


class SharedCheckRow(Model):
    """That a check is in a portfolio."""

    __tablename__ = "shared_checks"

    portfolio_id: Mapped[str] = mapped_column(
        ForeignKey("portfolios.id", ondelete="CASCADE"), primary_key=True
    )
    check_id: Mapped[str] = mapped_column(
        ForeignKey("checks.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class ConversationRow(Model):
    """A conversation of a visitor, of whom only the hash of a secret is known."""

    __tablename__ = "conversations"
    __table_args__ = (Index(None, "visitor_hash", "changed"),)

    id: Mapped[str] = mapped_column(String(_KEY_LENGTH), primary_key=True)
    visitor_hash: Mapped[bytes] = mapped_column(_HASH)
    title: Mapped[str] = mapped_column(String(NAME_LENGTH))
    sought_title: Mapped[str] = mapped_column(Text)
    """As ``seeking`` folds it."""
    changed: Mapped[datetime] = mapped_column(Moment)
    """When an exchange was last kept."""
    last_active: Mapped[date] = mapped_column(index=True)


class ExchangeRow(Model):
    """A question and what came of it, in its place in a conversation."""

    __tablename__ = "exchanges"
    __table_args__ = (UniqueConstraint("conversation_id", "position"),)

    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True
    )
    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True, index=True)
    position: Mapped[int]
    content: Mapped[str] = mapped_column(Text)
    """A ``KeptExchange`` as JSON."""
    sought_text: Mapped[str] = mapped_column(Text)
    """Question and answer, as ``seeking`` folds them."""


class FeedbackRow(Model):
    """What a reader thinks of an answer, with the answer as it was: another may have come in its place."""

    __tablename__ = "feedback"

    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True
    )
    exchange_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True, index=True)
    given: Mapped[datetime] = mapped_column(Moment)
    verdict: Mapped[str] = mapped_column(String(16))
    reasons: Mapped[list[str]] = mapped_column(JSON)
    remark: Mapped[str] = mapped_column(Text)
    content: Mapped[str] = mapped_column(Text)
    """The ``KeptExchange`` as JSON."""


class SentFeedbackRow(Model):
    """What a client of the API thinks of an answer, which isn't kept: the client sent it along."""

    __tablename__ = "sent_feedback"

    owner: Mapped[str] = mapped_column(String(_KEY_LENGTH), primary_key=True)
    """The id of the key that sent it, or ``local``."""
    answer_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    given: Mapped[datetime] = mapped_column(Moment, index=True)
    verdict: Mapped[str] = mapped_column(String(16))
    reasons: Mapped[list[str]] = mapped_column(JSON)
    remark: Mapped[str] = mapped_column(Text)
    content: Mapped[str] = mapped_column(Text)
    """A ``KeptExchange`` as JSON."""


class ApiKeyRow(Model):
    """The key of a client, of which only the hash is known; a revoked one stays, so that it can be told."""

    __tablename__ = "api_keys"

    id: Mapped[str] = mapped_column(String(_KEY_LENGTH), primary_key=True)
    secret_hash: Mapped[bytes] = mapped_column(_HASH, unique=True)
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    scopes: Mapped[list[str]] = mapped_column(JSON)
    created: Mapped[datetime] = mapped_column(Moment)
    expires: Mapped[datetime | None] = mapped_column(Moment)
    revoked: Mapped[datetime | None] = mapped_column(Moment)
    last_used: Mapped[date | None]
    rate: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    daily_questions: Mapped[int | None]


class AccessSessionRow(Model):
    """A browser that signed in with a key, known by the hash of a token."""

    __tablename__ = "access_sessions"

    token_hash: Mapped[bytes] = mapped_column(_HASH, primary_key=True)
    key_id: Mapped[str] = mapped_column(ForeignKey("api_keys.id", ondelete="CASCADE"))
    expires: Mapped[datetime] = mapped_column(Moment, index=True)


class Leased:
    """The columns of what one process at a time works on, by lease."""

    turn: Mapped[datetime] = mapped_column(Moment)
    """Since when it waits to be worked on: the longest goes first."""
    lease: Mapped[str | None] = mapped_column(String(_KEY_LENGTH))
    leased_until: Mapped[datetime | None] = mapped_column(Moment)
    losses: Mapped[int] = mapped_column(default=0)
    """How often the process that worked on it vanished, since it last got further."""


class BatchRow(Leased, Model):
    """A job of many questions, which are answered in order: ``done`` is the place of the next one."""

    __tablename__ = "batches"
    __table_args__ = (UniqueConstraint("owner", "key_hash"),)

    id: Mapped[str] = mapped_column(String(_KEY_LENGTH), primary_key=True)
    owner: Mapped[str] = mapped_column(String(ID_LENGTH))
    key_hash: Mapped[bytes | None] = mapped_column(_HASH)
    """Of the key by which its owner can send it again."""
    content_hash: Mapped[bytes] = mapped_column(_HASH)
    total: Mapped[int]
    done: Mapped[int]
    failed: Mapped[int]
    created: Mapped[datetime] = mapped_column(Moment)
    expires: Mapped[datetime] = mapped_column(Moment, index=True)


class BatchQuestionRow(Model):
    """A question of a job, and what came of it."""

    __tablename__ = "batch_questions"

    batch_id: Mapped[str] = mapped_column(ForeignKey("batches.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    question: Mapped[str] = mapped_column(Text)
    outcome: Mapped[str | None] = mapped_column(Text)
    """The JSON that a client gets."""
    is_problem: Mapped[bool]
