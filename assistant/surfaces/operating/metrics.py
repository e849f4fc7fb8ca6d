"""Measurements for Prometheus, in a registry of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from assistant.domain import Answer, Refusal
from assistant.indexing.versions import made_at
from assistant.surfaces.operating.under_way import UnderWay

UNKNOWN = "(unknown)"
"""The route of a request that no route took, and the method that HTTP doesn't know."""

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_REQUEST_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_STAGE_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """Counts requests and answers; ``version`` tells the version of the index that answers."""

    def __init__(self, version: Callable[[], str | None] = lambda: None) -> None:
        self.registry = registry = CollectorRegistry()
        self._requests = Counter(
            "alliantie_requests", "Requests", ["route", "method", "status"], registry=registry
        )
        self._seconds = Histogram(
            "alliantie_request_seconds", "Seconds per request, streams of events left out",
            ["route"], buckets=_REQUEST_SECONDS, registry=registry,
        )  # fmt: skip
        self.open_streams = Gauge("alliantie_open_streams", "Streams of events being sent", registry=registry)
        self.under_way = Gauge("alliantie_questions_under_way", "Questions being answered", registry=registry)
        self._answers = Counter(
            "alliantie_answers", "Questions by how they ended", ["outcome"], registry=registry
        )
        self._stages = Histogram(
            "alliantie_answer_stage_seconds", "Seconds per stage of an answer",
            ["stage"], buckets=_STAGE_SECONDS, registry=registry,
        )  # fmt: skip
        self._faults = Counter(
            "alliantie_model_faults", "Answers that the composer took over from the chat model, by why",
            ["lapse"], registry=registry,
        )  # fmt: skip
        self._withheld = Counter(
            "alliantie_model_withheld_sentences", "Sentences of the chat model that the check withheld",
            registry=registry,
        )  # fmt: skip
        self._failed_builds = Counter(
            "alliantie_index_builds_failed", "Builds of the index that failed", registry=registry
        )
        for collect in (ProcessCollector, PlatformCollector, GCCollector):
            collect(registry=registry)
        registry.register(_IndexCollector(version))

    def count_request(self, request: UnderWay) -> None:
        """Count a request that has ended."""
        route = request.route or UNKNOWN
        method = request.method if request.method in _METHODS else UNKNOWN
        self._requests.labels(route, method, str(request.status)).inc()
        if not request.is_stream:
            self._seconds.labels(route).observe(request.seconds)

    def count_answer(self, outcome: Answer | Refusal) -> None:
        """Count an answer or a refusal, what its stages took and what the chat model did wrong."""
        self._answers.labels("answered" if isinstance(outcome, Answer) else outcome.reason.value).inc()
        for timing in outcome.timings:
            self._stages.labels(timing.stage).observe(timing.milliseconds / 1000)
        if isinstance(outcome, Answer):
            self._withheld.inc(outcome.withheld)
            if outcome.lapse is not None:
                self._faults.labels(outcome.lapse).inc()

    def count_broken_off(self, *, has_failed: bool) -> None:
        """Count a question without an outcome: something failed, or who asked went away."""
        self._answers.labels("failed" if has_failed else "abandoned").inc()

    def count_failed_build(self) -> None:
        """Count a build of the index that failed."""
        self._failed_builds.inc()

    def route(self) -> Route:
        """Return ``GET /metrics``."""

        def report(request: Request) -> Response:
            headers = {"Content-Type": CONTENT_TYPE_LATEST, "Cache-Control": "no-store"}
            return Response(generate_latest(self.registry), headers=headers)

        return Route("/metrics", report)


class _IndexCollector(Collector):
    """Tells which version of the index answers, and how old it is."""

    def __init__(self, version: Callable[[], str | None]) -> None:
        self._version = version

    def collect(self) -> Iterable[Metric]:
        info = GaugeMetricFamily(
            "alliantie_index_info", "The version of the index that answers", labels=["version"]
        )
        age = GaugeMetricFamily("alliantie_index_age_seconds", "Seconds since that version was made")
        version = self._version()
        if version is not None:
            info.add_metric([version], 1)
            made = made_at(version)
            if made is not None:
                age.add_metric([], (datetime.now(UTC) - made).total_seconds())
        return [info, age]
