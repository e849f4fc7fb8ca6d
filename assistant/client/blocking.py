"""The client that waits for each response."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing, suppress
from time import monotonic, sleep
from types import TracebackType
from typing import Self, TypeVar

import httpx
from tenacity import Retrying

from assistant.client import calls
from assistant.client.calls import Asked, Call, Received
from assistant.client.coaching import Brief, Questionnaire, Report
from assistant.client.problems import AllianceError, CutOff, TimedOut
from assistant.client.sending import (
    DEFAULT_ADDRESS,
    Deadline,
    Patience,
    connection,
    faults_named,
    request_of,
    retrying,
)
from assistant.client.streaming import StreamReading
from assistant.client.values import (
    Answered,
    BatchProgress,
    BatchResult,
    Card,
    CardSummary,
    FileFormat,
    Found,
    OwnDocument,
    Role,
    Source,
    StreamEvent,
    Verdict,
)

T = TypeVar("T")


class AllianceClient:
    """Asks an alliance assistant over HTTP; close it, or use it in a ``with`` statement.

    ``key`` is otherwise read from ``ALLIANTIE_API_KEY``; it is sent to ``base_url`` alone, and never shown.
    Every method raises an ``AllianceError``. What is safe to repeat is repeated, within ``patience``.
    Threads may share one client. ``transport`` takes the place of the network, for tests.
    """

    def __init__(
        self,
        base_url: str = DEFAULT_ADDRESS,
        key: str | None = None,
        *,
        patience: Patience = Patience(),  # noqa: B008 - frozen
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._patience = patience
        self._http = httpx.Client(**connection(base_url, key), transport=transport)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._http.base_url!r})"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    # ── Answers ──────────────────────────────────────────────────────────────

    def answer(
        self,
        question: str,
        history: Sequence[tuple[Role, str]] = (),
        sources: Sequence[str] = (),
        kinds: Sequence[str] = (),
    ) -> Answered:
        """Answer a question; where the sources hold no answer, ``refused`` is true."""
        return self._send(calls.answer(Asked(question, history, sources, kinds)))

    def stream(
        self,
        question: str,
        history: Sequence[tuple[Role, str]] = (),
        sources: Sequence[str] = (),
        kinds: Sequence[str] = (),
    ) -> AnswerStream:
        """Answer a question in pieces. It is asked when the first event is; see ``AnswerStream``."""
        return AnswerStream(self._follow(calls.open_stream(Asked(question, history, sources, kinds))))

    def feedback(
        self, answered: Answered, verdict: Verdict, reasons: Iterable[str] = (), remark: str = ""
    ) -> None:
        """Say what somebody thinks of an answer; saying it again replaces what was said before."""
        self._send(calls.feedback(answered, verdict, reasons, remark))

    def batch(self, questions: Iterable[str | Asked]) -> Batch:
        """Ask up to 1,000 questions as one job."""
        return Batch(self, self._send(calls.start_batch(questions)).id)

    def reopen(self, batch_id: str) -> Batch:
        """Return a batch that was started before, here or in another process."""
        return Batch(self, batch_id)

    # ── The library ──────────────────────────────────────────────────────────

    def search(
        self, query: str, limit: int = 10, sources: Sequence[str] = (), kinds: Sequence[str] = ()
    ) -> Found:
        """Look for passages, best first."""
        return self._send(calls.search(query, limit, sources, kinds))

    def cards(self) -> tuple[CardSummary, ...]:
        """List the cards, without their text."""
        return self._send(calls.cards())

    def card(self, card_id: str) -> Card:
        """Return a card, with the references of every statement."""
        return self._send(calls.card(card_id))

    def sources(self) -> tuple[Source, ...]:
        """List the bibliography."""
        return self._send(calls.sources())

    def source_text(self, source_id: str) -> str:
        """Return the text of a source; the offsets of citations count its characters."""
        return self._send(calls.source_text(source_id))

    # ── Documents of one's own ───────────────────────────────────────────────

    def add_document(
        self, file: str | os.PathLike[str] | bytes, name: str | None = None, *, shared: bool = False
    ) -> OwnDocument:
        """Add a file, by its path or with its bytes and a ``name``; only you find it unless ``shared``.

        ``Conflicting`` if it is there already, ``InvalidRequest`` if it can't be read. It takes a while
        before it is found: see ``wait_for_document``.
        """
        return self._send(calls.add_document(*calls.read_file(file, name), shared))

    def documents(self) -> tuple[OwnDocument, ...]:
        """List the documents that you added, the newest first."""
        return self._send(calls.documents())

    def document(self, document_id: str) -> OwnDocument:
        """Return how far a document is, your own or one that is shared."""
        return self._send(calls.document(document_id))

    def document_text(self, document_id: str) -> str:
        """Return the text that was read; the offsets of citations count its characters."""
        return self._send(calls.document_text(document_id))

    def document_file(self, document_id: str) -> bytes:
        """Return the file as it was added."""
        return self._send(calls.document_file(document_id))

    def document_history(self, document_id: str) -> tuple[OwnDocument, ...]:
        """Return all versions of a document."""
        return self._send(calls.document_history(document_id))

    def replace_document(
        self,
        document_id: str,
        file: str | os.PathLike[str] | bytes,
        name: str | None = None,
        *,
        shared: bool | None = None,
    ) -> OwnDocument:
        """Add a newer version; until that is ready, the older one is found."""
        return self._send(calls.replace_document(document_id, *calls.read_file(file, name), shared))

    def share_document(self, document_id: str, *, shared: bool = True) -> OwnDocument:
        """Let everybody who may ask find a document, or only you again."""
        return self._send(calls.share_document(document_id, shared))

    def cancel_document(self, document_id: str) -> OwnDocument:
        """Stop reading a document that isn't ready yet."""
        return self._send(calls.cancel_document(document_id))

    def remove_document(self, document_id: str) -> None:
        """Erase a document with all its versions."""
        self._send(calls.remove_document(document_id))

    def wait_for_document(self, document_id: str, limit: float | None = None) -> OwnDocument:
        """Return a document once nothing more is to come of it; ``TimedOut`` after ``limit`` seconds.

        Its ``state`` then is ``ready``, ``failed`` (``fault`` says why) or ``cancelled``.
        """
        began = monotonic()
        while (found := self.document(document_id)).is_working:
            if limit is not None and monotonic() - began + calls.BETWEEN_LOOKS > limit:
                raise TimedOut(f"{found.name} is {found.state}", was_sent=True)
            sleep(calls.BETWEEN_LOOKS)
        return found

    # ── Health checks and briefs ─────────────────────────────────────────────

    def questionnaire(self) -> Questionnaire:
        """Return all that a health check asks."""
        return self._send(calls.questionnaire())

    def report(self, check_key: str) -> Report:
        """Return the report of a closed check."""
        return self._send(calls.report(check_key))

    def report_file(self, check_key: str, file_format: FileFormat) -> bytes:
        """Return the report of a closed check as a Word or Markdown file."""
        return self._send(calls.report_file(check_key, file_format))

    def brief(self, situation: str = "", title: str = "", check_key: str | None = None) -> Brief:
        """Prepare a coach, from a situation, a closed check, or both."""
        return self._send(calls.brief(situation, title, check_key))

    def brief_file(self, brief: Brief, file_format: FileFormat) -> bytes:
        """Return a brief as a Word or Markdown file."""
        return self._send(calls.brief_file(brief, file_format))

    # ── How it is sent ───────────────────────────────────────────────────────

    def _send(self, call: Call[T]) -> T:
        received: T = Retrying(**retrying(call, self._patience))(self._attempt, call)
        return received

    def _attempt(self, call: Call[T]) -> T:
        deadline, body = Deadline(self._patience.response), bytearray()
        timeout = self._patience.of_response
        with faults_named(), self._http.stream(**request_of(call), timeout=timeout) as response:
            for chunk in response.iter_bytes():
                body += chunk
                deadline.check()
        return call.conclude(Received(response.status_code, response.headers, bytes(body)))

    def _follow(self, call: Call[None]) -> Generator[StreamEvent, None, None]:
        reading, response = StreamReading(), self._open(call)
        while True:
            reading.begin(response.headers)
            with closing(response), suppress(httpx.RequestError):  # What is missing is asked for again.
                for chunk in response.iter_bytes():
                    yield from reading.feed(chunk)
            if reading.is_whole:
                return
            response = self._resume(reading)

    def _resume(self, reading: StreamReading) -> httpx.Response:
        call = reading.resumption()
        sleep(reading.pause)
        try:
            return self._open(call)
        except AllianceError as error:
            raise CutOff(reading.last_event_id) from error

    def _open(self, call: Call[None]) -> httpx.Response:
        return Retrying(**retrying(call, self._patience))(self._begin, call)

    def _begin(self, call: Call[None]) -> httpx.Response:
        request = self._http.build_request(**request_of(call), timeout=self._patience.of_stream)
        with faults_named():
            response = self._http.send(request, stream=True)
            try:
                body = b"" if response.is_success else response.read()
                call.conclude(Received(response.status_code, response.headers, body))
            except BaseException:
                response.close()
                raise
        return response


