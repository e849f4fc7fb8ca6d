"""A chat model behind every surface, the product run as one process and the model over HTTP."""

from __future__ import annotations

import json
import re
import subprocess
import time
from collections.abc import Iterator

import pytest

from assistant.answering.prompts import Texts
from assistant.settings import Settings, default_prompts
from tests.chat_server import MODEL, ChatServer, answering, chat_server
from tests.surfaces.serving import COMMAND, Running, serving

QUESTION = "Wat is het verschil tussen calculatief en relationeel vertrouwen?"
TEXTS = Texts.read(default_prompts() / "answers.yaml")


@pytest.fixture(scope="module", autouse=True)
def _package() -> None:
    pytest.importorskip("langchain_openai", reason="needs the extra openai")


@pytest.fixture(scope="module")
def chat() -> Iterator[ChatServer]:
    with chat_server() as server:
        yield server


@pytest.fixture(scope="module")
def tracer() -> Iterator[ChatServer]:
    with chat_server() as server:
        yield server


@pytest.fixture(scope="module")
def settings(card_settings: Settings, chat: ChatServer) -> Settings:
    update = {"model": f"openai:{MODEL}", "model_base_url": chat.address, "model_timeout": 5.0}
    return card_settings.model_copy(update=update)


@pytest.fixture(scope="module")
def server(settings: Settings, tracer: ChatServer) -> Iterator[Running]:
    """Serve in an environment that asks LangChain to send all it does to a tracer."""
    tracing = {"TRACING": "true", "API_KEY": "proef", "ENDPOINT": tracer.address}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OPENAI_API_KEY", "proef")
        for name, value in tracing.items():
            patch.setenv(f"LANGSMITH_{name}", value)
        with serving(settings) as running:
            yield running


def ask(settings: Settings, *options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, "ask", *options, QUESTION],
        env={**settings.as_environment(), "OPENAI_API_KEY": "proef", **environment},
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip


def test_the_api_gives_the_model_s_answer_to_the_same_contract(server: Running, chat: ChatServer) -> None:
    chat.part = answering("{1} [1] Shell weet dat. [1]")
    answer = json.loads(server.post({"question": QUESTION}))
    assert set(answer) == {
        "id", "question", "standalone_question", "language", "answer", "refused", "reason", "citations",
        "follow_ups", "engine", "timings_ms", "notices",
    }  # fmt: skip
    assert answer["engine"] == f"openai:{MODEL}"
    assert answer["answer"] == f"{chat.offered[0]} [1]"
    assert answer["citations"][0]["number"] == 1


def test_a_stream_gives_the_passages_and_then_what_the_model_wrote(server: Running, chat: ChatServer) -> None:
    chat.part = answering("{1} [1] {4} [4]")
    frames = server.post({"question": QUESTION, "stream": True}).strip().split("\n\n")
    names = [re.findall(r"^event: (\w+)$", frame, re.MULTILINE)[0] for frame in frames]
    assert names[0] == "passage"
    assert names[-4:] == ["claim", "claim", "answer", "end"]


def test_a_broken_model_is_no_error_and_the_engine_says_who_answered(
    server: Running, chat: ChatServer
) -> None:
    chat.part = lambda reply: reply.turn_down(500)
    answer = json.loads(server.post({"question": QUESTION}))
    assert (answer["engine"], answer["refused"]) == ("composer", False)
    assert answer["citations"]


def test_readiness_names_the_model(server: Running) -> None:
    assert json.loads(server.get("/readyz")[1])["model"] == f"openai:{MODEL}"


def test_the_command_line_says_what_is_sent_where_and_what_was_left_out(
    settings: Settings, chat: ChatServer
) -> None:
    chat.part = answering("{1} [1] Shell weet dat. [1]")
    done = ask(settings)
    assert done.returncode == 0, done.stderr
    assert f"openai:{MODEL}" in done.stderr
    assert chat.address.split("/")[2] in done.stderr
    assert chat.offered[0] in done.stdout
    assert TEXTS.render("withheld_one") in done.stdout
    assert "Shell" not in done.stdout


def test_the_command_line_tells_why_the_composer_answered(settings: Settings, chat: ChatServer) -> None:
    chat.part = lambda reply: reply.turn_down(429)
    assert TEXTS.render("lapse_busy") in ask(settings).stdout


def test_a_tracer_in_the_environment_gets_nothing(
    server: Running, chat: ChatServer, tracer: ChatServer
) -> None:
    chat.part = answering("{1} [1]")
    server.post({"question": QUESTION})
    time.sleep(1.5)  # A tracer sends from a thread of its own, within a second.
    assert tracer.paths == []


@pytest.mark.parametrize(
    ("model", "key", "says"),
    [("niemand:model", "proef", "niemand:model"), (f"openai:{MODEL}", "", "OPENAI_API_KEY")],
    ids=["unknown provider", "no key"],
)
def test_a_model_that_can_t_be_used_gets_one_clear_line(
    settings: Settings, model: str, key: str, says: str
) -> None:
    plain = settings.model_copy(update={"model": model, "model_base_url": None})
    done = ask(plain, OPENAI_API_KEY=key)
    assert done.returncode == 1
    assert says in done.stderr
    assert len(done.stderr.splitlines()) == 1
