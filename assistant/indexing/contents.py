"""What a version holds beside its two indexes: the catalogue and the chunks, as JSON."""

from __future__ import annotations

from pathlib import Path

from pydantic import TypeAdapter

from assistant.domain import Catalogue, Chunk

CATALOGUE = "catalogue.json"
CHUNKS = "chunks.json"


def write_contents(folder: Path, catalogue: Catalogue, chunks: tuple[Chunk, ...]) -> None:
    """Write the catalogue and the chunks into a version's folder."""
    (folder / CATALOGUE).write_bytes(TypeAdapter(Catalogue).dump_json(catalogue))
    (folder / CHUNKS).write_bytes(TypeAdapter(tuple[Chunk, ...]).dump_json(chunks))


def read_catalogue(folder: Path) -> Catalogue:
    """Read a version's catalogue."""
    return TypeAdapter(Catalogue).validate_json((folder / CATALOGUE).read_bytes())


def read_chunks(folder: Path) -> dict[str, Chunk]:
    """Read a version's chunks, by id."""
    chunks = TypeAdapter(tuple[Chunk, ...]).validate_json((folder / CHUNKS).read_bytes())
    return {chunk.id: chunk for chunk in chunks}
