"""A health check for who owns it: made, closed with its report, followed by rounds, and erased."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Protocol

from sqlalchemy import case, delete, func, select
from sqlalchemy.orm import Session, selectinload

from assistant.domain import Check, CheckKind, ChosenAction, Created, Participation, Submission
from assistant.errors import CheckClosed, InvalidAction, InvalidCheck, UnknownKey
from assistant.storage.keys import hash_of, new_key
from assistant.storage.models import NAME_LENGTH, ActionRow, CheckRow, OrganisationRow, RespondentRow
from assistant.storage.naming import organisation_ids
from assistant.storage.rows import actions_of, check_of, organisation_of, owned_row, submissions_to
from assistant.storage.sessions import Sessions


class WriteReport(Protocol):
    """Makes the report, as JSON, of a check that is being closed and of all that was answered to it."""

    def __call__(self, check: Check, submissions: tuple[Submission, ...], /) -> str:
        """Return the report."""


class Checks:
    """The checks. An owner key that opens none raises ``UnknownKey``."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    def create(
        self,
        alliance: str,
        organisations: Sequence[str],
        kind: CheckKind,
        version: str,
        previous_owner_key: str | None = None,
    ) -> Created:
        """Make a check; with the key of an earlier one, the next round of its series.

        A next round gets the open actions of the latest one. An organisation keeps its id over the rounds.
        """
        _require_room(alliance, organisations)
        owner_key = new_key()
        with self._sessions.writing() as session:
            rounds = _rounds_of(session, previous_owner_key) if previous_owner_key is not None else []
            row = CheckRow(
                id=new_key(),
                owner_hash=hash_of(owner_key),
                series_id=rounds[-1].series_id if rounds else new_key(),
                round=rounds[-1].round + 1 if rounds else 1,
                alliance=alliance,
                kind=kind.value,
                version=version,
                created=self._sessions.now(),
                last_active=self._sessions.today,
            )
            session.add(row)
            session.flush()
            session.add_all(_invite(row.id, organisations, rounds))
            if rounds:
                still_open = [one for one in actions_of(rounds[-1]) if not one.is_done]
                session.add_all(_action_rows(row.id, still_open))
            session.flush()
            return Created(check_of(row), owner_key, _invitations_of(row))

    def owned(self, owner_key: str) -> Check:
        """Return the check of an owner."""
        with self._sessions.reading() as session:
            return check_of(owned_row(session, owner_key))

    def invitations(self, owner_key: str) -> Mapping[str, str]:
        """Return by organisation id the token to invite its people with."""
        with self._sessions.reading() as session:
            return _invitations_of(owned_row(session, owner_key))

    def participation(self, owner_key: str) -> tuple[Participation, ...]:
        """Return by organisation how many people began and how many finished."""
        with self._sessions.reading() as session:
            row = owned_row(session, owner_key)
            finished = func.sum(case((RespondentRow.is_finished, 1), else_=0))
            counted = (
                select(RespondentRow.organisation_id, func.count(), finished)
                .where(RespondentRow.check_id == row.id)
                .group_by(RespondentRow.organisation_id)
            )
            counts = {id_: (begun, done) for id_, begun, done in session.execute(counted)}
            return tuple(
                Participation(organisation_of(one), *counts.get(one.id, (0, 0))) for one in row.organisations
            )

    def submissions(self, owner_key: str) -> tuple[Submission, ...]:
        """Return what people answered, in an order that says nothing of who or when."""
        with self._sessions.reading() as session:
            return submissions_to(session, owned_row(session, owner_key).id)

    def close(self, owner_key: str, report: str | WriteReport) -> Check:
        """Close a check for good and keep its report (JSON); who comes second gets ``CheckClosed``.

        A function gets the closed check and every answer that was kept: while it works, nobody answers.
        """
        with self._sessions.writing() as session:
            row = owned_row(session, owner_key, locked=True)
            if row.closed:
                raise CheckClosed(alliance=row.alliance)
            row.closed = self._sessions.now()
            row.last_active = self._sessions.today
            if not isinstance(report, str):
                report = report(check_of(row), submissions_to(session, row.id))
            row.report = report
            return check_of(row)

    def report(self, owner_key: str) -> str | None:
        """Return the report as it was kept; ``None`` while the check is open."""
        with self._sessions.reading() as session:
            return owned_row(session, owner_key).report

    def choose(self, owner_key: str, actions: Sequence[ChosenAction]) -> None:
        """Keep these actions as the chosen ones, in the place of earlier ones."""
        _require_room_for_actions(actions)
        with self._sessions.writing() as session:
            row = owned_row(session, owner_key, locked=True)
            session.execute(delete(ActionRow).where(ActionRow.check_id == row.id))
            session.add_all(_action_rows(row.id, actions))
            row.last_active = self._sessions.today

    def chosen(self, owner_key: str) -> tuple[ChosenAction, ...]:
        """Return the actions that were chosen, or carried over from the round before."""
        with self._sessions.reading() as session:
            return actions_of(owned_row(session, owner_key))

    def series(self, owner_key: str) -> tuple[tuple[Check, str | None], ...]:
        """Return all rounds of the series with their reports, the oldest first."""
        with self._sessions.reading() as session:
            series_id = owned_row(session, owner_key).series_id
            wanted = select(CheckRow).where(CheckRow.series_id == series_id).order_by(CheckRow.round)
            return tuple((check_of(row), row.report) for row in session.scalars(wanted))

    def erase(self, owner_key: str) -> None:
        """Erase a check with its answers, invitations, report and actions, but not its other rounds."""
        with self._sessions.erasing() as session:
            row = owned_row(session, owner_key, locked=True)
            session.execute(delete(CheckRow).where(CheckRow.id == row.id))

    def purge(self, before: datetime) -> int:
        """Erase the checks in which nothing was done since a date (in UTC); return how many."""
        with self._sessions.erasing() as session:
            quiet = CheckRow.last_active < before.astimezone(UTC).date()
            return len(session.scalars(delete(CheckRow).where(quiet).returning(CheckRow.id)).all())


