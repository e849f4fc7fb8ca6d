"""``python -m evals.scaling``: what searching costs at 1,000 to 100,000 chunks, and how well it finds.

Vectors are those of the index in ``ASSISTANT_DATA``: first its own (passages and statements), then others
drawn around them. Each drawn vector is a real one, moved by a vector with the covariance of what lies
between neighbours, so far that drawn vectors lie as near to their nearest neighbour as real ones do (by the
median; ``likeness`` prints the rest). Every engine runs in a process of its own, one after another.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import numpy as np
from numpy.typing import NDArray

from assistant.domain import ORIGINAL, OWN, Chunk, DocumentFormat, DocumentSection, Filters, ReadText, Span
from assistant.indexing.contents import PHRASINGS, STATEMENTS, UNANSWERED, VECTORS
from assistant.indexing.versions import IndexFolder
from assistant.retrieval.segments import Segment, build_segment, search
from assistant.retrieval.vector_server import VectorServer
from assistant.retrieval.vectors import normalise
from assistant.settings import read_settings
from evals.measures.timing import p95

Vectors = NDArray[np.float32]

Clock = Callable[[], float]

BEST = 10
QUERIES = 200
PASSAGES = 100
"""Passages of one document of one's own."""

ROUNDS = 30
"""Times that a document is added."""

OURS = {"space": "cosine", "ef_search": 4096, "ef_construction": 400, "max_neighbors": 64}
DEFAULTS = {"space": "cosine"}


@dataclass(frozen=True, slots=True)
class Material:
    """What is searched, and what is asked: questions of the corpus, others, and directions at random."""

    vectors: Vectors
    asked: Vectors
    unanswered: Vectors
    nowhere: Vectors

    @property
    def kinds(self) -> dict[str, Vectors]:
        """The questions by their kind."""
        return {"asked": self.asked, "unanswered": self.unanswered, "nowhere": self.nowhere}


def read_real(folder: IndexFolder) -> tuple[Vectors, Vectors, Vectors]:
    """Return the vectors of passages and statements, of phrasings, and of questions without an answer."""
    path = folder.version_path(folder.require_current())
    with tempfile.TemporaryDirectory() as copy:
        shutil.copytree(path / VECTORS, copy, dirs_exist_ok=True)
        client = _client(copy)
        kept = client.get_collection("chunks", embedding_function=None).get(include=["embeddings"])
        passages = np.asarray(kept["embeddings"], dtype=np.float32)
        client.close()
    named = [
        np.load(path / file)["vectors"].astype(np.float32) for file in (STATEMENTS, PHRASINGS, UNANSWERED)
    ]
    return normalise(np.concatenate([passages, named[0]])), normalise(named[1]), normalise(named[2])


def _client(folder: str) -> Any:
    from chromadb.api.client import Client
    from chromadb.config import Settings

    return Client(settings=Settings(is_persistent=True, persist_directory=folder, anonymized_telemetry=False))


def nearest(vectors: Vectors) -> NDArray[np.float32]:
    """Return the cosine of each vector to its nearest neighbour, doubles left out."""
    close = vectors @ vectors.T
    close[close > 0.9995] = -1
    return np.asarray(close.max(axis=1))


def draw(real: Vectors, count: int, width: float, seed: int) -> Vectors:
    """Draw vectors around real ones."""
    random = np.random.default_rng(seed)
    close = real @ real.T
    close[close > 0.9995] = -1
    between = real - real[close.argmax(axis=1)]
    values, axes = np.linalg.eigh(np.cov(between.T))
    spread = axes * np.sqrt(np.maximum(values, 0))
    drawn = real[random.integers(len(real), size=count)]
    moved = random.normal(size=(count, real.shape[1])).astype(np.float32) @ spread.T.astype(np.float32)
    centre = real.mean(axis=0)
    wide = drawn - centre + width * moved
    # Moving widens the cloud; it is brought back to the width that it had.
    wide *= np.sqrt(real.var(axis=0).sum() / wide.var(axis=0).sum())
    return normalise(np.asarray(centre + wide, dtype=np.float32))


