"""Jobs of many questions keep their contract."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.answering.prompts import Texts
from assistant.bootstrap import Assistant
from assistant.bootstrap.batches import AbandonedQuestion, BatchWorker
from assistant.domain import LOCAL, Caller
from assistant.errors import QuestionTooLong, QuotaSpent
from assistant.storage import Storage
from assistant.surfaces.access import METER
from assistant.surfaces.api import build_api
from assistant.surfaces.api.batches import MAX_BODY_BYTES, JsonOutcomes
from tests.fakes import FakeAssistant, Script, a_refusal, an_answer

ADDRESS = "/v1/answers:batch"
OTHER = Caller("b" * 32, LOCAL.scopes)
_MINUTE = timedelta(minutes=1)

Serve = Callable[..., TestClient]


class _Gate:
    """Says who calls, and counts, as the gate does that stands before the whole product."""

    def __init__(self, app: ASGIApp, caller: Caller, meter: object = None) -> None:
        self._app, self._caller, self._meter = app, caller, meter

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        state = {**scope.get("state", {}), "caller": self._caller}
        await self._app({**scope, "state": state, METER: self._meter}, receive, send)


class _Meter:
    """Has so many questions left."""

    def __init__(self, left: int) -> None:
        self.left = left

    def spend(self, count: int) -> None:
        if count > self.left:
            raise QuotaSpent(seconds="3600", limit="5")
        self.left -= count


@pytest.fixture
def storage(tmp_path: Path) -> Iterator[Storage]:
    with closing(Storage.open(f"sqlite:///{tmp_path / 'assistant.db'}")) as opened:
        yield opened


@pytest.fixture
def serve(storage: Storage, texts: Texts) -> Iterator[Serve]:
    """Return how to get a client of an assistant; with ``works``, jobs are worked on as well."""
    with ExitStack() as stack:

        def build(
            assistant: FakeAssistant | Assistant | None = None,
            *,
            works: bool = False,
            caller: Caller = LOCAL,
            meter: object = None,
        ) -> TestClient:
            answering = assistant or FakeAssistant()
            api = build_api(answering, texts, batches=storage.batches)
            if works:
                ask = answering.ask_aside if isinstance(answering, Assistant) else answering.ask
                writer = JsonOutcomes(answering, texts)
                stack.enter_context(closing(BatchWorker(storage, ask, writer, nap=0.01)))
            return TestClient(_Gate(api, caller, meter), raise_server_exceptions=False)

        yield build


def _body(*texts: str) -> dict[str, Any]:
    return {"questions": [{"question": text} for text in texts]}


def _finished(client: TestClient, address: str) -> dict[str, Any]:
    for _ in range(1000):
        found: dict[str, Any] = client.get(address).json()
        if found["status"] not in ("queued", "running"):
            return found
        time.sleep(0.01)
    raise AssertionError("the job isn't done after ten seconds")


# ── Making ───────────────────────────────────────────────────────────────────


def test_a_job_is_taken_on_with_its_address_and_how_far_it_is(serve: Serve) -> None:
    client = serve()
    response = client.post(ADDRESS, json=_body("Een?", "Twee?"))

    assert response.status_code == 202
    made = response.json()
    assert response.headers["location"] == f"/v1/batches/{made['id']}"
    assert response.headers["retry-after"] == "1"
    assert set(made) == {"id", "status", "total", "done", "failed", "created", "expires"}
    assert (made["status"], made["total"], made["done"], made["failed"]) == ("queued", 2, 0, 0)
    asked = client.get(response.headers["location"])
    assert asked.json() == made
    assert asked.headers["retry-after"] == "1"
    assert asked.headers["cache-control"] == "no-store"


def test_answers_come_in_order_each_as_a_single_question_gets_it(serve: Serve) -> None:
    client = serve(FakeAssistant(an_answer(), a_refusal()), works=True)
    address = client.post(ADDRESS, json=_body("Een?", "Twee?")).headers["location"]
    done = client.get(address) if _finished(client, address) else None
    assert done is not None
    assert "retry-after" not in done.headers
    assert (done.json()["status"], done.json()["done"], done.json()["failed"]) == ("done", 2, 0)

    page = client.get(f"{address}/answers").json()
    alone = serve(FakeAssistant(an_answer())).post("/v1/answers", json={"question": "Een?"}).json()
    assert [one["position"] for one in page["answers"]] == [0, 1]
    assert page["answers"][0] == {"position": 0, "answer": alone, "problem": None}
    assert page["answers"][1]["answer"]["refused"] is True
    assert page["next_offset"] is None
    first = client.get(f"{address}/answers", params={"limit": 1}).json()
    assert first == {"answers": page["answers"][:1], "next_offset": 1}


def test_the_questions_of_a_job_are_answered_by_the_real_assistant(
    serve: Serve, from_cards: Assistant
) -> None:
    client = serve(from_cards, works=True)
    history = [
        {"role": "user", "content": "Wat is calculatief vertrouwen?"},
        {"role": "assistant", "content": "Vertrouwen dat op controle rust. [1]"},
    ]
    questions: list[dict[str, Any]] = [
        {"question": "Wat is relationeel vertrouwen?"},
        {"question": "En relationeel vertrouwen?", "history": history},
        {"question": "Wat is een paradox?", "filters": {"kinds": ["begrip"]}},
        {"question": "Wie won de Tour de France in 1987?"},
    ]
    address = client.post(ADDRESS, json={"questions": questions}).headers["location"]
    assert _finished(client, address)["failed"] == 0

    answers = [one["answer"] for one in client.get(f"{address}/answers").json()["answers"]]
    assert [one["question"] for one in answers] == [one["question"] for one in questions]
    assert [one["refused"] for one in answers] == [False, False, False, True]
    assert answers[0]["citations"]
    alone = client.post("/v1/answers", json=questions[1]).json()
    assert answers[1]["answer"] == alone["answer"]


# ── What is wrong with a job ─────────────────────────────────────────────────


def test_every_fault_is_named_with_its_position_and_nothing_is_made(serve: Serve, storage: Storage) -> None:
    questions: list[dict[str, Any]] = _body(*(["Goed?"] * 40), " ", *(["Goed?"] * 9))["questions"]
    questions[2]["filters"] = {"kinds": ["gedicht"], "sources": ["niets"]}
    questions[7]["history"] = [{"role": "user", "content": "bel\x07"}]
    questions[9] = {"question": "v" * 2001}
    problem = serve().post(ADDRESS, json={"questions": questions}).json()

    assert problem["type"] == "urn:alliantie:probleem:ongeldig-verzoek"
    assert [one["field"] for one in problem["errors"]] == [
        "questions.2.filters.sources.0",
        "questions.2.filters.kinds.0",
        "questions.7.history.0.content",
        "questions.9.question",
        "questions.40.question",
    ]
    assert storage.batches.take(_MINUTE) is None


@pytest.mark.parametrize("wrong", [{"question": " "}, {"vraag": "Wat?"}])
def test_all_of_many_faults_are_named(serve: Serve, wrong: Mapping[str, str]) -> None:
    response = serve().post(ADDRESS, json={"questions": [wrong] * 30})

    assert response.status_code == 422
    fields = {one["field"] for one in response.json()["errors"]}
    assert {field.split(".")[1] for field in fields} == {str(number) for number in range(30)}


@pytest.mark.parametrize(
    ("count", "said"), [(0, "geen vraag"), (1001, "telt 1001 vragen, en 1000 is het maximum")]
)
def test_a_job_has_one_to_a_thousand_questions(serve: Serve, count: int, said: str) -> None:
    response = serve().post(ADDRESS, json=_body(*(["Wat?"] * count)))

    assert response.status_code == 422
    assert said in response.json()["detail"]


def test_a_thousand_questions_with_a_short_conversation_fit(serve: Serve) -> None:
    history = [
        {"role": "user", "content": "Wat is het verschil tussen beide vormen van vertrouwen? " * 2},
        {"role": "assistant", "content": "Een antwoord van honderdvijftig woorden, ongeveer. " * 20},
    ] * 2
    body = {"questions": [{"question": "Hoe bouw je dat op? " * 5, "history": history}] * 1000}
    response = serve().post(ADDRESS, json=body)

    assert 2_000_000 < len(response.request.content) < MAX_BODY_BYTES
    assert response.status_code == 202
    assert response.json()["total"] == 1000


def test_what_is_too_large_is_told_and_only_a_job_may_be_that_large(serve: Serve) -> None:
    large = {"Content-Type": "application/json"}
    client = serve()

    answer = client.post(ADDRESS, content=b" " * (MAX_BODY_BYTES + 1), headers=large)
    assert answer.status_code == 413
    assert "hooguit 4096 KiB" in answer.json()["detail"]
    assert "verdeel" in answer.json()["detail"]
    answer = client.post("/v1/answers", content=b" " * 1_048_577, headers=large)
    assert answer.status_code == 413
    assert "hooguit 1024 KiB" in answer.json()["detail"]


@pytest.mark.parametrize(
    "params", [{"offset": -1}, {"offset": 10**30}, {"limit": 0}, {"limit": 101}, {"offset": "x"}]
)
def test_pages_that_there_cannot_be_are_refused(serve: Serve, params: Mapping[str, Any]) -> None:
    client = serve()
    address = client.post(ADDRESS, json=_body("Een?")).headers["location"]

    assert client.get(f"{address}/answers", params=params).status_code == 422


def test_the_address_of_jobs_is_no_other_address(serve: Serve) -> None:
    client = serve()

    assert client.get(ADDRESS).status_code == 405
    assert client.post("/v1/answers", json={"question": "Wat?"}).json()["id"] == "a1"
    assert client.post(ADDRESS, content=b"{}").status_code == 415
    assert client.post(ADDRESS, json={**_body("Wat?"), "stream": True}).status_code == 422


# ── The same key, and limits ─────────────────────────────────────────────────


def test_the_same_key_gives_the_same_job_and_with_other_questions_a_conflict(serve: Serve) -> None:
    client, key = serve(), {"Idempotency-Key": "een-sleutel"}
    made = client.post(ADDRESS, json=_body("Een?"), headers=key)
    again = client.post(ADDRESS, json=_body("Een?"), headers=key)
    other = client.post(ADDRESS, json=_body("Twee?"), headers=key)

    assert again.status_code == 202
    assert again.json() == made.json()
    assert again.headers["location"] == made.headers["location"]
    assert other.status_code == 409
    assert other.json()["type"] == "urn:alliantie:probleem:andere-opdracht"
    assert serve(caller=OTHER).post(ADDRESS, json=_body("Twee?"), headers=key).status_code == 202
    too_long = client.post(ADDRESS, json=_body("Een?"), headers={"Idempotency-Key": "k" * 256})
    assert too_long.json()["errors"][0]["field"] == "Idempotency-Key"


def test_questions_are_counted_once_and_too_many_make_no_job(serve: Serve, storage: Storage) -> None:
    meter = _Meter(left=3)
    client, key = serve(meter=meter), {"Idempotency-Key": "sleutel"}
    for _ in range(2):
        assert client.post(ADDRESS, json=_body("Een?", "Twee?"), headers=key).status_code == 202
    assert meter.left == 1

    refused = client.post(ADDRESS, json=_body("Drie?", "Vier?"))
    assert refused.status_code == 429
    assert refused.headers["retry-after"] == "3600"
    assert storage.batches.take(_MINUTE)
    assert storage.batches.take(_MINUTE) is None


def test_too_many_jobs_at_once_are_refused_with_when_to_try_again(serve: Serve) -> None:
    client = serve()
    for _ in range(20):
        assert client.post(ADDRESS, json=_body("Een?")).status_code == 202
    refused = client.post(ADDRESS, json=_body("Een?"))

    assert refused.status_code == 429
    assert refused.json()["type"] == "urn:alliantie:probleem:te-veel-opdrachten"
    assert "20 opdrachten" in refused.json()["detail"]
    assert int(refused.headers["retry-after"]) > 0


# ── Whose it is, and erasing ─────────────────────────────────────────────────


def test_another_caller_sees_nothing_of_a_job(serve: Serve) -> None:
    client, other = serve(), serve(caller=OTHER)
    address = client.post(ADDRESS, json=_body("Een?")).headers["location"]

    for answer in (other.get(address), other.get(f"{address}/answers"), other.delete(address)):
        assert answer.status_code == 404
        assert answer.json()["type"] == "urn:alliantie:probleem:onbekende-sleutel"
    assert client.get(address).status_code == 200


def test_a_cancelled_job_is_gone(serve: Serve) -> None:
    client = serve()
    address = client.post(ADDRESS, json=_body("Een?")).headers["location"]

    gone = client.delete(address)
    assert (gone.status_code, gone.content) == (204, b"")
    for answer in (client.get(address), client.get(f"{address}/answers"), client.delete(address)):
        assert answer.status_code == 404


# ── What goes wrong with a question ──────────────────────────────────────────


def test_a_question_that_fails_has_a_problem_and_the_log_has_no_words_of_it(
    serve: Serve, caplog: pytest.LogCaptureFixture
) -> None:
    scripts: list[Script] = [
        [QuestionTooLong(length="9", limit="1")],
        [ValueError("een geheime vraag")],
        an_answer(),
    ]
    with caplog.at_level(logging.DEBUG):
        client = serve(FakeAssistant(*scripts), works=True)
        body = _body(*(["een geheime vraag"] * 3))
        address = client.post(ADDRESS, json=body).headers["location"]
        assert _finished(client, address)["failed"] == 2
    answers = client.get(f"{address}/answers").json()["answers"]

    assert [one["answer"] is None for one in answers] == [True, True, False]
    assert [one["problem"] and one["problem"]["type"].rpartition(":")[2] for one in answers] == [
        "vraag-te-lang",
        "storing",
        None,
    ]
    assert answers[1]["problem"]["instance"].removeprefix("urn:uuid:") in caplog.text
    assert "ValueError" in caplog.text
    assert "geheim" not in caplog.text


def test_a_question_that_was_given_up_says_so(texts: Texts) -> None:
    written = JsonOutcomes(FakeAssistant(), texts).problem(AbandonedQuestion())

    assert '"status":500' in written
    assert "vraag-opgegeven" in written
