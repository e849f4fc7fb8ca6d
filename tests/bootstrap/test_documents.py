"""Documents from the moment that they are added: read, embedded, found, and taken over from who vanished."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from sqlalchemy import text

from assistant.bootstrap import Assistant
from assistant.bootstrap.document_reading import MOST_LOSSES
from assistant.bootstrap.documents import Documents, DocumentWorker, documents_of, open_desk
from assistant.domain import (
    LOCAL,
    MOST_DOCUMENT_BYTES,
    Answer,
    DocumentState,
    OwnDocument,
    Question,
    outcome_of,
)
from assistant.errors import UnknownDocument, UnreadableDocument
from assistant.settings import Settings
from assistant.storage import Storage
from assistant.storage.connecting import connect, read_url
from evals.bench import RememberingEmbedder

OWNER = LOCAL.owner
LEASE = timedelta(seconds=0.6)
_ROOT = Path(__file__).parents[2]
CONTRACT = b"""# Afspraken Zuiderpoort

## Geld
Rivierduin betaalt zestig procent van de kosten van het wijkteam. De gemeente rekent per kwartaal af.

## Stoppen
Elke partner van Zuiderpoort kan met drie maanden opzegtermijn stoppen.
"""
LONG = "\n\n".join(
    f"# Deel {part}\n" + f"Dit is een zin van deel {part}. " * 12 for part in range(40)
).encode()


class Letters:
    """Embeds by counting letters; it can wait, and break."""

    engine, model, dimension = "letters", "26", 26

    def __init__(self, seconds: float = 0.0, breaks: bool = False) -> None:
        self.seconds, self.breaks = seconds, breaks
        self.embedded: list[str] = []
        self.has_begun = threading.Event()

    def embed_query(self, text: str) -> NDArray[np.float32]:
        return np.asarray(self.embed_passages([text])[0], np.float32)

    def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return self.embed_passages(texts)

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.has_begun.set()
        if self.breaks:
            raise ValueError(texts[0])
        time.sleep(self.seconds * len(texts))
        self.embedded += texts
        counts = [[one.lower().count(chr(97 + letter)) + 1 for letter in range(26)] for one in texts]
        vectors = np.array(counts, np.float32)
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


@pytest.fixture
def settings(card_settings: Settings, tmp_path: Path) -> Settings:
    """Settings with the cards' index, and a database and a folder for reading of its own."""
    return card_settings.model_copy(update={"database_url": f"sqlite:///{tmp_path / 'assistant.db'}"})


@pytest.fixture
def storage(settings: Settings) -> Iterator[Storage]:
    with closing(Storage.open(settings.storage_url)) as opened:
        yield opened


@pytest.fixture
def documents(settings: Settings, storage: Storage) -> Documents:
    return Documents(settings, storage)


def _working(
    settings: Settings, storage: Storage, embedder: Letters, give_way: Callable[[], None] = lambda: None
) -> closing[DocumentWorker]:
    return closing(DocumentWorker(settings, storage, embedder, give_way=give_way, lease=LEASE, nap=0.02))


def _until(condition: Callable[[], bool]) -> None:
    for _ in range(1500):
        if condition():
            return
        time.sleep(0.02)
    raise AssertionError("it didn't happen in half a minute")


def _is(documents: Documents, document: OwnDocument, state: DocumentState) -> Callable[[], bool]:
    return lambda: documents.get(OWNER, document.id).state is state


def test_a_file_becomes_a_document_with_title_passages_and_progress(
    settings: Settings, storage: Storage, documents: Documents
) -> None:
    added = documents.add(OWNER, "map/af:spraken.md", CONTRACT)
    gave_way: list[int] = []
    with _working(settings, storage, Letters(), lambda: gave_way.append(1)):
        _until(_is(documents, added, DocumentState.READY))
    ready = documents.get(OWNER, added.id)

    assert (added.name, ready.title) == ("af spraken.md", "Afspraken Zuiderpoort")
    assert ready.passages == ready.done == ready.total > 1
    assert ready.language == "nl"
    assert "zestig procent" in documents.text(OWNER, added.id).text
    assert len(gave_way) > 1
    assert not list((settings.data / "reading").iterdir())


