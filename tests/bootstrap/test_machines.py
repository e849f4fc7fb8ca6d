"""Two machines on one PostgreSQL and one Chroma server: one builds, the other takes what it made."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from assistant.bootstrap import Assistant, Indexer
from assistant.bootstrap.machines import IndexWatch, joined
from assistant.domain import Answer, Question, outcome_of
from assistant.errors import IndexBusy
from assistant.indexing.versions import IndexFolder
from assistant.retrieval.embedding import Embedder
from assistant.settings import Settings
from evals.bench import RememberingEmbedder
from tests.retrieval.chroma_server import ChromaServer, private_chroma
from tests.storage.conftest import postgresql, postgresql_url

__all__ = ["postgresql", "postgresql_url"]

QUESTION = Question("Wat is calculatief vertrouwen?")


@pytest.fixture
def chroma(tmp_path: Path) -> Iterator[ChromaServer]:
    with private_chroma(tmp_path / "records") as running:
        yield running


@pytest.fixture
def here(card_settings: Settings, tmp_path: Path, postgresql_url: str) -> Settings:
    """Settings of a machine with a data folder of its own, and nothing in it."""
    return card_settings.model_copy(update={"data": tmp_path / "here", "database_url": postgresql_url})


@pytest.fixture
def there(here: Settings, tmp_path: Path) -> Settings:
    """Settings of another machine, on the same database."""
    return here.model_copy(update={"data": tmp_path / "there"})


def current(settings: Settings) -> str | None:
    return IndexFolder(settings.index_folder).current()


def answer(assistant: Assistant) -> str:
    outcome = outcome_of(assistant.ask(QUESTION))
    assert isinstance(outcome, Answer)
    return outcome.markdown


def test_one_machine_builds_and_others_take_what_it_made(
    here: Settings, there: Settings, remembering: RememberingEmbedder, chroma: ChromaServer
) -> None:
    url = {"chroma_url": chroma.url}
    here, there = here.model_copy(update=url), there.model_copy(update=url)
    Indexer(here, remembering).prepare(lambda step: None)
    steps: list[object] = []
    Indexer(there, remembering).prepare(steps.append)
    assert (current(there), steps) == (current(here), [])
    assert Indexer(there, remembering).is_current()

    with closing(Assistant(there, remembering)) as assistant:
        said = answer(assistant)
        shutil.rmtree(IndexFolder(there.index_folder).version_path(str(current(there))) / "vectors")
        assert answer(assistant) == said  # From the server.
    with closing(Assistant(here, remembering)) as assistant:
        chroma.stop()
        assert answer(assistant) == said  # From its own files.


def test_a_machine_takes_over_a_newer_version_without_a_restart(
    here: Settings, there: Settings, card_settings: Settings, remembering: RememberingEmbedder
) -> None:
    for settings in (here, there):
        shutil.copytree(card_settings.index_folder, settings.index_folder)
    with (
        closing(IndexWatch(there, remembering, seconds=0.05)),
        closing(Assistant(there, remembering)) as assistant,
    ):
        before = assistant.status().index_version
        newer = announce_a_newer_version(here, remembering)
        assert before != newer
        deadline = time.monotonic() + 60
        while assistant.status().index_version != newer:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        assert answer(assistant)


def test_one_machine_builds_at_a_time(
    here: Settings, there: Settings, remembering: RememberingEmbedder
) -> None:
    folder = IndexFolder(here.index_folder)
    with joined(here, folder, remembering) as machines, machines.building(), pytest.raises(IndexBusy):
        Indexer(there, remembering).build(lambda step: None)


def announce_a_newer_version(settings: Settings, embedder: Embedder) -> str:
    """Publish a version with the same contents, as if made from other originals, and share it."""
    folder = IndexFolder(settings.index_folder)
    before = folder.require_current()
    with joined(settings, folder, embedder) as machines, machines.building(patience=20):
        with folder.building():
            unfinished = folder.begin("f" * 64)
            shutil.copytree(folder.version_path(before), unfinished, dirs_exist_ok=True)
            (unfinished / "manifest.json").unlink()
            manifest = folder.manifest(before)
            made = type(manifest.made_from)("f" * 64, embedder.engine, embedder.model, embedder.dimension, 1)
            newer = folder.publish(unfinished, made, manifest.probed_with)
        machines.publish(newer)
    return newer
