"""XML as events, without document types: what declares entities is refused before it means anything."""

from __future__ import annotations

from collections.abc import Callable
from typing import IO
from xml.parsers import expat  # its own defences against entities are never reached

from assistant.documents.faults import Fault, Unreadable

_MOST_NESTED = 1000
_PIECE = 65536


def _ignore(*_: object) -> None:
    return None


def read_events(
    file: IO[bytes],
    on_start: Callable[[str, dict[str, str]], object] = _ignore,
    on_end: Callable[[str], object] = _ignore,
    on_text: Callable[[str], object] = _ignore,
) -> None:
    """Tell of each element and text in a file; names come without their namespace.

    Raises ``Unreadable`` for a document type or elements nested deeper than a program makes them, and
    ``ExpatError`` where it is no XML.
    """
    parser = expat.ParserCreate(namespace_separator=" ")
    depth = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > _MOST_NESTED:
            raise Unreadable(Fault.SUSPECT)
        on_start(_local(name), {_local(key): value for key, value in attributes.items()})

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        on_end(_local(name))

    def refuse(*_: object) -> None:
        raise Unreadable(Fault.SUSPECT)

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = on_text
    parser.buffer_text = True
    while piece := file.read(_PIECE):
        parser.Parse(piece, False)
    parser.Parse(b"", True)


def _local(name: str) -> str:
    return name.rpartition(" ")[2]
