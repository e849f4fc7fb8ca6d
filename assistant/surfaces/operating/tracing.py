"""Traces for an OpenTelemetry collector, if the settings name one; else nothing is even imported.

A span tells a route, a status and how long each stage took; no text, no path and no address.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol, cast

from assistant.domain import Answer, Refusal, Timing
from assistant.errors import MissingTelemetry
from assistant.settings import Settings
from assistant.surfaces.operating.under_way import UnderWay

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Span

REMEDY = "pip install 'alliantie-assistent[telemetry]'"
SERVICE = "alliantie-assistent"
_EXPORT_SECONDS = 2
"""How long a collector that doesn't answer may hold up the end of the process."""


class Tracing(Protocol):
    """Follows requests and the answers within them."""

    def begin(self, request: UnderWay, headers: Mapping[str, str]) -> None:
        """Open the span of a request, as a part of the trace that its headers name."""
        ...

    def end(self, request: UnderWay) -> None:
        """Close the span of a request."""
        ...

    def record_answer(self, parent: object | None, began: int, outcome: Answer | Refusal) -> None:
        """Record an answer with its stages, in the span of a request; ``began`` is in nanoseconds."""
        ...

    def record_broken_off(self, parent: object | None, began: int, *, has_failed: bool) -> None:
        """Record a question that got no outcome."""
        ...

    def close(self) -> None:
        """Send what wasn't sent yet."""
        ...


class Untraced:
    """Follows nothing."""

    def begin(self, request: UnderWay, headers: Mapping[str, str]) -> None:
        """Do nothing."""

    def end(self, request: UnderWay) -> None:
        """Do nothing."""

    def record_answer(self, parent: object | None, began: int, outcome: Answer | Refusal) -> None:
        """Do nothing."""

    def record_broken_off(self, parent: object | None, began: int, *, has_failed: bool) -> None:
        """Do nothing."""

    def close(self) -> None:
        """Do nothing."""


class Traced:
    """Follows with OpenTelemetry."""

    def __init__(self, provider: TracerProvider) -> None:
        self._provider = provider
        self._tracer = provider.get_tracer("assistant")

    def begin(self, request: UnderWay, headers: Mapping[str, str]) -> None:
        """Open the span of a request."""
        from opentelemetry.trace import SpanKind
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

        context = TraceContextTextMapPropagator().extract(dict(headers))
        request.span = self._tracer.start_span(request.method, context, SpanKind.SERVER)

    def end(self, request: UnderWay) -> None:
        """Close the span of a request, named after its route."""
        from opentelemetry.trace import StatusCode

        span = cast("Span", request.span)
        if request.route is not None:
            span.update_name(f"{request.method} {request.route}")
            span.set_attribute("http.route", request.route)
        span.set_attribute("http.request.method", request.method)
        span.set_attribute("request.id", request.id)
        if request.status is not None:
            span.set_attribute("http.response.status_code", request.status)
        if request.status is None or request.status >= 500:
            span.set_status(StatusCode.ERROR)
        span.end()

    def record_answer(self, parent: object | None, began: int, outcome: Answer | Refusal) -> None:
        """Record an answer, and each of its stages after the one before."""
        from opentelemetry.trace import set_span_in_context

        stages, total = _split(outcome.timings)
        span = self._open("answer", parent, began)
        span.set_attribute("answer.id", outcome.id)
        span.set_attribute("answer.engine", outcome.engine)
        is_answer = isinstance(outcome, Answer)
        span.set_attribute("answer.outcome", "answered" if is_answer else cast("Refusal", outcome).reason)
        within, start = set_span_in_context(span), began
        for stage in stages:
            end = start + _nanoseconds(stage)
            self._tracer.start_span(stage.stage, within, start_time=start).end(end)
            start = end
        span.end(began + total)

    def record_broken_off(self, parent: object | None, began: int, *, has_failed: bool) -> None:
        """Record a question that got no outcome."""
        from opentelemetry.trace import StatusCode

        span = self._open("answer", parent, began)
        span.set_attribute("answer.outcome", "failed" if has_failed else "abandoned")
        if has_failed:
            span.set_status(StatusCode.ERROR)
        span.end()

    def close(self) -> None:
        """Send what wasn't sent yet, for two seconds at most."""
        self._provider.force_flush(_EXPORT_SECONDS * 1000)
        self._provider.shutdown()

    def _open(self, name: str, parent: object | None, began: int) -> Span:
        from opentelemetry.trace import set_span_in_context

        context = set_span_in_context(cast("Span", parent)) if parent is not None else None
        return self._tracer.start_span(name, context, start_time=began)


def start_tracing(settings: Settings) -> Tracing:
    """Return what follows requests; raise ``MissingTelemetry`` if the settings ask for it in vain."""
    if settings.otlp_url is None:
        return Untraced()
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError as error:
        raise MissingTelemetry(remedy=REMEDY, reason=str(error)) from error

    endpoint = settings.otlp_url.rstrip("/") + "/v1/traces"
    provider = TracerProvider(resource=Resource.create({"service.name": SERVICE}), shutdown_on_exit=False)
    exporter = OTLPSpanExporter(endpoint=endpoint, timeout=_EXPORT_SECONDS)
    provider.add_span_processor(BatchSpanProcessor(exporter))
    return Traced(provider)


def _split(timings: tuple[Timing, ...]) -> tuple[list[Timing], int]:
    """Return the stages in order, and the nanoseconds of all together."""
    stages = [one for one in timings if one.stage != "total"]
    totals = [one for one in timings if one.stage == "total"]
    return stages, sum(map(_nanoseconds, totals or stages))


def _nanoseconds(timing: Timing) -> int:
    return int(timing.milliseconds * 1_000_000)
