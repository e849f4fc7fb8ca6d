"""The client for asyncio: as the one that waits, and no thread is held up."""

from __future__ import annotations

import os
from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Sequence
from contextlib import aclosing, suppress
from time import monotonic
from types import TracebackType
from typing import Self, TypeVar

import httpx
from anyio import sleep
from tenacity import AsyncRetrying

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


class AsyncAllianceClient:
    """``AllianceClient`` for asyncio: the same methods, awaited; use it in an ``async with`` statement.

    Tasks may share one client, within one event loop.
    """

    def __init__(
        self,
        base_url: str = DEFAULT_ADDRESS,
        key: str | None = None,
        *,
        patience: Patience = Patience(),  # noqa: B008 - frozen
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._patience = patience
        self._http = httpx.AsyncClient(**connection(base_url, key), transport=transport)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._http.base_url!r})"

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    # ── Answers ──────────────────────────────────────────────────────────────

    async def answer(
        self,
        question: str,
        history: Sequence[tuple[Role, str]] = (),
        sources: Sequence[str] = (),
        kinds: Sequence[str] = (),
    ) -> Answered:
        """Answer a question; where the sources hold no answer, ``refused`` is true."""
        return await self._send(calls.answer(Asked(question, history, sources, kinds)))

    def stream(
        self,
        question: str,
        history: Sequence[tuple[Role, str]] = (),
        sources: Sequence[str] = (),
        kinds: Sequence[str] = (),
    ) -> AsyncAnswerStream:
        """Answer a question in pieces. It is asked when the first event is; see ``AsyncAnswerStream``."""
        return AsyncAnswerStream(self._follow(calls.open_stream(Asked(question, history, sources, kinds))))

    async def feedback(
        self, answered: Answered, verdict: Verdict, reasons: Iterable[str] = (), remark: str = ""
    ) -> None:
        """Say what somebody thinks of an answer; saying it again replaces what was said before."""
        await self._send(calls.feedback(answered, verdict, reasons, remark))

    async def batch(self, questions: Iterable[str | Asked]) -> AsyncBatch:
        """Ask up to 1,000 questions as one job."""
        return AsyncBatch(self, (await self._send(calls.start_batch(questions))).id)

    def reopen(self, batch_id: str) -> AsyncBatch:
        """Return a batch that was started before, here or in another process."""
        return AsyncBatch(self, batch_id)

    # ── The library ──────────────────────────────────────────────────────────

    async def search(
        self, query: str, limit: int = 10, sources: Sequence[str] = (), kinds: Sequence[str] = ()
    ) -> Found:
        """Look for passages, best first."""
        return await self._send(calls.search(query, limit, sources, kinds))

    async def cards(self) -> tuple[CardSummary, ...]:
        """List the cards, without their text."""
        return await self._send(calls.cards())

    async def card(self, card_id: str) -> Card:
        """Return a card, with the references of every statement."""
        return await self._send(calls.card(card_id))

    async def sources(self) -> tuple[Source, ...]:
        """List the bibliography."""
        return await self._send(calls.sources())

    async def source_text(self, source_id: str) -> str:
        """Return the text of a source; the offsets of citations count its characters."""
        return await self._send(calls.source_text(source_id))

    # ── Documents of one's own ───────────────────────────────────────────────

    async def add_document(
        self, file: str | os.PathLike[str] | bytes, name: str | None = None, *, shared: bool = False
    ) -> OwnDocument:
        """Add a file, by its path or with its bytes and a ``name``; only you find it unless ``shared``.

        ``Conflicting`` if it is there already, ``InvalidRequest`` if it can't be read. It takes a while
        before it is found: see ``wait_for_document``.
        """
        return await self._send(calls.add_document(*calls.read_file(file, name), shared))

    async def documents(self) -> tuple[OwnDocument, ...]:
        """List the documents that you added, the newest first."""
        return await self._send(calls.documents())

    async def document(self, document_id: str) -> OwnDocument:
        """Return how far a document is, your own or one that is shared."""
        return await self._send(calls.document(document_id))

    async def document_text(self, document_id: str) -> str:
        """Return the text that was read; the offsets of citations count its characters."""
        return await self._send(calls.document_text(document_id))

    async def document_file(self, document_id: str) -> bytes:
        """Return the file as it was added."""
        return await self._send(calls.document_file(document_id))

    async def document_history(self, document_id: str) -> tuple[OwnDocument, ...]:
        """Return all versions of a document."""
        return await self._send(calls.document_history(document_id))

    async def replace_document(
        self,
        document_id: str,
        file: str | os.PathLike[str] | bytes,
        name: str | None = None,
        *,
        shared: bool | None = None,
    ) -> OwnDocument:
        """Add a newer version; until that is ready, the older one is found."""
        return await self._send(calls.replace_document(document_id, *calls.read_file(file, name), shared))

    async def share_document(self, document_id: str, *, shared: bool = True) -> OwnDocument:
        """Let everybody who may ask find a document, or only you again."""
        return await self._send(calls.share_document(document_id, shared))

    async def cancel_document(self, document_id: str) -> OwnDocument:
        """Stop reading a document that isn't ready yet."""
        return await self._send(calls.cancel_document(document_id))

    async def remove_document(self, document_id: str) -> None:
        """Erase a document with all its versions."""
        await self._send(calls.remove_document(document_id))

    async def wait_for_document(self, document_id: str, limit: float | None = None) -> OwnDocument:
        """Return a document once nothing more is to come of it; ``TimedOut`` after ``limit`` seconds.

        Its ``state`` then is ``ready``, ``failed`` (``fault`` says why) or ``cancelled``.
        """
        began = monotonic()
        while (found := await self.document(document_id)).is_working:
            if limit is not None and monotonic() - began + calls.BETWEEN_LOOKS > limit:
                raise TimedOut(f"{found.name} is {found.state}", was_sent=True)
            await sleep(calls.BETWEEN_LOOKS)
        return found

    # ── Health checks and briefs ─────────────────────────────────────────────

    async def questionnaire(self) -> Questionnaire:
        """Return all that a health check asks."""
        return await self._send(calls.questionnaire())

    async def report(self, check_key: str) -> Report:
        """Return the report of a closed check."""
        return await self._send(calls.report(check_key))

    async def report_file(self, check_key: str, file_format: FileFormat) -> bytes:
        """Return the report of a closed check as a Word or Markdown file."""
        return await self._send(calls.report_file(check_key, file_format))

    async def brief(self, situation: str = "", title: str = "", check_key: str | None = None) -> Brief:
        """Prepare a coach, from a situation, a closed check, or both."""
        return await self._send(calls.brief(situation, title, check_key))

    async def brief_file(self, brief: Brief, file_format: FileFormat) -> bytes:
        """Return a brief as a Word or Markdown file."""
        return await self._send(calls.brief_file(brief, file_format))

    # ── How it is sent ───────────────────────────────────────────────────────

    async def _send(self, call: Call[T]) -> T:
        received: T = await AsyncRetrying(**retrying(call, self._patience))(self._attempt, call)
        return received

    async def _attempt(self, call: Call[T]) -> T:
        deadline, body = Deadline(self._patience.response), bytearray()
        timeout = self._patience.of_response
        with faults_named():
            async with self._http.stream(**request_of(call), timeout=timeout) as response:
                async for chunk in response.aiter_bytes():
                    body += chunk
                    deadline.check()
        return call.conclude(Received(response.status_code, response.headers, bytes(body)))

    async def _follow(self, call: Call[None]) -> AsyncGenerator[StreamEvent, None]:
        reading, response = StreamReading(), await self._open(call)
        while True:
            reading.begin(response.headers)
            async with aclosing(response):
                with suppress(httpx.RequestError):  # What is missing is asked for again.
                    async for chunk in response.aiter_bytes():
                        for event in reading.feed(chunk):
                            yield event
            if reading.is_whole:
                return
            response = await self._resume(reading)

    async def _resume(self, reading: StreamReading) -> httpx.Response:
        call = reading.resumption()
        await sleep(reading.pause)
        try:
            return await self._open(call)
        except AllianceError as error:
            raise CutOff(reading.last_event_id) from error

    async def _open(self, call: Call[None]) -> httpx.Response:
        opened: httpx.Response = await AsyncRetrying(**retrying(call, self._patience))(self._begin, call)
        return opened

    async def _begin(self, call: Call[None]) -> httpx.Response:
        request = self._http.build_request(**request_of(call), timeout=self._patience.of_stream)
        with faults_named():
            response = await self._http.send(request, stream=True)
            try:
                body = b"" if response.is_success else await response.aread()
                call.conclude(Received(response.status_code, response.headers, body))
            except BaseException:
                await response.aclose()
                raise
        return response


