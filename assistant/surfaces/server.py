"""One process that serves it all: the chat page at ``/``, the API at ``/v1``."""

from __future__ import annotations

import gc
import os
import sys
import webbrowser
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial

from starlette.applications import Starlette
from threadpoolctl import threadpool_limits

from assistant import bootstrap
from assistant.answering.prompts import Texts
from assistant.bootstrap import Assistant, Indexer
from assistant.bootstrap.access import Access
from assistant.bootstrap.backups import ErasureKeeper
from assistant.bootstrap.batches import BatchWorker
from assistant.bootstrap.coaching import Coach
from assistant.bootstrap.conversations import Conversations
from assistant.bootstrap.documents import Documents, DocumentWorker
from assistant.bootstrap.machines import watch_index
from assistant.domain import Progress
from assistant.errors import IndexUnavailable
from assistant.indexing.background import BackgroundBuild, Upkeep
from assistant.settings import Settings
from assistant.surfaces import terminal
from assistant.surfaces.access.guarding import Guarding
from assistant.surfaces.access.limiting import Counter
from assistant.surfaces.api import build_api
from assistant.surfaces.api.batches import JsonOutcomes
from assistant.surfaces.api.resuming import StreamLimits
from assistant.surfaces.chat import load_page, mount_page
from assistant.surfaces.chat.coaching import ChatCoach
from assistant.surfaces.chat.pacing import Pace
from assistant.surfaces.listening import address_of, listen
from assistant.surfaces.mcp.mounting import mount_mcp
from assistant.surfaces.operating.logs import start_logs
from assistant.surfaces.operating.observing import Observed
from assistant.surfaces.operating.operation import Operation
from assistant.surfaces.operating.stopping import GracefulServer, end_process
from assistant.surfaces.pages import build_pages
from assistant.surfaces.visiting import Visitors


def serve_until_stopped(settings: Settings, texts: Texts, problems: Texts, *, open_page: bool) -> None:
    """Serve until interrupted; the page answers from the cards while originals are being read."""
    start_logs(settings)
    # Many are answered at once, each in a thread: more threads within one only wait for each other.
    with threadpool_limits(1, "blas"), closing(listen(settings)) as listener:
        engine = bootstrap.load_engine(settings)
        indexer = Indexer(settings, engine)
        indexer.prepare(terminal.progress_line(texts), meanwhile=load_page)
        with (
            closing(Assistant(settings, engine)) as assistant,
            closing(Operation(settings, assistant)) as operation,
            closing(Coach.open(settings, assistant)) as coach,
            closing(_work_on_batches(operation.assistant, coach, problems)),
            closing(DocumentWorker(settings, coach.storage, engine, give_way=assistant.give_way)),
            closing(ErasureKeeper(settings, coach.storage.erasures)),
            watch_index(settings, engine),
            _background(settings, indexer, operation.assistant, texts),
        ):
            terminal.note_model(assistant.status().model, texts)
            assistant.open_documents(coach.storage.documents)
            app = build_app(settings, operation.assistant, coach, problems, operation)
            watched = operation.watch(app, problems)
            announce = partial(_announce, address_of(listener), texts, open_page)
            server = GracefulServer(watched, settings, operation.stopping, announce)
            gc.freeze()  # What is loaded by now stays, and needn't be looked through for garbage.
            server.run(sockets=[listener])
    end_process()


def build_app(
    settings: Settings,
    assistant: Assistant | Observed,
    coach: Coach,
    problems: Texts,
    operation: Operation | None = None,
) -> Starlette:
    """Return the application: the API, the pages of the health check and the chat page."""
    operation = operation or Operation(settings, assistant)
    longest = settings.max_question_length
    batches = coach.storage.batches
    conversations = Conversations(settings, assistant, coach.storage)
    documents = Documents(settings, coach.storage)
    app = build_api(
        assistant,
        problems,
        coaching=coach,
        rating=conversations,
        batches=batches,
        documents=documents,
        checks=operation.checks(coach.storage),
        completions=Texts.read(settings.prompts / "completions.yaml"),
        streams=_stream_limits(assistant),
        max_question_length=longest,
    )
    app.router.routes.append(operation.route)
    counter = Counter(settings.limits_url)
    guarding = Guarding(settings, Access(coach.storage), problems, counter)
    app.router.routes.extend(guarding.routes)
    app.router.routes.extend(
        build_pages(
            coach,
            assistant,
            settings.prompts,
            conversations,
            documents,
            retention_days=settings.retention_days,
        )
    )
    mount_mcp(app, settings, assistant, coach.checks, problems, documents=documents)
    chat_coach = ChatCoach(coach.checks, assistant, settings.prompts)
    mount_page(
        app,
        assistant,
        settings.prompts,
        coach=chat_coach,
        keeping=conversations,
        pace=Pace(counter=counter),
        blocked=[settings.data],
        max_question_length=longest,
    )
    app.add_middleware(Visitors)
    guarding.stand_before(app)
    return app


def _stream_limits(assistant: Assistant | Observed) -> StreamLimits:
    """Return how many answers may be worked on at once.

    With a model that is mostly waiting. Without one it is work for the processors: with more at once, they
    all end later and the last waits twice as long.
    """
    if assistant.status().model:
        return StreamLimits()
    return StreamLimits(most_at_work=(os.cpu_count() or 1) + 1)


def _work_on_batches(assistant: Observed, coach: Coach, problems: Texts) -> BatchWorker:
    return BatchWorker(coach.storage, assistant.ask_aside, JsonOutcomes(assistant, problems))


def _announce(address: str, texts: Texts, open_page: bool) -> None:
    """Say where the page is, now that it can be visited."""
    terminal.note(texts.render("address", address=address))
    if open_page:
        webbrowser.open(address)


@contextmanager
def _background(settings: Settings, indexer: Indexer, assistant: Observed, texts: Texts) -> Iterator[None]:
    """Keep the index up to date in another process, as often as needed; stop that when serving stops."""
    if not indexer.is_current():
        terminal.note(texts.render("reading"))
        assistant.note_progress(Progress(0, 0))
    command = [sys.executable, "-m", "assistant.surfaces.cli", "index", "--progress-json"]
    environment = settings.as_environment()
    build = partial(BackgroundBuild, command, environment, assistant.note_progress, assistant.note_failure)

    def is_behind() -> bool:
        is_behind = not indexer.is_current()
        if not is_behind:
            assistant.note_progress(None)
        return is_behind

    def is_degraded() -> bool:
        try:
            return assistant.status().degraded is not None
        except IndexUnavailable:
            return True

    with closing(Upkeep(is_behind, is_degraded, build)):
        yield
