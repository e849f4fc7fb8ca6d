"""The assistant on a moving index: it follows the newest version, and lets none go too soon."""

from __future__ import annotations

import shutil
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.bootstrap import Assistant, Indexer, load_engine
from assistant.domain import Answer, PassagesFound, Progress, Question, Refusal, outcome_of
from assistant.errors import IndexMismatch, IndexUnavailable, UnusableReranker
from assistant.retrieval.embedding import CrossEncoderReranker, Embedder
from assistant.settings import Settings, read_settings
from evals.bench import RememberingEmbedder
from tests.retrieval.cross_encoders import write_cross_encoder


class CountingEmbedder(RememberingEmbedder):
    """The real engine, which tells what it was asked to embed for an index."""

    def __init__(self, embedder: Embedder) -> None:
        super().__init__(embedder)
        self.embedded: list[str] = []

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.embedded.extend(texts)
        return super().embed_passages(texts)

    def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.embedded.extend(texts)
        return super().embed_queries(texts)


def ask(assistant: Assistant, text: str) -> Answer | Refusal:
    return outcome_of(assistant.ask(Question(text)))


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory, card_settings: Settings) -> Settings:
    """Settings with an index of all cards, the phrasings of concepts alone: quick to build again."""
    folder = tmp_path_factory.mktemp("prepared")
    corpus = shutil.copytree(card_settings.corpus, folder / "corpus")
    for phrasings in (corpus / "phrasings").iterdir():
        if phrasings.name != "begrip":
            shutil.rmtree(phrasings)
    settings = read_settings(data=folder / "data", corpus=corpus, originals=folder)
    Indexer(settings, load_engine(settings)).build(lambda step: None)
    return settings


@pytest.fixture
def settings(tmp_path: Path, prepared: Settings) -> Settings:
    """Settings with cards of their own, so that changing one asks for a new index."""
    corpus = shutil.copytree(prepared.corpus, tmp_path / "corpus")
    return read_settings(data=tmp_path / "data", corpus=corpus, originals=tmp_path)


@pytest.fixture
def assistant(settings: Settings, prepared: Settings) -> Iterator[Assistant]:
    shutil.copytree(prepared.index_folder, settings.index_folder)
    with closing(Assistant(settings, load_engine(settings))) as built:
        yield built


def change_a_card(settings: Settings) -> None:
    card = settings.corpus / "cards" / "begrip" / "veerkracht.md"
    card.write_text(card.read_text(encoding="utf-8").replace("title: Veerkracht", "title: Veerkracht zelf"))


def test_before_the_first_index_nothing_can_be_asked(settings: Settings) -> None:
    with closing(Assistant(settings, load_engine(settings))) as fresh:
        assert not fresh.status().is_ready
        with pytest.raises(IndexUnavailable):
            next(fresh.ask(Question("Wat is een paradox?")))


def test_the_same_inputs_are_not_indexed_twice(settings: Settings, assistant: Assistant) -> None:
    version = assistant.status().index_version
    assert Indexer(settings, load_engine(settings)).is_current()
    assert Indexer(settings, load_engine(settings)).build(lambda step: None) == version


def test_a_changed_card_embeds_only_what_changed(settings: Settings, assistant: Assistant) -> None:
    before = assistant.status().index_version
    change_a_card(settings)
    assert not Indexer(settings, load_engine(settings)).is_current()
    embedder = CountingEmbedder(load_engine(settings))
    after = Indexer(settings, embedder).build(lambda step: None)
    assert after != before
    assert 0 < len(embedder.embedded) < 20
    assert assistant.catalogue.cards["veerkracht"].title == "Veerkracht zelf"


def test_a_question_under_way_is_finished_on_the_version_that_it_began_on(
    settings: Settings, assistant: Assistant
) -> None:
    events = assistant.ask(Question("Wat is veerkracht?"))
    assert isinstance(next(events), PassagesFound)
    change_a_card(settings)
    Indexer(settings, load_engine(settings)).build(lambda step: None)
    assert isinstance(ask(assistant, "Wat is veerkracht?"), Answer)
    assert isinstance(list(events)[-1], Answer)


