"""A process that is stopped finishes what it began, says so meanwhile, and then really ends."""

from __future__ import annotations

import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx2 as httpx
import pytest

from tests.surfaces.operating.conftest import Process, scripted


def ask(process: Process, question: str, **fields: object) -> httpx.Response:
    with process.client() as client:
        return client.post("/v1/answers", json={"question": question, **fields})


class Asking(threading.Thread):
    """A question that is being asked in another thread, already under way."""

    def __init__(self, process: Process, question: str, others: int = 0, **fields: object) -> None:
        super().__init__(daemon=True)
        self._process, self._question, self._fields = process, question, fields
        self.response: httpx.Response | None = None
        self.start()
        self._wait_until_asked(others + 1)

    def run(self) -> None:
        with suppress(httpx.HTTPError):  # The server may be ended under it: then there is no response.
            self.response = ask(self._process, self._question, **self._fields)

    def _wait_until_asked(self, together: int) -> None:
        with self._process.client() as client:
            for _ in range(200):
                if f"alliantie_questions_under_way {together}.0" in client.get("/metrics").text:
                    return
                time.sleep(0.02)
        pytest.fail("the question isn't being answered")


def test_answers_end_and_neither_an_open_page_nor_a_silent_connection_holds_it_up(tmp_path: Path) -> None:
    with scripted(tmp_path, grace_seconds=20) as process, process.client() as watching, idle(process):
        assert watching.get("/readyz").status_code == 200
        with watching.stream("GET", "/gradio_api/heartbeat/x") as page, process.client() as other:
            lines = page.iter_lines()
            assert next(lines) == "data: ALIVE"
            plain = Asking(process, "3 tellen")
            streamed = Asking(process, "3 tellen", 1, stream=True)
            began = time.monotonic()
            process.child.send_signal(signal.SIGTERM)

            ready = other.get("/readyz")
            assert ready.status_code == 503
            assert ready.json()["type"] == "urn:alliantie:probleem:server-stopt"
            assert ready.json()["checks"]["serving"]["ok"] is False
            assert ready.json()["checks"]["index"]["ok"] is True
            assert other.get("/healthz").status_code == 200
            turned_down = ask(process, "Nog een?")
            assert (turned_down.status_code, turned_down.headers["retry-after"] != "") == (503, True)

            assert process.child.wait(20) == 0
            assert time.monotonic() - began < 10
            assert list(lines)[-1] == ""  # The page's connection was ended, not torn.
        plain.join(5)
        streamed.join(5)
        assert plain.response is not None
        assert plain.response.json()["refused"] is False
        assert streamed.response is not None
        assert '"complete":true' in streamed.response.text


@contextmanager
def idle(process: Process) -> Iterator[None]:
    """Hold a connection on which a request began and doesn't go on."""
    host, port = process.address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHo")
        yield


def test_a_second_signal_ends_it_at_once(tmp_path: Path) -> None:
    with scripted(tmp_path, grace_seconds=30) as process:
        Asking(process, "20 tellen")
        process.child.send_signal(signal.SIGINT)
        time.sleep(0.3)
        assert process.child.poll() is None
        process.child.send_signal(signal.SIGTERM)
        assert process.child.wait(3) == 0


def test_what_does_not_end_in_time_is_ended_and_a_forged_client_or_a_crash_changes_nothing(
    tmp_path: Path,
) -> None:
    with scripted(tmp_path, grace_seconds=1) as process, process.client() as client:
        forged = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"}
        who = client.get("/v1/wie", headers=forged).json()
        assert (who["client"], who["scheme"]) == ("127.0.0.1", "http")
        assert client.post("/v1/kapot", content="dit is van mij").status_code == 500
        assert "ValueError" in process.logged
        assert "dit is van mij" not in process.logged

        Asking(process, "20 tellen")
        began = time.monotonic()
        with client.stream("POST", "/v1/answers", json={"question": "20 tellen", "stream": True}) as stream:
            lines = stream.iter_lines()
            next(lines)
            process.child.send_signal(signal.SIGTERM)
            said = list(lines)
        assert process.child.wait(10) == 0
        assert 0.9 < time.monotonic() - began < 4
        assert 'data: {"complete":false}' in said
