"""Keeping Gradio from writing type stubs while it is imported.

At each import it renders a stub file for each of its components, and compares it with the one that lies in
its own folder: half of what importing it takes, written where programs shouldn't write. It skips classes
that aren't in a file, so for as long as the import lasts, its components aren't.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def no_stubs() -> Iterator[None]:
    """Let what is imported meanwhile write no stubs for the components of Gradio."""
    original = inspect.getfile

    def getfile(found: Any) -> str:
        if isinstance(found, type) and found.__module__.startswith("gradio."):
            raise OSError("no stub is wanted")
        return original(found)

    inspect.getfile = getfile  # type: ignore[assignment]  # It is asked for more than a class.
    try:
        yield
    finally:
        inspect.getfile = original