class AsyncAnswerStream(AsyncIterator[StreamEvent]):
    """``AnswerStream`` for asyncio; who stops early closes it, or reads it in an ``async with`` statement."""

    def __init__(self, events: AsyncGenerator[StreamEvent, None]) -> None:
        self._events = events

    async def __anext__(self) -> StreamEvent:
        return await anext(self._events)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connection."""
        await self._events.aclose()


class AsyncBatch:
    """Many questions as one job, that the server keeps for 24 hours; ``id`` opens it again."""

    def __init__(self, client: AsyncAllianceClient, batch_id: str) -> None:
        self._client = client
        self.id = batch_id

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.id!r})"

    async def progress(self) -> BatchProgress:
        """Return how far it is."""
        return await self._client._send(calls.batch_progress(self.id))

    async def results(self) -> AsyncIterator[BatchResult]:
        """Yield what came of the questions, in their order, as far as it is there now."""
        offset: int | None = 0
        while offset is not None:
            part = await self._client._send(calls.batch_results(self.id, offset))
            for result in part.answers:
                yield result
            offset = part.next_offset

    async def wait(self, limit: float | None = None) -> BatchProgress:
        """Return the progress once nothing more is to come; ``TimedOut`` after ``limit`` seconds."""
        began = monotonic()
        while (progress := await self.progress()).is_running:
            pause = progress.pause
            if limit is not None and monotonic() - began + pause > limit:
                raise TimedOut(f"{progress.done} of {progress.total} were done", was_sent=True)
            await sleep(pause)
        return progress

    async def cancel(self) -> None:
        """Stop it, and erase what there is of it."""
        await self._client._send(calls.cancel_batch(self.id))
