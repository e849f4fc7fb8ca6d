"""Leases on what waits to be worked on: it is with one process at a time, and taken over when that vanishes.

What comes after a lease was lost to another isn't kept.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.orm import Session

from assistant.domain import Lease
from assistant.storage.document_models import DocumentRow
from assistant.storage.keys import hash_of, new_key
from assistant.storage.models import BatchRow
from assistant.storage.sessions import Sessions

Table = type[BatchRow] | type[DocumentRow]
FREE = {"lease": None, "leased_until": None, "losses": 0}
"""The columns of what nobody works on."""


def is_free(table: Table, now: datetime) -> ColumnElement[bool]:
    """Return whether nobody works on it, or who did gave no sign of life."""
    return or_(table.leased_until.is_(None), table.leased_until <= now)


def is_held(table: Table, lease: Lease) -> ColumnElement[bool]:
    """Return whether it is what a lease is on, and that still holds."""
    return (table.id == lease.job_id) & (table.lease == lease.token)


def lend(row: BatchRow | DocumentRow, now: datetime, duration: timedelta) -> Lease:
    """Take a lease, and count the loss if it was taken from one that vanished."""
    row.losses += row.lease is not None
    row.lease = new_key()
    row.leased_until = now + duration
    return Lease(row.id, row.lease)


def renew(sessions: Sessions, table: Table, lease: Lease, duration: timedelta) -> bool:
    """Move the deadline of a lease; return whether it still holds."""
    with sessions.writing() as session:
        moved = update(table).where(is_held(table, lease)).values(leased_until=sessions.now() + duration)
        return session.scalar(moved.returning(table.id)) is not None


def release(sessions: Sessions, table: Table, lease: Lease) -> None:
    """Give back what a lease is on: it waits again, behind the others."""
    with sessions.writing() as session:
        session.execute(update(table).where(is_held(table, lease)).values(turn=sessions.now(), **FREE))


def queue_up(session: Session, lock: int, owner: str) -> None:
    """Wait for others that add for the same owner; SQLite has one writer at a time anyway."""
    if session.get_bind().dialect.name == "postgresql":
        number = int.from_bytes(hash_of(owner)[:4], "big", signed=True)
        session.execute(select(func.pg_advisory_xact_lock(lock, number)))
