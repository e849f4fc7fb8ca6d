"""Documents that people add: what they can do with one, and the thread that reads and embeds them."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import PurePath
from time import sleep

from assistant.bootstrap.assistant import Assistant
from assistant.bootstrap.document_reading import DocumentReader, OnProgress
from assistant.bootstrap.loading import load_engine
from assistant.bootstrap.working import LEASE, NAP, Turns
from assistant.documents import recognise_format, safe_name
from assistant.domain import LOCAL, MOST_DOCUMENT_BYTES, OwnDocument, ReadText
from assistant.errors import UnreadableDocument
from assistant.retrieval.embedding import Embedder
from assistant.settings import Settings
from assistant.storage import Storage

_log = logging.getLogger(__name__)
_GLANCE = 0.5
"""Seconds between two looks at how far a server is."""


class Documents:
    """Keeps and shows documents; safe to use from several threads and processes.

    What isn't there, or is somebody else's and not shared, raises ``UnknownDocument``.
    """

    def __init__(self, settings: Settings, storage: Storage) -> None:
        self._documents = storage.documents
        self._retention = timedelta(days=settings.retention_days) if settings.retention_days else None
        self._purged_on: date | None = None
        self.purge_daily()

    def add(
        self,
        owner: str,
        name: str,
        content: bytes,
        *,
        is_shared: bool = False,
        replaces: str | None = None,
    ) -> OwnDocument:
        """Keep a file to be read later; ``replaces`` is the id of the version that it comes in the place of.

        Once this returns, it isn't lost. Raises ``UnreadableDocument`` for what is too large or of a kind
        that isn't read, ``DuplicateDocument``, ``TooManyDocuments`` and ``DocumentAtWork``.
        """
        self.purge_daily()
        safe = safe_name(name)
        if len(content) > MOST_DOCUMENT_BYTES:
            raise UnreadableDocument(name=safe, fault="te-groot")
        format_ = recognise_format(name, content)
        return self._documents.add(
            owner, safe, format_, PurePath(safe).stem, content, is_shared=is_shared, replaces=replaces
        )

    def get(self, reader: str | None, id: str) -> OwnDocument:  # noqa: A002 - as surfaces call it
        """Return a document of the reader's own, or a shared one."""
        return self._documents.get(reader, id)

    def list(self, owner: str) -> tuple[OwnDocument, ...]:
        """Return the documents of an owner, the newest first, without those that were replaced."""
        return self._documents.list(owner)

    def history(self, owner: str, id: str) -> tuple[OwnDocument, ...]:  # noqa: A002
        """Return all versions of a document, the newest first."""
        return self._documents.history(owner, id)

    def text(self, reader: str | None, id: str) -> ReadText:  # noqa: A002
        """Return what was read of a document; ``DocumentAtWork`` if that is still to be done."""
        return self._documents.text(reader, id)

    def file(self, reader: str | None, id: str) -> bytes:  # noqa: A002
        """Return the file as it was added."""
        return self._documents.file(reader, id)

    def share(self, owner: str, id: str, is_shared: bool) -> OwnDocument:  # noqa: A002
        """Let everybody find a document, or its owner alone."""
        return self._documents.share(owner, id, is_shared)

    def cancel(self, owner: str, id: str) -> OwnDocument:  # noqa: A002
        """Stop what is done with a document; what is done already stays as it is."""
        return self._documents.cancel(owner, id)

    def remove(self, owner: str, id: str) -> None:  # noqa: A002
        """Erase a document with its history, and what kept conversations quote of it.

        A version that isn't in use (replaced, failed or still being read) goes alone.
        """
        self._documents.erase(owner, id)

    def purge_daily(self) -> int:
        """Erase, once a day, what visitors left alone for the retention period; return how many."""
        today = datetime.now(UTC).date()
        if self._retention is None or self._purged_on == today:
            return 0
        self._purged_on = today
        purged = self._documents.purge(datetime.now(UTC) - self._retention)
        if purged:
            _log.info("erased %d documents after the retention period", purged)
        return purged


class DocumentWorker:
    """A thread that reads and embeds the documents of a database, one at a time, until it is closed.

    Any number of processes may have one: a document is with one of them at a time. When that vanishes,
    another takes over after ``lease``, with the passages that were embedded by then.
    ``give_way`` is called before each few passages, and may wait a little.
    """

    def __init__(  # noqa: PLR0913 - what it works with, and how
        self,
        settings: Settings,
        storage: Storage,
        embedder: Embedder,
        *,
        give_way: Callable[[], None] = lambda: None,
        lease: timedelta = LEASE,
        nap: float = NAP,
    ) -> None:
        self._documents = Documents(settings, storage)
        self._reader = DocumentReader(settings.data, storage, embedder, give_way=give_way, lease=lease)
        self._nap = nap
        self._turns = Turns("documents", self._take_turn)

    def close(self) -> None:
        """Stop soon; who starts again goes on where this ended."""
        self._turns.close()

    def _take_turn(self, stopping: threading.Event) -> float:
        self._documents.purge_daily()
        task = self._reader.take()
        if task is None:
            self._reader.sweep()
            return self._nap
        self._reader.work(task, stopping)
        return 0


class Desk:
    """Documents where no server need run: what is added here is read and embedded here."""

    def __init__(self, settings: Settings, storage: Storage) -> None:
        self.documents = Documents(settings, storage)
        self._settings = settings
        self._storage = storage
        self._reader: DocumentReader | None = None

    def put_to_use(self, id: str, on_progress: OnProgress) -> OwnDocument:  # noqa: A002
        """Read and embed a document, or wait for a server that does; return it once it is done."""
        self._reader = self._reader or DocumentReader(
            self._settings.data, self._storage, load_engine(self._settings)
        )
        never = threading.Event()
        while (document := self._storage.documents.get(LOCAL.owner, id)).is_working:
            task = self._reader.take(id)
            if task is None:
                on_progress(document.state, document.done, document.total)
                sleep(_GLANCE)
            else:
                self._reader.work(task, never, on_progress)
        return document


@contextmanager
def open_desk(settings: Settings) -> Iterator[Desk]:
    """Give the documents in the database of the settings; close it afterwards."""
    with closing(Storage.open(settings.storage_url)) as storage:
        yield Desk(settings, storage)


@contextmanager
def documents_of(settings: Settings, assistant: Assistant) -> Iterator[None]:
    """Let an assistant find the documents in the database of the settings, if there is one, meanwhile."""
    if settings.database_url is None and not settings.database_file.exists():
        yield
        return
    with closing(Storage.open(settings.storage_url)) as storage:
        assistant.open_documents(storage.documents)
        yield
