"""The stream tells the same as the whole answer, in parts, and stops when nobody listens."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from typing import Any

import anyio
import pytest
from starlette.types import Message

from assistant.answering.prompts import Texts
from assistant.domain import Event, Question
from assistant.errors import IndexDamaged, IndexUnavailable
from assistant.surfaces.api import build_api
from assistant.surfaces.api.pulling import AHEAD
from tests.fakes import FakeAssistant, Script, a_refusal, an_answer
from tests.surfaces.api.conftest import Connect

Frame = tuple[int, str, Any]


def _stream(connect: Connect, script: Script) -> list[Frame]:
    response = connect(FakeAssistant(script)).post("/v1/answers", json={"question": "x", "stream": True})
    assert response.status_code == 200
    return [_parse(block) for block in response.text.split("\n\n") if block]


def _parse(block: str) -> Frame:
    fields = dict(line.split(": ", 1) for line in block.split("\n"))
    return int(fields["id"].partition(":")[2]), fields["event"], json.loads(fields["data"])


def test_a_stream_tells_passages_then_claims_then_the_whole_answer(connect: Connect) -> None:
    frames = _stream(connect, an_answer())
    assert [name for _, name, _ in frames] == ["passage", "passage", "claim", "claim", "answer", "end"]
    whole = connect(FakeAssistant()).post("/v1/answers", json={"question": "x"}).json()
    assert frames[-2][2] == whole
    assert frames[-1][2] == {"complete": True}
    assert frames[2][2] == {
        "markdown": "Vertrouwen groeit langzaam. [1]",
        "form": "sentence",
        "citations": whole["citations"][:1],
    }
    assert frames[0][2] == {
        "number": 1,
        "source_ids": ["met-tekst"],
        "section": "Groei",
        "card_id": None,
        "kind": "bron",
        "text": "Passage 0",
        "score": 0.9,
        "source_id": "met-tekst",
        "start": 0,
        "end": 24,
    }


def test_event_ids_count_up_from_one(connect: Connect) -> None:
    assert [number for number, _, _ in _stream(connect, an_answer())] == [1, 2, 3, 4, 5, 6]


def test_every_event_id_begins_with_the_id_that_the_headers_have(connect: Connect) -> None:
    response = connect(FakeAssistant()).post("/v1/answers", json={"question": "x", "stream": True})
    ids = {line.split(": ")[1].split(":")[0] for line in response.text.split("\n") if line.startswith("id")}
    assert ids == {response.headers["x-stream-id"]}
    other = connect(FakeAssistant()).post("/v1/answers", json={"question": "x", "stream": True})
    assert response.headers["x-stream-id"] != other.headers["x-stream-id"]


def test_a_refusal_ends_the_stream_by_its_own_name(connect: Connect) -> None:
    [(_, name, body), (_, _, end)] = _stream(connect, a_refusal())
    assert (name, body["refused"], body["citations"]) == ("refusal", True, [])
    assert end == {"complete": True}


def test_a_stream_is_neither_stored_nor_buffered(connect: Connect) -> None:
    response = connect(FakeAssistant()).post("/v1/answers", json={"question": "x", "stream": True})
    assert response.headers["content-type"].startswith("text/event-stream")
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["x-accel-buffering"] == "no"


def test_what_fails_before_the_first_event_keeps_its_status(connect: Connect) -> None:
    client = connect(FakeAssistant([IndexUnavailable(folder="x")]))
    response = client.post("/v1/answers", json={"question": "x", "stream": True})
    assert response.status_code == 503
    assert response.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("fault", "status"), [(IndexDamaged(file="/geheim"), 503), (ZeroDivisionError("geheim"), 500)]
)
def test_what_breaks_midway_ends_the_stream_with_a_problem(
    connect: Connect, fault: Exception, status: int
) -> None:
    frames = _stream(connect, [*an_answer()[:2], fault])
    assert [name for _, name, _ in frames] == ["passage", "passage", "claim", "error", "end"]
    assert frames[-1][2] == {"complete": False}
    problem = frames[-2][2]
    assert problem["status"] == status
    assert problem["type"].startswith("urn:alliantie:probleem:")
    assert "geheim" not in json.dumps(problem)


def test_a_stream_without_an_outcome_ends_with_a_problem(connect: Connect) -> None:
    assert [name for _, name, _ in _stream(connect, an_answer()[:2])][-2:] == ["error", "end"]


class _Endless(FakeAssistant):
    """Yields claims until it is closed, counts them, and notes the threads that it ran in."""

    def __init__(self) -> None:
        super().__init__()
        self.pulled = 0
        self.threads: set[int] = set()

    def ask(self, question: Question) -> Iterator[Event]:
        found, claim = an_answer()[:2]
        try:
            yield found
            while True:
                self.threads.add(threading.get_ident())
                self.pulled += 1
                yield claim
        finally:
            self.closed += 1


@pytest.mark.parametrize("spec_version", ["2.3", "2.4"])
def test_a_reader_who_leaves_stops_the_work(texts: Texts, spec_version: str) -> None:
    assistant = _Endless()
    app = build_api(assistant, texts)
    anyio.run(_read_three_frames_and_leave, app, spec_version)
    time.sleep(0.05)
    pulled = assistant.pulled
    time.sleep(0.05)
    assert assistant.pulled == pulled <= 4 * AHEAD
    assert threading.get_ident() not in assistant.threads


async def _read_three_frames_and_leave(app: Any, spec_version: str) -> None:
    """Behave as servers do: 2.3 tells of a disconnect when asked, 2.4 by an error on sending."""
    body = b'{"question": "x", "stream": true}'
    requests = [{"type": "http.request", "body": body, "more_body": False}]
    sent: list[Message] = []
    gone = anyio.Event()

    async def receive() -> Message:
        if requests:
            return requests.pop()
        await gone.wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)
        if len(sent) > 3:
            gone.set()
            if spec_version == "2.4":
                raise OSError

    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": spec_version},
        "http_version": "1.1",
        "method": "POST",
        "path": "/v1/answers",
        "query_string": b"",
        "headers": [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())],
    }
    with anyio.fail_after(10):
        await app(scope, receive, send)
