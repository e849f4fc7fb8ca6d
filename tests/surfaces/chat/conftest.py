"""The page in a real server of its own process, and a real Chromium before it."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from assistant.answering.prompts import Texts
from tests.surfaces.chat.scripted import PAGE_TEXTS

ROOT = Path(__file__).parents[3]
START_SECONDS = 60


@pytest.fixture(scope="session")
def texts() -> Texts:
    return Texts.read(PAGE_TEXTS)


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served("plain", tmp_path_factory.mktemp("plain") / "never") as url:
        yield url


@pytest.fixture
def requests() -> list[str]:
    """Return the addresses that the page asked for."""
    return []


@pytest.fixture
def open_page(browser: Browser, requests: list[str]) -> Iterator[Callable[..., Page]]:
    contexts = []

    def open_at(url: str, width: int = 1280, height: int = 860) -> Page:
        context = browser.new_context(viewport=ViewportSize(width=width, height=height), locale="nl-NL")
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: requests.append(request.url))
        page.goto(url)
        page.get_by_label("Uw vraag").wait_for()
        return page

    yield open_at
    for context in contexts:
        context.close()


@pytest.fixture
def page(open_page: Callable[..., Page], address: str) -> Page:
    return open_page(address)


@contextmanager
def served(scene: str, is_built: Path) -> Iterator[str]:
    """Serve a scene with uvicorn in a process of its own, and end that process afterwards."""
    port = _free_port()
    command = [sys.executable, "-m", "tests.surfaces.chat.scripted", str(port), scene, str(is_built)]
    process = subprocess.Popen(command, cwd=ROOT)
    try:
        _await_listener(port, process)
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.terminate()
        process.wait(timeout=10)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _await_listener(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    pytest.fail("the page's server didn't start")
