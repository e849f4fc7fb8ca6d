"""Own documents, searched: one segment each, so that adding one costs nothing of what is there already.

A segment never changes once it is made. A search takes any number of them, the same for all: cosine over
every vector, so exact, and BM25 (Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009,
as Lucene has it) with word counts over just these segments. What somebody may not see is not in them, so
it can't weigh on what is found either.
"""

from __future__ import annotations

import hashlib
import io
import json
import math
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.domain import OWN, Chunk, Span
from assistant.errors import IndexDamaged
from assistant.retrieval.stemming import Stemmer

SEGMENT_FORMAT = 1
"""Raised when a release can't read what an earlier one wrote; older segments are then made anew."""

_MOST_COUNTED = int(np.iinfo(np.uint16).max)

SATURATION, LENGTH_WEIGHT = 1.5, 0.75
"""BM25's k1 and b: how soon more of a word stops counting, and how much a long passage is held back."""


@dataclass(frozen=True, slots=True)
class Postings:
    """Which passages hold which stem, and how often; as arrays, which take a tenth of what a dict takes.

    The stem with hash ``hashes[i]`` stands in the passages ``rows[ends[i - 1] : ends[i]]``.
    """

    hashes: NDArray[np.uint64]
    """Ascending: the first 64 bits of each stem's BLAKE2b."""
    ends: NDArray[np.int32]
    rows: NDArray[np.int32]
    counts: NDArray[np.uint16]

    def of(self, hashed: np.uint64) -> tuple[NDArray[np.int32], NDArray[np.uint16]]:
        """Return the rows of the passages that hold a stem, by its hash, and how often each does."""
        place = int(np.searchsorted(self.hashes, hashed))
        if place == len(self.hashes) or self.hashes[place] != hashed:
            return self.rows[:0], self.counts[:0]
        start = int(self.ends[place - 1]) if place else 0
        return self.rows[start : self.ends[place]], self.counts[start : self.ends[place]]

    def is_sound(self, passages: int) -> bool:
        """Tell whether these can be the postings of that many passages."""
        last = int(self.ends[-1]) if len(self.ends) else 0
        are_ascending = bool((np.diff(self.hashes) > 0).all() and (np.diff(self.ends) > 0).all())
        fit = len(self.hashes) == len(self.ends) and last == len(self.rows) == len(self.counts)
        return are_ascending and fit and bool((self.rows >= 0).all() and (self.rows < passages).all())


@dataclass(frozen=True, slots=True)
class Segment:
    """The passages of one document, with all that a search needs; n passages, d numbers a vector."""

    document_id: str
    engine: str
    model: str
    vectors: NDArray[np.float32]
    """Shape (n, d), normalised."""
    postings: Postings
    lengths: NDArray[np.float32]
    """Stems of each passage."""
    packed: bytes
    """The passages as compressed JSON; they are unpacked only when they are found."""

    def __len__(self) -> int:
        return len(self.lengths)

    def chunks(self, rows: Sequence[int]) -> list[tuple[Chunk, int | None]]:
        """Return passages with the page that each stands on."""
        listed = json.loads(zlib.decompress(self.packed))
        return [(_chunk_from(self.document_id, listed[row]), listed[row]["page"]) for row in rows]

    def to_bytes(self) -> bytes:
        """Return the segment as npz without pickle; vectors in half precision."""
        file = io.BytesIO()
        np.savez_compressed(
            file,
            format=np.array(SEGMENT_FORMAT),
            made_for=np.array([self.document_id, self.engine, self.model]),
            vectors=self.vectors.astype(np.float16),
            hashes=self.postings.hashes,
            ends=self.postings.ends,
            rows=self.postings.rows,
            counts=self.postings.counts,
            lengths=self.lengths,
            packed=np.frombuffer(self.packed, np.uint8),
        )
        return file.getvalue()

    @classmethod
    def from_bytes(cls, content: bytes) -> Segment:
        """Read what ``to_bytes`` wrote; raise ``IndexDamaged`` when it isn't that."""
        try:
            with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
                return cls._from_arrays({name: arrays[name] for name in arrays.files})
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error) as error:
            raise IndexDamaged(file="segment") from error

    @classmethod
    def _from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Segment:
        if int(arrays["format"]) != SEGMENT_FORMAT:
            raise ValueError("another format")
        document_id, engine, model = (str(one) for one in arrays["made_for"])
        postings = Postings(arrays["hashes"], arrays["ends"], arrays["rows"], arrays["counts"])
        vectors = np.ascontiguousarray(arrays["vectors"], dtype=np.float32)
        lengths = arrays["lengths"]
        is_sound = len(vectors) == len(lengths) and postings.is_sound(len(lengths))
        if not is_sound or not np.isfinite(vectors).all():
            raise ValueError("not a segment")
        return cls(document_id, engine, model, vectors, postings, lengths, arrays["packed"].tobytes())


@dataclass(frozen=True, slots=True)
class Found:
    """A passage that a search found."""

    segment: Segment
    row: int
    dense: float
    """Cosine similarity to the question."""
    keywords: float
    """BM25; 0 without a word in common."""
    coverage: float
    """Share of the question's content words that it holds, weighted by rarity."""

    @property
    def id(self) -> str:
        """What tells it from other passages."""
        return f"{self.segment.document_id}~{self.row}"

    def nearness(self, vector: NDArray[np.float32]) -> float:
        """Return the cosine similarity of the passage to another vector, of shape (d,)."""
        return float(self.segment.vectors[self.row] @ vector)


