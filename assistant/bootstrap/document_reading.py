"""What becomes of one document: its file is read in a child process, its passages are embedded and kept."""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from time import monotonic

import numpy as np
from numpy.typing import NDArray

from assistant.bootstrap.working import LEASE, frames_of, held
from assistant.documents import Cancelled, Limits, read_document
from assistant.domain import Chunk, DocumentState, Lease, ReadText
from assistant.errors import StorageUnavailable, UnknownDocument, UnreadableDocument
from assistant.indexing.own_segments import own_segment, split_own
from assistant.retrieval.embedding import Embedder
from assistant.storage import DocumentTask, Storage
from assistant.storage.document_work import DocumentWork

_log = logging.getLogger(__name__)

OnProgress = Callable[[DocumentState, int, int], None]
"""Gets what is being done, and how many pages or passages of how many."""

ABANDONED = "telkens-mislukt"
"""The fault of a document by which processes vanished, or at which they broke, again and again."""

EMPTY = "geen-tekst"
"""The fault of a document in which no sentence stands."""

MOST_LOSSES = 5
"""Processes in a row that may vanish over a document: what breaks by itself breaks the child that reads it,
so most of these are processes that somebody ended."""
_BETWEEN = 0.5
"""Seconds between two looks at the database, or two notes of progress."""
_MOST_AT_ONCE = 4
_LONGEST_STEP = 0.15
"""Seconds that embedding a few passages may take: a question that comes meanwhile waits for them."""
_LONGEST_TITLE = 200


class DocumentReader:
    """Takes documents that wait and puts them to use; ``folder`` is where a file lies while it is read."""

    def __init__(
        self,
        data: Path,
        storage: Storage,
        embedder: Embedder,
        *,
        give_way: Callable[[], None] = lambda: None,
        lease: timedelta = LEASE,
    ) -> None:
        self._folder = data / "reading"
        self._shelf = storage.document_work
        self._embedder = embedder
        self._give_way = give_way
        self._lease = lease

    def take(self, id: str | None = None) -> DocumentTask | None:  # noqa: A002 - as surfaces call it
        """Take the document that waits longest, or this one; ``None`` if it doesn’t wait."""
        return self._shelf.take(self._lease, self._embedder.engine, self._embedder.model, id)

    def work(
        self,
        task: DocumentTask,
        stopping: threading.Event,
        on_progress: OnProgress = lambda state, done, total: None,
    ) -> None:
        """Read and embed a document, unless it is cancelled or erased, or this has to stop."""
        with held(self._shelf, task.lease, self._lease) as lost:
            step = _Step(self._shelf, task.lease, (stopping, lost), on_progress)
            try:
                if task.losses >= MOST_LOSSES:
                    raise UnreadableDocument(name=task.document.name, fault=ABANDONED)
                self._embed(task, *self._read(task, step), step)
            except UnreadableDocument as error:
                self._shelf.fail(task.lease, error.details["fault"])
            except (Cancelled, UnknownDocument):
                pass  # It is somebody else's now, or gone; or it is given back.
            except StorageUnavailable:
                raise  # That is not the document's fault.
            except Exception as error:  # noqa: BLE001 - the next attempt, or the next document, may go well
                _log.error("a document broke off: %s\n%s", type(error).__name__, frames_of(error))
                self._shelf.set_back(task.lease)

    def sweep(self) -> None:
        """Remove files that a process which vanished was reading."""
        left = {path.name: path for path in self._folder.glob("*")}
        for name in left.keys() - self._shelf.at_work(left.keys()) if left else ():
            left[name].unlink(missing_ok=True)

    # ── Reading ──────────────────────────────────────────────────────────────

    def _read(self, task: DocumentTask, step: _Step) -> tuple[str, ReadText]:
        """Return the title and the text of a document; they are kept once it is read."""
        document = task.document
        if task.is_read:
            return document.title, self._shelf.text(task.lease)

        def note(done: int, total: int) -> None:
            step.note(DocumentState.READING, done, total)

        with self._laid_down(task) as path:
            read = read_document(path, document.name, document.format, Limits(), note, step.is_over)
        title = " ".join((read.title or "").split())[:_LONGEST_TITLE] or document.title
        step.require(self._shelf.keep_text(task.lease, read, title))
        return title, read

    @contextmanager
    def _laid_down(self, task: DocumentTask) -> Iterator[Path]:
        """Give the file of a document, which is there for as long as this lasts, and for us alone."""
        content = self._shelf.file(task.lease)
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._folder / task.document.id
        try:
            path.touch(mode=0o600)
            path.write_bytes(content)
            yield path
        finally:
            path.unlink(missing_ok=True)

    # ── Embedding ────────────────────────────────────────────────────────────

    def _embed(self, task: DocumentTask, title: str, read: ReadText, step: _Step) -> None:
        id_, engine, model = task.document.id, self._embedder.engine, self._embedder.model
        chunks = split_own(id_, title, read)
        if not chunks:
            raise UnreadableDocument(name=task.document.name, fault=EMPTY)
        vectors = self._kept_vectors(task.lease, chunks)
        step.note(DocumentState.EMBEDDING, len(vectors), len(chunks), at_once=True)
        for start, made in self._in_steps(chunks, len(vectors), step):
            vectors = np.concatenate([vectors, made])
            kept = _to_bytes(chunks[start : start + len(made)], made)
            step.require(self._shelf.keep_vectors(task.lease, engine, model, start, kept, len(vectors)))
            step.tell(DocumentState.EMBEDDING, len(vectors), len(chunks))
        segment = own_segment(id_, read, chunks, vectors, self._embedder)
        step.require(self._shelf.finish(task.lease, engine, model, segment, len(chunks)))

    def _in_steps(
        self, chunks: Sequence[Chunk], start: int, step: _Step
    ) -> Iterator[tuple[int, NDArray[np.float32]]]:
        """Embed from a passage on; yield what came of each half second, and where that begins."""
        made: list[NDArray[np.float32]] = []
        place, count, noted = start, 1, monotonic()
        while place < len(chunks):
            step.require(not step.is_over())
            self._give_way()
            began = monotonic()
            made.append(self._embedder.embed_passages([one.indexed_text for one in chunks[place:][:count]]))
            place += len(made[-1])
            pace = (monotonic() - began) / len(made[-1])
            count = max(1, min(_MOST_AT_ONCE, int(_LONGEST_STEP / max(pace, 1e-6))))
            if place == len(chunks) or monotonic() - noted >= _BETWEEN:
                yield start, np.concatenate(made)
                start, made, noted = place, [], monotonic()

    def _kept_vectors(self, lease: Lease, chunks: Sequence[Chunk]) -> NDArray[np.float32]:
        """Return what an earlier attempt embedded: vectors of the first passages, as far as they fit."""
        found: list[NDArray[np.float32]] = [np.zeros((0, self._embedder.dimension), np.float32)]
        place = 0
        for content in self._shelf.vectors(lease, self._embedder.engine, self._embedder.model):
            vectors = _from_bytes(content, chunks[place:], self._embedder.dimension)
            if vectors is None:
                break
            found.append(vectors)
            place += len(vectors)
        return np.concatenate(found)


