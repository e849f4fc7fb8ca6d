"""Changing one thing at a time: what isn't changed stays as the product has it."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice

import numpy as np
import pytest

from assistant.domain import Filters, Language, Query, Question, outcome_of
from assistant.retrieval.stemming import Steps
from assistant.retrieval.vectors import KnownVectors
from assistant.settings import Settings
from evals.ablations.changing import Altered, Remembered, Roomy, build_pipeline, legs_of, rebuilding
from evals.bench import Bench

QUESTION = Question("Wat is calculatief vertrouwen?")


def test_the_legs_of_the_product_find_what_the_product_finds(bench: Bench) -> None:
    query = bench.understanding.understand(QUESTION)
    assert legs_of(bench).build().retrieve(query) == bench.opened.retriever.retrieve(query)


def test_the_pipeline_with_the_usual_room_answers_as_the_assistant_does(
    card_bench: Bench, card_settings: Settings
) -> None:
    pipeline = build_pipeline(card_bench, card_settings, legs_of(card_bench).build())
    said = outcome_of(pipeline.answer(QUESTION)).markdown
    assert said == outcome_of(card_bench.assistant.ask(QUESTION)).markdown


def test_without_room_an_answer_is_shorter(card_bench: Bench, card_settings: Settings) -> None:
    question, retriever = Question("Wat is de rol van reputatie bij vertrouwen?"), legs_of(card_bench).build()
    whole, short = (
        outcome_of(build_pipeline(card_bench, card_settings, retriever, room).answer(question)).markdown
        for room in (1.0, 0.0)
    )
    assert 0 < len(short) < len(whole)


def test_room_is_a_share_of_the_usual(card_bench: Bench, card_settings: Settings) -> None:
    usual = card_bench.understanding.understand(QUESTION)
    halved = Roomy(card_bench, card_settings, 0.5).understand(QUESTION)
    assert halved == replace(usual, room=usual.room // 2)


def test_an_altered_retriever_is_asked_the_changed_query_and_gives_changed_findings(
    card_bench: Bench,
) -> None:
    product = legs_of(card_bench).build()
    query = card_bench.understanding.understand(Question("What is calculative trust based on?"))
    assert query.language is Language.ENGLISH
    altered = Altered(
        product,
        before=lambda asked: replace(asked, text=QUESTION.text, language=Language.DUTCH),
        after=lambda found: replace(found, asked={}),
    )
    dutch = replace(query, text=QUESTION.text, language=Language.DUTCH)
    assert product.retrieve(dutch).asked
    assert altered.retrieve(query) == replace(product.retrieve(dutch), asked={})


def test_nothing_is_looked_up_twice_however_much_room_an_answer_has(card_bench: Bench) -> None:
    looked_up: list[Query] = []

    def note(query: Query) -> Query:
        looked_up.append(query)
        return query

    remembered = Remembered(Altered(legs_of(card_bench).build(), before=note))
    query = card_bench.understanding.understand(QUESTION)
    first = remembered.retrieve(query)
    assert remembered.retrieve(replace(query, room=9)) is first
    assert len(remembered.retrieve(query, limit=3).passages) == 3
    assert looked_up == [query, query]


def test_a_keyword_index_that_is_made_anew_is_the_one_that_was(card_bench: Bench) -> None:
    chunks = list(card_bench.opened.chunks.values())
    with rebuilding(card_bench, []) as made:
        again, without = made.keywords(chunks), made.keywords(chunks, Steps(stems=False))
    found = card_bench.opened.keywords.search("calculatieve afwegingen", 9, Filters())
    assert again.search("calculatieve afwegingen", 9, Filters()) == found
    assert without.search("calculatieve afwegingen", 9, Filters()) != found


def test_a_vector_index_that_is_made_anew_finds_what_the_product_finds(tiny_bench: Bench) -> None:
    chunks, vectors = list(tiny_bench.opened.chunks.values()), tiny_bench.opened.vectors
    assert vectors is not None
    sought = tiny_bench.embedder.embed_query(QUESTION.text)[np.newaxis]
    known: list[KnownVectors] = []
    with rebuilding(tiny_bench, known) as made:
        (again,) = made.vectors(chunks).search(sought, 5, Filters())
        (before,) = vectors.search(sought, 5, Filters())
        assert [hit.chunk_id for hit in again] == [hit.chunk_id for hit in before]
        assert again[0].score == pytest.approx(before[0].score, abs=0.01)


def test_no_passage_is_embedded_twice(tiny_bench: Bench) -> None:
    chunks = list(islice(tiny_bench.opened.chunks.values(), 2))
    known: list[KnownVectors] = []
    for _ in range(2):
        with rebuilding(tiny_bench, known) as made:
            made.vectors(chunks)
        assert [len(one.hashes) for one in known] == [2]
