"""Documents that people add themselves: their files, texts, and what is searched of them."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Make the tables of documents."""
    _make_documents()
    _make_part("document_files", sa.Column("content", sa.LargeBinary(), nullable=False))
    _make_part("document_texts", sa.Column("content", sa.Text(), nullable=False))
    _make_part(
        "document_segments",
        *_of_a_model(),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        key=("engine", "model"),
    )
    _make_part(
        "document_vectors",
        *_of_a_model(),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        key=("engine", "model", "start"),
    )


def _make_documents() -> None:
    op.create_table(
        "documents",
        sa.Column("id", sa.String(80), nullable=False),
        sa.Column("owner", sa.String(80), nullable=False),
        sa.Column("series", sa.String(32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("replaces", sa.String(80)),
        sa.Column("is_superseded", sa.Boolean(), nullable=False),
        sa.Column("is_shared", sa.Boolean(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("format", sa.String(16), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("added", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_active", sa.Date(), nullable=False),
        sa.Column("pages", sa.Integer()),
        sa.Column("passages", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(80)),
        sa.Column("recognised", sa.JSON(), nullable=False),
        sa.Column("unread", sa.JSON(), nullable=False),
        sa.Column("notices", sa.JSON(), nullable=False),
        sa.Column("fault", sa.String(80)),
        sa.Column("turn", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease", sa.String(32)),
        sa.Column("leased_until", sa.DateTime(timezone=True)),
        sa.Column("losses", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents")),
    )
    for columns in (
        ["owner", "is_superseded"],
        ["owner", "content_hash"],
        ["series"],
        ["is_shared"],
        ["state"],
        ["last_active"],
    ):
        op.create_index(op.f(f"ix_documents_{'_'.join(columns)}"), "documents", columns)


def _of_a_model() -> list[sa.Column[str]]:
    """Return the columns that say which embedding model made something."""
    return [
        sa.Column("engine", sa.String(80), nullable=False),
        sa.Column("model", sa.String(500), nullable=False),
    ]


def _make_part(name: str, *columns: sa.Column[Any], key: tuple[str, ...] = ()) -> None:
    """Make a table of what belongs to a document, and goes with it."""
    op.create_table(
        name,
        sa.Column("document_id", sa.String(80), nullable=False),
        *columns,
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["documents.id"],
            name=op.f(f"fk_{name}_documents"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("document_id", *key, name=op.f(f"pk_{name}")),
    )