def _rounds_of(session: Session, owner_key: str) -> list[CheckRow]:
    """Return all rounds of a check's series, the oldest first, locked so that no other adds one."""
    series_id = owned_row(session, owner_key).series_id
    wanted = select(CheckRow).where(CheckRow.series_id == series_id).order_by(CheckRow.round)
    session.scalars(wanted.with_for_update(of=CheckRow)).all()
    # Who waited for the lock looks again: a round may have been added meanwhile.
    fresh = wanted.options(selectinload(CheckRow.actions)).execution_options(populate_existing=True)
    rounds = list(session.scalars(fresh))
    if not rounds:
        raise UnknownKey(kind="check")
    return rounds


def _invite(check_id: str, names: Sequence[str], rounds: Sequence[CheckRow]) -> list[OrganisationRow]:
    known = {one.name: one.id for row in rounds for one in row.organisations}
    ids = organisation_ids(names, known)
    return [
        OrganisationRow(check_id=check_id, id=id_, position=position, name=name, token=new_key())
        for position, (name, id_) in enumerate(zip(names, ids, strict=True))
    ]


def _invitations_of(row: CheckRow) -> dict[str, str]:
    return {one.id: one.token for one in row.organisations}


def _action_rows(check_id: str, actions: Sequence[ChosenAction]) -> list[ActionRow]:
    return [
        ActionRow(
            check_id=check_id,
            id=one.id,
            position=position,
            title=one.title,
            owner=one.owner,
            due=one.due,
            is_done=one.is_done,
        )
        for position, one in enumerate(actions)
    ]


def _require_room(alliance: str, organisations: Sequence[str]) -> None:
    limit = str(NAME_LENGTH)
    if len(alliance) > NAME_LENGTH:
        raise InvalidCheck(field="alliance", fault="length", limit=limit)
    if any(len(name) > NAME_LENGTH for name in organisations):
        raise InvalidCheck(field="organisations", fault="length", limit=limit)
    if len(set(organisations)) < len(organisations):
        raise InvalidCheck(field="organisations", fault="double", limit=limit)


def _require_room_for_actions(actions: Sequence[ChosenAction]) -> None:
    for one in actions:
        if len(one.title) > NAME_LENGTH or len(one.id) > NAME_LENGTH:
            raise InvalidAction(fault="title")
        if len(one.owner) > NAME_LENGTH:
            raise InvalidAction(fault="owner")
    if len({one.id for one in actions}) < len(actions):
        raise InvalidAction(fault="double")
