"""The page in a real server of its own process, and a real Chromium before it."""

from __future__ import annotations

import re
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
from assistant.settings import default_prompts
from tests.surfaces.serving import free_port

ROOT = Path(__file__).parents[3]
START_SECONDS = 60
SCENES = ("plain", "indexing", "cards", "hasty", "unkept")


@pytest.fixture(scope="session")
def texts() -> Texts:
    return Texts.read(default_prompts() / "page.yaml")


@pytest.fixture(scope="session")
def is_built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the file that ends the build of the scene "indexing" once it is there."""
    return tmp_path_factory.mktemp("flags") / "built"


@pytest.fixture(scope="session")
def scenes(is_built: Path) -> Iterator[dict[str, str]]:
    """Return the address of each scene."""
    with served(is_built) as addresses:
        yield addresses


@pytest.fixture(scope="session")
def address(scenes: dict[str, str]) -> str:
    return scenes["plain"]


@pytest.fixture
def requests() -> list[str]:
    """Return the addresses that the page asked for."""
    return []


@pytest.fixture
def open_page(browser: Browser, requests: list[str]) -> Iterator[Callable[..., Page]]:
    contexts = []

    def open_at(url: str, width: int = 1280, height: int = 860) -> Page:
        context = browser.new_context(
            viewport=ViewportSize(width=width, height=height), locale="nl-NL", reduced_motion="reduce"
        )
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: requests.append(request.url))
        with page.expect_response(re.compile("/queue/join")):  # Before it, Gradio hears no Enter.
            page.goto(url)
        page.locator("#vraag textarea[aria-describedby=teller]").wait_for()  # Our own scripts are at work.
        return page

    yield open_at
    for context in contexts:
        context.close()


@pytest.fixture
def page(open_page: Callable[..., Page], address: str) -> Page:
    return open_page(address)


@contextmanager
def served(is_built: Path) -> Iterator[dict[str, str]]:
    """Serve all scenes from one process, and end that process afterwards; return their addresses."""
    ports = {scene: free_port() for scene in SCENES}
    asked = [f"{scene}={port}" for scene, port in ports.items()]
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.surfaces.chat.scripted", str(is_built), *asked], cwd=ROOT
    )
    try:
        for port in ports.values():
            _await_listener(port, process)
        yield {scene: f"http://127.0.0.1:{port}/" for scene, port in ports.items()}
    finally:
        process.terminate()
        process.wait(timeout=10)


def _await_listener(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    pytest.fail("the page's server didn't start")
