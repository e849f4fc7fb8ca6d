"""Every request of the API as a value: what is sent, how its response is read, whether it may be repeated.

Nothing is sent here, so that the client that blocks and the one that doesn't share all of this.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, TypeVar
from urllib.parse import quote
from uuid import uuid4

from pydantic import ValidationError

from assistant.client.coaching import Brief, Questionnaire, Report
from assistant.client.problems import Unreadable, read_problem, read_retry_after
from assistant.client.values import (
    Answered,
    BatchProgress,
    BatchResults,
    Card,
    Cards,
    CardSummary,
    FileFormat,
    Found,
    OwnDocument,
    OwnDocuments,
    Role,
    Source,
    Sources,
    Value,
    Verdict,
)

T = TypeVar("T")
V = TypeVar("V", bound=Value)

Json = dict[str, object]

EVENT_STREAM = "text/event-stream"
BETWEEN_LOOKS = 1.0
"""Seconds after which it is worth asking again how far a document is."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, with the conversation so far and where to look; nothing named means everywhere."""

    question: str
    history: Sequence[tuple[Role, str]] = ()
    sources: Sequence[str] = ()
    kinds: Sequence[str] = ()

    def as_json(self) -> Json:
        """Return the question in the fields of the API."""
        return {
            "question": self.question,
            "history": [{"role": role, "content": content} for role, content in self.history],
            "filters": {"sources": list(self.sources), "kinds": list(self.kinds)},
        }


@dataclass(frozen=True, slots=True)
class Received:
    """A response, read whole."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Call(Generic[T]):
    """A request and how its response is read; ``is_repeatable`` if sending it twice does no harm."""

    method: str
    path: str
    read: Callable[[Received], T]
    body: Json | None = None
    params: Sequence[tuple[str, str]] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    is_repeatable: bool = False
    content: bytes | None = None
    """A file that is sent, instead of a ``body``."""

    def conclude(self, received: Received) -> T:
        """Return what a response holds, or raise the ``Problem`` that it is."""
        if received.status >= 400:
            raise read_problem(received.status, received.headers, received.body)
        if received.status >= 300:
            raise Unreadable(f"{self.method} {self.path}: status {received.status}")
        try:
            return self.read(received)
        except (ValidationError, UnicodeDecodeError) as error:
            raise Unreadable(f"{self.method} {self.path}: {error}") from error


# ── Answers ──────────────────────────────────────────────────────────────────


def answer(asked: Asked) -> Call[Answered]:
    """Ask a question."""
    return _post("/v1/answers", _reading(Answered), asked.as_json())


def open_stream(asked: Asked) -> Call[None]:
    """Ask a question, to be answered in pieces."""
    body = {**asked.as_json(), "stream": True}
    return Call("POST", "/v1/answers", _must_be_stream, body, headers={"Accept": EVENT_STREAM})


def resume_stream(stream_id: str, last_event_id: str) -> Call[None]:
    """Ask for what came after an event of a stream that broke."""
    headers = {"Accept": EVENT_STREAM, "Last-Event-ID": last_event_id}
    return _get(f"/v1/answers/{_escaped(stream_id)}/events", _must_be_stream, headers=headers)


def feedback(answered: Answered, verdict: Verdict, reasons: Iterable[str], remark: str) -> Call[None]:
    """Say what somebody thinks of an answer; it goes along, because the server doesn't keep answers."""
    body: Json = {
        "answer_id": answered.id,
        "question": answered.question,
        "answer": answered.answer,
        "verdict": verdict,
        "reasons": list(reasons),
        "remark": remark,
    }
    return _post("/v1/feedback", _nothing, body)


# ── Batches ──────────────────────────────────────────────────────────────────


def start_batch(questions: Iterable[str | Asked]) -> Call[BatchProgress]:
    """Ask many questions as one job; the key of the call makes it one job however often it is sent."""
    asked = [Asked(one) if isinstance(one, str) else one for one in questions]
    return Call(
        "POST",
        "/v1/answers:batch",
        _read_progress,
        {"questions": [one.as_json() for one in asked]},
        headers={"Idempotency-Key": str(uuid4())},
        is_repeatable=True,
    )


def batch_progress(batch_id: str) -> Call[BatchProgress]:
    """Ask how far a batch is."""
    return _get(f"/v1/batches/{_escaped(batch_id)}", _read_progress)


def batch_results(batch_id: str, offset: int) -> Call[BatchResults]:
    """Ask for a part of the results."""
    params = [("offset", str(offset))]
    return _get(f"/v1/batches/{_escaped(batch_id)}/answers", _reading(BatchResults), params)


def cancel_batch(batch_id: str) -> Call[None]:
    """Stop a batch and erase it."""
    return Call("DELETE", f"/v1/batches/{_escaped(batch_id)}", _nothing)


# ── The library ──────────────────────────────────────────────────────────────


def search(query: str, limit: int, sources: Iterable[str], kinds: Iterable[str]) -> Call[Found]:
    """Look for passages."""
    params = [("q", query), ("limit", str(limit))]
    params += [("sources", source) for source in sources] + [("kinds", kind) for kind in kinds]
    return _get("/v1/search", _reading(Found), params)


def cards() -> Call[tuple[CardSummary, ...]]:
    """List the cards."""
    return _get("/v1/cards", lambda received: Cards.model_validate_json(received.body).cards)


def card(card_id: str) -> Call[Card]:
    """Read a card."""
    return _get(f"/v1/cards/{_escaped(card_id)}", _reading(Card))