def build_segment(  # noqa: PLR0913 - each is a part of the segment
    document_id: str,
    chunks: Sequence[Chunk],
    pages: Sequence[int | None],
    vectors: NDArray[np.float32],
    *,
    engine: str,
    model: str,
) -> Segment:
    """Make the segment of a document; ``vectors`` has shape (len(chunks), d), normalised."""
    if not len(chunks) == len(pages) == len(vectors):
        raise ValueError(f"{len(chunks)} chunks, {len(pages)} pages, {len(vectors)} vectors")
    stemmer = Stemmer()
    counted = [Counter(stem for _, stem in stemmer.stems(chunk.indexed_text)) for chunk in chunks]
    listed = [_packable(chunk, page) for chunk, page in zip(chunks, pages, strict=True)]
    return Segment(
        document_id,
        engine,
        model,
        # As it will be read again, so that a fresh segment finds what a kept one does.
        vectors.astype(np.float16).astype(np.float32),
        _post(counted),
        np.array([counts.total() for counts in counted], np.float32),
        zlib.compress(json.dumps(listed, ensure_ascii=False).encode()),
    )


def search(
    segments: Sequence[Segment], vector: NDArray[np.float32], text: str, limit: int
) -> tuple[Found, ...]:
    """Return the passages nearest by meaning and those nearest by words: at most twice ``limit``.

    ``vector`` has shape (d,); ``text`` is the question. They come in no order: fusion is for who asks.
    """
    filled = [segment for segment in segments if len(segment)]
    if not filled:
        return ()
    starts = np.cumsum([0, *map(len, filled)])
    cosines = np.concatenate([segment.vectors @ vector for segment in filled])
    weights = _rarities(filled, text)
    scores, covered = _score_words(filled, starts, weights)
    best = {*_top(cosines, limit), *(row for row in _top(scores, limit) if scores[row] > 0)}
    total = sum(weights.values())
    places = np.searchsorted(starts, sorted(best), side="right") - 1
    return tuple(
        Found(
            filled[place],
            int(row - starts[place]),
            float(cosines[row]),
            float(scores[row]),
            float(covered[row] / total) if total else 0.0,
        )
        for row, place in zip(sorted(best), places.tolist(), strict=True)
    )


def _rarities(segments: Sequence[Segment], text: str) -> dict[np.uint64, float]:
    """Give the inverse document frequency of each content word of a text, by the hash of its stem."""
    count = sum(map(len, segments))
    weights = {}
    for hashed in dict.fromkeys(_hash(stem) for _, stem in Stemmer().stems(text)):
        holders = sum(len(one.postings.of(hashed)[0]) for one in segments)
        weights[hashed] = math.log(1 + (count - holders + 0.5) / (holders + 0.5))
    return weights


def _score_words(
    segments: Sequence[Segment], starts: NDArray[np.intp], weights: Mapping[np.uint64, float]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return of each passage its BM25, and how much rarity of the question it holds."""
    scores = np.zeros(int(starts[-1]), np.float32)
    covered = np.zeros_like(scores)
    average = sum(float(one.lengths.sum()) for one in segments) / max(1, len(scores))
    for segment, start in zip(segments, starts.tolist(), strict=False):
        for hashed, weight in weights.items():
            rows, counts = segment.postings.of(hashed)
            if len(rows):
                held_back = 1 - LENGTH_WEIGHT + LENGTH_WEIGHT * segment.lengths[rows] / max(1.0, average)
                scores[start + rows] += weight * counts / (counts + SATURATION * held_back)
                covered[start + rows] += weight
    return scores, covered


def _top(values: NDArray[np.float32], limit: int) -> list[int]:
    count = min(limit, len(values))
    return [int(row) for row in np.argpartition(-values, count - 1)[:count]]


def _post(counted: Sequence[Counter[str]]) -> Postings:
    held: dict[np.uint64, list[tuple[int, int]]] = {}
    for row, counts in enumerate(counted):
        for stem, count in counts.items():
            held.setdefault(_hash(stem), []).append((row, min(count, _MOST_COUNTED)))
    hashes = sorted(held)
    posted = [pair for hashed in hashes for pair in held[hashed]]
    return Postings(
        np.array(hashes, np.uint64),
        np.cumsum([len(held[hashed]) for hashed in hashes], dtype=np.int32),
        np.array([row for row, _ in posted], np.int32),
        np.array([count for _, count in posted], np.uint16),
    )


def _hash(stem: str) -> np.uint64:
    return np.uint64(int.from_bytes(hashlib.blake2b(stem.encode(), digest_size=8).digest(), "big"))


def _packable(chunk: Chunk, page: int | None) -> dict[str, object]:
    if chunk.span is None:
        raise ValueError("a passage of a document stands somewhere")
    return {
        "id": chunk.id,
        "text": chunk.text,
        "context": chunk.context,
        "section": chunk.section,
        "start": chunk.span.start,
        "sentences": [[one.start, one.end] for one in chunk.sentences],
        "page": page,
    }


def _chunk_from(document_id: str, kept: Mapping[str, object]) -> Chunk:
    text, start = str(kept["text"]), int(str(kept["start"]))
    return Chunk(
        id=str(kept["id"]),
        text=text,
        context=str(kept["context"]),
        kind=OWN,
        section=str(kept["section"]),
        source_ids=(document_id,),
        span=Span(start, start + len(text)),
        sentences=tuple(_spans(kept["sentences"])),
    )


def _spans(kept: object) -> Iterator[Span]:
    if isinstance(kept, list):
        yield from (Span(int(start), int(end)) for start, end in kept)
