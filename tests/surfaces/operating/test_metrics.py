"""The measurements count what happened, and no client can make more of them than there are routes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from assistant.answering.prompts import Texts
from assistant.domain import Answer, Question, Status, outcome_of
from assistant.errors import IndexUnavailable
from assistant.settings import Settings, default_prompts
from assistant.surfaces.api import build_api
from assistant.surfaces.operating.operation import Operation
from tests.fakes import Script, a_refusal, an_answer
from tests.surfaces.operating.scripted import Reachable, SlowAssistant

QUESTION = {"question": "Hoe groeit vertrouwen?"}

Operate = Callable[..., tuple[TestClient, Operation]]


@pytest.fixture(scope="module")
def texts() -> Texts:
    return Texts.read(default_prompts() / "problems.yaml")


@pytest.fixture
def operate(settings: Settings, texts: Texts) -> Operate:
    """Return how to operate an API over an assistant with a script."""

    def begin(*scripts: Script) -> tuple[TestClient, Operation]:
        operation = Operation(settings, SlowAssistant(*scripts))
        app = build_api(operation.assistant, texts, checks=operation.checks(Reachable()))
        app.router.routes.insert(0, operation.route)
        return TestClient(operation.watch(app, texts), raise_server_exceptions=False), operation

    return begin


def read(client: TestClient, name: str) -> dict[tuple[str, ...], float]:
    """Return the values of a measurement by its labels, in the order of their names."""
    response = client.get("/metrics")
    assert response.headers["content-type"].startswith("text/plain")
    return {
        tuple(sample.labels.values()): sample.value
        for family in text_string_to_metric_families(response.text)
        for sample in family.samples
        if sample.name == name
    }


def test_requests_are_counted_by_route_method_and_status(operate: Operate) -> None:
    client, _ = operate()
    client.post("/v1/answers", json=QUESTION)
    client.post("/v1/answers", content="geen json")
    client.get("/v1/cards/vertrouwen")
    client.get("/v1/cards/een-andere")
    counted = read(client, "alliantie_requests_total")
    assert counted["POST", "/v1/answers", "200"] == 1
    assert counted["POST", "/v1/answers", "415"] == 1
    assert counted["GET", "/v1/cards/{card_id}", "200"] == 1
    assert counted["GET", "/v1/cards/{card_id}", "404"] == 1


def test_addresses_and_methods_that_we_do_not_know_are_one(operate: Operate) -> None:
    client, _ = operate()
    for number in range(20):
        client.get(f"/verzonnen/{number}")
        client.get(f"/v1/verzonnen/{number}")
        client.request(f"VERZIN{number}", f"/{number}")
    counted = read(client, "alliantie_requests_total")
    assert set(counted) == {("GET", "(unknown)", "404"), ("(unknown)", "(unknown)", "404")}
    assert sum(counted.values()) == 60


def test_answers_are_counted_by_how_they_end_and_timed_by_stage(operate: Operate) -> None:
    broken: Script = [RuntimeError("stuk")]
    client, _ = operate(an_answer(), a_refusal(), [IndexUnavailable(folder="x")], broken, an_answer())
    for _ in range(5):
        client.post("/v1/answers", json=QUESTION)
    outcomes = read(client, "alliantie_answers_total")
    assert outcomes == {("answered",): 2, ("not_in_sources",): 1, ("failed",): 2}
    assert read(client, "alliantie_answer_stage_seconds_sum") == {
        ("retrieving",): pytest.approx(2 * 0.00325),
        ("total",): pytest.approx(2 * 0.0075),
    }
    assert read(client, "alliantie_questions_under_way") == {(): 0}


def test_a_question_that_nobody_waits_for_any_more_is_told_apart(operate: Operate) -> None:
    client, operation = operate()
    events = operation.assistant.ask(Question("Hoe groeit vertrouwen?"))
    next(events)
    assert read(client, "alliantie_questions_under_way") == {(): 1}
    assert isinstance(events, Iterator)
    events.close()  # type: ignore[attr-defined]
    assert read(client, "alliantie_answers_total") == {("abandoned",): 1}
    assert read(client, "alliantie_questions_under_way") == {(): 0}


def test_questions_of_jobs_count_too(operate: Operate) -> None:
    client, operation = operate()
    outcome_of(operation.assistant.ask_aside(Question("Hoe groeit vertrouwen?")))
    assert read(client, "alliantie_answers_total") == {("answered",): 1}


def test_faults_of_the_chat_model_are_counted_by_kind(operate: Operate) -> None:
    *events, answer = an_answer()
    assert isinstance(answer, Answer)
    client, _ = operate([*events, replace(answer, lapse="slow", withheld=2)], an_answer())
    client.post("/v1/answers", json=QUESTION)
    client.post("/v1/answers", json=QUESTION)
    assert read(client, "alliantie_model_faults_total") == {("slow",): 1}
    assert read(client, "alliantie_model_withheld_sentences_total") == {(): 2}


def test_streams_are_not_timed_as_requests(operate: Operate) -> None:
    client, _ = operate()
    client.post("/v1/answers", json={**QUESTION, "stream": True})
    assert read(client, "alliantie_requests_total")["POST", "/v1/answers", "200"] == 1
    assert ("/v1/answers",) not in read(client, "alliantie_request_seconds_count")
    assert read(client, "alliantie_open_streams") == {(): 0}


def test_the_index_tells_its_version_and_its_age(settings: Settings) -> None:
    assistant = SlowAssistant()
    client = TestClient(Operation(settings, assistant).route)
    assistant._status = Status("20260101T000000000000-0a1b2c3d", 1, (), None)
    assert read(client, "alliantie_index_info") == {("20260101T000000000000-0a1b2c3d",): 1}
    assert read(client, "alliantie_index_age_seconds")[()] > 3600
    assistant._status = Status(None, 0, (), None)
    assert read(client, "alliantie_index_info") == {}


def test_a_build_that_fails_is_counted_and_passed_on(settings: Settings) -> None:
    assistant = SlowAssistant()
    operation = Operation(settings, assistant)
    operation.assistant.note_failure("De schijf is vol.")
    assert read(TestClient(operation.route), "alliantie_index_builds_failed_total") == {(): 1}
    assert assistant.failures == ["De schijf is vol."]


def test_the_process_itself_is_measured(settings: Settings) -> None:
    client = TestClient(Operation(settings, SlowAssistant()).route)
    assert read(client, "process_resident_memory_bytes")[()] > 10_000_000


def test_each_operation_has_measurements_of_its_own(settings: Settings) -> None:
    first, second = Operation(settings, SlowAssistant()), Operation(settings, SlowAssistant())
    first.assistant.note_failure("x")
    assert read(TestClient(second.route), "alliantie_index_builds_failed_total") == {(): 0}


def test_a_crash_is_found_in_the_log_by_number_and_by_request(
    operate: Operate, caplog: pytest.LogCaptureFixture
) -> None:
    client, _ = operate([RuntimeError("stuk")])
    response = client.post("/v1/answers", json=QUESTION, headers={"X-Request-Id": "mijn-nummer.1"})
    problem = response.json()
    assert (response.status_code, response.headers["x-request-id"]) == (500, "mijn-nummer.1")
    assert problem["request_id"] == "mijn-nummer.1"
    assert problem["instance"].startswith("urn:uuid:")
    assert problem["instance"].removeprefix("urn:uuid:") in caplog.text


def test_every_response_has_an_id(operate: Operate) -> None:
    client, _ = operate()
    given = [client.get(path).headers["x-request-id"] for path in ("/healthz", "/nergens", "/v1/sources")]
    assert len(set(given)) == 3
    assert client.get("/healthz", headers={"X-Request-Id": "a\tb"}).headers["x-request-id"] != "a\tb"
