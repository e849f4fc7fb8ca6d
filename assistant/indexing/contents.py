"""What a version holds: the names of its parts, and beside its indexes catalogue and chunks, as JSON."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter

from assistant.domain import Catalogue, Chunk
from assistant.errors import IndexDamaged

CATALOGUE = "catalogue.json"
CHUNKS = "chunks.json"
KEYWORDS = "keywords"
VECTORS = "vectors"
STATEMENTS = "statements.npz"
PHRASINGS = "phrasings.npz"
UNANSWERED = "unanswered.npz"
ADAPTER = "adapter.npz"
PROBE = "probe.npz"

_Content = TypeVar("_Content")


def write_contents(folder: Path, catalogue: Catalogue, chunks: tuple[Chunk, ...]) -> None:
    """Write the catalogue and the chunks into a version's folder."""
    (folder / CATALOGUE).write_bytes(TypeAdapter(Catalogue).dump_json(catalogue))
    (folder / CHUNKS).write_bytes(TypeAdapter(tuple[Chunk, ...]).dump_json(chunks))


def read_catalogue(folder: Path) -> Catalogue:
    """Read a version's catalogue; raise ``IndexDamaged`` when the file isn't one."""
    return _read(TypeAdapter(Catalogue), folder / CATALOGUE)


def read_chunks(folder: Path) -> dict[str, Chunk]:
    """Read a version's chunks, by id; raise ``IndexDamaged`` when the file doesn't hold them."""
    return {chunk.id: chunk for chunk in _read(TypeAdapter(tuple[Chunk, ...]), folder / CHUNKS)}


def _read(adapter: TypeAdapter[_Content], file: Path) -> _Content:
    try:
        return adapter.validate_json(file.read_bytes())
    except (OSError, ValueError) as error:
        raise IndexDamaged(file=str(file)) from error
