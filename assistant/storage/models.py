"""The tables. Ids are random, so that no order says who came first.

SQLite keeps rows in the order of their insertion, unless a table has no row ids: those of people have none.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

from sqlalchemy import (
    CheckConstraint,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
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
