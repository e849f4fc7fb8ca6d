"""Conversations of visitors, their exchanges, and what was thought of the answers."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the tables of conversations."""
    op.create_table(
        "conversations",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("visitor_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("sought_title", sa.Text(), nullable=False),
        sa.Column("changed", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_active", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversations")),
    )
    op.create_index(
        op.f("ix_conversations_visitor_hash_changed"), "conversations", ["visitor_hash", "changed"]
    )
    op.create_index(op.f("ix_conversations_last_active"), "conversations", ["last_active"])
    op.create_table(
        "exchanges",
        sa.Column("conversation_id", sa.String(32), nullable=False),
        sa.Column("id", sa.String(80), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("sought_text", sa.Text(), nullable=False),
        _part_of_a_conversation("exchanges"),
        sa.PrimaryKeyConstraint("conversation_id", "id", name=op.f("pk_exchanges")),
        sa.UniqueConstraint(
            "conversation_id", "position", name=op.f("uq_exchanges_conversation_id_position")
        ),
    )
    op.create_index(op.f("ix_exchanges_id"), "exchanges", ["id"])
    op.create_table(
        "feedback",
        sa.Column("conversation_id", sa.String(32), nullable=False),
        sa.Column("exchange_id", sa.String(80), nullable=False),
        sa.Column("given", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verdict", sa.String(16), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        _part_of_a_conversation("feedback"),
        sa.PrimaryKeyConstraint("conversation_id", "exchange_id", name=op.f("pk_feedback")),
    )
    op.create_index(op.f("ix_feedback_exchange_id"), "feedback", ["exchange_id"])


def _part_of_a_conversation(table: str) -> sa.ForeignKeyConstraint:
    """Return a constraint by which a row is erased with its conversation."""
    name = op.f(f"fk_{table}_conversations")
    return sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name=name, ondelete="CASCADE")
