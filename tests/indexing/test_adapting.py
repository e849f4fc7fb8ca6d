"""What is learned from the cards: that questions lie near what answers them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from assistant.bootstrap import load_engine
from assistant.indexing.adapting import Goal, Matrix, learn
from assistant.indexing.building import Inputs
from assistant.indexing.opening import OpenVersion, open_version
from assistant.indexing.versions import IndexFolder
from assistant.retrieval.adapter import NOTHING, QueryAdapter
from assistant.retrieval.vectors import read_vectors
from assistant.settings import Settings
from evals.items import DATA, Answerable, read_items

COUNT, DIMENSION = 8, 32
NEAREST = 5


def unit(vectors: Matrix) -> Matrix:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


def draw(seed: int, count: int) -> Matrix:
    return unit(np.random.default_rng(seed).normal(size=(count, DIMENSION)).astype(np.float32))


TEXTS = draw(0, COUNT)
TURN = np.linalg.qr(np.random.default_rng(1).normal(size=(DIMENSION, DIMENSION)))[0].astype(np.float32)


def ask(seed: int) -> Matrix:
    """Return a question for each text: the text itself, turned away from it, with noise."""
    return unit(TEXTS @ TURN + 0.3 * draw(seed, COUNT))


QUESTIONS = np.concatenate([ask(seed) for seed in range(100, 400)])
UNANSWERED = np.tile(draw(3, COUNT), (30, 1))
OWN = [(row % COUNT,) for row in range(len(QUESTIONS))]


@pytest.fixture(scope="module")
def learned() -> QueryAdapter:
    questions = np.concatenate([QUESTIONS, UNANSWERED])
    return QueryAdapter("klein", learn(questions, [Goal(TEXTS, [*OWN, *[()] * len(UNANSWERED)])]))


def test_a_question_like_those_that_it_learned_from_lies_nearest_to_its_answer(learned: QueryAdapter) -> None:
    new = ask(99)
    before, after = new @ TEXTS.T, learned.adapt(new) @ TEXTS.T
    found_before, found_after = (int((each.argmax(axis=1) == range(COUNT)).sum()) for each in (before, after))
    assert found_before < COUNT / 2
    assert found_after == COUNT
    assert (np.diag(after) > np.diag(before)).all()


def test_a_question_without_an_answer_is_kept_away_from_everything(learned: QueryAdapter) -> None:
    before, after = UNANSWERED @ TEXTS.T, learned.adapt(UNANSWERED) @ TEXTS.T
    assert after.max(axis=1).mean() < before.max(axis=1).mean()
    assert after.max(axis=1).mean() < NOTHING < np.diag(learned.adapt(ask(98)) @ TEXTS.T).min()


def test_a_question_with_several_answers_is_drawn_to_each_of_them() -> None:
    matrix = learn(QUESTIONS, [Goal(TEXTS, [(row[0], (row[0] + 1) % COUNT) for row in OWN])])
    near = QueryAdapter("klein", matrix).adapt(ask(99)) @ TEXTS.T
    best_two = np.argsort(-near, axis=1)[:, :2]
    wanted = [{row, (row + 1) % COUNT} for row in range(COUNT)]
    assert sum(set(best) == both for best, both in zip(best_two.tolist(), wanted, strict=True)) >= COUNT - 1


def test_two_goals_are_learned_together() -> None:
    others = draw(4, COUNT)
    matrix = learn(QUESTIONS, [Goal(TEXTS, OWN), Goal(others, OWN)])
    moved = QueryAdapter("klein", matrix).adapt(ask(99))
    for texts in (TEXTS, others):
        assert ((moved @ texts.T).argmax(axis=1) == range(COUNT)).mean() > 0.8


def test_the_same_questions_teach_the_same_matrix() -> None:
    goals = [Goal(TEXTS, OWN)]
    assert np.array_equal(learn(QUESTIONS, goals), learn(QUESTIONS, goals))


# What is shipped.


@pytest.fixture(scope="module")
def opened(card_settings: Settings) -> Iterator[OpenVersion]:
    folder, embedder = IndexFolder(card_settings.index_folder), load_engine(card_settings)
    opened = open_version(folder, folder.require_current(), embedder)
    yield opened
    opened.close()


def test_the_shipped_adapter_is_for_the_model_of_the_shipped_vectors_and_is_in_the_index(
    card_settings: Settings, opened: OpenVersion
) -> None:
    inputs = Inputs(card_settings.corpus, None)
    adapter, vectors = (
        QueryAdapter.read(inputs.adapter),
        read_vectors(inputs.shipped_vectors(card_settings.embedding)),
    )
    assert adapter.fits(vectors.model)
    assert adapter.matrix.shape == (vectors.dimension, vectors.dimension)
    assert opened.adapter is not None
    assert np.array_equal(opened.adapter.matrix, adapter.matrix)


def test_the_shipped_adapter_brings_questions_nearer_to_statements_that_answer_them(
    card_settings: Settings, opened: OpenVersion
) -> None:
    embedder = load_engine(card_settings)
    asked = read_items(DATA / "dev").answerable[::3]
    vectors = embedder.embed_queries([item.question for item in asked])
    assert opened.adapter is not None
    before, after = (
        np.mean([_is_found(item, opened, vector) for item, vector in zip(asked, each, strict=True)])
        for each in (vectors, opened.adapter.adapt(vectors))
    )
    assert after > before + 0.03


def _is_found(item: Answerable, opened: OpenVersion, vector: Matrix) -> bool:
    """Return whether one of the nearest statements rests on a section that holds the answer."""
    near = opened.statements.closeness(vector)
    nearest = sorted(near, key=lambda id_: -near[id_])[:NEAREST]
    statements = {one.id: one for card in opened.catalogue.cards.values() for one in card.statements}
    return any(not set(item.gold).isdisjoint(statements[id_].references) for id_ in nearest)
