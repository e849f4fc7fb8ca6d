"""Opens a version in a process of its own and asks it what it must know, before it may answer anybody.

A damaged file can make Chroma crash, and a process with it, or find the wrong chunks without an error.
So the builder has a child process open the new version and ask it for chunks by their own vectors, in
all and among their kind and sources, and by their own words; only a version that passes is published.

A start needn't ask again. What a version does follows from its bytes and from the packages that read
them: each start checks the bytes against the SHA-256 in the manifest, and the manifest tells with which
packages the version was probed. Only with other packages is it probed again, once; that is noted beside
the versions. Disk and memory that fail between the check and the reading are beyond this.
"""

from __future__ import annotations

import json
import platform
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from importlib.metadata import version as version_of
from pathlib import Path
from types import TracebackType
from typing import IO

import numpy as np
from numpy.typing import NDArray

from assistant.domain import Chunk, Filters
from assistant.errors import IndexDamaged
from assistant.indexing.contents import (
    KEYWORDS,
    PHRASINGS,
    PROBE,
    STATEMENTS,
    UNANSWERED,
    VECTORS,
    read_catalogue,
    read_chunks,
)
from assistant.indexing.versions import IndexFolder
from assistant.retrieval import keyword_index, vector_index
from assistant.retrieval.keyword_index import KeywordIndex
from assistant.retrieval.sentence_index import SentenceIndex
from assistant.retrieval.vector_index import VectorIndex

SAMPLE = 48
"""Chunks that are asked for, spread evenly."""

NEAR = 0.99
"""Similarity of a chunk to its own vector, at least; the index may round."""

PATIENCE = 300.0
"""Seconds that a probe may take."""

Meanwhile = Callable[[], object]
"""What can be done while another process is busy."""

_AMONG = 10
_PACKAGES = ("chromadb", "bm25s", "numpy")
_NOTE = ".probed-"


def nothing() -> None:
    """Do nothing meanwhile."""


class Probe:
    """A child process that has loaded what it needs by the time that there is something to probe."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "assistant.indexing.probing"]
        self._process = subprocess.Popen(  # noqa: S603 - our own command, no shell
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )

    def __enter__(self) -> Probe:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.communicate()

    def check(self, folder: Path, meanwhile: Meanwhile = nothing) -> None:
        """Raise ``IndexDamaged`` unless the files in a folder answer as they must, without a crash.

        What else is to be done can be done ``meanwhile``, while the child process is at it.
        """
        with suppress(BrokenPipeError):  # It has crashed, which its return code tells.
            _input_of(self._process).write(f"{folder}\n")
            _input_of(self._process).flush()
        meanwhile()
        try:
            said, _ = self._process.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired as error:
            raise IndexDamaged(file=str(folder)) from error
        if self._process.returncode != 0:
            raise IndexDamaged(file=str(folder))
        if fault := json.loads(said)["fault"]:
            raise IndexDamaged(file=fault)


def _input_of(process: subprocess.Popen[str]) -> IO[str]:
    assert process.stdin is not None  # noqa: S101 - it is a pipe
    return process.stdin


def ensure_probed(folder: IndexFolder, version: str) -> None:
    """Probe a version if it wasn't with the packages that are installed now, and note that it was.

    Raises ``IndexDamaged`` where it doesn't answer as it must.
    """
    packages = describe_packages()
    if folder.manifest(version).probed_with == packages:
        return
    note = folder.path / f"{_NOTE}{version}"
    if note.is_file() and note.read_bytes() == packages.encode():
        return
    with Probe() as probe:
        probe.check(folder.version_path(version))
    try:
        note.write_text(packages, encoding="utf-8")
    except OSError:  # No room, or nothing may be written: then the next start probes once more.
        note.unlink(missing_ok=True)


def forget_probes(folder: IndexFolder) -> None:
    """Remove the notes on versions that are no more."""
    for note in folder.path.glob(f"{_NOTE}*"):
        if not folder.version_path(note.name.removeprefix(_NOTE)).is_dir():
            note.unlink(missing_ok=True)


def describe_packages() -> str:
    """Return what reads the files of an index: interpreter, kind of machine and packages."""
    packages = [f"{name} {version_of(name)}" for name in _PACKAGES]
    return ", ".join([f"python {platform.python_version()} {platform.machine()}", *packages])


def write_probe(folder: Path, chunks: Sequence[Chunk], vectors: NDArray[np.float32]) -> None:
    """Write what a probe asks for: some chunks' ids with their vectors, of shape (n, dimension)."""
    rows = np.unique(np.linspace(0, len(chunks) - 1, SAMPLE).round().astype(int))
    ids = np.array([chunks[row].id for row in rows], dtype=np.str_)
    np.savez(folder / PROBE, ids=ids, vectors=vectors[rows])


def probe(folder: Path) -> str:
    """Ask the files in a folder what they must know; return what is wrong, or an empty text."""
    chunks = read_chunks(folder)
    read_catalogue(folder)
    with np.load(folder / PROBE, allow_pickle=False) as asked:
        wanted = dict(zip(asked["ids"].tolist(), asked["vectors"], strict=True))
    if not wanted or not wanted.keys() <= chunks.keys():
        return PROBE
    for file in (STATEMENTS, PHRASINGS, UNANSWERED):
        closeness = SentenceIndex.open(folder / file).closeness(next(iter(wanted.values())))
        if not np.isfinite(list(closeness.values())).all():
            return file
    keywords = KeywordIndex.open(folder / KEYWORDS)
    if not all(_finds_by_words(keywords, chunks[id_], len(chunks)) for id_ in wanted):
        return KEYWORDS
    with closing(VectorIndex.open(folder / VECTORS)) as index:
        are_found = all(_finds_by_vector(index, chunks[id_], vector) for id_, vector in wanted.items())
    return "" if are_found else VECTORS


def _finds_by_vector(index: VectorIndex, chunk: Chunk, vector: NDArray[np.float32]) -> bool:
    """Return whether a chunk is found by its own vector, among all and among its kind and sources."""
    among = [Filters(), Filters(kinds=frozenset({chunk.kind}), sources=frozenset(chunk.source_ids))]
    rankings = [index.search(vector[np.newaxis], _AMONG, filters)[0] for filters in among]
    return all(
        any(hit.score >= NEAR and hit.chunk_id == chunk.id for hit in ranking)
        # Of many chunks with the same text any may be first.
        or (len(ranking) == _AMONG and ranking[-1].score >= NEAR)
        for ranking in rankings
    )


def _finds_by_words(index: KeywordIndex, chunk: Chunk, count: int) -> bool:
    """Return whether a chunk is found by its own words, and holds each of them."""
    stems = index.content_words(chunk.sought_text)
    if not all(index.holds(chunk.id, stem) for stem in stems):
        return False
    found = index.search(chunk.sought_text, count, Filters())
    return not stems or any(hit.chunk_id == chunk.id for hit in found)


def main() -> None:
    """Probe the folder that standard input names, and print what is wrong as a line of JSON."""
    keyword_index.preload()  # While the builder is at work.
    vector_index.preload()
    folder = sys.stdin.readline().strip()
    if folder:
        sys.stdout.write(json.dumps({"fault": probe(Path(folder))}) + "\n")


if __name__ == "__main__":
    main()
