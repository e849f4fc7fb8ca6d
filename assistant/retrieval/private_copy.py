"""Copies of published files that one process has to itself, in the temporary folder.

A copy is held by a lock that ends with its process, however that ends: what a killed process left
behind is therefore known as such, and the next copy that is made removes it. Every byte is checked
on its way into the copy, so that what is opened is what was published, whatever becomes of the
published files meanwhile.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from filelock import FileLock, Timeout

from assistant.errors import IndexDamaged

PREFIX = "alliantie-copy-"
_LOCK = ".in-use"
_PIECE = 1 << 20
_NEVER_LOCKED = 3600
"""Seconds after which a folder without a lock was left by a process that died as it made it."""


class PrivateCopy:
    """A folder that other processes leave alone until it is closed or its process ends."""

    def __init__(self, folder: Path, digests: Mapping[str, str] | None = None) -> None:
        """Copy a folder, or of it the files with these SHA-256 by their relative names.

        Raises ``IndexDamaged`` for a file that is missing or another; ``OSError`` where there is no room.
        """
        remove_abandoned()
        self._lock, self.path = _claim()
        names = digests or dict.fromkeys(_names(folder), "")
        try:
            for name, digest in names.items():
                self._take(folder / name, self.path / name, digest)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Remove the folder."""
        shutil.rmtree(self.path, ignore_errors=True)
        self._lock.release()

    @staticmethod
    def _take(file: Path, target: Path, digest: str) -> None:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        taken = hashlib.sha256()
        with target.open("wb") as copy:
            for piece in _pieces(file):
                taken.update(piece)
                copy.write(piece)
        if digest and taken.hexdigest() != digest:
            raise IndexDamaged(file=str(file))


def copies_folder() -> Path:
    """Return the folder that copies are made in."""
    return Path(tempfile.gettempdir())


def remove_abandoned() -> None:
    """Remove the copies of processes that are no more."""
    for folder in copies_folder().glob(f"{PREFIX}*"):
        try:
            _remove_if_abandoned(folder)
        except (OSError, Timeout):  # It is in use, another user's, or just being removed by another process.
            continue


def _remove_if_abandoned(folder: Path) -> None:
    if not (folder / _LOCK).exists():
        if time.time() - folder.stat().st_mtime > _NEVER_LOCKED:
            shutil.rmtree(folder)
        return
    with FileLock(folder / _LOCK, timeout=0):
        shutil.rmtree(folder)


def _claim() -> tuple[FileLock, Path]:
    """Make a folder and lock it; once more if it was taken for an abandoned one in between."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=PREFIX))
        lock = FileLock(folder / _LOCK, timeout=0)
        try:
            lock.acquire()
        except (Timeout, FileNotFoundError):
            continue
        if (folder / _LOCK).exists():
            return lock, folder
        lock.release()


def _pieces(file: Path) -> Iterator[bytes]:
    """Yield what is in a published file; one that can't be read counts as damaged."""
    try:
        with file.open("rb") as opened:
            while piece := opened.read(_PIECE):
                yield piece
    except OSError as error:
        raise IndexDamaged(file=str(file)) from error


def _names(folder: Path) -> list[str]:
    return [str(path.relative_to(folder)) for path in sorted(folder.rglob("*")) if path.is_file()]
