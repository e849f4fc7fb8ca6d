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
from assistant.bootstrap.conversations import Conversations
from assistant.bootstrap.documents import Documents
from assistant.bootstrap.health_checks import HealthChecks
from assistant.domain import Created
from assistant.settings import Settings, default_prompts
from assistant.surfaces.pages import build_pages
from tests.surfaces.serving import free_port

ROOT = Path(__file__).parents[3]
PARTNERS = ["Ziekenhuis De Linden", "Wijkzorg Noord", "Gemeente Vechtstad"]
START_SECONDS = 60


@pytest.fixture(scope="session")
def texts() -> Texts:
    return Texts.read(default_prompts() / "pages.yaml")


@pytest.fixture(scope="session")
def house() -> Texts:
    return Texts.read(default_prompts() / "look.yaml")


@pytest.fixture(scope="module")
def coaching(
    card_settings: Settings, from_cards: Assistant, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Coach]:
    """A coach over a database of the module's, in which each test makes checks of its own."""
    with closing(Coach.open(with_database(card_settings, tmp_path_factory), from_cards)) as coaching:
        yield coaching


@pytest.fixture
def checks(coaching: Coach) -> HealthChecks:
    return coaching.checks


@pytest.fixture(scope="module")
def site(coaching: Coach, from_cards: Assistant, card_settings: Settings) -> Starlette:
    conversations = Conversations(card_settings, from_cards, coaching.storage)
    documents = Documents(card_settings, coaching.storage)
    routes = build_pages(coaching, from_cards, card_settings.prompts, conversations, documents)
    return Starlette(routes=routes)


@pytest.fixture
def client(site: Starlette) -> Iterator[TestClient]:
    """A client of the test's own, that has no cookies yet."""
    with TestClient(site, follow_redirects=False) as client:
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

    @classmethod
    def start(cls, settings: Settings) -> Served:
        port = free_port()
        return cls(settings, port, _start(settings, port))

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(timeout=10)

    def start_again(self) -> None:
        self.process = _start(self.settings, self.port)

    def ensure_it_runs(self) -> None:
        if self.process.poll() is not None:
            self.start_again()


@pytest.fixture(scope="module")
def server(card_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    running = Served.start(with_database(card_settings, tmp_path_factory))
    yield running
    running.kill()


@pytest.fixture
def served(server: Served) -> Served:
    """The server of the module, which runs again whatever a test before did to it."""
    server.ensure_it_runs()
    return server


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


def with_database(settings: Settings, folders: pytest.TempPathFactory) -> Settings:
    """Give the settings a new database in a folder of its own."""
    path = folders.mktemp("database") / "checks.db"
    return settings.model_copy(update={"database_url": f"sqlite:///{path}"})


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
