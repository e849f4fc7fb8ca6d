"""Segments of own documents: what is written is read, and a search is exact over those it is given."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.domain import OWN, Chunk, Span
from assistant.errors import IndexDamaged
from assistant.retrieval.segments import Segment, build_segment, search

DIMENSION = 8
TEXTS = (
    "De opzegtermijn is zes maanden.",
    "De stuurgroep komt elk kwartaal bijeen en besluit over geld.",
    "Artikel 14.3 regelt de opzegtermijn bij een faillissement.",
)


def chunks_of(document_id: str, texts: tuple[str, ...] = TEXTS) -> list[Chunk]:
    places = np.cumsum([0, *(len(text) + 1 for text in texts)]).tolist()
    return [
        Chunk(
            f"{document_id}-{number}",
            text,
            "Overeenkomst, Looptijd",
            OWN,
            "Looptijd",
            (document_id,),
            span=Span(start, start + len(text)),
            sentences=(Span(0, len(text)),),
        )
        for number, (text, start) in enumerate(zip(texts, places, strict=False))
    ]


def vectors(count: int, seed: int) -> NDArray[np.float32]:
    drawn = np.random.default_rng(seed).normal(size=(count, DIMENSION)).astype(np.float32)
    return np.asarray(drawn / np.linalg.norm(drawn, axis=1, keepdims=True), dtype=np.float32)


def segment(document_id: str, seed: int = 0, texts: tuple[str, ...] = TEXTS) -> Segment:
    chunks = chunks_of(document_id, texts)
    pages = [1, None, 3][: len(chunks)]
    return build_segment(document_id, chunks, pages, vectors(len(chunks), seed), engine="e", model="m")


def test_a_segment_is_read_as_it_was_written() -> None:
    written = segment("eigen-a")
    read = Segment.from_bytes(written.to_bytes())
    assert (read.document_id, read.engine, read.model, len(read)) == ("eigen-a", "e", "m", 3)
    assert np.array_equal(read.vectors, written.vectors)
    assert read.chunks([2, 0]) == written.chunks([2, 0])
    assert read.chunks([2]) == [(chunks_of("eigen-a")[2], 3)]
    asked = vectors(1, 9)[0]
    assert [(one.id, one.dense, one.keywords) for one in search([read], asked, "opzegtermijn", 3)] == [
        (one.id, one.dense, one.keywords) for one in search([written], asked, "opzegtermijn", 3)
    ]


def test_a_segment_without_passages_is_read_and_finds_nothing() -> None:
    empty = build_segment("eigen-a", [], [], np.zeros((0, DIMENSION), np.float32), engine="e", model="m")
    read = Segment.from_bytes(empty.to_bytes())
    assert len(read) == 0
    assert search([read], vectors(1, 9)[0], "opzegtermijn", 3) == ()


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9])
def test_what_is_cut_off_is_noticed(share: float) -> None:
    content = segment("eigen-a").to_bytes()
    with pytest.raises(IndexDamaged):
        Segment.from_bytes(content[: int(len(content) * share)])


def test_meaning_finds_what_brute_force_finds_over_all_segments() -> None:
    segments = [segment(f"eigen-{number}", seed=number) for number in range(40)]
    asked = vectors(1, 99)[0]
    every = sorted(
        ((float(row @ asked), one.document_id) for one in segments for row in one.vectors), reverse=True
    )
    found = sorted(search(segments, asked, "", 10), key=lambda one: -one.dense)
    assert [one.segment.document_id for one in found] == [id_ for _, id_ in every[:10]]
    assert [one.dense for one in found] == pytest.approx([score for score, _ in every[:10]])


def test_words_find_a_passage_whose_vector_lies_far_off() -> None:
    segments = [segment(f"eigen-{number}", seed=number) for number in range(30)]
    odd = segment("eigen-odd", seed=77, texts=("Bijlage K noemt een boete van 12.500 euro.",))
    asked = -odd.vectors[0]
    found = {one.id: one for one in search([*segments, odd], asked, "Hoe hoog is de boete in bijlage K?", 5)}
    assert found["eigen-odd~0"].keywords == max(one.keywords for one in found.values())
    assert found["eigen-odd~0"].coverage > 0.5


def test_what_is_not_searched_does_not_weigh_on_what_is_found() -> None:
    alone = search([segment("eigen-a")], vectors(1, 9)[0], "opzegtermijn", 3)
    again = search([segment("eigen-a")], vectors(1, 9)[0], "opzegtermijn", 3)
    beside = search([segment("eigen-a"), segment("eigen-b", 5)], vectors(1, 9)[0], "opzegtermijn", 3)
    assert [one.keywords for one in alone] == [one.keywords for one in again]
    assert {one.keywords for one in beside} != {one.keywords for one in alone}