@pytest.mark.parametrize(
    ("name", "content", "fault"),
    [("groot.txt", b"a" * (MOST_DOCUMENT_BYTES + 1), "te-groot"), ("kaal.txt", b"  ", "leeg")],
)
def test_what_cannot_be_read_at_all_is_refused_at_once(
    documents: Documents, name: str, content: bytes, fault: str
) -> None:
    with pytest.raises(UnreadableDocument) as caught:
        documents.add(OWNER, name, content)
    assert caught.value.details["fault"] == fault
    assert documents.list(OWNER) == ()


def test_what_turns_out_to_be_unreadable_fails_with_its_fault(
    settings: Settings, storage: Storage, documents: Documents
) -> None:
    added = documents.add(OWNER, "kapot.pdf", b"%PDF-1.7\n" + b"geen pdf " * 100)
    with _working(settings, storage, Letters()):
        _until(_is(documents, added, DocumentState.FAILED))

    assert documents.get(OWNER, added.id).fault == "kapot"


@pytest.mark.parametrize("way", ["cancel", "remove", "close"])
def test_embedding_stops_soon_once_it_is_not_wanted(
    settings: Settings, storage: Storage, documents: Documents, way: str
) -> None:
    added = documents.add(OWNER, "lang.md", LONG)
    embedder = Letters(seconds=0.1)
    worker = _working(settings, storage, embedder)
    with worker as opened:
        assert embedder.has_begun.wait(30)
        {
            "cancel": lambda: documents.cancel(OWNER, added.id),
            "remove": lambda: documents.remove(OWNER, added.id),
            "close": opened.close,
        }[way]()
        time.sleep(1.2)
        embedded = len(embedder.embedded)
        time.sleep(0.5)
        assert len(embedder.embedded) == embedded < 40

    if way == "remove":
        with pytest.raises(UnknownDocument):
            documents.get(OWNER, added.id)
    else:
        state = DocumentState.CANCELLED if way == "cancel" else DocumentState.EMBEDDING
        assert documents.get(OWNER, added.id).state is state


def test_who_takes_over_embeds_only_what_is_still_to_be_done(
    settings: Settings, storage: Storage, documents: Documents
) -> None:
    added = documents.add(OWNER, "lang.md", LONG)
    first, second = Letters(seconds=0.05), Letters()
    with _working(settings, storage, first):
        _until(lambda: documents.get(OWNER, added.id).done >= 8)
    with _working(settings, storage, second):
        _until(_is(documents, added, DocumentState.READY))

    passages = documents.get(OWNER, added.id).passages
    assert len(second.embedded) <= passages - 8
    assert len({*first.embedded, *second.embedded}) == passages


def test_a_document_of_a_process_that_is_killed_is_taken_over(
    settings: Settings, storage: Storage, documents: Documents
) -> None:
    added = documents.add(OWNER, "lang.md", LONG)
    command = [sys.executable, "-m", "tests.bootstrap.reading_process", str(LEASE.total_seconds())]
    with subprocess.Popen(command, cwd=_ROOT, env=settings.as_environment()) as process:
        _until(lambda: documents.get(OWNER, added.id).done > 0)
        os.kill(process.pid, signal.SIGKILL)
    (settings.data / "reading").mkdir(exist_ok=True)
    (settings.data / "reading" / "eigen-weg").write_bytes(
        LONG
    )  # As one that was killed while reading leaves it.
    with _working(settings, storage, Letters()):
        _until(_is(documents, added, DocumentState.READY))
        _until(lambda: not list((settings.data / "reading").iterdir()))

    assert documents.get(OWNER, added.id).passages == 40


