"""What one person answers to a check, found by the code that only that person has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from assistant.domain import Check, Organisation, Respondent, Response, Submission
from assistant.errors import CheckClosed, InvalidResponse, UnknownKey
from assistant.storage.keys import hash_of, looks_like_key, new_code, new_key, read_code
from assistant.storage.models import (
    ID_LENGTH,
    KEPT_SCORES,
    REMARK_LENGTH,
    CheckRow,
    OrganisationRow,
    RespondentRow,
    ResponseRow,
)
from assistant.storage.rows import check_of, organisation_of, respondent_of, submissions_to
from assistant.storage.sessions import Sessions


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """Where somebody's answers were, now that they are erased."""

    check_id: str
    organisation_id: str


class ShortenReport(Protocol):
    """Makes a report show less, given the answers that are left."""

    def __call__(self, report: str, left: tuple[Submission, ...], /) -> str:
        """Return the shorter report, as JSON."""


class Respondents:
    """The people who answer. A code or token that opens nothing raises ``UnknownKey``."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    def invited(self, token: str) -> tuple[Check, Organisation]:
        """Return what somebody is invited to, and for which organisation; a closed check too."""
        with self._sessions.reading() as session:
            row = _invitation(session, token)
            return check_of(session.get_one(CheckRow, row.check_id)), organisation_of(row)

    def begin(self, token: str) -> Respondent:
        """Give a new respondent a code; ``CheckClosed`` if it is too late."""
        code = new_code()
        with self._sessions.writing() as session:
            invitation = _invitation(session, token)
            check = self._answered(session, invitation.check_id, "invitation")
            row = RespondentRow(
                id=new_key(),
                check_id=check.id,
                organisation_id=invitation.id,
                code_hash=hash_of(code),
                is_finished=False,
            )
            session.add(row)
            session.flush()
            return respondent_of(row, code, check)

    def respondent(self, code: str) -> Respondent:
        """Return somebody's answers so far, also when the check is closed."""
        with self._sessions.reading() as session:
            row, read = _respondent(session, code)
            return respondent_of(row, read, session.get_one(CheckRow, row.check_id))

    def save(self, code: str, *responses: Response) -> Respondent:
        """Keep what somebody answers to one item or several, in the place of earlier answers to them.

        All of it is on the disk when this returns, or else none. Raises ``CheckClosed`` if it is too late.
        """
        for response in responses:
            _require_room(response)
        with self._sessions.writing() as session:
            row, read, check = self._answering(session, code)
            for response in responses:
                session.merge(
                    ResponseRow(
                        respondent_id=row.id,
                        item_id=response.item_id,
                        score=response.score,
                        remark=response.remark,
                    )
                )
            session.flush()
            return respondent_of(row, read, check)

    def finish(self, code: str) -> Respondent:
        """Keep that somebody is ready; answers can still be changed until the check closes."""
        with self._sessions.writing() as session:
            row, read, check = self._answering(session, code)
            row.is_finished = True
            return respondent_of(row, read, check)

    def withdraw(self, code: str, shorten: ShortenReport | None = None) -> Withdrawn:
        """Erase somebody and all that they answered, also when the check is closed.

        ``shorten`` changes the report of a closed check at the same moment: both happen, or neither.
        """
        with self._sessions.erasing() as session:
            found, read = _respondent(session, code)
            check = session.scalar(
                select(CheckRow).where(CheckRow.id == found.check_id).with_for_update(of=CheckRow)
            )
            gone = delete(RespondentRow).where(RespondentRow.code_hash == hash_of(read))
            if check is None or not session.scalars(gone.returning(RespondentRow.id)).all():
                raise UnknownKey(kind="respondent")
            if shorten and check.report is not None:
                check.report = shorten(check.report, submissions_to(session, check.id))
            return Withdrawn(check.id, found.organisation_id)

    def _answering(self, session: Session, code: str) -> tuple[RespondentRow, str, CheckRow]:
        """Return who answers, the code, and the check, which stays open until the transaction ends."""
        found, read = _respondent(session, code)
        check = self._answered(session, found.check_id, "respondent")
        # Two pages of one person may answer at once; and a withdrawal may have come first.
        same = select(RespondentRow).where(RespondentRow.code_hash == hash_of(read))
        row = session.scalar(same.with_for_update(), execution_options={"populate_existing": True})
        if row is None:
            raise UnknownKey(kind="respondent")
        return row, read, check

    def _answered(self, session: Session, check_id: str, kind: str) -> CheckRow:
        """Return an open check and note its activity; others can answer it meanwhile, but not close it."""
        # Locks go from the check to the respondent, and the stronger one comes first: no deadlocks.
        today = self._sessions.today
        quiet = update(CheckRow).where(CheckRow.id == check_id, CheckRow.last_active < today)
        session.execute(quiet.values(last_active=today), execution_options={"synchronize_session": False})
        check = session.scalar(select(CheckRow).where(CheckRow.id == check_id).with_for_update(read=True))
        if check is None:
            raise UnknownKey(kind=kind)
        if check.closed:
            raise CheckClosed(alliance=check.alliance)
        return check


def _invitation(session: Session, token: str) -> OrganisationRow:
    wanted = select(OrganisationRow).where(OrganisationRow.token == token)
    row = session.scalar(wanted) if looks_like_key(token) else None
    if row is None:
        raise UnknownKey(kind="invitation")
    return row


def _respondent(session: Session, code: str) -> tuple[RespondentRow, str]:
    """Return who has a code, and the code as it was given out."""
    read = read_code(code)
    wanted = select(RespondentRow).where(RespondentRow.code_hash == hash_of(read or ""))
    row = session.scalar(wanted) if read else None
    if row is None or read is None:
        raise UnknownKey(kind="respondent")
    return row, read


def _require_room(response: Response) -> None:
    if len(response.item_id) > ID_LENGTH:
        raise InvalidResponse(item=response.item_id[:ID_LENGTH], fault="unknown")
    if response.score is not None and response.score not in KEPT_SCORES:
        raise InvalidResponse(item=response.item_id, fault="range")
    if len(response.remark) > REMARK_LENGTH:
        raise InvalidResponse(item=response.item_id, fault="length")
