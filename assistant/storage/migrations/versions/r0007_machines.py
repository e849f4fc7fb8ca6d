"""Index versions that machines share, and what was erased, so that no backup brings it back."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

_ERASED = {
    "checks": ("id",),
    "respondents": ("id",),
    "portfolios": ("id",),
    "shared_checks": ("portfolio_id", "check_id"),
    "conversations": ("id",),
    "feedback": ("conversation_id", "exchange_id"),
    "sent_feedback": ("owner", "answer_id"),
    "batches": ("id",),
    "documents": ("id",),
}
"""The tables of what people may erase, and the columns of its key."""

_FUNCTION = """
CREATE OR REPLACE FUNCTION note_erasure() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE erased text := to_jsonb(OLD) ->> TG_ARGV[1];
BEGIN
    IF TG_NARGS > 2 THEN
        erased := erased || '/' || (to_jsonb(OLD) ->> TG_ARGV[2]);
    END IF;
    INSERT INTO erasures (id, kind, key_hash, noted)
    VALUES (replace(CAST(gen_random_uuid() AS text), '-', ''), TG_ARGV[0],
            encode(sha256(convert_to(TG_ARGV[0] || '/' || erased, 'UTF8')), 'hex'),
            CAST(now() AT TIME ZONE 'utc' AS date));
    RETURN NULL;
END $$
"""
_IS_REVOKED = "OLD.revoked IS NULL AND NEW.revoked IS NOT NULL"
_IS_UNSHARED = "OLD.is_shared AND NOT NEW.is_shared"


def upgrade() -> None:
    """Make the tables, and let the database itself note what is erased, in the same transaction."""
    _make_index_tables()
    op.create_table(
        "erasures",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("key_hash", sa.String(64), nullable=False),
        sa.Column("noted", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasures")),
        sqlite_with_rowid=False,
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(_FUNCTION)
    for table, key in _ERASED.items():
        _note("DELETE", table, table, key)
    _note("UPDATE OF revoked", "api_keys", "revoked_keys", ("id",), _IS_REVOKED)
    _note("UPDATE OF is_shared", "documents", "unshared_documents", ("id",), _IS_UNSHARED)


def _note(event: str, table: str, kind: str, key: tuple[str, ...], when: str = "") -> None:
    """Note what happens to the rows of a table as an erasure of this kind."""
    begun = f"CREATE TRIGGER note_{kind} AFTER {event} ON {table} FOR EACH ROW"
    condition = f" WHEN ({when})" if when else ""
    if op.get_bind().dialect.name == "postgresql":
        named = ", ".join(f"'{name}'" for name in (kind, *key))
        op.execute(f"{begun}{condition} EXECUTE FUNCTION note_erasure({named})")
        return
    erased = " || '/' || ".join(f"OLD.{column}" for column in key)
    hashed = f"sha256_hex('{kind}/' || {erased})"  # A function of ours: ``connecting`` gives it.
    values = f"lower(hex(randomblob(16))), '{kind}', {hashed}, date('now')"
    noted = f"INSERT INTO erasures (id, kind, key_hash, noted) VALUES ({values})"  # noqa: S608 - our own names
    op.execute(f"{begun}{condition} BEGIN {noted}; END")


def _make_index_tables() -> None:
    op.create_table(
        "index_versions",
        sa.Column("number", sa.Integer(), nullable=False, autoincrement=True),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
        sa.Column("announced", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_index_versions")),
        sa.UniqueConstraint("name", name=op.f("uq_index_versions_name")),
    )
    op.create_index(op.f("ix_index_versions_kind_number"), "index_versions", ["kind", "number"])
    op.create_table(
        "index_parts",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["number"],
            ["index_versions.number"],
            name=op.f("fk_index_parts_index_versions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("number", "position", name=op.f("pk_index_parts")),
    )
