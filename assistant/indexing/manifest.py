"""What a version says of itself: what it was made from, the SHA-256 of each file, and how it was probed.

The manifest has a SHA-256 of its own and names its version, so that neither bit rot in it nor the
manifest of another version goes unnoticed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from assistant.errors import IndexDamaged, IndexMismatch

FORMAT = 5
"""Raised when a release can't read what an earlier one wrote; an older index is then rebuilt."""

MANIFEST = "manifest.json"
_DIGEST = "sha256"


@dataclass(frozen=True, slots=True)
class MadeFrom:
    """What a version was made from (``fingerprint``) and with."""

    fingerprint: str
    engine: str
    model: str
    dimension: int
    chunks: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a version consists of."""

    version: str
    made_from: MadeFrom
    files: Mapping[str, str]
    """The SHA-256 of each file, by its name relative to the version's folder."""
    probed_with: str = ""
    """The packages with which a probe found the version in order; empty if it wasn't probed."""

    def below(self, name: str) -> dict[str, str]:
        """Return the files of a folder in the version, by their name relative to that."""
        start = f"{name}/"
        return {file.removeprefix(start): sha for file, sha in self.files.items() if file.startswith(start)}


def list_files(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of each file in a folder, by its relative name."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return {path.relative_to(folder).as_posix(): sha256_of(path) for path in files}


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write the manifest of a version into its folder."""
    entries = {"format": FORMAT, **asdict(manifest)}
    signed = {**entries, _DIGEST: _digest(entries)}
    (folder / MANIFEST).write_text(json.dumps(signed, indent=1), encoding="utf-8")


def read_manifest(folder: Path, version: str) -> Manifest:
    """Read the manifest of a version.

    Raises ``IndexMismatch`` for a version in another format, ``IndexDamaged`` if it isn't what was written.
    """
    path = folder / MANIFEST
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))
        if entries["format"] != FORMAT:
            raise IndexMismatch(found=str(entries["format"]), wanted=str(FORMAT))
        is_sound = entries.pop(_DIGEST) == _digest(entries) and entries["version"] == version
        made = MadeFrom(**entries["made_from"])
        manifest = Manifest(version, made, dict(entries["files"]), entries["probed_with"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise IndexDamaged(file=str(path)) from error
    if not is_sound:
        raise IndexDamaged(file=str(path))
    return manifest


def check_file(path: Path, digest: str) -> None:
    """Raise ``IndexDamaged`` for a file that is missing, unreadable or another."""
    try:
        is_sound = sha256_of(path) == digest
    except OSError as error:
        raise IndexDamaged(file=str(path)) from error
    if not is_sound:
        raise IndexDamaged(file=str(path))


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _digest(entries: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(entries, sort_keys=True).encode()).hexdigest()
