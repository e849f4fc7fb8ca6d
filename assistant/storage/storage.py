"""The database as a whole: opened at the start, closed at the end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from assistant.storage.api_keys import ApiKeys
from assistant.storage.batches import Batches
from assistant.storage.checks import Checks
from assistant.storage.connecting import connect, read_url
from assistant.storage.conversations import Conversations
from assistant.storage.document_work import DocumentWork
from assistant.storage.documents import Documents
from assistant.storage.erasures import Erasures
from assistant.storage.feedback import FeedbackShelf
from assistant.storage.index_shelf import IndexShelf
from assistant.storage.migrating import migrate
from assistant.storage.portfolios import Portfolios
from assistant.storage.respondents import Respondents
from assistant.storage.sessions import Sessions


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Storage:
    """Gives the shelves of the database; any number of threads and processes may share it."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions
        self.checks = Checks(sessions)
        self.respondents = Respondents(sessions)
        self.portfolios = Portfolios(sessions)
        self.conversations = Conversations(sessions)
        self.feedback = FeedbackShelf(sessions)
        self.api_keys = ApiKeys(sessions)
        self.batches = Batches(sessions)
        self.documents = Documents(sessions)
        self.document_work = DocumentWork(sessions)
        self.index_shelf = IndexShelf(sessions)
        self.erasures = Erasures(sessions)

    @classmethod
    def open(cls, url: str, now: Callable[[], datetime] = _utc_now) -> Storage:
        """Open ``sqlite:///file`` or ``postgresql://…``, and bring its tables up to this release.

        ``now`` tells the time in UTC. Raises ``StorageUnavailable`` if there is no database to be had,
        or it is of a newer release.
        """
        engine = connect(read_url(url))
        try:
            migrate(engine)
        except BaseException:
            engine.dispose()
            raise
        return cls(Sessions(engine, now))

    def check(self) -> None:
        """Ask the database for a sign of life; raise ``StorageUnavailable`` if it gives none."""
        self._sessions.check()

    def close(self) -> None:
        """Close all connections."""
        self._sessions.close()