def test_a_document_at_which_work_breaks_again_and_again_is_given_up_and_nothing_of_it_is_logged(
    settings: Settings, storage: Storage, documents: Documents, caplog: pytest.LogCaptureFixture
) -> None:
    added = documents.add(OWNER, "lang.md", LONG)
    with caplog.at_level(logging.DEBUG), _working(settings, storage, Letters(breaks=True)):
        _until(_is(documents, added, DocumentState.FAILED))

    assert documents.get(OWNER, added.id).fault == "telkens-mislukt"
    assert "ValueError" in caplog.text
    assert "een zin" not in caplog.text


def test_a_document_by_which_processes_vanish_is_given_up(
    settings: Settings, storage: Storage, documents: Documents
) -> None:
    added = documents.add(OWNER, "lang.md", LONG)
    for _ in range(MOST_LOSSES):
        assert storage.document_work.take(timedelta(seconds=-1), "letters", "26")
    with _working(settings, storage, Letters()):
        _until(_is(documents, added, DocumentState.FAILED))

    assert documents.get(OWNER, added.id).fault == "telkens-mislukt"


def test_without_a_server_or_beside_one_a_document_is_put_to_use(
    settings: Settings, storage: Storage
) -> None:
    server = Letters(seconds=0.02)
    with _working(settings, storage, server), open_desk(settings) as desk:
        added = desk.documents.add(OWNER, "lang.md", LONG)
        assert server.has_begun.wait(30)
        seen: list[int] = []
        ready = desk.put_to_use(added.id, lambda state, done, total: seen.append(done))

    assert ready.is_found
    assert seen
    assert len(server.embedded) == 40


def test_visitors_documents_are_erased_after_the_retention_period(
    settings: Settings, storage: Storage
) -> None:
    of_visitor = Documents(settings, storage).add("visitor:a", "afspraken.md", CONTRACT)
    engine = connect(read_url(settings.storage_url))
    with engine.execution_options(is_writer=True).begin() as connection:
        connection.execute(text("UPDATE documents SET last_active = '2020-01-01'"))
    engine.dispose()

    Documents(settings, storage)
    assert storage.documents.get("visitor:a", of_visitor.id)
    Documents(settings.model_copy(update={"retention_days": 30}), storage)
    with pytest.raises(UnknownDocument):
        storage.documents.get("visitor:a", of_visitor.id)


def test_answers_from_documents_are_the_same_once_their_segments_were_lost(
    settings: Settings, storage: Storage, documents: Documents, remembering: RememberingEmbedder
) -> None:
    question = Question("Met welke opzegtermijn kan een partner van Zuiderpoort stoppen?", reader=OWNER)
    with open_desk(settings) as desk:
        added = desk.documents.add(OWNER, "afspraken.md", CONTRACT)
        seen: list[DocumentState] = []
        ready = desk.put_to_use(added.id, lambda state, done, total: seen.append(state))
        assert ready.is_found
        assert seen[-1] is DocumentState.EMBEDDING

        answers = [_answer(settings, remembering, question)]
        engine = connect(read_url(settings.storage_url))
        with engine.execution_options(is_writer=True).begin() as connection:
            connection.execute(text("DELETE FROM document_segments"))
        engine.dispose()
        assert _answer(settings, remembering, question) != answers[0]
        with closing(DocumentWorker(settings, storage, remembering, nap=0.02)):
            key = (added.id, remembering.engine, remembering.model)
            _until(lambda: bool(storage.documents.segments(key[:1], *key[1:])))
        answers.append(_answer(settings, remembering, question))

    assert "drie maanden opzegtermijn" in answers[0]
    assert answers[0] == answers[1]


def _answer(settings: Settings, embedder: RememberingEmbedder, question: Question) -> str:
    with closing(Assistant(settings, embedder)) as assistant, documents_of(settings, assistant):
        outcome = outcome_of(assistant.ask(question))
    return outcome.markdown if isinstance(outcome, Answer) else ""
