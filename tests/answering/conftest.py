"""An assistant whose answers a scripted chat model words, over HTTP."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import closing

import pytest

from assistant.bootstrap import Assistant
from assistant.settings import Settings
from evals.bench import RememberingEmbedder
from tests.chat_server import MODEL, ChatServer, answering, chat_server

LIMIT = 2.0
"""Seconds that the scripted model gets."""


@pytest.fixture(scope="session")
def scripted() -> Iterator[ChatServer]:
    with chat_server() as server:
        yield server


@pytest.fixture
def chat(scripted: ChatServer) -> ChatServer:
    """Give the server with nothing remembered; it answers nothing until it gets a part."""
    scripted.part = answering("")
    scripted.bodies.clear()
    scripted.paths.clear()
    return scripted


def build_worded(settings: Settings, address: str, embedder: RememberingEmbedder) -> Assistant:
    """Build an assistant with a model at an address; skip without the package for it."""
    pytest.importorskip("langchain_openai", reason="needs the extra openai")
    model = {"model": f"openai:{MODEL}", "model_base_url": address, "model_timeout": LIMIT}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OPENAI_API_KEY", "proef")
        return Assistant(settings.model_copy(update=model), embedder)


@pytest.fixture(scope="session")
def worded(
    card_settings: Settings, scripted: ChatServer, remembering: RememberingEmbedder
) -> Iterator[Assistant]:
    """Give an assistant with the cards alone, and the scripted model."""
    with closing(build_worded(card_settings, scripted.address, remembering)) as assistant:
        yield assistant


@pytest.fixture(scope="session")
def worded_by_nobody(card_settings: Settings, remembering: RememberingEmbedder) -> Iterator[Assistant]:
    """Give an assistant whose model isn't where it should be."""
    with socket.socket() as taken:  # Bound but not listening: nothing else gets the port.
        taken.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{taken.getsockname()[1]}/v1"
        with closing(build_worded(card_settings, address, remembering)) as assistant:
            yield assistant
