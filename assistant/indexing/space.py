"""Room on disk: checked before a build, and told in its own words when it runs out all the same."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assistant.errors import DiskFull, IndexDamaged

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_MEGABYTE = 1_000_000
_LITTLE = 4
"""With less than this part of what is needed still free, Chroma fails for want of room and nothing else."""


def require_space(folder: Path, needed: int) -> None:
    """Raise ``DiskFull`` unless there are so many bytes free where a folder lies."""
    free = free_space(folder)
    if free < needed:
        raise _full(folder, needed, free)


@contextmanager
def telling_of_space(folder: Path, needed: int) -> Iterator[None]:
    """Raise ``DiskFull`` in place of what a write raises when there is no room left for it.

    Chroma says it in many ways; that little is left is then what tells.
    """
    try:
        yield
    except OSError as error:
        if error.errno not in _FULL:
            raise
        raise _full(folder, needed, free_space(folder)) from error
    except IndexDamaged as error:
        free = free_space(folder)
        if free > needed / _LITTLE:
            raise
        raise _full(folder, needed, free) from error


def free_space(folder: Path) -> int:
    """Return how many bytes are free where a folder lies, or will lie."""
    there = next(path for path in (folder, *folder.absolute().parents) if path.is_dir())
    return shutil.disk_usage(there).free


def is_full(error: OSError) -> bool:
    """Return whether an error says that there is no room left."""
    return error.errno in _FULL


def _full(folder: Path, needed: int, free: int) -> DiskFull:
    return DiskFull(folder=str(folder), needed=_megabytes(needed, up=True), free=_megabytes(free))


def _megabytes(size: int, *, up: bool = False) -> str:
    """Return a size in whole megabytes, rounded down unless ``up``."""
    return str((size + (_MEGABYTE - 1 if up else 0)) // _MEGABYTE)
