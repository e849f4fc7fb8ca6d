"""The pages over real health checks in SQLite: in this process, or served from one that can be killed."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize
from starlette.applications import Starlette
from starlette.testclient import TestClient

from assistant.answering.prompts import Texts
from assistant.bootstrap import Assistant
from assistant.bootstrap.coaching import Coach
from assistant.bootstrap.health_checks import HealthChecks
from assistant.domain import Created
from assistant.settings import Settings, default_prompts
from assistant.surfaces.pages import build_pages

ROOT = Path(__file__).parents[3]
PARTNERS = ["Ziekenhuis De Linden", "Wijkzorg Noord", "Gemeente Vechtstad"]
START_SECONDS = 60


@pytest.fixture(scope="session")
def texts() -> Texts:
    return Texts.read(default_prompts() / "pages.yaml")


@pytest.fixture
def settings(card_settings: Settings, tmp_path: Path) -> Settings:
    """Settings with a database of the test's own."""
    return card_settings.model_copy(update={"database_url": f"sqlite:///{tmp_path / 'checks.db'}"})


@pytest.fixture
def coaching(settings: Settings, from_cards: Assistant) -> Iterator[Coach]:
    with closing(Coach.open(settings, from_cards)) as coaching:
        yield coaching


@pytest.fixture
def checks(coaching: Coach) -> HealthChecks:
    return coaching.checks


@pytest.fixture
def client(coaching: Coach, from_cards: Assistant, settings: Settings) -> Iterator[TestClient]:
    routes = build_pages(coaching, from_cards, settings.prompts)
    with TestClient(Starlette(routes=routes), follow_redirects=False) as client:
        yield client


@pytest.fixture
def created(checks: HealthChecks) -> Created:
    return checks.create("Zorg rond de Vecht", PARTNERS)


@pytest.fixture
def token(created: Created) -> str:
    return next(iter(created.invitations.values()))


@dataclass
class Served:
    """A server in a process of its own, that can be killed and started again at the same address."""

    settings: Settings
    port: int
    process: subprocess.Popen[bytes]

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(timeout=10)

    def start_again(self) -> None:
        self.process = _start(self.settings, self.port)


@pytest.fixture
def served(settings: Settings) -> Iterator[Served]:
    port = _free_port()
    running = Served(settings, port, _start(settings, port))
    yield running
    running.kill()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    contexts: list[BrowserContext] = []

    def open_at(url: str, width: int = 1280, *, javascript: bool = True) -> Page:
        size = ViewportSize(width=width, height=860)
        context = browser.new_context(viewport=size, locale="nl-NL", java_script_enabled=javascript)
        contexts.append(context)
        page = context.new_page()
        page.goto(url)
        return page

    yield open_at
    for context in contexts:
        context.close()


def _start(settings: Settings, port: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.surfaces.pages.serving", str(port)]
    process = subprocess.Popen(command, cwd=ROOT, env=settings.as_environment())
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return process
        time.sleep(0.1)
    process.kill()
    pytest.fail("the pages' server didn't start")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
