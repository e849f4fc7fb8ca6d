"""The library over the shipped cards, with the originals and without."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assistant.bootstrap import Assistant
from assistant.settings import Settings
from tests.surfaces.pages.coaching import Served, served


@pytest.fixture(scope="module")
def cards(
    card_settings: Settings, from_cards: Assistant, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    with served(card_settings, from_cards, tmp_path_factory.mktemp("cards-served")) as pages:
        yield pages


@pytest.fixture(scope="module")
def originals_served(
    original_settings: Settings, from_originals: Assistant, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    with served(original_settings, from_originals, tmp_path_factory.mktemp("originals-served")) as pages:
        yield pages
