"""A scripted assistant behind the real server, operated like the real one, in a process of its own.

Run as ``python -m tests.surfaces.operating.scripted``; prints its address. A question that begins with
a number takes so many seconds.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import closing

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from assistant.answering.prompts import Texts
from assistant.domain import Event, Findings, Passage, Progress, Query, Question
from assistant.settings import default_prompts, read_settings
from assistant.surfaces.api import build_api
from assistant.surfaces.listening import address_of, listen
from assistant.surfaces.operating.logs import start_logs
from assistant.surfaces.operating.operation import Operation
from assistant.surfaces.operating.stopping import GracefulServer, end_process
from tests.fakes import FakeAssistant, Script


class SlowAssistant(FakeAssistant):
    """Takes its time when a question asks for that."""

    def __init__(self, *scripts: Script) -> None:
        super().__init__(*scripts)
        self.failures: list[str] = []

    def ask(self, question: Question) -> Iterator[Event]:
        """Play a script, with a pause before the last event."""
        *events, outcome = super().ask(question)
        yield from events
        seconds = question.text.split()[0]
        time.sleep(float(seconds) if seconds[0].isdigit() else 0)
        yield outcome

    def ask_aside(self, question: Question) -> Iterator[Event]:
        """Do the same."""
        return self.ask(question)

    def search(self, question: Question, limit: int = 12) -> tuple[Passage, ...]:
        """Find nothing."""
        return ()

    def retrieve(self, query: Query, limit: int = 12) -> Findings:
        """Find nothing."""
        return Findings((), 0.0, 0.0, ())

    def note_progress(self, progress: Progress | None) -> None:
        """Do nothing."""

    def note_failure(self, failure: str) -> None:
        """Keep it."""
        self.failures.append(failure)


class Reachable:
    """A database that is there."""

    def check(self) -> None:
        """Find nothing wrong."""


async def beat(request: Request) -> Response:
    """Stay open for ever, as the page's connection does."""

    async def alive() -> AsyncIterator[str]:
        while True:
            yield "data: ALIVE\n\n"
            await asyncio.sleep(15)

    return StreamingResponse(alive(), media_type="text/event-stream")


async def tell_who(request: Request) -> Response:
    """Tell whom the server takes a client for."""
    sent = {name: request.headers.get(name) for name in ("x-forwarded-host", "x-request-id", "forwarded")}
    return JSONResponse(
        {"client": request.client and request.client.host, "scheme": request.url.scheme, **sent}
    )


async def crash(request: Request) -> Response:
    """Break, with what the client said in the error."""
    raise ValueError(f"Kan niets met {(await request.body()).decode()}")


def main() -> None:
    """Serve until stopped."""
    settings = read_settings()
    start_logs(settings)
    problems = Texts.read(default_prompts() / "problems.yaml")
    with closing(listen(settings)) as listener, closing(Operation(settings, SlowAssistant())) as operation:
        app = build_api(operation.assistant, problems, checks=operation.checks(Reachable()))
        ours = [Route("/v1/kapot", crash, methods=["POST"]), Route("/v1/wie", tell_who)]
        app.router.routes[:0] = ours
        app.router.routes.extend([operation.route, Route("/gradio_api/heartbeat/{page}", beat)])
        watched = operation.watch(app, problems)
        address = address_of(listener)
        server = GracefulServer(
            watched,
            settings,
            operation.stopping,
            lambda: print(address, flush=True),  # noqa: T201
        )
        server.run(sockets=[listener])
    end_process()


if __name__ == "__main__":
    main()
