"""What all tests share."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from assistant.bootstrap import Assistant, Indexer, load_engine
from assistant.bootstrap.coaching import Coach
from assistant.settings import Settings, read_settings
from evals.bench import RememberingEmbedder


@pytest.fixture(scope="session")
def originals() -> Path:
    """Give the folder with the original texts, or skip the test where there is none."""
    beside = Path(__file__).parents[2] / "shared" / "sources"
    folder = Path(os.environ.get("ASSISTANT_ORIGINALS", beside))
    if not folder.is_dir():
        pytest.skip("the original texts aren't here")
    return folder


@pytest.fixture(scope="session")
def card_settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings with an index of the shipped cards alone."""
    empty = tmp_path_factory.mktemp("no-originals")
    settings = read_settings(data=tmp_path_factory.mktemp("cards"), originals=empty)
    Indexer(settings, load_engine(settings)).build(lambda step: None)
    return settings


@pytest.fixture(scope="session")
def original_settings(
    tmp_path_factory: pytest.TempPathFactory, originals: Path, pytestconfig: pytest.Config
) -> Settings:
    """Settings with an index of cards and originals; its vectors are kept between runs."""
    settings = read_settings(data=tmp_path_factory.mktemp("originals"), originals=originals)
    kept = pytestconfig.cache.mkdir("vectors")
    known = settings.index_folder / "known-vectors"
    with FileLock(f"{kept}.lock"):  # One worker embeds, for which it has the others' processors; they wait.
        shutil.copytree(kept, known)
        command = [sys.executable, "-m", "assistant.surfaces.cli", "index"]
        environment = {**settings.as_environment(), "OMP_NUM_THREADS": str(os.cpu_count())}
        subprocess.run(command, env=environment, check=True, capture_output=True)
        shutil.copytree(known, kept, dirs_exist_ok=True)
    return settings


@pytest.fixture(scope="session")
def remembering(card_settings: Settings) -> RememberingEmbedder:
    """The shipped engine, which embeds each question only once."""
    return RememberingEmbedder(load_engine(card_settings))


@pytest.fixture(scope="session")
def from_cards(card_settings: Settings, remembering: RememberingEmbedder) -> Iterator[Assistant]:
    """An assistant that has the cards alone."""
    assistant = Assistant(card_settings, remembering)
    yield assistant
    assistant.close()


@pytest.fixture(scope="session")
def from_originals(original_settings: Settings, remembering: RememberingEmbedder) -> Iterator[Assistant]:
    """An assistant that has the originals too."""
    assistant = Assistant(original_settings, remembering)
    yield assistant
    assistant.close()


@pytest.fixture
def coach(from_cards: Assistant, card_settings: Settings, tmp_path: Path) -> Iterator[Coach]:
    """A coach over the cards, with a database of its own."""
    settings = card_settings.model_copy(update={"database_url": f"sqlite:///{tmp_path / 'coach.db'}"})
    opened = Coach.open(settings, from_cards)
    yield opened
    opened.close()
