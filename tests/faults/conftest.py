"""The frame of the faults: how often each is tried, real servers, and a database of each kind.

``FAULTS_ROUNDS`` is ``full`` for every round that a test asks for, or a number for at most so many; without
it a test runs its short form. What a test records as its property ``figure`` is printed at the end.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from assistant.settings import Settings
from tests.storage.conftest import postgresql, postgresql_url, url
from tests.surfaces.conftest import browser
from tests.surfaces.serving import Running, serving

__all__ = ["browser", "postgresql", "postgresql_url", "rounds", "url"]

ROUNDS = "FAULTS_ROUNDS"
Start = Callable[..., Running]


def rounds(short: int, full: int) -> int:
    """Return how often to try: ``short`` in ``make test``, ``full`` in ``make faults``."""
    asked = os.environ.get(ROUNDS)
    if asked is None:
        return short
    return full if asked == "full" else min(full, int(asked))


@pytest.fixture
def settings(card_settings: Settings, url: str) -> Settings:
    """Settings with the built index of the cards, and an empty database of each kind."""
    return card_settings.model_copy(update={"database_url": url})


@pytest.fixture
def start() -> Iterator[Start]:
    """Start the whole product as a process of its own; changed settings are given by name."""
    with ExitStack() as running:

        def start_one(settings: Settings, **changed: Any) -> Running:
            return running.enter_context(serving(settings.model_copy(update=changed)))

        yield start_one


@pytest.fixture
def own_folder(card_settings: Settings, tmp_path: Path) -> Settings:
    """Settings with a data folder of the test's own, that may be damaged: a copy of the built index."""
    data = tmp_path / "data"
    shutil.copytree(card_settings.data, data)
    return card_settings.model_copy(update={"data": data})


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the figures of all tests."""
    reports = [report for kind in ("passed", "failed") for report in terminalreporter.stats.get(kind, [])]
    for report in reports:
        for name, value in report.user_properties:
            if name == "figure":
                terminalreporter.write_line(f"{report.nodeid}: {value}")