def test_many_threads_ask_while_the_index_is_replaced(settings: Settings, assistant: Assistant) -> None:
    outcomes: list[object] = []
    threads = [
        threading.Thread(
            target=lambda: outcomes.extend(ask(assistant, "Wat is veerkracht?") for _ in range(10))
        )
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    change_a_card(settings)
    Indexer(settings, load_engine(settings)).build(lambda step: None)
    for thread in threads:
        thread.join()
    assert len(outcomes) == 40
    assert all(isinstance(outcome, Answer) for outcome in outcomes)


def test_an_index_of_another_model_is_not_asked(settings: Settings, assistant: Assistant) -> None:
    another = RememberingEmbedder(load_engine(settings))
    another.model = "another-model"
    with closing(Assistant(settings, another)) as other, pytest.raises(IndexMismatch, match="another-model"):
        ask(other, "Wat is een paradox?")
    assert assistant.status().is_ready


def test_a_damaged_index_is_made_anew_before_it_is_asked(settings: Settings, assistant: Assistant) -> None:
    version = assistant.status().index_version
    (settings.index_folder / str(version) / "catalogue.json").write_text("{}", encoding="utf-8")
    Indexer(settings, load_engine(settings)).prepare(lambda step: None)
    with closing(Assistant(settings, load_engine(settings))) as healed:
        assert healed.status().index_version != version
        assert isinstance(ask(healed, "Wat is een paradox?"), Answer)


def test_the_status_tells_of_a_build_and_of_its_failure(assistant: Assistant) -> None:
    ready = assistant.status()
    assistant.note_progress(Progress(3, 10))
    assistant.note_failure("Er is iets mis.")
    assert assistant.status() == replace(ready, building=Progress(3, 10), failure="Er is iets mis.")
    assistant.note_progress(None)
    assert assistant.status().building is None


def test_the_shipped_vectors_fit_the_cards(card_settings: Settings, tmp_path: Path) -> None:
    settings = read_settings(data=tmp_path / "data", originals=tmp_path, corpus=card_settings.corpus)
    embedder, steps = CountingEmbedder(load_engine(settings)), list[Progress]()
    Indexer(settings, embedder).build(steps.append)
    assert embedder.embedded == [], "run `make vectors`"
    assert steps[-1].done == steps[-1].total > 0


def test_a_reranker_of_the_settings_orders_what_is_found(
    card_settings: Settings, from_cards: Assistant, tmp_path: Path
) -> None:
    pytest.importorskip("sentence_transformers", reason="the extra sentence-transformers isn't installed")
    question = Question("Hoe gaan leiders om met de paradox van vertrouwen en controle?")
    model = write_cross_encoder(tmp_path, [question.text])
    settings = card_settings.model_copy(update={"reranker": model})
    with closing(Assistant(settings, load_engine(settings))) as reranking:
        found = [passage.chunk for passage in reranking.search(question)]
        assert isinstance(ask(reranking, question.text), Answer)
    relevance = CrossEncoderReranker(model).relevance(question.text, [chunk.indexed_text for chunk in found])
    assert np.diff(relevance).max() < 1e-3
    assert found != [passage.chunk for passage in from_cards.search(question)]


def test_a_reranker_that_is_not_there_keeps_the_assistant_from_starting(card_settings: Settings) -> None:
    pytest.importorskip("sentence_transformers", reason="the extra sentence-transformers isn't installed")
    settings = card_settings.model_copy(update={"reranker": str(card_settings.data / "nowhere")})
    with pytest.raises(UnusableReranker):
        Assistant(settings, load_engine(settings))


def test_without_a_reranker_its_package_is_not_needed(
    card_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with closing(Assistant(card_settings, load_engine(card_settings))) as plain:
        assert isinstance(ask(plain, "Wat is een paradox?"), Answer)
