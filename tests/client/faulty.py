"""A server for faults alone: it plays a script, one step for each request, and notes what came in."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

Step = Callable[[BaseHTTPRequestHandler], None]

STREAM = "s-1"
ANSWERED: Mapping[str, Any] = {
    "id": "a1", "question": "Wat is een paradox?", "standalone_question": "Wat is een paradox?",
    "language": "nl", "answer": "Een spanning.\u2028[1] 🙂", "refused": False, "reason": None,
    "citations": [{
        "number": 1, "source_id": "bron", "title": "Titel", "section": "Deel", "card_id": None,
        "quote": "spanning", "start": 4, "end": 12, "support": "quoted", "nieuw": "veld",
    }],
    "follow_ups": [], "engine": "composer", "timings_ms": {"total": 1.5}, "nieuw": 3,
}  # fmt: skip
PASSAGE = {
    "number": 1, "source_ids": ["bron"], "section": "Deel", "card_id": "kaart", "kind": "nieuwe-soort",
    "text": "Tekst.", "score": 0.5,
}  # fmt: skip
CLAIM = {"markdown": "Een spanning. [1]", "form": "sentence", "citations": []}
EVENTS: tuple[tuple[str, Mapping[str, Any]], ...] = (
    ("passage", PASSAGE),
    ("claim", CLAIM),
    ("iets-nieuws", {}),
    ("answer", ANSWERED),
    ("end", {"complete": True}),
)


@dataclass(frozen=True)
class Request:
    """What came in."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: Any


class FaultyServer(ThreadingHTTPServer):
    """Plays its steps, and the last one for ever."""

    daemon_threads = True

    def __init__(self, *steps: Step) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.steps = list(steps)
        self.requests: list[Request] = []

    @property
    def address(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of a client that went away: that is among the faults."""


@contextmanager
def faulty(*steps: Step) -> Iterator[FaultyServer]:
    """Serve a script, at a port of its own."""
    with FaultyServer(*steps) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def _play(self) -> None:
        assert isinstance(self.server, FaultyServer)
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.requests.append(
            Request(self.command, self.path, headers, json.loads(body) if body else None)
        )
        steps = self.server.steps
        (steps.pop(0) if len(steps) > 1 else steps[0])(self)

    do_GET = do_POST = do_DELETE = _play  # noqa: N815 - as the library calls them

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as the library calls it
        """Say nothing."""


def reply(status: int, body: object = None, **headers: str) -> Step:
    """Answer with JSON; an underscore in the name of a header is a hyphen."""

    def step(handler: BaseHTTPRequestHandler) -> None:
        content = b"" if body is None else json.dumps(body, ensure_ascii=False).encode()
        handler.send_response_only(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)

    return step


def problem(status: int, slug: str, **headers: str) -> Step:
    """Answer as the API does when something is wrong."""
    body = {
        "type": f"urn:alliantie:probleem:{slug}", "title": "Titel", "status": status, "detail": "Wat er is.",
        "errors": [{"field": "question", "message": "Leeg."}] if status == 422 else None,
    }  # fmt: skip
    return reply(status, body, Content_Type="application/problem+json", **headers)


def drop() -> Step:
    """Read the request and say nothing."""

    def step(handler: BaseHTTPRequestHandler) -> None:
        handler.close_connection = True

    return step


def slow(seconds: float) -> Step:
    """Be late."""

    def step(handler: BaseHTTPRequestHandler) -> None:
        time.sleep(seconds)
        handler.close_connection = True

    return step


def drip(seconds: float) -> Step:
    """Send a body that never ends, a byte at a time."""

    def step(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        for _ in range(1000):
            handler.wfile.write(b" ")
            time.sleep(seconds)

    return step


def frames(start: int, stop: int, *, half: bool = False, rest: float = 0, events: Any = EVENTS) -> Step:
    """Stream the events ``start`` to ``stop``, ``half`` of one more, and be silent for a while; then drop."""

    def step(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/event-stream; charset=utf-8")
        handler.send_header("X-Stream-Id", STREAM)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        written = b": ping\n\n" + b"".join(frame(n, *events[n - 1]) for n in range(start, stop + 1))
        if half:
            written += frame(stop + 1, *events[stop])[:-20]
        # In pieces that respect no character, line or event.
        for place in range(0, len(written), 37):
            piece = written[place : place + 37]
            handler.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
        time.sleep(rest)
        if stop == len(events):
            handler.wfile.write(b"0\r\n\r\n")
        handler.close_connection = True

    return step


def endless(gone: Event) -> Step:
    """Stream claims until the client has gone, and note that."""

    def step(handler: BaseHTTPRequestHandler) -> None:
        try:
            frames(1, 2)(handler)
            while True:
                time.sleep(0.02)
                handler.wfile.write(b"8\r\n: ping\n\n\r\n")
        except OSError:
            gone.set()

    return step


def frame(number: int, name: str, data: object) -> bytes:
    """Return an event as it is sent."""
    body = json.dumps(data, ensure_ascii=False)
    return f"id: {STREAM}:{number}\nevent: {name}\ndata: {body}\n\n".encode()
