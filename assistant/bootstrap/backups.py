"""Backups of the database of the settings, and what must not come back with them."""

from __future__ import annotations

import logging
import threading
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from assistant.coach.reporting import report_from_json, report_to_json, show_less
from assistant.domain import Check, Submission
from assistant.errors import StorageUnavailable
from assistant.settings import Settings
from assistant.storage import Storage
from assistant.storage.backing_up import BackupManifest, write_backup
from assistant.storage.erasures import ErasureFile, Erasures
from assistant.storage.restoring import restore_backup

_log = logging.getLogger(__name__)

ERASED_FILE = "erased.tsv"
"""Where the data folder remembers what was erased."""

_SECONDS = 5.0


def back_up(settings: Settings, path: Path) -> BackupManifest:
    """Write all that the database keeps into a new file; raise ``BackupError`` or ``StorageUnavailable``."""
    return write_backup(settings.storage_url, path, datetime.now(UTC))


def restore(settings: Settings, path: Path, *, overwrite: bool) -> BackupManifest:
    """Put a backup back, without what was erased since; raise ``BackupError`` or ``StorageUnavailable``."""
    remembered = ErasureFile(settings.data / ERASED_FILE)
    url = settings.storage_url
    manifest = restore_backup(url, path, remembered.read(), _shorten, overwrite=overwrite)
    with closing(Storage.open(url)) as storage:
        remembered.keep(storage.erasures.all())
    return manifest


class ErasureKeeper:
    """Copies to the data folder what the database notes of erasures, soon after it does."""

    def __init__(self, settings: Settings, erasures: Erasures, seconds: float = _SECONDS) -> None:
        self._file = ErasureFile(settings.data / ERASED_FILE)
        self._erasures = erasures
        self._seconds = seconds
        self._copied = -1
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="erasures", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Copy the last, and stop."""
        self._stopping.set()
        self._thread.join()
        self._copy()

    def _run(self) -> None:
        self._purge()
        while True:
            self._copy()
            if self._stopping.wait(self._seconds):
                return

    def _purge(self) -> None:
        try:
            self._erasures.purge()
        except StorageUnavailable as error:  # The next start does it.
            _log.warning("old erasures are still remembered: %s", error)

    def _copy(self) -> None:
        try:
            count = self._erasures.count()
            if count != self._copied:
                self._file.keep(self._erasures.all())
                self._copied = count
        except (StorageUnavailable, OSError) as error:  # It is tried again.
            _log.warning("what was erased isn't copied to the data folder: %s", error)


def _shorten(report: str, check: Check, left: tuple[Submission, ...]) -> str:
    return report_to_json(show_less(report_from_json(report), check, left))
