"""Keeps the index that the settings ask for: builds it, or takes over what another machine built."""

from __future__ import annotations

import logging
import time
from contextlib import AbstractContextManager
from pathlib import Path

from assistant.bootstrap.machines import Machines, joined, shares_index
from assistant.errors import AssistantError, IndexBusy, StorageUnavailable
from assistant.indexing.building import (
    Inputs,
    OnProgress,
    build,
    holds_vectors,
    is_made_from,
    write_shipped_vectors,
)
from assistant.indexing.opening import can_be_opened
from assistant.indexing.probing import Meanwhile, nothing
from assistant.indexing.versions import IndexFolder
from assistant.retrieval.embedding import Embedder
from assistant.settings import Settings

_log = logging.getLogger(__name__)

_GLANCE = 0.1
"""Seconds between two looks at whether that is done."""

_WAIT_FOR_BUILDER = 120.0
"""Seconds that a start without an index waits for another process that is building one."""


class Indexer:
    """Keeps the index that the settings ask for, with one embedding engine."""

    def __init__(self, settings: Settings, embedder: Embedder) -> None:
        self._settings = settings
        self._folder = IndexFolder(settings.index_folder)
        self._embedder = embedder
        self._cards = Inputs(settings.corpus, None)
        self._inputs = Inputs(settings.corpus, settings.originals_folder)

    def build(self, on_progress: OnProgress, patience: float = 0, meanwhile: Meanwhile = nothing) -> str:
        """Build the index from cards and originals, unless it is there; return its version.

        ``meanwhile`` is called while another process probes what was built.

        Raises ``IndexBusy`` when another process, here or on a machine that shares the index, builds for
        longer than ``patience`` seconds.
        """
        with self._joined() as machines, machines.building(patience):
            if self._takes(machines):
                return self._folder.require_current()
            version = build(
                self._inputs, self._folder, self._embedder, on_progress, patience, machines.vectors, meanwhile
            )
            machines.publish(version)
            return version

    def prepare(self, on_progress: OnProgress, meanwhile: Meanwhile = nothing) -> None:
        """Make sure that something can be asked, quickly: from the cards, whose vectors are shipped.

        An index that is out of date is brought up to date here only if there are no originals;
        those take a while to read, and are for ``build``. When a build fails, what there is can be asked.
        """
        has_originals = self._inputs.originals is not None
        self._fetch()
        if self._can_be_asked() and (has_originals or self.is_current()):
            return
        waits_until = time.monotonic() + _WAIT_FOR_BUILDER
        while True:
            try:
                if has_originals:
                    build(self._cards, self._folder, self._embedder, on_progress, meanwhile=meanwhile)
                else:
                    self.build(on_progress, meanwhile=meanwhile)
                return
            except AssistantError as fault:
                if self._can_be_asked():
                    _log.warning("the index isn't brought up to date: %s", fault)
                    return
                if not isinstance(fault, IndexBusy) or time.monotonic() > waits_until:
                    raise
            time.sleep(_GLANCE)

    def is_current(self) -> bool:
        """Return whether the published index is made from the files and settings of this moment."""
        version = self._folder.current()
        if version is None:
            return False
        fingerprint = self._inputs.fingerprint(self._embedder.engine, self._embedder.model)
        is_made = is_made_from(self._folder, version, fingerprint)
        try:
            with self._joined() as machines:
                is_made = is_made or self._takes(machines)
                return is_made and holds_vectors(self._folder, version, machines.vectors)
        except StorageUnavailable:  # What other machines share can't be known now.
            return is_made

    def write_shipped_vectors(self, on_progress: OnProgress) -> Path:
        """Embed the cards and write the vectors that are shipped with them; return the file."""
        return write_shipped_vectors(self._cards, self._embedder, on_progress)

    def _joined(self) -> AbstractContextManager[Machines]:
        return joined(self._settings, self._folder, self._embedder)

    def _takes(self, machines: Machines) -> bool:
        """Whether what other machines made does for this one: it has no originals, and they may have."""
        return self._inputs.originals is None and machines.has_shared()

    def _fetch(self) -> None:
        """Take over what other machines share, if they do; what is here goes on where that can't be had."""
        if not shares_index(self._settings):
            return
        try:
            with self._joined() as machines:
                if machines.sharing is not None:
                    machines.sharing.fetch(_WAIT_FOR_BUILDER)
        except (AssistantError, OSError) as fault:
            _log.warning("the shared index can't be fetched: %s", fault)

    def _can_be_asked(self) -> bool:
        """Whether some version was made with this engine and model, and can be opened at least in part."""
        return any(
            can_be_opened(self._folder, version, self._embedder) for version in self._folder.candidates()
        )
