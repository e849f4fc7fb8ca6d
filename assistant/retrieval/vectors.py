"""Vectors that needn't be computed again: shipped with the cards, or kept from a build.

A vector belongs to the text it was made of (by hash) and to an engine and a model;
those of another engine or model are never used.
Files are npz without pickle, written beside their name and moved into place.
"""

from __future__ import annotations

import hashlib
import os
import zipfile
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.errors import IndexDamaged
from assistant.retrieval.embedding import Embedder

BATCH = 16
"""Texts embedded at a time: what a killed build loses at most."""

_HASH_LENGTH = 32
_DAMAGE = (ValueError, KeyError, EOFError, RuntimeError, zipfile.BadZipFile, zlib.error)


@dataclass(frozen=True, slots=True)
class KnownVectors:
    """Vectors of one engine and model by the hash of their text.

    ``hashes`` has shape (n,) and type S32, ``vectors`` shape (n, dimension) and type float16.
    """

    engine: str
    model: str
    hashes: NDArray[np.bytes_]
    vectors: NDArray[np.float16]

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self.vectors.shape[1])

    def fit(self, embedder: Embedder) -> bool:
        """Tell whether these vectors are what the embedder would make."""
        wanted = (embedder.engine, embedder.model, embedder.dimension)
        return (self.engine, self.model, self.dimension) == wanted

    def by_hash(self) -> dict[bytes, NDArray[np.float16]]:
        """Put each vector under the hash of its text."""
        return dict(zip(self.hashes.tolist(), self.vectors, strict=True))

    def join(self, other: KnownVectors) -> KnownVectors:
        """Put the vectors of the same engine and model together."""
        hashes = np.concatenate([self.hashes, other.hashes])
        return KnownVectors(self.engine, self.model, hashes, np.concatenate([self.vectors, other.vectors]))


class Kind(StrEnum):
    """What a text is embedded as: what can be found, or what people ask."""

    PASSAGE = ""
    QUERY = "query: "


def known_vectors(
    embedder: Embedder, texts: Sequence[str], vectors: NDArray[np.floating], kind: Kind = Kind.PASSAGE
) -> KnownVectors:
    """Label vectors of shape (len(texts), dimension) with their texts and with what made them."""
    hashes = np.array([hash_text(text, kind) for text in texts], dtype=f"S{_HASH_LENGTH}")
    return KnownVectors(embedder.engine, embedder.model, hashes, vectors.astype(np.float16))


def hash_text(text: str, kind: Kind = Kind.PASSAGE) -> bytes:
    """Make the key of a text and its kind: the first half of a SHA-256, in hexadecimal."""
    text = f"{kind}{text}"
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:_HASH_LENGTH].encode("ascii")


def read_vectors(path: Path) -> KnownVectors:
    """Read what ``write_vectors`` wrote; raises ``IndexDamaged`` when the file isn't that."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            known = KnownVectors(
                str(arrays["engine"]), str(arrays["model"]), arrays["hashes"], arrays["vectors"]
            )
    except (OSError, *_DAMAGE) as error:
        raise IndexDamaged(file=str(path)) from error
    if not _is_sound(known):
        raise IndexDamaged(file=str(path))
    return known


def write_vectors(path: Path, known: KnownVectors) -> None:
    """Write vectors so that a crash leaves the old file or the new one, never a part."""
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    with unfinished.open("wb") as file:
        np.savez(  # Packed they would be hardly smaller.
            file,
            engine=np.array(known.engine),
            model=np.array(known.model),
            hashes=known.hashes,
            vectors=known.vectors,
        )
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)


class VectorCache:
    """A folder that keeps each embedded batch, so that a killed build goes on where it was."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def save(self, batch: KnownVectors) -> None:
        """Keep a batch as a file of its own, named after its contents."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_vectors(self._path(batch), batch)

    def read(self) -> tuple[KnownVectors, ...]:
        """Read every batch; a damaged or unfinished one is removed and will be embedded again."""
        for unfinished in self._folder.glob("*.tmp"):
            unfinished.unlink()
        batches = (_read_or_remove(path) for path in sorted(self._folder.glob("*.npz")))
        return tuple(batch for batch in batches if batch is not None)

    def replace(self, batch: KnownVectors) -> None:
        """Keep this batch instead of all others: what the latest build used."""
        others = set(self._folder.glob("*.npz")) - {self._path(batch)}
        self.save(batch)
        for path in others:
            path.unlink()

    def _path(self, batch: KnownVectors) -> Path:
        contents = f"{batch.engine}\n{batch.model}\n".encode() + batch.hashes.tobytes()
        return self._folder / f"{hashlib.sha256(contents).hexdigest()[:16]}.npz"


def embed_with_known(  # noqa: PLR0913 - what is known, kept and told has a name each
    embedder: Embedder,
    texts: Sequence[str],
    known: Sequence[KnownVectors],
    save_batch: Callable[[KnownVectors], None] | None,
    on_progress: Callable[[int, int], None],
    *,
    kind: Kind = Kind.PASSAGE,
) -> NDArray[np.float32]:
    """Embed only what isn't known yet; shape (len(texts), dimension), normalised.

    ``on_progress`` gets (texts done, texts in all) at the start and after each batch.
    Every vector passes through float16, so that a known one and a new one are the same.
    """
    found = {key: row for part in known if part.fit(embedder) for key, row in part.by_hash().items()}
    embed = embedder.embed_queries if kind is Kind.QUERY else embedder.embed_passages
    keys = [hash_text(text, kind) for text in texts]
    unknown = {key: text for key, text in zip(keys, texts, strict=True) if key not in found}
    # Texts of one length go together, because a batch costs what its longest text costs.
    waiting = sorted(unknown.values(), key=len)
    on_progress(sum(key in found for key in keys), len(texts))
    for start in range(0, len(waiting), BATCH):
        texts_of_batch = waiting[start : start + BATCH]
        batch = known_vectors(embedder, texts_of_batch, embed(texts_of_batch), kind)
        if save_batch is not None:
            save_batch(batch)
        found.update(batch.by_hash())
        on_progress(sum(key in found for key in keys), len(texts))
    rows = np.array([found[key] for key in keys], dtype=np.float32).reshape(len(keys), embedder.dimension)
    return normalise(rows)


def normalise(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Give each row of (n, dimension) length 1."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, np.finfo(np.float32).tiny), dtype=np.float32)


def _is_sound(known: KnownVectors) -> bool:
    return (
        known.vectors.ndim == 2
        and known.vectors.dtype == np.float16
        and known.hashes.dtype == np.dtype(f"S{_HASH_LENGTH}")
        and known.hashes.shape == known.vectors.shape[:1]
        and bool(np.isfinite(known.vectors).all())
    )


def _read_or_remove(path: Path) -> KnownVectors | None:
    try:
        return read_vectors(path)
    except IndexDamaged:
        path.unlink()
        return None