class _Step:
    """Tells how far a document is, and whether to go on; it asks the database at most twice a second."""

    def __init__(
        self, shelf: DocumentWork, lease: Lease, signs: Sequence[threading.Event], on_progress: OnProgress
    ) -> None:
        self._shelf, self._lease, self._signs = shelf, lease, signs
        self.tell = on_progress
        self._asked = self._noted = monotonic()

    def is_over(self) -> bool:
        """Return whether the document is cancelled, erased or another's, or work has to stop."""
        if any(sign.is_set() for sign in self._signs):
            return True
        if monotonic() - self._asked < _BETWEEN:
            return False
        self._asked = monotonic()
        return not self._shelf.holds(self._lease)

    def note(self, state: DocumentState, done: int, total: int, *, at_once: bool = False) -> None:
        """Note progress; raise ``Cancelled`` if it is over."""
        self.tell(state, done, total)
        if at_once or monotonic() - self._noted >= _BETWEEN:
            self._noted = self._asked = monotonic()
            self.require(self._shelf.note_progress(self._lease, done, total))

    @staticmethod
    def require(goes_on: bool) -> None:
        """Raise ``Cancelled`` unless work goes on."""
        if not goes_on:
            raise Cancelled


def _digest(chunks: Sequence[Chunk]) -> bytes:
    return hashlib.sha256("\0".join(one.indexed_text for one in chunks).encode()).digest()


def _to_bytes(chunks: Sequence[Chunk], vectors: NDArray[np.float32]) -> bytes:
    """Return vectors as they are kept: behind the hash of their passages, which another release may cut."""
    return _digest(chunks) + vectors.astype("<f2").tobytes()


def _from_bytes(content: bytes, chunks: Sequence[Chunk], dimension: int) -> NDArray[np.float32] | None:
    """Return vectors of the first of these passages; ``None`` if they are of others."""
    hash_, numbers = content[:32], np.frombuffer(content, "<f2", offset=32)
    vectors = numbers.reshape(-1, dimension).astype(np.float32) if numbers.size % dimension == 0 else None
    if vectors is None or len(vectors) > len(chunks) or _digest(chunks[: len(vectors)]) != hash_:
        return None
    return vectors
