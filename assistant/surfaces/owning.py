"""Whose documents somebody sees: those of a key, of a visitor of the page, or of who works here."""

from __future__ import annotations

from hashlib import sha256
from typing import Protocol

from starlette.requests import HTTPConnection

from assistant.domain import LOCAL, OwnDocument, ReadText
from assistant.surfaces.access import caller_of
from assistant.surfaces.visiting import visitor_of

_LETTERS = 32


class Documenting(Protocol):
    """Keeps documents that people add themselves; raises ``DocumentError``.

    An owner has added a document; a reader is an owner to whom it may have been shared.
    """

    def add(
        self, owner: str, name: str, content: bytes, *, is_shared: bool = False, replaces: str | None = None
    ) -> OwnDocument:
        """Keep a file to be read; ``replaces`` is the document that it is a newer version of."""
        ...

    def get(self, reader: str, id: str) -> OwnDocument:  # noqa: A002 - as a client calls it
        """Return how far a document is."""
        ...

    def list(self, owner: str) -> tuple[OwnDocument, ...]:
        """Return the documents that somebody added, the newest first."""
        ...

    def history(self, owner: str, id: str) -> tuple[OwnDocument, ...]:  # noqa: A002
        """Return all versions of a document."""
        ...

    def text(self, reader: str, id: str) -> ReadText:  # noqa: A002
        """Return what was read of a document."""
        ...

    def file(self, reader: str, id: str) -> bytes:  # noqa: A002
        """Return the file as it was added."""
        ...

    def cancel(self, owner: str, id: str) -> OwnDocument:  # noqa: A002
        """Stop reading a document."""
        ...

    def remove(self, owner: str, id: str) -> None:  # noqa: A002
        """Erase a document, all its versions, and what was said from it."""
        ...

    def share(self, owner: str, id: str, is_shared: bool) -> OwnDocument:  # noqa: A002
        """Let everybody find a document, or its owner alone again."""
        ...


def owner_by_program(request: HTTPConnection) -> str:
    """Return as whom a program asks: the id of its key, or ``local`` where there are no keys."""
    return caller_of(request).owner


def owner_by_page(request: HTTPConnection) -> str | None:
    """Return as whom somebody visits the pages: by the key that the browser signed in with, or as a visitor.

    ``None`` is somebody without either: their browser keeps no cookies.
    """
    owner = caller_of(request).owner
    if owner not in ("", LOCAL.owner):
        return owner
    visitor = visitor_of(request)
    return f"visitor:{sha256(visitor.encode()).hexdigest()[:_LETTERS]}" if visitor else None