def fit_width(real: Vectors) -> float:
    """Return how far to move, so that the median of the nearest neighbours is that of real vectors."""
    wanted = float(np.median(nearest(real)))
    low, high = 0.0, 4.0
    for _ in range(12):
        middle = (low + high) / 2
        is_too_near = float(np.median(nearest(draw(real, len(real), middle, 1)))) > wanted
        low, high = (middle, high) if is_too_near else (low, middle)
    return (low + high) / 2


def describe_likeness(real: Vectors, asked: Vectors, width: float) -> dict[str, list[float]]:
    """Return percentiles 5, 50 and 95 of nearest cosines, among real vectors and as many drawn."""
    drawn = draw(real, len(real), width, 2)
    found = {
        "neighbours, real": nearest(real),
        "neighbours, drawn": nearest(drawn),
        "questions to real": (asked @ real.T).max(axis=1),
        "questions to drawn": (asked @ drawn.T).max(axis=1),
        "pairs, real": (real[:500] @ real[500:1000].T).ravel(),
        "pairs, drawn": (drawn[:500] @ drawn[500:1000].T).ravel(),
    }
    return {name: np.percentile(values, [5, 50, 95]).round(4).tolist() for name, values in found.items()}


def chunks_of(count: int) -> list[Chunk]:
    """Make chunks to go with vectors."""
    return [
        Chunk(f"c{row:07}", "", context="", kind=ORIGINAL, section="", source_ids=()) for row in range(count)
    ]


def best_of(vectors: Vectors, query: Vectors) -> NDArray[np.intp]:
    """Return the rows of the best, by brute force."""
    scores = vectors @ query
    return np.argpartition(-scores, BEST)[:BEST]


def measure(
    find: Callable[[Vectors], Sequence[str]], material: Material, cpu: Clock = time.process_time
) -> dict[str, Any]:
    """Return recall of the ten best by kind of question, and milliseconds over all.

    ``cpu`` tells the seconds of processor time that a search costs: unlike the clock on the wall, it says
    the same when others are at work on the machine.
    """
    took: list[float] = []
    spent = 0.0
    recall = {}
    for kind, queries in material.kinds.items():
        hits = 0
        for query in queries:
            began, before = time.perf_counter(), cpu()
            found = find(query)
            took.append(1000 * (time.perf_counter() - began))
            spent += cpu() - before
            hits += len({f"c{row:07}" for row in best_of(material.vectors, query)} & set(found))
        recall[kind] = round(hits / (BEST * len(queries)), 4)
    return {
        "recall": recall,
        "p50_ms": round(float(np.median(took)), 2),
        "p95_ms": round(p95(took), 2),
        "cpu_ms": round(1000 * spent / len(took), 2),
    }


def cpu_of(pid: int) -> float:
    """Return the seconds of processor time that another process has had, and this one."""
    parts = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(parts[11]) + int(parts[12])) / os.sysconf("SC_CLK_TCK") + time.process_time()