def sources() -> Call[tuple[Source, ...]]:
    """List the bibliography."""
    return _get("/v1/sources", lambda received: Sources.model_validate_json(received.body).sources)


def source_text(source_id: str) -> Call[str]:
    """Read the text of a source."""
    return _get(f"/v1/sources/{_escaped(source_id)}/text", lambda received: received.body.decode())


# ── Documents of one's own ───────────────────────────────────────────────────


def read_file(file: str | os.PathLike[str] | bytes, name: str | None) -> tuple[str, bytes]:
    """Return the name and the bytes of a file; ``ValueError`` for bytes without a name."""
    if isinstance(file, bytes):
        if not name:
            raise ValueError("bytes need a name, by which people know the document again")
        return name, file
    path = Path(file)
    return name or path.name, path.read_bytes()


def add_document(name: str, content: bytes, shared: bool) -> Call[OwnDocument]:
    """Add a document. Sent twice, the second is refused: the file is there already."""
    return _send_file("POST", "/v1/documents", name, content, shared)


def replace_document(document_id: str, name: str, content: bytes, shared: bool | None) -> Call[OwnDocument]:
    """Add a newer version of a document; it is shared as the older one, unless that is said."""
    return _send_file("PUT", _document(document_id), name, content, shared)


def documents() -> Call[tuple[OwnDocument, ...]]:
    """List the documents that were added."""
    return _get("/v1/documents", _read_documents)


def document(document_id: str) -> Call[OwnDocument]:
    """Ask how far a document is."""
    return _get(_document(document_id), _reading(OwnDocument))


def document_text(document_id: str) -> Call[str]:
    """Read the text of a document."""
    return _get(f"{_document(document_id)}/text", lambda received: received.body.decode())


def document_file(document_id: str) -> Call[bytes]:
    """Read the file of a document."""
    return _get(f"{_document(document_id)}/file", _bytes)


def document_history(document_id: str) -> Call[tuple[OwnDocument, ...]]:
    """List all versions of a document."""
    return _get(f"{_document(document_id)}/history", _read_documents)


def share_document(document_id: str, shared: bool) -> Call[OwnDocument]:
    """Let everybody find a document, or its owner alone."""
    body: Json = {"shared": shared}
    return Call("PATCH", _document(document_id), _reading(OwnDocument), body, is_repeatable=True)


def cancel_document(document_id: str) -> Call[OwnDocument]:
    """Stop reading a document."""
    return Call("POST", f"{_document(document_id)}/cancel", _reading(OwnDocument))


def remove_document(document_id: str) -> Call[None]:
    """Erase a document."""
    return Call("DELETE", _document(document_id), _nothing)


# ── Health checks and briefs ─────────────────────────────────────────────────


def questionnaire() -> Call[Questionnaire]:
    """Read what a health check asks."""
    return _get("/v1/health-checks/questionnaire", _reading(Questionnaire))


def report(check_key: str) -> Call[Report]:
    """Read the report of a closed check."""
    return _get("/v1/health-checks/mine/report", _reading(Report), headers={"X-Check-Key": check_key})


def report_file(check_key: str, file_format: FileFormat) -> Call[bytes]:
    """Read the report of a closed check as a file."""
    path = f"/v1/health-checks/mine/report.{file_format}"
    return _get(path, _bytes, headers={"X-Check-Key": check_key})


def brief(situation: str, title: str, check_key: str | None) -> Call[Brief]:
    """Have a coach prepared."""
    body: Json = {"title": title, "situation": situation, "check_key": check_key}
    return _post("/v1/briefs", _reading(Brief), body)


def brief_file(prepared: Brief, file_format: FileFormat) -> Call[bytes]:
    """Have a brief written to a file."""
    body: Json = {"brief": prepared.model_dump(mode="json"), "format": file_format}
    return _post("/v1/briefs/files", _bytes, body)


# ── How they are made ────────────────────────────────────────────────────────


def _get(
    path: str,
    read: Callable[[Received], T],
    params: Sequence[tuple[str, str]] = (),
    headers: Mapping[str, str] | None = None,
) -> Call[T]:
    return Call("GET", path, read, params=params, headers=headers or {}, is_repeatable=True)


def _post(path: str, read: Callable[[Received], T], body: Json) -> Call[T]:
    return Call("POST", path, read, body)


def _send_file(method: str, path: str, name: str, content: bytes, shared: bool | None) -> Call[OwnDocument]:
    params = [("name", name)] + ([] if shared is None else [("shared", str(shared).lower())])
    headers = {"Content-Type": "application/octet-stream"}
    return Call(method, path, _reading(OwnDocument), params=params, headers=headers, content=content)


def _read_documents(received: Received) -> tuple[OwnDocument, ...]:
    return OwnDocuments.model_validate_json(received.body).documents


def _document(document_id: str) -> str:
    return f"/v1/documents/{_escaped(document_id)}"


def _reading(value: type[V]) -> Callable[[Received], V]:
    return lambda received: value.model_validate_json(received.body)


def _read_progress(received: Received) -> BatchProgress:
    progress = BatchProgress.model_validate_json(received.body)
    return progress.model_copy(update={"retry_after": read_retry_after(received.headers)})


def _bytes(received: Received) -> bytes:
    return received.body


def _must_be_stream(received: Received) -> None:
    kind = received.headers.get("Content-Type", "")
    if kind.partition(";")[0].strip().lower() != EVENT_STREAM:
        raise Unreadable(f"no stream of events, but {kind or 'nothing'}")


def _nothing(received: Received) -> None:
    return None


def _escaped(part: str) -> str:
    return quote(part, safe="")
