"""Traces reach a real collector's address, hold no texts, and cost nothing when they are off."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status
from starlette.testclient import TestClient

from assistant.answering.prompts import Texts
from assistant.errors import MissingTelemetry
from assistant.settings import Settings, default_prompts
from assistant.surfaces.api import build_api
from assistant.surfaces.operating.operation import Operation
from assistant.surfaces.operating.tracing import start_tracing
from tests.fakes import Script, an_answer
from tests.surfaces.operating.collector import Collector, collecting
from tests.surfaces.operating.conftest import ROOT
from tests.surfaces.operating.scripted import SlowAssistant

TRACE, PARENT = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
QUESTION = {"question": "Hoe groeit vertrouwen?"}


def trace(settings: Settings, collector: Collector, *scripts: Script, path: str = "/v1/answers") -> None:
    """Ask a question with traces on, and wait until all is sent."""
    texts = Texts.read(default_prompts() / "problems.yaml")
    traced = settings.model_copy(update={"otlp_url": collector.address})
    operation = Operation(traced, SlowAssistant(*scripts))
    app = operation.watch(build_api(operation.assistant, texts), texts)
    headers = {"traceparent": f"00-{TRACE}-{PARENT}-01", "X-Request-Id": "r-1"}
    TestClient(app, raise_server_exceptions=False).post(path, json=QUESTION, headers=headers)
    operation.close()


def attributes(span: Span) -> dict[str, object]:
    return {
        one.key: getattr(one.value, one.value.WhichOneof("value") or "string_value")
        for one in span.attributes
    }


def test_a_request_an_answer_and_its_stages_are_spans_of_the_clients_trace(settings: Settings) -> None:
    with collecting() as collector:
        trace(settings, collector)
    assert set(collector.paths) == {"/v1/traces"}
    spans = collector.spans
    request, answer, stage = spans["POST /v1/answers"], spans["answer"], spans["retrieving"]
    assert {span.trace_id.hex() for span in spans.values()} == {TRACE}
    assert request.parent_span_id.hex() == PARENT
    assert answer.parent_span_id == request.span_id
    assert stage.parent_span_id == answer.span_id
    assert stage.end_time_unix_nano - stage.start_time_unix_nano == 3_250_000
    assert answer.end_time_unix_nano - answer.start_time_unix_nano == 7_500_000
    assert attributes(request) == {
        "http.route": "/v1/answers",
        "http.request.method": "POST",
        "http.response.status_code": 200,
        "request.id": "r-1",
    }
    assert attributes(answer) == {
        "answer.id": "a1",
        "answer.engine": "composer",
        "answer.outcome": "answered",
    }


def test_no_text_of_a_reader_is_in_a_trace(settings: Settings) -> None:
    with collecting() as collector:
        trace(settings, collector)
        trace(settings, collector, path="/v1/verzonnen/Hoe-groeit-vertrouwen")
    sent = b"".join(collector.bodies)
    assert b"retrieving" in sent
    assert b"vertrouwen" not in sent.lower()


def test_what_fails_is_marked(settings: Settings) -> None:
    with collecting() as collector:
        trace(settings, collector, [an_answer()[0], RuntimeError("stuk")])
    spans = collector.spans
    assert spans["answer"].status.code == Status.STATUS_CODE_ERROR
    assert attributes(spans["answer"])["answer.outcome"] == "failed"
    assert spans["POST /v1/answers"].status.code == Status.STATUS_CODE_ERROR


def test_a_collector_that_is_not_there_holds_nothing_up(settings: Settings) -> None:
    began = time.monotonic()
    trace(settings, Collector(address="http://127.0.0.1:9"))
    assert time.monotonic() - began < 5


def test_a_missing_package_is_named_with_its_extra(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace", None)
    with pytest.raises(MissingTelemetry, match=r"alliantie-assistent\[telemetry\]"):
        start_tracing(settings.model_copy(update={"otlp_url": "http://127.0.0.1:4318"}))


def test_nothing_is_loaded_when_traces_are_off() -> None:
    program = """
import sys
from assistant.settings import read_settings
from assistant.surfaces.operating.tracing import start_tracing
start_tracing(read_settings()).close()
print([name for name in sys.modules if name.startswith("opentelemetry")])
"""
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
