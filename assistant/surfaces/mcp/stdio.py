"""The server over stdio: one process for one client, which starts it and talks over its pipes.

Standard output carries the protocol alone; remarks go to standard error. The protocol answers at once,
while the assistant is opened in a thread; a tool that needs it waits for that.
"""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from threading import Lock
from typing import TYPE_CHECKING, Any

import anyio
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server

from assistant import bootstrap
from assistant.answering.prompts import Texts
from assistant.bootstrap import Assistant, Indexer
from assistant.errors import AssistantError
from assistant.settings import Settings
from assistant.surfaces import terminal
from assistant.surfaces.api.reading import Limits
from assistant.surfaces.mcp.connecting import connect_here
from assistant.surfaces.mcp.serving import build_server
from assistant.surfaces.mcp.tools import Library

if TYPE_CHECKING:
    from assistant.bootstrap.coaching import Coach
    from assistant.bootstrap.documents import Documents
    from assistant.bootstrap.health_checks import HealthChecks


def serve_over_stdio(settings: Settings, texts: Texts) -> None:
    """Serve until the client closes its end; ``texts`` is ``prompts/cli.yaml``."""
    problems = Texts.read(settings.prompts / "problems.yaml")
    opening = _Opening(settings, texts, problems)
    limits = Limits(settings.max_question_length)
    library = Library(opening.assistant, opening.checks, limits, opening.documents)
    own = Texts.read(settings.prompts / "mcp.yaml")
    try:
        anyio.run(_serve, build_server(library, connect_here(settings), own, problems))
    finally:
        opening.close()


async def _serve(server: Server[Any]) -> None:
    async with stdio_server() as (read, write):
        await server.run(read, write, server.create_initialization_options())


class _Opening:
    """Opens the assistant at once and the coach when it is first asked for, one after the other."""

    def __init__(self, settings: Settings, texts: Texts, problems: Texts) -> None:
        self._settings, self._texts, self._problems = settings, texts, problems
        self._lock = Lock()
        self._read_along = ExitStack()
        self._thread = ThreadPoolExecutor(1)
        self._assistant = self._thread.submit(self._open)
        self._coach: Future[Coach] | None = None

    def assistant(self) -> Assistant:
        """Wait for the assistant; raise ``AssistantError`` if it can't be opened."""
        return self._assistant.result()

    def checks(self) -> HealthChecks:
        """Wait for the health checks; raise ``StorageUnavailable`` if there's no database."""
        return self._opened_coach().checks

    def documents(self) -> Documents:
        """Wait for the documents; likewise."""
        from assistant.bootstrap.documents import Documents  # loads SQLAlchemy

        return Documents(self._settings, self._opened_coach().storage)

    def _opened_coach(self) -> Coach:
        with self._lock:
            if self._coach is None:
                from assistant.bootstrap.coaching import Coach  # likewise

                self._coach = self._thread.submit(Coach.open, self._settings, self.assistant())
        return self._coach.result()

    def close(self) -> None:
        """Close what was opened."""
        self._thread.shutdown()
        self._read_along.close()
        for opened in (self._coach, self._assistant):
            if opened is not None and opened.exception() is None:
                opened.result().close()

    def _open(self) -> Assistant:
        try:
            engine = bootstrap.load_engine(self._settings)
            indexer = Indexer(self._settings, engine)
            indexer.prepare(terminal.progress_line(self._texts))
            if not indexer.is_current():
                terminal.note(self._texts.render("index_behind"))
            assistant = Assistant(self._settings, engine)
            from assistant.bootstrap.documents import documents_of  # likewise

            self._read_along.enter_context(documents_of(self._settings, assistant))
            terminal.note_model(assistant.status().model, self._texts)
        except AssistantError as error:
            terminal.note(self._problems.render(error.code, **error.details))
            raise
        return assistant
