"""Immutable versions of the index beside a pointer file that is swapped as a whole.

    index/
      current                 the name of the version that answers
      building.lock           held by the one builder
      20261121T183510-3f2a…/  a version: never changed once published

A builder that dies leaves a folder without a pointer to it; the next one removes that.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from assistant.errors import IndexBusy, IndexDamaged, IndexMismatch, IndexUnavailable

FORMAT = 4
"""Raised when a release can't read what an earlier one wrote; an older index is then rebuilt."""

MANIFEST = "manifest.json"
_POINTER = "current"
_UNFINISHED = ".unfinished-"


@dataclass(frozen=True, slots=True)
class MadeFrom:
    """What a version was made from (``fingerprint``) and with."""

    fingerprint: str
    engine: str
    model: str
    dimension: int
    chunks: int


class IndexFolder:
    """The folder with all versions; one builder at a time, any number of readers."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def current(self) -> str | None:
        """Return the name of the version that answers, or ``None`` before the first."""
        try:
            name = (self.path / _POINTER).read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            return None
        return name if name and (self.path / name / MANIFEST).is_file() else None

    def version_path(self, version: str) -> Path:
        """Return the folder of a version."""
        return self.path / version

    def verify(self, version: str) -> MadeFrom:
        """Return what a version was made from, after checking each of its files against its SHA-256.

        Raises ``IndexMismatch`` for a version in another format, ``IndexDamaged`` for one that isn't whole.
        """
        path = self.path / version
        try:
            manifest = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
            if manifest["format"] != FORMAT:
                raise IndexMismatch(found=str(manifest["format"]), wanted=str(FORMAT))
            made, files = MadeFrom(**manifest["made_from"]), dict(manifest["files"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise IndexDamaged(file=str(path / MANIFEST)) from error
        for name, digest in files.items():
            if not (path / name).is_file() or sha256_of(path / name) != digest:
                raise IndexDamaged(file=str(path / name))
        return made

    def require_current(self) -> str:
        """Return the version that answers; raise ``IndexUnavailable`` before the first."""
        version = self.current()
        if version is None:
            raise IndexUnavailable(folder=str(self.path))
        return version

    @contextmanager
    def building(self) -> Iterator[None]:
        """Hold the builder's lock; raise ``IndexBusy`` if another process does."""
        self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = FileLock(self.path / "building.lock")
        try:
            lock.acquire(timeout=0)
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

    def publish(self, unfinished: Path, made: MadeFrom) -> str:
        """Make a finished folder the version that answers, in one atomic step; return its name."""
        files = [path for path in sorted(unfinished.rglob("*")) if path.is_file()]
        digests = {str(path.relative_to(unfinished)): sha256_of(path) for path in files}
        manifest = {"format": FORMAT, "made_from": asdict(made), "files": digests}
        (unfinished / MANIFEST).write_text(json.dumps(manifest, indent=1), encoding="utf-8")
        for path in (*unfinished.rglob("*"), unfinished):
            _sync(path)
        version = unfinished.name.removeprefix(_UNFINISHED)
        unfinished.rename(self.path / version)
        self._point_to(version)
        return version

    def prune(self, keep: int = 2) -> None:
        """Remove all but the newest versions; call while holding the lock."""
        current = self.current()
        versions = sorted((path.parent.name for path in self.path.glob(f"*/{MANIFEST}")), reverse=True)
        for version in versions[keep:]:
            if version != current:
                shutil.rmtree(self.path / version)

    def _point_to(self, version: str) -> None:
        temporary = self.path / f"{_POINTER}.new"
        temporary.write_text(f"{version}\n", encoding="utf-8")
        _sync(temporary)
        temporary.replace(self.path / _POINTER)
        _sync(self.path)


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _stamp() -> str:
    return datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