def memory_of(pid: int | str = "self") -> float:
    """Return the megabytes that a process holds."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return 0.0


def run_exact(material: Material) -> dict[str, Any]:
    """Search one matrix by brute force."""
    ids = [f"c{row:07}" for row in range(len(material.vectors))]
    found = measure(lambda query: [ids[row] for row in best_of(material.vectors, query)], material)
    return {**found, "memory_mb": round(material.vectors.nbytes / 2**20, 1), "build_s": 0.0}


def run_embedded(settings: dict[str, Any], material: Material) -> dict[str, Any]:
    """Search Chroma in this process."""
    with tempfile.TemporaryDirectory() as folder:
        client = _client(folder)
        before, began = memory_of(), time.perf_counter()
        made = client.create_collection("chunks", embedding_function=None, configuration={"hnsw": settings})
        ids = [one.id for one in chunks_of(len(material.vectors))]
        for start in range(0, len(ids), 1000):
            made.add(ids=ids[start : start + 1000], embeddings=material.vectors[start : start + 1000])
        took = time.perf_counter() - began

        def find(query: Vectors) -> list[str]:
            return list(
                made.query(query_embeddings=query[np.newaxis, :], n_results=BEST, include=[])["ids"][0]
            )

        found = measure(find, material)
        added = _time_adding(lambda number: made.add(ids=_new_ids(number), embeddings=_new(material)))
        memory = memory_of() - before
        client.close()
    return {**found, "memory_mb": round(memory, 1), "build_s": round(took, 1), "add_ms": added}


def run_server(material: Material) -> dict[str, Any]:
    """Search Chroma as a server, as a worker does."""
    with tempfile.TemporaryDirectory() as folder, _chroma(Path(folder)) as (url, pid):
        server = VectorServer(url)
        spent = partial(cpu_of, pid)
        before, began, cpu = memory_of(pid), time.perf_counter(), spent()
        chunks = chunks_of(len(material.vectors))
        server.write("v", chunks, material.vectors)
        took, cpu = time.perf_counter() - began, spent() - cpu
        index = server.open("v", len(chunks))

        def find(query: Vectors) -> list[str]:
            return [hit.chunk_id for hit in index.search(query[np.newaxis], BEST, Filters())[0]]

        found = measure(find, material, spent)
        memory = memory_of(pid) - before
        server.close()
    return {**found, "memory_mb": round(memory, 1), "build_s": round(took, 1), "build_cpu_s": round(cpu, 1)}


def run_segments(material: Material) -> dict[str, Any]:
    """Search documents of one's own: a segment each, with words too."""
    began = time.perf_counter()
    segments = list(_segments(material.vectors))
    took = time.perf_counter() - began
    held = sum(
        one.vectors.nbytes
        + one.lengths.nbytes
        + len(one.packed)
        + sum(
            part.nbytes
            for part in (one.postings.hashes, one.postings.ends, one.postings.rows, one.postings.counts)
        )
        for one in segments
    )

    def find(query: Vectors) -> list[str]:
        found = search(segments, query, "hoe groeit vertrouwen tussen partners", BEST)
        best = sorted(found, key=lambda one: -one.dense)[:BEST]
        return [f"c{int(one.segment.document_id) * PASSAGES + one.row:07}" for one in best]

    return {**measure(find, material), "memory_mb": round(held / 2**20, 1), "build_s": round(took, 1)}


def run_adding(material: Material) -> dict[str, Any]:
    """Add a document of one's own to a database that holds so many, until questions find it."""
    from assistant.storage import Storage  # loads SQLAlchemy

    text = _WORDS * PASSAGES
    read = ReadText(text, (DocumentSection("Kern", Span(0, len(text))),))
    made = _build(material.vectors[:PASSAGES]).to_bytes()
    with tempfile.TemporaryDirectory() as folder:
        storage = Storage.open(f"sqlite:///{folder}/assistant.db")

        def add(number: int, make: Callable[[], bytes]) -> None:
            content = f"{number}".encode() * 5000
            kept = storage.documents.add(f"owner-{number // 500}", "a.txt", DocumentFormat.TEXT, "A", content)
            task = storage.document_work.take(timedelta(minutes=5), "e", "m", kept.id)
            if task is None:
                raise RuntimeError("nothing to do")
            storage.document_work.keep_text(task.lease, read, "A")
            storage.document_work.finish(task.lease, "e", "m", make(), PASSAGES)
            Segment.from_bytes(storage.documents.segments([kept.id], "e", "m")[kept.id])

        there = len(material.vectors) // PASSAGES
        for number in range(there):
            add(number, lambda: made)
        some = material.vectors[:PASSAGES]
        added = _time_adding(lambda number: add(there + number, lambda: _build(some).to_bytes()))
        storage.close()
    return {"add_ms": added, "segment_kb": round(len(made) / 1024)}


_WORDS = "Partners bouwen aan vertrouwen door afspraken na te komen en open te zijn over hun belangen. "


