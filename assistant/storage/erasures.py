"""What was erased, by hashes of random ids: so that a backup from before doesn't bring it back.

The database notes it itself (revision 0007), in the transaction that erases. A file beside it keeps a copy,
for when the database is lost and an older backup takes its place.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import astuple, dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Date, String, delete, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from assistant.domain import Check, Submission
from assistant.storage.document_models import DocumentRow
from assistant.storage.keys import hash_of
from assistant.storage.models import (
    ApiKeyRow,
    BatchRow,
    CheckRow,
    ConversationRow,
    FeedbackRow,
    Model,
    PortfolioRow,
    RespondentRow,
    SentFeedbackRow,
    SharedCheckRow,
)
from assistant.storage.quotations import erase_quotations
from assistant.storage.rows import check_of, submissions_to
from assistant.storage.sessions import Sessions

KEPT_DAYS = 1100
"""How long an erasure is remembered: no backup may be older than that."""

Shorten = Callable[[str, Check, tuple[Submission, ...]], str]
"""Makes the report of a closed check, as JSON, show less, given the answers that are left."""

_KEYS: dict[str, tuple[Any, ...]] = {
    "checks": (CheckRow.id,),
    "respondents": (RespondentRow.id,),
    "portfolios": (PortfolioRow.id,),
    "shared_checks": (SharedCheckRow.portfolio_id, SharedCheckRow.check_id),
    "conversations": (ConversationRow.id,),
    "feedback": (FeedbackRow.conversation_id, FeedbackRow.exchange_id),
    "sent_feedback": (SentFeedbackRow.owner, SentFeedbackRow.answer_id),
    "batches": (BatchRow.id,),
    "documents": (DocumentRow.id,),
    "unshared_documents": (DocumentRow.id,),
    "revoked_keys": (ApiKeyRow.id,),
}
"""By what the rows of each kind are known."""


class ErasureRow(Model):
    """That something was erased, revoked or taken from others' sight."""

    __tablename__ = "erasures"
    __table_args__ = ({"sqlite_with_rowid": False},)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    key_hash: Mapped[str] = mapped_column(String(64))
    noted: Mapped[date] = mapped_column(Date)


@dataclass(frozen=True, slots=True)
class Erasure:
    """That something was erased: of what kind, and the hash of the key by which it was known."""

    id: str
    kind: str
    key_hash: str
    noted: date


class Erasures:
    """What the database noted of erasures."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    def count(self) -> int:
        """Return how many there are; one small query."""
        with self._sessions.reading() as session:
            return session.scalar(select(func.count()).select_from(ErasureRow)) or 0

    def all(self) -> tuple[Erasure, ...]:
        """Return all of them."""
        with self._sessions.reading() as session:
            return read_erasures(session)

    def purge(self) -> None:
        """Forget what is older than any backup may be."""
        old = ErasureRow.noted < self._sessions.today - timedelta(days=KEPT_DAYS)
        with self._sessions.writing() as session:
            session.execute(delete(ErasureRow).where(old))


class ErasureFile:
    """The copy beside the database: a line for each erasure, only ever added to."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def keep(self, erasures: Iterable[Erasure]) -> None:
        """Add those that aren't there yet; they are on the disk when this returns."""
        known = {one.id for one in self.read()}
        lines = "".join("\t".join(map(str, astuple(one))) + "\n" for one in erasures if one.id not in known)
        if not lines:
            return
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "ab") as file:
            # A line that a crash cut off would swallow the first of these.
            file.write(f"\n{lines}".encode())
            file.flush()
            os.fsync(file.fileno())

    def read(self) -> tuple[Erasure, ...]:
        """Return all that was kept; what a crash left of a line isn't."""
        try:
            text = self._path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return ()
        return tuple(_parsed(text.splitlines()))


def read_erasures(session: Session) -> tuple[Erasure, ...]:
    """Return all that a database noted."""
    rows = session.execute(select(ErasureRow.id, ErasureRow.kind, ErasureRow.key_hash, ErasureRow.noted))
    return tuple(Erasure(*row) for row in rows)


def erase_again(session: Session, erasures: Collection[Erasure], shorten: Shorten) -> None:
    """Erase in a restored database what was erased since, and remember that."""
    hashes: dict[str, set[str]] = {}
    for one in erasures:
        hashes.setdefault(one.kind, set()).add(one.key_hash)
    for kind in sorted(hashes.keys() & _KEYS.keys()):
        for key in _known_by(session, kind, hashes[kind]):
            _erase_one(session, kind, key, shorten)
    session.flush()
    for one in read_erasures(session):  # The database noted anew what was just erased: once is enough.
        if one.key_hash in hashes.get(one.kind, ()):
            session.execute(delete(ErasureRow).where(ErasureRow.id == one.id))
    kept = (ErasureRow(id=one.id, kind=one.kind, key_hash=one.key_hash, noted=one.noted) for one in erasures)
    session.add_all(kept)
    session.flush()


def _known_by(session: Session, kind: str, hashes: Collection[str]) -> list[tuple[str, ...]]:
    """Return the keys of a kind that have these hashes."""
    keys = [tuple(row) for row in session.execute(select(*_KEYS[kind]))]
    return [key for key in keys if hash_of("/".join((kind, *key))).hex() in hashes]


def _erase_one(session: Session, kind: str, key: tuple[str, ...], shorten: Shorten) -> None:
    columns = _KEYS[kind]
    table = columns[0].class_
    is_it = [column == value for column, value in zip(columns, key, strict=True)]
    if kind == "respondents":
        _erase_respondent(session, key[0], shorten)
    elif kind == "unshared_documents":
        session.execute(update(table).where(*is_it).values(is_shared=False))
    elif kind == "revoked_keys":
        revoked = update(table).where(*is_it, ApiKeyRow.revoked.is_(None))
        session.execute(revoked.values(revoked=datetime.now(UTC)))
    else:
        session.execute(delete(table).where(*is_it))
    if kind == "documents":
        erase_quotations(session, list(key))


def _erase_respondent(session: Session, id_: str, shorten: Shorten) -> None:
    check_id = session.scalar(select(RespondentRow.check_id).where(RespondentRow.id == id_))
    session.execute(delete(RespondentRow).where(RespondentRow.id == id_))
    check = session.get(CheckRow, check_id)
    if check is not None and check.report is not None:
        check.report = shorten(check.report, check_of(check), submissions_to(session, check.id))


def _parsed(lines: Iterable[str]) -> Iterator[Erasure]:
    for line in lines:
        parts = line.split("\t")
        if len(parts) == 4 and len(parts[3]) == len("2026-01-01"):
            id_, kind, key_hash, noted = parts
            yield Erasure(id_, kind, key_hash, date.fromisoformat(noted))
