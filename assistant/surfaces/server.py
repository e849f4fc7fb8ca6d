"""One process that serves it all: the chat page at ``/``, the API at ``/v1``."""

from __future__ import annotations

import socket
import sys
import webbrowser
from collections.abc import Iterator
from contextlib import closing, contextmanager

import uvicorn
from starlette.applications import Starlette

from assistant import bootstrap
from assistant.answering.prompts import Texts
from assistant.bootstrap import Assistant, Indexer
from assistant.bootstrap.coaching import Coach
from assistant.domain import Progress
from assistant.errors import AddressInUse
from assistant.indexing.background import BackgroundBuild
from assistant.settings import Settings
from assistant.surfaces import terminal
from assistant.surfaces.api import build_api
from assistant.surfaces.chat import mount_page
from assistant.surfaces.chat.coaching import ChatCoach
from assistant.surfaces.pages import build_pages

BACKLOG = 2048

GRACE = 2
"""Seconds that requests get to end when serving stops; an open page never ends its own."""


def serve_until_stopped(settings: Settings, texts: Texts, problems: Texts, *, open_page: bool) -> None:
    """Serve until interrupted; the page answers from the cards while originals are being read."""
    with closing(_listen(settings)) as listener:
        engine = bootstrap.load_engine(settings)
        indexer = Indexer(settings, engine)
        indexer.prepare(terminal.progress_line(texts))
        with (
            closing(Assistant(settings, engine)) as assistant,
            closing(Coach.open(settings, assistant)) as coach,
            _background(settings, indexer, assistant, texts),
        ):
            terminal.note_model(assistant.status().model, texts)
            app = build_app(settings, assistant, coach, problems)
            config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=GRACE)
            _Server(config, _address_of(listener), texts, open_page).run(sockets=[listener])


def build_app(settings: Settings, assistant: Assistant, coach: Coach, problems: Texts) -> Starlette:
    """Return the application: the API, the pages of the health check and the chat page."""
    longest = settings.max_question_length
    app = build_api(assistant, problems, coaching=coach, max_question_length=longest)
    app.router.routes.extend(build_pages(coach, assistant, settings.prompts))
    chat_coach = ChatCoach(coach.checks, assistant, settings.prompts)
    page_texts = Texts.read(settings.prompts / "page.yaml")
    mount_page(
        app,
        assistant,
        page_texts,
        coach=chat_coach,
        blocked=[settings.data],
        max_question_length=longest,
    )
    return app


class _Server(uvicorn.Server):
    """Says where the page is, once it can be visited."""

    def __init__(self, config: uvicorn.Config, address: str, texts: Texts, open_page: bool) -> None:
        super().__init__(config)
        self._address, self._texts, self._open_page = address, texts, open_page

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        terminal.note(self._texts.render("address", address=self._address))
        if self._open_page:
            webbrowser.open(self._address)


def _listen(settings: Settings) -> socket.socket:
    """Take the address before anything slow is done; raise ``AddressInUse`` if that can't be."""
    try:
        family = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)[0][0]
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((settings.host, settings.port))
    except OSError as error:
        raise AddressInUse(host=settings.host, port=str(settings.port), reason=str(error)) from error
    listener.listen(BACKLOG)
    return listener


def _address_of(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


@contextmanager
def _background(settings: Settings, indexer: Indexer, assistant: Assistant, texts: Texts) -> Iterator[None]:
    """Bring the index up to date in another process, if it isn't; stop that when serving stops."""
    if indexer.is_current():
        yield
        return
    terminal.note(texts.render("reading"))
    assistant.note_progress(Progress(0, 0))
    command = [sys.executable, "-m", "assistant.surfaces.cli", "index", "--progress-json"]
    environment = settings.as_environment()
    build = BackgroundBuild(command, environment, assistant.note_progress, assistant.note_failure)
    try:
        yield
    finally:
        build.stop()
