"""What a machine shares with others: versions of the index by PostgreSQL, vectors by a Chroma server."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.errors import AssistantError
from assistant.indexing.building import Inputs
from assistant.indexing.sharing import IndexSharing
from assistant.indexing.versions import IndexFolder
from assistant.retrieval.embedding import Embedder
from assistant.settings import Settings

if TYPE_CHECKING:
    from assistant.retrieval.vector_server import VectorServer
    from assistant.storage import Storage

_log = logging.getLogger(__name__)

_SECONDS = 2.0
"""How long a machine may lag behind another."""


@dataclass(frozen=True, slots=True)
class Machines:
    """How a version reaches other machines; on a machine of its own, nothing is shared."""

    folder: IndexFolder
    vectors: VectorServer | None = None
    sharing: IndexSharing | None = None
    storage: Storage | None = None

    def building(self, patience: float = 0) -> AbstractContextManager[None]:
        """Hold the lock of the one builder among all machines, and begin from what they share."""
        return self.sharing.building(patience) if self.sharing else nullcontext()

    def publish(self, version: str) -> None:
        """Let a version answer on every machine; call while holding the lock."""
        if self.sharing:
            self.sharing.announce(version)
        if self.vectors:
            shared = self.storage.index_shelf.names() if self.storage else ()
            self.vectors.prune({*self.folder.candidates(), *shared})

    def has_shared(self) -> bool:
        """Return whether the version that answers here is what all machines share."""
        return self.sharing is not None and self.sharing.is_shared()


@contextmanager
def joined(settings: Settings, folder: IndexFolder, embedder: Embedder) -> Iterator[Machines]:
    """Give what this machine shares by its settings, for as long as it takes."""
    with _vectors(settings) as vectors, _storage(settings) as storage:
        sharing = None
        if storage:
            originals = (None, settings.originals_folder)
            made = (
                Inputs(settings.corpus, one).fingerprint(embedder.engine, embedder.model) for one in originals
            )
            sharing = IndexSharing(storage.index_shelf, folder, *made)
        yield Machines(folder, vectors, sharing, storage)


def open_vector_server(settings: Settings) -> VectorServer | None:
    """Return the Chroma server of the settings; ``None`` when they name none."""
    if settings.chroma_url is None:
        return None
    from assistant.retrieval.vector_server import VectorServer  # loads httpx

    return VectorServer(settings.chroma_url)


def shares_index(settings: Settings) -> bool:
    """Return whether versions of the index go through the database."""
    return settings.storage_url.startswith("postgres")


def watch_index(
    settings: Settings, embedder: Embedder, seconds: float = _SECONDS
) -> AbstractContextManager[object]:
    """Follow what other machines publish, as long as this is open; without a shared database, do nothing."""
    return closing(IndexWatch(settings, embedder, seconds)) if shares_index(settings) else nullcontext()


class IndexWatch:
    """Fetches a newer version soon after another machine published it, without a restart."""

    def __init__(self, settings: Settings, embedder: Embedder, seconds: float) -> None:
        self._settings, self._embedder, self._seconds = settings, embedder, seconds
        self._stopping = threading.Event()
        self._fault: str | None = None
        self._thread = threading.Thread(target=self._run, name="index-watch", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop watching; a version that is being fetched is fetched first."""
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        folder = IndexFolder(self._settings.index_folder)
        while not self._stopping.is_set():
            try:
                with joined(self._settings, folder, self._embedder) as machines:
                    self._follow(machines)
            except (AssistantError, OSError) as error:
                self._note(error)
            self._stopping.wait(self._seconds)

    def _follow(self, machines: Machines) -> None:
        while machines.sharing and not self._stopping.is_set():
            if machines.sharing.follow():
                _log.info("took over index %s", machines.folder.current())
            self._fault = None
            self._stopping.wait(self._seconds)

    def _note(self, error: Exception) -> None:
        """Tell of a fault once, not every two seconds: it is tried again."""
        if (fault := f"{type(error).__name__}: {error}") != self._fault:
            _log.warning("the shared index can't be fetched: %s", fault)
            self._fault = fault


@contextmanager
def _vectors(settings: Settings) -> Iterator[VectorServer | None]:
    server = open_vector_server(settings)
    try:
        yield server
    finally:
        if server:
            server.close()


@contextmanager
def _storage(settings: Settings) -> Iterator[Storage | None]:
    if not shares_index(settings):
        yield None
        return
    from assistant.storage import Storage  # loads SQLAlchemy

    with closing(Storage.open(settings.storage_url)) as storage:
        yield storage
