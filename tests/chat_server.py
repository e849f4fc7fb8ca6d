"""A real HTTP server on loopback that speaks OpenAI's chat completions, and misbehaves on request."""

from __future__ import annotations

import json
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

MODEL = "proefmodel"
_OFFERED = re.compile(r"^\[(\d+)\] \((.*?)\) (.*)$", re.MULTILINE)


@dataclass
class ChatServer:
    """What the server is to do with the next requests, and what it was sent."""

    address: str
    part: Callable[[Reply], object]
    bodies: list[dict[str, Any]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)

    @property
    def sent(self) -> str:
        """The messages of the last request, as one text."""
        return "\n".join(message["content"] for message in self.bodies[-1]["messages"])

    @property
    def offered(self) -> list[str]:
        """The statements and sentences of the last request; the first has number 1."""
        return [text for _, _, text in _OFFERED.findall(self.sent)]


class Reply(BaseHTTPRequestHandler):
    """One response under way; a part writes it."""

    protocol_version = "HTTP/1.1"
    chat: ChatServer

    def do_POST(self) -> None:
        """Take the request and play the part."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.chat.paths.append(self.path)
        self.chat.bodies.append(json.loads(body))
        self.close_connection = True
        with suppress(BrokenPipeError, ConnectionResetError):  # The reader may hang up.
            self.chat.part(self)

    def do_GET(self) -> None:
        """Note that something was asked for that isn't here."""
        self.chat.paths.append(self.path)
        self.send_error(404)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name in the class above
        """Keep the output of the tests clean."""

    def open(self) -> None:
        """Begin a stream of events."""
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()

    def say(self, text: str, *, size: int = 7, pause: float = 0.0) -> None:
        """Send a text in pieces of ``size`` characters."""
        for at in range(0, len(text), size):
            self._send_chunk({"content": text[at : at + size]}, None)
            time.sleep(pause)

    def conclude(self, reason: str = "stop") -> None:
        """End the stream as it should end."""
        self._send_chunk({}, reason)
        self.raw("data: [DONE]\n\n")

    def raw(self, text: str) -> None:
        """Send a text as it is."""
        self.wfile.write(text.encode())
        self.wfile.flush()

    def hang_up(self) -> None:
        """Break the connection without a word."""
        self.connection.shutdown(socket.SHUT_RDWR)

    def turn_down(self, status: int, **headers: str) -> None:
        """Answer with an error."""
        body = json.dumps({"error": {"message": "nee", "type": "fout"}}).encode()
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), "Connection": "close", **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _send_chunk(self, delta: dict[str, Any], finish: str | None) -> None:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        chunk = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": MODEL}
        self.raw(f"data: {json.dumps({**chunk, 'choices': [choice]})}\n\n")


def answering(*texts: str, finish: str = "stop") -> Callable[[Reply], None]:
    """Return a part that answers; ``{1}`` stands for the first text that the model was offered."""

    def part(reply: Reply) -> None:
        reply.open()
        for text in texts:
            filled = re.sub(r"\{(\d+)\}", lambda found: reply.chat.offered[int(found[1]) - 1], text)
            reply.say(filled + " ")
        reply.conclude(finish)

    return part


@contextmanager
def chat_server() -> Iterator[ChatServer]:
    """Run a server on a free port of loopback."""
    chat = ChatServer("", answering(""))
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("ScriptedReply", (Reply,), {"chat": chat}))
    server.daemon_threads = True
    chat.address = f"http://127.0.0.1:{server.server_port}/v1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield chat
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
