"""The whole product as one process: started, asked, stopped and killed for real."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from assistant.bootstrap import Assistant, Indexer, load_engine
from assistant.domain import Answer, Question, outcome_of
from assistant.indexing.versions import IndexFolder
from assistant.settings import Settings, read_settings
from tests.surfaces.serving import COMMAND, Running, serving


@pytest.fixture(scope="module")
def server(card_settings: Settings) -> Iterator[Running]:
    with serving(card_settings) as running:
        yield running


def test_the_page_and_the_api_answer_at_the_address_that_is_printed(server: Running) -> None:
    status, page = server.get("/")
    assert (status, "Alliantie-assistent" in page) == (200, True)
    assert server.get("/healthz")[0] == 200
    assert json.loads(server.get("/readyz")[1])["ready"] is True


def test_the_api_answers_to_the_contract(server: Running) -> None:
    answer = json.loads(server.post({"question": "Welke rollen heeft een alliantiemanager?"}))
    assert set(answer) == {
        "id", "question", "standalone_question", "language", "answer", "refused", "reason", "citations",
        "follow_ups", "engine", "timings_ms", "notices",
    }  # fmt: skip
    numbers = {citation["number"] for citation in answer["citations"]}
    assert numbers == {int(mark) for mark in re.findall(r"\[(\d+)\]", answer["answer"])}
    assert all(citation["start"] is None for citation in answer["citations"])


def test_a_stream_gives_passages_then_claims_then_the_same_answer(server: Running) -> None:
    question = "Hoe ga je om met een paradox?"
    frames = server.post({"question": question, "stream": True}).strip().split("\n\n")
    names = [re.findall(r"^event: (\w+)$", frame, re.MULTILINE)[0] for frame in frames]
    assert names == sorted(names, key=["passage", "claim", "answer", "end"].index)
    assert {"passage", "claim", "answer", "end"} == set(names)
    streamed = json.loads(re.findall(r"^data: (.*)$", frames[-2], re.MULTILINE)[0])
    plain = json.loads(server.post({"question": question}))
    assert streamed["answer"] == plain["answer"]


@pytest.mark.originals
def test_quotes_are_what_the_served_text_has_at_their_place(original_settings: Settings) -> None:
    with serving(original_settings) as running:
        answer = json.loads(
            running.post({"question": "Welke vier fasen kent een waardengedreven alliantie?"})
        )
        assert answer["citations"]
        for citation in answer["citations"]:
            text = running.get(f"/v1/sources/{citation['source_id']}/text")[1]
            assert text[citation["start"] : citation["end"]] == citation["quote"]


def test_an_address_that_is_taken_gives_one_clear_line(server: Running, card_settings: Settings) -> None:
    port = server.address.rsplit(":", 1)[1]
    done = subprocess.run(
        [*COMMAND, "serve", "--port", port],
        env=card_settings.as_environment(), capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 1
    assert f"poort {port}" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.originals
def test_a_first_start_answers_from_the_cards_while_the_originals_are_read(
    originals: Path, tmp_path: Path
) -> None:
    settings = read_settings(data=tmp_path / "data", originals=originals)
    with serving(settings) as running:
        status = json.loads(running.get("/readyz")[1])
        assert status["ready"] is True
        assert status["originals"] == []
        assert status["building"] is not None
        answer = json.loads(running.post({"question": "Wat is een paradox?"}))
        assert answer["refused"] is False


@pytest.fixture
def two_originals(originals: Path, tmp_path: Path) -> Path:
    """Give a folder with the two shortest texts: a few batches to embed."""
    folder = tmp_path / "originals"
    folder.mkdir()
    for text in sorted(originals.glob("*.txt"), key=lambda path: path.stat().st_size)[:2]:
        shutil.copy(text, folder)
    return folder


@pytest.mark.originals
def test_killed_while_indexing_the_old_index_answers_and_the_next_run_finishes(
    two_originals: Path, card_settings: Settings, tmp_path: Path
) -> None:
    settings = read_settings(data=tmp_path / "data", originals=two_originals)
    shutil.copytree(card_settings.index_folder, settings.index_folder)
    old = IndexFolder(settings.index_folder).require_current()
    killed_at = kill_after_first_batch(settings)
    with closing(Assistant(settings, load_engine(settings))) as assistant:
        assert assistant.status().index_version == old
        assert isinstance(outcome_of(assistant.ask(Question("Wat is een paradox?"))), Answer)

        resumed: list[int] = []
        newer = Indexer(settings, load_engine(settings)).build(lambda step: resumed.append(step.done))
        assert resumed[0] >= killed_at
        assert assistant.status().index_version == newer
        assert isinstance(outcome_of(assistant.ask(Question("Wat is een paradox?"))), Answer)


def kill_after_first_batch(settings: Settings) -> int:
    """Start a build, kill it once it has embedded something, and return how much that was."""
    command = [*COMMAND, "index", "--progress-json"]
    with subprocess.Popen(
        command, env=settings.as_environment(), stdout=subprocess.PIPE, text=True
    ) as builder:
        assert builder.stdout is not None
        steps = (json.loads(line)["done"] for line in builder.stdout)
        first = next(steps)
        reached = next(step for step in steps if step > first)
        builder.kill()
    return int(reached)
