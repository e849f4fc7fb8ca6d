"""People who answer a health check and add documents over HTTP, and remember what was acknowledged."""

from __future__ import annotations

import json
import threading
from collections import defaultdict
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from itertools import count
from typing import Any
from urllib.parse import urlsplit

ITEMS = ("ambitie-waarden", "ambitie-gedeeld", "ambitie-helder")
CHECKS = "/v1/health-checks"
MOST_ADDED = 900
"""Documents of one owner; a few more, and they would be refused."""
PATIENCE = 0.05
"""Seconds between two attempts to reach a server that was killed."""


class Unreached(Exception):
    """Nobody listens: nothing was sent."""


class Unanswered(Exception):
    """A request was sent and no answer came: nobody can tell whether it was carried out."""


@dataclass
class Wire:
    """One connection at a time to the server of that moment."""

    address: str
    _connection: HTTPConnection | None = None

    def send(self, method: str, path: str, body: object = None, **headers: str) -> tuple[int, Any]:
        """Return status and JSON; raise ``Unreached`` or ``Unanswered``."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        connection = self._connection or self._connect()
        try:
            connection.request(method, path, content, {"Content-Type": "application/json", **headers})
            response = connection.getresponse()
            said = response.status, json.loads(response.read() or b"null")
        except (OSError, HTTPException, ValueError) as error:
            self.close()
            raise Unanswered from error
        return said

    def close(self) -> None:
        """Close the connection, if there is one."""
        if self._connection:
            self._connection.close()
        self._connection = None

    def _connect(self) -> HTTPConnection:
        connection = HTTPConnection(urlsplit(self.address).netloc, timeout=30)
        try:
            connection.connect()
        except OSError as error:
            raise Unreached from error
        self._connection = connection
        return connection


@dataclass
class Ledger:
    """What was acknowledged, and what was sent without an answer; read and written under its lock."""

    begun: set[str] = field(default_factory=set)
    """Codes of who began."""
    begun_unanswered: int = 0
    kept: dict[tuple[str, str], str] = field(default_factory=dict)
    """The last remark that was acknowledged, by code and item."""
    tried: dict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    """Remarks sent after that one without an answer."""
    added: dict[bytes, str] = field(default_factory=dict)
    """Ids of documents that were acknowledged, by their content."""
    offered: set[bytes] = field(default_factory=set)
    """Contents of documents that were sent, with or without an answer."""
    answered: int = 0
    """How many beginnings and answers were acknowledged."""
    refused: list[object] = field(default_factory=list)
    """Answers that nobody should get."""
    lock: threading.Lock = field(default_factory=threading.Lock)


class Client(threading.Thread):
    """Sends until stopped."""

    def __init__(self, address: str, ledger: Ledger) -> None:
        super().__init__(daemon=True)
        self._wire = Wire(address)
        self._ledger = ledger
        self._ended = threading.Event()

    def stop(self) -> None:
        """End after the request that is under way."""
        self._ended.set()
        self.join()

    def run(self) -> None:
        """Send until stopped."""
        while not self._ended.is_set():
            self._send()
        self._wire.close()

    def _send(self) -> None:
        raise NotImplementedError

    def _insist(self, method: str, path: str, body: object, **headers: str) -> tuple[int, Any] | None:
        """Send until there is an answer; return that, or nothing if it was time to stop."""
        while not self._ended.is_set():
            try:
                return self._wire.send(method, path, body, **headers)
            except (Unanswered, Unreached):
                self._ended.wait(PATIENCE)
        return None


class Librarian(Client):
    """Adds documents, each another, up to ``MOST_ADDED``; one that gets no acknowledgement is sent again."""

    def __init__(self, address: str, ledger: Ledger, pause: float) -> None:
        super().__init__(address, ledger)
        self._pause = pause
        self._numbers = count()

    def _send(self) -> None:
        if len(self._ledger.offered) == MOST_ADDED:
            self._ended.wait(self._pause)
            return
        number, ledger = next(self._numbers), self._ledger
        content = f"# Verslag {number}\n\nDe partners bespraken punt {number} van de agenda.\n".encode()
        with ledger.lock:
            ledger.offered.add(content)
        path, headers = f"/v1/documents?name=verslag-{number}.md", {"Content-Type": "text/markdown"}
        said = self._insist("POST", path, content, **headers)
        if said:
            with ledger.lock:
                self._note(content, *said)
        self._ended.wait(self._pause)

    def _note(self, content: bytes, status: int, said: Any) -> None:
        """Take word that it was there already for an acknowledgement: it was sent before."""
        if status not in (202, 409):
            self._ledger.refused.append((status, said))
            return
        self._ledger.added[content] = said["id"] if status == 202 else ""


class Person(Client):
    """Begins, answers, begins anew; an answer that gets no acknowledgement is sent again."""

    def __init__(self, address: str, ledger: Ledger, invitation: str, numbers: count[int]) -> None:
        super().__init__(address, ledger)
        self._invitation = invitation
        self._numbers = numbers

    def _send(self) -> None:
        if code := self._begin():
            for item in ITEMS:
                self._answer(code, item)

    def _begin(self) -> str | None:
        ledger = self._ledger
        with ledger.lock:
            ledger.begun_unanswered += 1
        try:
            said = self._wire.send("POST", f"{CHECKS}/respondents", {"invitation": self._invitation})
        except Unanswered:
            return None
        except Unreached:
            said = None
        with ledger.lock:
            ledger.begun_unanswered -= 1
            if said and said[0] == 201:
                code = str(said[1]["code"])
                ledger.begun.add(code)
                ledger.answered += 1
                return code
            if said:
                ledger.refused.append(said)
        self._ended.wait(PATIENCE)
        return None

    def _answer(self, code: str, item: str) -> None:
        ledger, place = self._ledger, (code, item)
        remark = f"opmerking {next(self._numbers)}"
        body = {"responses": [{"item_id": item, "score": 3, "remark": remark}]}
        path, headers = f"{CHECKS}/respondents/me/responses", {"X-Respondent-Code": code}
        with ledger.lock:
            ledger.tried[place].add(remark)
        said = self._insist("PUT", path, body, **headers)
        with ledger.lock:
            if said and said[0] == 200:
                ledger.kept[place] = remark
                ledger.tried[place].clear()
                ledger.answered += 1
            elif said:
                ledger.refused.append(said)
