"""One API over a fake assistant, with the real texts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from assistant.answering.prompts import Texts
from assistant.surfaces.api import build_api
from tests.fakes import FakeAssistant

PROBLEMS = Path(__file__).parents[3] / "prompts" / "problems.yaml"

Connect = Callable[[FakeAssistant], TestClient]


@pytest.fixture(scope="session")
def texts() -> Texts:
    return Texts.read(PROBLEMS)


@pytest.fixture(scope="session")
def connect(texts: Texts) -> Connect:
    """Return how to get a client; like a server, it turns what nobody caught into a response."""

    def build(assistant: FakeAssistant) -> TestClient:
        return TestClient(build_api(assistant, texts), raise_server_exceptions=False)

    return build
