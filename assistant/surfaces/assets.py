"""Styles, scripts and pictures, each at an address that changes with its content."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from starlette.routing import Mount
from starlette.staticfiles import StaticFiles


@dataclass(frozen=True, slots=True)
class Assets:
    """The files of one folder, served under one path."""

    path: str
    folder: Path

    def mount(self) -> Mount:
        """Return the route to the files."""
        return Mount(self.path, StaticFiles(directory=self.folder))

    def address(self, file: str) -> str:
        """Return the address of a file."""
        return f"{self.path}/{file}?v={_digest(self.folder / file)}"


@cache
def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:8]
