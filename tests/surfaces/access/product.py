"""The whole product in a process of its own, and a client that sends just what it is told."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from pathlib import Path

from assistant.domain import KeyScope
from assistant.settings import Settings

ROOT = Path(__file__).parents[3]
PUBLIC = {"/healthz", "/readyz", "/aanmelden", "/afmelden", "/check/verder", "/check/gewist"}
PUBLIC_UNDER = ("/huis/", "/paginas/", "/check/uitnodiging/", "/check/invullen/")
OF_CHECKS = ("/v1/health-checks", "/v1/briefs", "/check", "/brief", "/portfolio")
SECONDS = 10


@dataclass(frozen=True)
class Place:
    """One method of one route, with something in its placeholders."""

    method: str
    path: str

    @property
    def is_public(self) -> bool:
        return self.path in PUBLIC or self.path.startswith(PUBLIC_UNDER)

    @property
    def scope(self) -> KeyScope:
        if any(f"{self.path}/".startswith(f"{place}/") for place in OF_CHECKS):
            return KeyScope.HEALTH_CHECKS
        if f"{self.path}/".startswith(("/v1/documents/", "/documenten/")):
            return KeyScope.DOCUMENTS
        return KeyScope.ADMIN if self.path == "/metrics" else KeyScope.ASK


@dataclass(frozen=True)
class Product:
    """What runs, where, and the keys that it knows."""

    port: int
    keys: Mapping[str, str]
    places: tuple[Place, ...]
    storage_url: str

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def guarded(self) -> list[Place]:
        return [place for place in self.places if not place.is_public]

    def bearer(self, which: str) -> str:
        """Return the header line with one of the keys."""
        return f"Authorization: Bearer {self.keys[which]}"


@dataclass(frozen=True)
class Reply:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def leads_to_sign_in(self) -> bool:
        address = self.headers.get("location", "")
        return 300 <= self.status < 400 and address.split("?")[0] == "/aanmelden"


class Wire:
    """Sends requests byte for byte over one connection, as long as that stays open."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._connection: socket.socket | None = None

    def send(self, method: str, target: str | bytes, *lines: str, host: str | None = None) -> Reply:
        """Send a request with these header lines; a body that doesn't tell its length isn't read."""
        first = [f"Host: {host or f'127.0.0.1:{self._port}'}", "Content-Length: 0", *lines]
        raw = target.encode("latin-1") if isinstance(target, str) else target
        head = b" ".join([method.encode(), raw, b"HTTP/1.1"])
        message = b"\r\n".join([head, *(line.encode("latin-1") for line in first), b"", b""])
        try:
            return self._exchange(message, method)
        except (OSError, HTTPException):
            # The server had closed the connection meanwhile.
            self.close()
            return self._exchange(message, method)

    def close(self) -> None:
        """Close the connection."""
        if self._connection:
            self._connection.close()
        self._connection = None

    def _exchange(self, message: bytes, method: str) -> Reply:
        if self._connection is None:
            self._connection = socket.create_connection(("127.0.0.1", self._port), SECONDS)
            self._connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._connection.sendall(message)
        response = HTTPResponse(self._connection, method=method)
        response.begin()
        has_end = response.length is not None
        body = response.read() if has_end else b""
        headers = {name.lower(): value for name, value in response.getheaders()}
        if response.will_close or not has_end:
            self.close()
        response.close()
        return Reply(response.status, headers, body)


@contextmanager
def running(settings: Settings) -> Iterator[Product]:
    """Serve the product in a process of its own, and end that afterwards."""
    command = [sys.executable, "-m", "tests.surfaces.access.running"]
    environment = settings.as_environment()
    with subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            told = json.loads(process.stdout.readline())
            found = tuple(Place(*place) for place in dict.fromkeys(map(tuple, told["places"])))
            yield Product(told["port"], told["keys"], found, settings.storage_url)
        finally:
            process.terminate()
