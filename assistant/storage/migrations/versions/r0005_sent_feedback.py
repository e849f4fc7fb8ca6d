"""What clients of the API think of answers, with the answers that they sent along."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make the table of feedback that came over the API."""
    op.create_table(
        "sent_feedback",
        sa.Column("owner", sa.String(32), nullable=False),
        sa.Column("answer_id", sa.String(80), nullable=False),
        sa.Column("given", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verdict", sa.String(16), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("owner", "answer_id", name=op.f("pk_sent_feedback")),
    )
    op.create_index(op.f("ix_sent_feedback_given"), "sent_feedback", ["given"])