def _segments(vectors: Vectors) -> Iterator[Segment]:
    """Make a segment of each hundred vectors; all have the same words, which are counted once."""
    template = _build(vectors[:PASSAGES])
    for number, start in enumerate(range(0, len(vectors), PASSAGES)):
        yield replace(template, document_id=str(number), vectors=vectors[start : start + PASSAGES].copy())


def _build(vectors: Vectors) -> Segment:
    random = np.random.default_rng(5)
    texts = (f"{' '.join(random.choice(_WORDS.split(), size=60))} w{row}" for row in range(len(vectors)))
    chunks = [
        Chunk(str(row), text, "", OWN, "", (), span=Span(0, len(text))) for row, text in enumerate(texts)
    ]
    return build_segment("0", chunks, [None] * len(chunks), vectors, engine="e", model="m")


def _time_adding(add: Callable[[int], object]) -> dict[str, float]:
    took, spent = [], []
    for number in range(ROUNDS):
        began, before = time.perf_counter(), time.process_time()
        add(number)
        took.append(1000 * (time.perf_counter() - began))
        spent.append(1000 * (time.process_time() - before))
    middle = {"p50": float(np.median(took)), "cpu_p50": float(np.median(spent)), "cpu_best": min(spent)}
    return {name: round(value, 2) for name, value in middle.items()}


def _new_ids(number: int) -> list[str]:
    return [f"n{number}-{row}" for row in range(PASSAGES)]


def _new(material: Material) -> Vectors:
    return material.vectors[:PASSAGES]


@contextmanager
def _chroma(folder: Path) -> Iterator[tuple[str, int]]:
    """Run a Chroma server on a free port."""
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    code = "import sys, chromadb_rust_bindings; chromadb_rust_bindings.cli(['chroma', *sys.argv[1:]])"
    command = [
        sys.executable,
        "-c",
        code,
        "run",
        "--path",
        str(folder),
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
    ]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603
    url = f"http://127.0.0.1:{port}"
    try:
        while True:
            try:
                httpx.get(f"{url}/api/v2/heartbeat", trust_env=False).raise_for_status()
                break
            except httpx.HTTPError:
                time.sleep(0.1)
        yield url, process.pid
    finally:
        process.kill()
        process.wait()


ENGINES: dict[str, Callable[[Material], dict[str, Any]]] = {
    "exact": run_exact,
    "segments": run_segments,
    "adding": run_adding,
    "embedded-default": partial(run_embedded, DEFAULTS),
    "embedded-ours": partial(run_embedded, OURS),
    "server-ours": run_server,
}


def _apart(engine: str, material: Material) -> dict[str, Any]:
    """Run an engine in a process of its own, so that its memory is its own."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(ENGINES[engine], (material,))


def main() -> None:
    """Print a line of JSON for each engine and size."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--sizes", type=int, nargs="+", default=[1000, 10_000, 100_000])
    asked.add_argument("--engines", nargs="+", choices=list(ENGINES), default=list(ENGINES))
    chosen = asked.parse_args()
    real, phrasings, unanswered = read_real(IndexFolder(read_settings().index_folder))
    random = np.random.default_rng(7)
    width = fit_width(real)
    _say({"real": len(real), "width": round(width, 3), "load": os.getloadavg()[0]})
    _say({"likeness": describe_likeness(real, phrasings, width)})
    drawn = draw(real, max(chosen.sizes), width, 0)
    nowhere = normalise(random.normal(size=(QUERIES, real.shape[1])).astype(np.float32))
    some = [part[random.permutation(len(part))[:QUERIES]] for part in (phrasings, unanswered)]
    for size in chosen.sizes:
        vectors = (
            np.concatenate([real, drawn])[:size]
            if size > len(real)
            else real[random.permutation(len(real))[:size]]
        )
        material = Material(np.ascontiguousarray(vectors), some[0], some[1], nowhere)
        for engine in chosen.engines:
            _say({"size": size, "engine": engine, **_apart(engine, material)})


def _say(line: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
