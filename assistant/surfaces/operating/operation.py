"""All that one running process is operated with, joined once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from assistant.answering.prompts import Texts
from assistant.errors import AssistantError
from assistant.settings import Settings
from assistant.surfaces.api.problems import Problems, Rejection, write_problem
from assistant.surfaces.operating.metrics import Metrics
from assistant.surfaces.operating.observing import Answering, Observed
from assistant.surfaces.operating.readiness import check_database, check_serving
from assistant.surfaces.operating.stopping import Stopping
from assistant.surfaces.operating.tracing import start_tracing
from assistant.surfaces.operating.watching import Watch, Watched


class Checked(Protocol):
    """Something that can be unreachable."""

    def check(self) -> None:
        """Ask for a sign of life; raise ``StorageUnavailable`` if none comes."""
        ...


class Operation:
    """Measurements, traces and the end of one process; ``assistant`` is the one that is observed."""

    def __init__(self, settings: Settings, assistant: Answering) -> None:
        """Raise ``MissingTelemetry`` if traces are asked for and their packages aren't there."""
        self._unobserved = assistant
        self.stopping = Stopping()
        self._metrics = Metrics(self._index_version)
        self._tracing = start_tracing(settings)
        self.assistant = Observed(assistant, self._metrics, self._tracing, logs_texts=settings.log_texts)

    @property
    def route(self) -> Route:
        """``GET /metrics``."""
        return self._metrics.route()

    def checks(self, storage: Checked) -> Mapping[str, Callable[[], None]]:
        """Return what has to be in order beside the index; the first that isn't is told."""
        return {"serving": check_serving(self.stopping), "database": check_database(storage.check)}

    def watch(self, app: ASGIApp, texts: Texts) -> ASGIApp:
        """Return an application that is watched from outside all else; ``texts`` is ``problems.yaml``."""
        problems = Problems(texts)

        def turn_down() -> Response:
            return write_problem(problems.describe(Rejection(503, "server-stopt")), {"Connection": "close"})

        return Watched(app, Watch(self._metrics, self._tracing, self.stopping), turn_down)

    def close(self) -> None:
        """Send the traces that weren't sent yet."""
        self._tracing.close()

    def _index_version(self) -> str | None:
        try:
            return self._unobserved.status().index_version
        except AssistantError:
            return None
