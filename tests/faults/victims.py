"""A server that is killed and started again at the same address, and the people who use it meanwhile."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path
from tempfile import TemporaryFile

import pytest
from sqlalchemy import ColumnElement, func, select

from assistant.domain import DocumentState
from assistant.settings import Settings
from assistant.storage.connecting import connect, read_url
from assistant.storage.document_models import DocumentFileRow, DocumentRow, DocumentSegmentRow
from assistant.storage.document_rows import WORKING
from assistant.storage.keys import hash_of
from assistant.storage.models import RespondentRow, ResponseRow
from tests.faults.people import CHECKS, Client, Ledger, Librarian, Person, Wire
from tests.faults.reaching import listening_in, noted
from tests.surfaces.serving import free_port

WHOLE = (sys.executable, "-m", "assistant.surfaces.cli", "serve")
API = (sys.executable, "-m", "tests.faults.api_server")
ROOT = Path(__file__).parents[2]
PEOPLE = 4
START_SECONDS = 120


class Victim:
    """A server process at a fixed address."""

    def __init__(self, settings: Settings, notes: Path) -> None:
        """``notes`` is the file in which it notes what it asks of other computers."""
        port = free_port()
        self.address = f"http://127.0.0.1:{port}"
        environment = settings.model_copy(update={"port": port}).as_environment()
        self._environment, self._notes = listening_in(environment, notes), notes
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, command: Sequence[str] = API) -> None:
        """Start, and wait until it serves."""
        with TemporaryFile("w+b") as said:
            self._process = subprocess.Popen(
                command, env=self._environment, cwd=ROOT, stdout=said, stderr=said, start_new_session=True
            )
            deadline = time.monotonic() + START_SECONDS
            while b"http://" not in (logged := _read(said.fileno())):
                if self._process.poll() is not None or time.monotonic() > deadline:
                    self.kill()
                    pytest.fail(f"the server gave no address:\n{logged.decode()}")
                time.sleep(0.02)

    def kill(self) -> None:
        """End it without a chance to tidy up."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(20)

    def end(self) -> None:
        """End it as an operator does, with all that it started, and see that it never reached out."""
        if self._process is not None and self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGTERM)  # What traces it keeps signals to itself.
            self._process.wait(START_SECONDS)
        assert noted(self._notes) == []


def _read(log: int) -> bytes:
    return os.pread(log, 100_000, 0)


@contextmanager
def crowd(victim: Victim, pause: float) -> Iterator[Ledger]:
    """Let people answer a new check and add documents until the end; give what they remember.

    ``pause`` is the number of seconds between two documents.
    """
    partners = {"alliance": "Gezonde Wijken", "organisations": ["Gemeente", "Zorggroep"]}
    with closing(Wire(victim.address)) as wire:
        made = wire.send("POST", CHECKS, partners)[1]
    invitation = made["organisations"][0]["invitation"]
    ledger, numbers = Ledger(), count()
    people = (Person(victim.address, ledger, invitation, numbers) for _ in range(PEOPLE))
    clients: list[Client] = [*people, Librarian(victim.address, ledger, pause)]
    for client in clients:
        client.start()
    try:
        yield ledger
    finally:
        for client in clients:
            client.stop()


def lost_or_doubled(url: str, ledger: Ledger) -> list[str]:
    """Compare the database with what was acknowledged, while no server runs; say what differs."""
    engine = connect(read_url(url))
    with engine.connect() as reading:
        people = reading.scalar(select(func.count()).select_from(RespondentRow)) or 0
        hashes = dict(reading.execute(select(RespondentRow.code_hash, RespondentRow.id)).all())
        rows = reading.execute(select(ResponseRow.respondent_id, ResponseRow.item_id, ResponseRow.remark))
        kept = [(respondent, item, remark) for respondent, item, remark in rows]
        files = reading.execute(select(DocumentFileRow.content)).scalars()
        documents = Counter(bytes(content) for content in files)
    engine.dispose()
    with ledger.lock:
        return [*_differences(people, hashes, kept, ledger), *_astray(documents, ledger)]


def unfinished(url: str) -> int:
    """Return how many documents are still to be read."""
    return _count(url, DocumentRow.state.in_(WORKING))


def unreadable(url: str) -> int:
    """Return how many documents are done, but not found whole."""
    is_whole = (DocumentRow.state == DocumentState.READY.value) & (DocumentRow.passages > 0)
    has_segment = select(DocumentSegmentRow).where(DocumentSegmentRow.document_id == DocumentRow.id).exists()
    return _count(url, ~(is_whole & has_segment) & ~DocumentRow.state.in_(WORKING))


def _count(url: str, which: ColumnElement[bool]) -> int:
    engine = connect(read_url(url))
    with engine.connect() as reading:
        found = reading.scalar(select(func.count()).select_from(DocumentRow).where(which))
    engine.dispose()
    return found or 0


def _astray(found: Counter[bytes], ledger: Ledger) -> Iterator[str]:
    for content in ledger.added:
        if content not in found:
            yield f"a document is gone: {content[:40]!r}"
    for content, times in found.items():
        if times > 1 or content not in ledger.offered:
            yield f"{times} times the document {content[:40]!r}"


def _differences(
    people: int, ids: dict[bytes, str], kept: list[tuple[str, str, str]], ledger: Ledger
) -> Iterator[str]:
    found = {(respondent, item): remark for respondent, item, remark in kept}
    if len(found) != len(kept):
        yield f"{len(kept) - len(found)} answers stand there twice"
    most = len(ledger.begun) + ledger.begun_unanswered
    if not len(ledger.begun) <= people <= most:
        yield f"{people} people, of whom {len(ledger.begun)} were acknowledged and at most {most} began"
    for code in ledger.begun:
        if hash_of(code) not in ids:
            yield f"somebody who began is gone: {code}"
    for code, item in {*ledger.kept, *ledger.tried}:
        last, tried = ledger.kept.get((code, item)), ledger.tried[code, item]
        is_there = found.pop((ids.get(hash_of(code), ""), item), None)
        if is_there != last and is_there not in tried:
            yield f"{item}: {is_there!r} in the place of {last!r}, with {tried} not acknowledged"
    if found:
        yield f"{len(found)} answers that nobody sent"
