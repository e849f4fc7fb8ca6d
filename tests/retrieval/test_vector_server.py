"""The dense index on a real Chroma server: it finds what brute force finds, and its absence is borne."""

from __future__ import annotations

import logging
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.domain import ORIGINAL, Chunk, Filters
from assistant.errors import IndexDamaged, VectorsUnavailable
from assistant.retrieval.vector_index import VectorIndex, write_vector_index
from assistant.retrieval.vector_server import PATIENCE, SteadyVectors, VectorServer
from assistant.retrieval.vectors import normalise
from tests.retrieval.chroma_server import ChromaServer, private_chroma

MakeChunks = Callable[[int], tuple[Chunk, ...]]
Vectors = NDArray[np.float32]

EVERYWHERE = Filters()
NUMBER = 1200


def narrow(number: int, seed: int = 0) -> Vectors:
    """Draw (number, 384) unit vectors in one cone, as E5's are."""
    random = np.random.default_rng(seed)
    vectors = 2 * np.random.default_rng(99).normal(size=(1, 384)) + random.normal(size=(number, 384))
    return normalise(vectors.astype(np.float32))


@pytest.fixture(scope="module")
def chroma(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChromaServer]:
    with private_chroma(tmp_path_factory.mktemp("chroma") / "records") as running:
        yield running


@pytest.fixture
def server(chroma: ChromaServer) -> Iterator[VectorServer]:
    opened = VectorServer(chroma.url)
    yield opened
    opened.prune(())
    opened.close()


@pytest.mark.parametrize(
    "filters",
    [
        EVERYWHERE,
        Filters(kinds=frozenset({ORIGINAL})),
        Filters(sources=frozenset({"jansen", "nobody"}), kinds=frozenset({"begrip"})),
    ],
)
def test_search_on_the_server_finds_what_brute_force_finds(
    filters: Filters, server: VectorServer, make_chunks: MakeChunks
) -> None:
    chunks, vectors = make_chunks(NUMBER), narrow(NUMBER)
    server.write("20261122T0-a", chunks, vectors)
    index = server.open("20261122T0-a", NUMBER)
    admitted = [
        row
        for row, chunk in enumerate(chunks)
        if (not filters.kinds or chunk.kind in filters.kinds)
        and (not filters.sources or filters.sources & set(chunk.source_ids))
    ]
    off_topic = normalise(np.random.default_rng(7).normal(size=(10, 384)).astype(np.float32))
    for query in [*narrow(10, seed=1), *off_topic]:
        (found,) = index.search(query[np.newaxis], 30, filters)
        best = sorted((vectors[admitted] @ query).tolist(), reverse=True)[:30]
        assert [hit.score for hit in found] == pytest.approx(best, abs=1e-5)
        assert {hit.chunk_id for hit in found} <= {chunks[row].id for row in admitted}


def test_a_version_is_only_held_when_every_chunk_is_there(
    server: VectorServer, make_chunks: MakeChunks
) -> None:
    server.write("v1", make_chunks(3), narrow(3))
    assert server.holds("v1", 3)
    assert not server.holds("v1", 4)
    assert not server.holds("v2", 3)
    with pytest.raises(IndexDamaged):
        server.open("v1", 4)
    with pytest.raises(IndexDamaged):
        server.open("v2", 3)


def test_writing_again_replaces_the_part_that_a_killed_build_left(
    server: VectorServer, make_chunks: MakeChunks
) -> None:
    server.write("v1", make_chunks(20), narrow(20))
    server.write("v1", make_chunks(5), narrow(5))
    assert server.holds("v1", 5)


def test_pruning_removes_other_versions_and_nothing_else(
    server: VectorServer, make_chunks: MakeChunks
) -> None:
    for version in ("v1", "v2", "v3"):
        server.write(version, make_chunks(2), narrow(2))
    server.prune(["v3", "v2"])
    assert [server.holds(version, 2) for version in ("v1", "v2", "v3")] == [False, True, True]


def test_a_server_that_is_away_is_a_clear_error(make_chunks: MakeChunks) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # Bound, but nobody listens.
        away = VectorServer(f"http://127.0.0.1:{taken.getsockname()[1]}")
        with pytest.raises(VectorsUnavailable):
            away.write("v1", make_chunks(1), narrow(1))
        with pytest.raises(VectorsUnavailable):
            away.open("v1", 1)
        away.close()


def test_a_server_that_hangs_is_not_waited_for_without_end() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        hanging = VectorServer(f"http://127.0.0.1:{silent.getsockname()[1]}")
        began = time.monotonic()
        with pytest.raises(VectorsUnavailable):
            hanging.holds("v1", 1)
        assert time.monotonic() - began < 10
        hanging.close()


def test_while_the_server_is_away_the_versions_own_files_answer_the_same(
    tmp_path: Path, make_chunks: MakeChunks, caplog: pytest.LogCaptureFixture
) -> None:
    chunks, vectors = make_chunks(50), narrow(50)
    write_vector_index(tmp_path / "vectors", chunks, vectors)
    moment = [1000.0]
    with private_chroma(tmp_path / "records") as chroma:
        server = VectorServer(chroma.url)
        server.write("v1", chunks, vectors)
        opened: list[str] = []

        def own() -> VectorIndex:
            opened.append("own")
            return VectorIndex.open(tmp_path / "vectors")

        steady = SteadyVectors(lambda: server.open("v1", 50), own, clock=lambda: moment[0])
        wanted = [hit.chunk_id for hit in steady.search(vectors[7:8], 5, EVERYWHERE)[0]]
        assert (wanted[0], opened) == ("c00007", [])
        chroma.stop()
        with caplog.at_level(logging.WARNING):
            for _ in range(3):
                assert [hit.chunk_id for hit in steady.search(vectors[7:8], 5, EVERYWHERE)[0]] == wanted
        assert (len(caplog.records), opened) == (1, ["own"])
        chroma.start()
        moment[0] += PATIENCE
        assert [hit.chunk_id for hit in steady.search(vectors[7:8], 5, EVERYWHERE)[0]] == wanted
        assert len(caplog.records) == 1
        steady.close()
        server.close()
