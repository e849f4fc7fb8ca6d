"""Immutable versions of the index beside a pointer file that is swapped as a whole.

    index/
      current                 the name of the version that answers
      building.lock           held by the one builder
      20261121T183510-3f2a…/  a version: never changed once published

A builder that dies leaves a folder without a pointer to it; the next one removes that. The version
before the current one is kept, to answer when the current one is damaged.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from assistant.errors import IndexBusy, IndexDamaged, IndexUnavailable
from assistant.indexing.manifest import (
    FORMAT,
    MANIFEST,
    MadeFrom,
    Manifest,
    check_file,
    list_files,
    read_manifest,
    sha256_of,
    write_manifest,
)

__all__ = ["FORMAT", "MANIFEST", "IndexFolder", "MadeFrom", "Manifest", "made_at", "sha256_of"]

_POINTER = "current"
_UNFINISHED = ".unfinished-"
_STAMP = "%Y%m%dT%H%M%S%f"


class IndexFolder:
    """The folder with all versions; one builder at a time, any number of readers."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def current(self) -> str | None:
        """Return the name of the version that answers, or ``None`` before the first."""
        try:
            name = (self.path / _POINTER).read_text(encoding="utf-8").strip()
            is_name = bool(name) and Path(name).name == name
            return name if is_name and (self.path / name / MANIFEST).is_file() else None
        except (OSError, ValueError):  # It isn't there, or it is damaged.
            return None

    def candidates(self) -> tuple[str, ...]:
        """Return all versions that might answer: the current one first, then the newest before older ones."""
        current = self.current()
        others = sorted((path.parent.name for path in self.path.glob(f"*/{MANIFEST}")), reverse=True)
        return tuple(dict.fromkeys([current, *others] if current else others))

    def version_path(self, version: str) -> Path:
        """Return the folder of a version."""
        return self.path / version

    def manifest(self, version: str) -> Manifest:
        """Return what a version says of itself; its files aren't looked at.

        Raises ``IndexMismatch`` for a version in another format, ``IndexDamaged`` for another manifest.
        """
        return read_manifest(self.path / version, version)

    def verify(self, version: str) -> MadeFrom:
        """Return what a version was made from, after checking each of its files against its SHA-256.

        Raises ``IndexMismatch`` for a version in another format, ``IndexDamaged`` for one that isn't whole.
        """
        manifest = self.manifest(version)
        for name, digest in manifest.files.items():
            check_file(self.path / version / name, digest)
        return manifest.made_from

    def require_current(self) -> str:
        """Return the version that answers; raise ``IndexUnavailable`` before the first."""
        version = self.current()
        if version is None:
            raise IndexUnavailable(folder=str(self.path))
        return version

    @contextmanager
    def building(self, patience: float = 0) -> Iterator[None]:
        """Hold the builder's lock; raise ``IndexBusy`` if another process does for ``patience`` seconds."""
        self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = FileLock(self.path / "building.lock")
        try:
            lock.acquire(timeout=patience)
        except Timeout as error:
            raise IndexBusy(folder=str(self.path)) from error
        try:
            yield
        finally:
            lock.release()

    def begin(self, fingerprint: str) -> Path:
        """Return a fresh folder for a version under way; call while holding the lock."""
        for left_over in self.path.glob(f"{_UNFINISHED}*"):
            shutil.rmtree(left_over)
        folder = self.path / f"{_UNFINISHED}{_stamp()}-{fingerprint[:8]}"
        folder.mkdir(mode=0o700)
        return folder

    def publish(self, unfinished: Path, made: MadeFrom, probed_with: str = "") -> str:
        """Make a finished folder the version that answers, in one atomic step; return its name."""
        version = version_of(unfinished)
        write_manifest(unfinished, Manifest(version, made, list_files(unfinished), probed_with))
        for path in (*unfinished.rglob("*"), unfinished):
            _sync(path)
        unfinished.rename(self.path / version)
        self.point_to(version)
        return version

    def point_to(self, version: str) -> None:
        """Make a version the one that answers; call while holding the lock."""
        temporary = self.path / f"{_POINTER}.new"
        temporary.write_text(f"{version}\n", encoding="utf-8")
        _sync(temporary)
        temporary.replace(self.path / _POINTER)
        _sync(self.path)

    def prune(self, keep: int = 2) -> None:
        """Remove all but the newest versions, and any that is damaged; call while holding the lock."""
        current = self.current()
        versions = sorted((path.name for path in self.path.iterdir() if made_at(path.name)), reverse=True)
        whole = [version for version in versions if not self.is_damaged(version)]
        for version in set(versions) - set(whole[:keep]) - {current}:
            shutil.rmtree(self.path / version)

    def is_damaged(self, version: str) -> bool:
        """Return whether a version isn't what was published; one in another format isn't damaged."""
        try:
            self.verify(version)
        except IndexDamaged:
            return True
        except IndexUnavailable:
            return False
        return False


def version_of(unfinished: Path) -> str:
    """Return what a version under way will be called."""
    return unfinished.name.removeprefix(_UNFINISHED)


def _stamp() -> str:
    return datetime.now(UTC).strftime(_STAMP)


def made_at(version: str) -> datetime | None:
    """Return when a version was made, which its name tells; ``None`` for another name."""
    try:
        return datetime.strptime(version.partition("-")[0], _STAMP).replace(tzinfo=UTC)
    except ValueError:
        return None


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
