"""Shares versions of the index among machines: one builds, puts the version on a shelf, and all take it.

A worker needs no files of another: it fetches a version into its own folder, checks every file against
the manifest, and then points to it, as a builder does.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import time
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, Protocol

from assistant.errors import IndexBusy, IndexDamaged, IndexUnavailable
from assistant.indexing.manifest import MANIFEST, check_file, read_manifest
from assistant.indexing.versions import IndexFolder

PART = 4 * 1024 * 1024
"""Bytes that go over the line at a time."""

_GLANCE = 0.5
"""Seconds between two tries to get the lock."""


class Shelved(Protocol):
    """A version on the shelf."""

    @property
    def number(self) -> int:
        """Its place: the highest is current."""

    @property
    def name(self) -> str:
        """What its folder is called."""

    @property
    def fingerprint(self) -> str:
        """What it was made from."""

    @property
    def digest(self) -> bytes:
        """SHA-256 of its bytes."""


class Shelf(Protocol):
    """Where versions are shared."""

    def newest(self, kind: str) -> Shelved | None:
        """Return the current version of a kind."""

    def announce(self, name: str, kind: str, fingerprint: str, parts: Iterable[bytes]) -> None:
        """Put a version on the shelf and make it current, in one step."""

    def parts(self, number: int) -> Iterator[bytes]:
        """Yield the bytes of a version."""

    def building(self) -> AbstractContextManager[None]:
        """Hold the lock of the one builder; raise ``IndexBusy`` if another does."""


class IndexSharing:
    """Brings versions of one kind from a folder to the shelf and back.

    ``cards`` is the fingerprint of a version of the cards alone, and names the kind: what a worker can use
    whoever made it. ``wanted`` is the fingerprint of what this machine would make, with its originals.
    """

    def __init__(self, shelf: Shelf, folder: IndexFolder, cards: str, wanted: str) -> None:
        self._shelf = shelf
        self._folder = folder
        self._kind = cards
        self._wanted = wanted
        self._seen: int | None = None

    @contextmanager
    def building(self, patience: float = 0) -> Iterator[None]:
        """Hold the lock of the one builder among all machines; begin from what is on the shelf.

        Raises ``IndexBusy`` if another machine builds for longer than ``patience`` seconds.
        """
        with ExitStack() as held:
            self._wait_for_lock(held, patience)
            self.fetch(patience)
            yield

    def is_shared(self) -> bool:
        """Return whether the version that answers here is the one that should answer everywhere."""
        newest = self._shelf.newest(self._kind)
        return newest is not None and newest.name == self._folder.current()

    def announce(self, version: str) -> None:
        """Make a published version the one that answers on every machine, unless it is already."""
        newest = self._shelf.newest(self._kind)
        if newest is not None and newest.name == version:
            return
        fingerprint = self._folder.manifest(version).made_from.fingerprint
        with tempfile.TemporaryFile(dir=self._folder.path) as packed:
            _pack(self._folder.version_path(version), packed)
            packed.seek(0)
            parts = iter(lambda: packed.read(PART), b"")
            self._shelf.announce(version, self._kind, fingerprint, parts)

    def follow(self) -> bool:
        """Share what only this machine has, or else fetch; return whether another version answers here.

        Costs one small query as long as nothing changes. Raises what ``fetch`` does.
        """
        newest = self._shelf.newest(self._kind)
        if newest is None or (newest.number != self._seen and self._is_poorer(newest)):
            self._share_own()
        return self.fetch()

    def fetch(self, patience: float = 0) -> bool:
        """Let the newest version answer here, if there is one that wasn't seen before; return whether.

        Raises ``IndexBusy`` while another process builds or fetches into this folder, and ``IndexDamaged``
        if what comes isn't what was announced; what answers here then goes on.
        """
        newest = self._shelf.newest(self._kind)
        if newest is None or newest.number == self._seen:
            return False
        is_new = newest.name != self._folder.current() and not self._is_poorer(newest)
        if is_new:
            with self._folder.building(patience):
                if not self._has(newest.name):
                    self._take(newest)
                self._folder.point_to(newest.name)
                self._folder.prune()
        self._seen = newest.number
        return is_new

    def _share_own(self) -> None:
        made = self._made_from()
        if made not in (self._kind, self._wanted):
            return
        try:
            with self._shelf.building():
                self.announce(self._folder.require_current())
        except IndexBusy:  # Who builds will announce it.
            return

    def _is_poorer(self, shelved: Shelved) -> bool:
        """Whether a version has the cards alone, where the one that answers here has originals too."""
        return shelved.fingerprint == self._kind and self._made_from() == self._wanted != self._kind

    def _made_from(self) -> str | None:
        """Return the fingerprint of the version that answers here."""
        version = self._folder.current()
        try:
            return self._folder.manifest(version).made_from.fingerprint if version else None
        except IndexUnavailable:
            return None

    def _wait_for_lock(self, held: ExitStack, patience: float) -> None:
        ends = time.monotonic() + patience
        while True:
            try:
                held.enter_context(self._shelf.building())
            except IndexBusy:
                if time.monotonic() >= ends:
                    raise
                time.sleep(_GLANCE)
            else:
                return

    def _has(self, name: str) -> bool:
        is_there = (self._folder.version_path(name) / MANIFEST).is_file()
        return is_there and not self._folder.is_damaged(name)

    def _take(self, shelved: Shelved) -> None:
        unfinished = self._folder.begin(shelved.fingerprint)
        try:
            with tempfile.TemporaryFile(dir=self._folder.path) as packed:
                _receive(self._shelf.parts(shelved.number), packed, shelved)
                _unpack(packed, unfinished)
            for name, digest in read_manifest(unfinished, shelved.name).files.items():
                check_file(unfinished / name, digest)
            shutil.rmtree(self._folder.version_path(shelved.name), ignore_errors=True)
            unfinished.rename(self._folder.version_path(shelved.name))
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)


def _receive(parts: Iterable[bytes], packed: IO[bytes], shelved: Shelved) -> None:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
        packed.write(part)
    if digest.digest() != shelved.digest:
        raise IndexDamaged(file=shelved.name)


def _pack(folder: Path, packed: IO[bytes]) -> None:
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.write(path, path.relative_to(folder).as_posix())


def _unpack(packed: IO[bytes], folder: Path) -> None:
    """Write the files of a version, so that they are on the disk."""
    try:
        with zipfile.ZipFile(packed) as archive:
            for name in archive.namelist():
                target = folder / _safe(name)
                target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                with archive.open(name) as member, target.open("wb") as file:
                    shutil.copyfileobj(member, file)
                    file.flush()
                    os.fsync(file.fileno())
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise IndexDamaged(file=folder.name) from error


def _safe(name: str) -> PurePosixPath:
    """Return a relative name; raise ``IndexDamaged`` for one that leads elsewhere."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name:
        raise IndexDamaged(file=name)
    return path
