"""The view of a coach over the alliances that shared their checks with them."""

from __future__ import annotations

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session, selectinload

from assistant.domain import Check, ChosenAction, Portfolio
from assistant.errors import UnknownKey
from assistant.storage.keys import hash_of, looks_like_key, new_key
from assistant.storage.models import CheckRow, PortfolioRow, SharedCheckRow
from assistant.storage.rows import actions_of, check_of, owned_row
from assistant.storage.sessions import Sessions


class Portfolios:
    """The portfolios. A key or share code that opens none raises ``UnknownKey``."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    def open_portfolio(self) -> Portfolio:
        """Make an empty portfolio."""
        portfolio = Portfolio(new_key(), new_key())
        with self._sessions.writing() as session:
            row = PortfolioRow(id=new_key(), key_hash=hash_of(portfolio.key), share_code=portfolio.share_code)
            session.add(row)
        return portfolio

    def portfolio(self, key: str) -> Portfolio:
        """Return a portfolio with its share code, for who has its key."""
        with self._sessions.reading() as session:
            row = _found(session, PortfolioRow.key_hash == hash_of(key))
            return Portfolio(key, row.share_code)

    def share(self, owner_key: str, share_code: str) -> None:
        """Put a check in a portfolio; once more changes nothing."""
        with self._sessions.writing() as session:
            check = owned_row(session, owner_key, locked=True)
            portfolio = _by_share_code(session, share_code)
            session.merge(SharedCheckRow(portfolio_id=portfolio.id, check_id=check.id))

    def unshare(self, owner_key: str, share_code: str) -> None:
        """Take a check out of a portfolio, if it is in it."""
        with self._sessions.writing() as session:
            check = owned_row(session, owner_key, locked=True)
            portfolio = _by_share_code(session, share_code)
            is_it = (SharedCheckRow.portfolio_id == portfolio.id) & (SharedCheckRow.check_id == check.id)
            session.execute(delete(SharedCheckRow).where(is_it))

    def shared(self, key: str) -> tuple[tuple[Check, str | None, tuple[ChosenAction, ...]], ...]:
        """Return each shared check with its report (JSON) and its chosen actions, the newest first."""
        with self._sessions.reading() as session:
            portfolio = _found(session, PortfolioRow.key_hash == hash_of(key))
            wanted = (
                select(CheckRow)
                .join(SharedCheckRow, SharedCheckRow.check_id == CheckRow.id)
                .where(SharedCheckRow.portfolio_id == portfolio.id)
                .order_by(CheckRow.created.desc(), CheckRow.id)
                .options(selectinload(CheckRow.actions))
            )
            return tuple((check_of(row), row.report, actions_of(row)) for row in session.scalars(wanted))


def _by_share_code(session: Session, share_code: str) -> PortfolioRow:
    if not looks_like_key(share_code):
        raise UnknownKey(kind="portfolio")
    return _found(session, PortfolioRow.share_code == share_code)


def _found(session: Session, is_it: ColumnElement[bool]) -> PortfolioRow:
    row = session.scalar(select(PortfolioRow).where(is_it))
    if row is None:
        raise UnknownKey(kind="portfolio")
    return row