class AnswerStream(Iterator[StreamEvent]):
    """The events of one answer: passages, then claims, then the ``Answered``, after which it ends.

    A connection that breaks is made again, and nothing is given twice. ``CutOff`` means that the rest
    can't be had; a ``Problem`` is the server's. Who stops early closes it, or reads it in a ``with``
    statement: then the server stops too.
    """

    def __init__(self, events: Generator[StreamEvent, None, None]) -> None:
        self._events = events

    def __next__(self) -> StreamEvent:
        return next(self._events)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection."""
        self._events.close()


class Batch:
    """Many questions as one job, that the server keeps for 24 hours; ``id`` opens it again."""

    def __init__(self, client: AllianceClient, batch_id: str) -> None:
        self._client = client
        self.id = batch_id

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.id!r})"

    def progress(self) -> BatchProgress:
        """Return how far it is."""
        return self._client._send(calls.batch_progress(self.id))

    def results(self) -> Iterator[BatchResult]:
        """Yield what came of the questions, in their order, as far as it is there now."""
        offset: int | None = 0
        while offset is not None:
            part = self._client._send(calls.batch_results(self.id, offset))
            yield from part.answers
            offset = part.next_offset

    def wait(self, limit: float | None = None) -> BatchProgress:
        """Return the progress once nothing more is to come; ``TimedOut`` after ``limit`` seconds."""
        began = monotonic()
        while (progress := self.progress()).is_running:
            pause = progress.pause
            if limit is not None and monotonic() - began + pause > limit:
                raise TimedOut(f"{progress.done} of {progress.total} were done", was_sent=True)
            sleep(pause)
        return progress

    def cancel(self) -> None:
        """Stop it, and erase what there is of it."""
        self._client._send(calls.cancel_batch(self.id))
