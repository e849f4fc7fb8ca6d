"""Health checks: their organisations, respondents, answers and actions, and portfolios of checks."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the first tables."""
    _make_checks()
    _make_respondents()
    _make_actions()
    _make_portfolios()


def _make_checks() -> None:
    op.create_table(
        "checks",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("owner_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("series_id", sa.String(32), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("alliance", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("version", sa.String(80), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_active", sa.Date(), nullable=False),
        sa.Column("report", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checks")),
        sa.UniqueConstraint("owner_hash", name=op.f("uq_checks_owner_hash")),
        sa.UniqueConstraint("series_id", "round", name=op.f("uq_checks_series_id_round")),
    )
    op.create_index(op.f("ix_checks_last_active"), "checks", ["last_active"])
    op.create_table(
        "organisations",
        sa.Column("check_id", sa.String(32), nullable=False),
        sa.Column("id", sa.String(80), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("token", sa.String(32), nullable=False),
        _part_of("checks", "check_id", "organisations"),
        sa.PrimaryKeyConstraint("check_id", "id", name=op.f("pk_organisations")),
        sa.UniqueConstraint("token", name=op.f("uq_organisations_token")),
    )


def _make_respondents() -> None:
    op.create_table(
        "respondents",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("check_id", sa.String(32), nullable=False),
        sa.Column("organisation_id", sa.String(80), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("is_finished", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["check_id", "organisation_id"],
            ["organisations.check_id", "organisations.id"],
            name=op.f("fk_respondents_organisations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_respondents")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_respondents_code_hash")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_respondents_check_id"), "respondents", ["check_id"])
    op.create_table(
        "responses",
        sa.Column("respondent_id", sa.String(32), nullable=False),
        sa.Column("item_id", sa.String(80), nullable=False),
        sa.Column("score", sa.SmallInteger(), nullable=True),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.CheckConstraint("score BETWEEN -2 AND 5", name=op.f("ck_responses_score")),
        _part_of("respondents", "respondent_id", "responses"),
        sa.PrimaryKeyConstraint("respondent_id", "item_id", name=op.f("pk_responses")),
        sqlite_with_rowid=False,
    )


def _make_actions() -> None:
    op.create_table(
        "chosen_actions",
        sa.Column("check_id", sa.String(32), nullable=False),
        sa.Column("id", sa.String(200), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("owner", sa.String(200), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("is_done", sa.Boolean(), nullable=False),
        _part_of("checks", "check_id", "chosen_actions"),
        sa.PrimaryKeyConstraint("check_id", "id", name=op.f("pk_chosen_actions")),
    )


def _make_portfolios() -> None:
    op.create_table(
        "portfolios",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("key_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("share_code", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_portfolios")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_portfolios_key_hash")),
        sa.UniqueConstraint("share_code", name=op.f("uq_portfolios_share_code")),
    )
    op.create_table(
        "shared_checks",
        sa.Column("portfolio_id", sa.String(32), nullable=False),
        sa.Column("check_id", sa.String(32), nullable=False),
        _part_of("portfolios", "portfolio_id", "shared_checks"),
        _part_of("checks", "check_id", "shared_checks"),
        sa.PrimaryKeyConstraint("portfolio_id", "check_id", name=op.f("pk_shared_checks")),
    )
    op.create_index(op.f("ix_shared_checks_check_id"), "shared_checks", ["check_id"])


def _part_of(whole: str, column: str, table: str) -> sa.ForeignKeyConstraint:
    """Return a constraint by which a row is erased with the whole that it belongs to."""
    name = op.f(f"fk_{table}_{whole}")
    return sa.ForeignKeyConstraint([column], [f"{whole}.id"], name=name, ondelete="CASCADE")
