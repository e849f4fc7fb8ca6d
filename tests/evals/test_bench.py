"""What is measured: which sections a chunk carries, and an embedder that remembers questions and passages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.domain import (
    ORIGINAL,
    Card,
    CardSection,
    Catalogue,
    Chunk,
    Question,
    Reference,
    SectionRole,
    Span,
    Statement,
)
from evals.bench import Bench, RememberingEmbedder, sections_of
from tests.fakes import a_catalogue

GROWTH, LOSS = Reference("met-tekst", "Groei"), Reference("zonder-tekst", "Verlies")


class CountingEmbedder:
    """Embeds a text as its length, and notes what it's asked."""

    engine, model, dimension = "counting", "letters", 1

    def __init__(self) -> None:
        self.queries: list[str] = []
        self.passages: list[str] = []

    def embed_query(self, text: str) -> NDArray[np.float32]:
        self.queries.append(text)
        return np.array([len(text)], dtype=np.float32)

    def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.array([[len(text)] for text in texts], dtype=np.float32)

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.passages += texts
        return np.array([[-len(text)] for text in texts], dtype=np.float32)


def statement(number: int, *references: Reference) -> Statement:
    return Statement(f"vertrouwen#{number}", "Vertrouwen.", None, False, references, number)


@pytest.fixture
def catalogue() -> Catalogue:
    """A catalogue with one card of two sections."""
    known = a_catalogue()
    (card,) = known.cards.values()
    core = CardSection(
        "Kern",
        SectionRole.DEFINITION,
        False,
        (statement(1, GROWTH), statement(2, LOSS, GROWTH), statement(3, LOSS), statement(4, LOSS)),
    )
    pitfalls = CardSection("Valkuilen", SectionRole.PITFALLS, False, (statement(5, GROWTH),))
    changed: Card = replace(card, sections=(core, pitfalls))
    return replace(known, cards={card.id: changed})


def test_a_chunk_of_a_card_carries_the_sections_that_it_cites_the_most_cited_first(
    catalogue: Catalogue,
) -> None:
    sources = ("met-tekst", "zonder-tekst")
    chunk = Chunk("c", "Vertrouwen.", "Vertrouwen, Kern", "begrip", "Kern", sources, "vertrouwen")
    assert sections_of(chunk, catalogue) == (LOSS, GROWTH)
    assert sections_of(replace(chunk, section="Valkuilen"), catalogue) == (GROWTH,)


def test_a_chunk_of_an_original_carries_its_own_section(catalogue: Catalogue) -> None:
    chunk = Chunk("c", "Tekst.", "Auteur, Groei", ORIGINAL, "Groei", ("met-tekst",), None, Span(0, 24))
    assert sections_of(chunk, catalogue) == (GROWTH,)


def test_every_chunk_of_a_real_index_carries_sections_of_the_bibliography(bench: Bench) -> None:
    sources = bench.opened.catalogue.sources
    assert bench.sections.keys() == bench.opened.chunks.keys()
    for id_, sections in bench.sections.items():
        assert sections, id_
        assert len(set(sections)) == len(sections)
        assert all(one.section in sources[one.source_id].sections for one in sections)


def test_a_bench_on_the_cards_says_so(card_bench: Bench) -> None:
    assert card_bench.way == "cards"
    assert not card_bench.opened.catalogue.documents


@pytest.mark.originals
def test_a_bench_on_the_originals_says_so(original_bench: Bench) -> None:
    assert original_bench.way == "originals"
    kinds = {chunk.kind for chunk in original_bench.opened.chunks.values()}
    assert ORIGINAL in kinds
    assert len(kinds) > 1


def test_the_assistant_of_a_bench_answers_from_the_index_that_is_measured(bench: Bench) -> None:
    assert bench.assistant.status().index_version == bench.opened.version
    query = bench.understanding.understand(Question("Wat is calculatief vertrouwen?"))
    passages = bench.opened.retriever.retrieve(query, 5).passages
    assert passages
    assert {passage.chunk.id for passage in passages} <= bench.sections.keys()


def test_no_question_is_embedded_twice() -> None:
    counting = CountingEmbedder()
    remembering = RememberingEmbedder(counting)
    found = [float(remembering.embed_query(text)[0]) for text in ("brug", "veerpont", "brug")]
    assert found == [4, 8, 4]
    assert counting.queries == ["brug", "veerpont"]


def test_no_passage_is_embedded_twice_and_each_keeps_its_place() -> None:
    counting = CountingEmbedder()
    remembering = RememberingEmbedder(counting)
    assert remembering.embed_passages(["brug", "veerpont", "brug"]).tolist() == [[-4], [-8], [-4]]
    assert remembering.embed_passages(["sluis", "brug"]).tolist() == [[-5], [-4]]
    assert counting.passages == ["brug", "veerpont", "sluis"]


def test_no_passages_are_no_rows() -> None:
    assert RememberingEmbedder(CountingEmbedder()).embed_passages([]).shape == (0, 1)


def test_a_question_and_a_passage_of_the_same_words_are_told_apart() -> None:
    remembering = RememberingEmbedder(CountingEmbedder())
    assert (float(remembering.embed_query("brug")[0]), remembering.embed_passages(["brug"]).tolist()) == (
        4,
        [[-4]],
    )
    assert remembering.embed_queries(["brug"]).tolist() == [[4]]


def test_what_remembers_questions_is_otherwise_the_embedder_itself() -> None:
    counting = CountingEmbedder()
    remembering = RememberingEmbedder(counting)
    assert (remembering.engine, remembering.model, remembering.dimension) == ("counting", "letters", 1)
    assert remembering.embed_passages(["brug"]).tolist() == [[-4]]
    assert counting.queries == []


def test_without_a_cross_encoder_in_the_settings_a_bench_has_none(card_bench: Bench) -> None:
    assert card_bench.reranker is None
