"""What the package is to who imports it: light, whole, and the same for both ways of waiting."""

from __future__ import annotations

import inspect
import pickle
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

import assistant.client
from assistant.client import (
    AllianceClient,
    Answered,
    AnswerStream,
    AsyncAllianceClient,
    AsyncAnswerStream,
    AsyncBatch,
    Batch,
    CutOff,
    Problem,
    ProblemDetails,
    TimedOut,
)
from assistant.client.problems import as_problem, read_problem, read_retry_after
from tests.client.conftest import Connect
from tests.client.faulty import ANSWERED, Step, faulty, problem, reply

HEAVY = [
    "fastapi",
    "starlette",
    "gradio",
    "chromadb",
    "numpy",
    "sqlalchemy",
    "langchain_core",
    "uvicorn",
    "yaml",
]


def test_importing_the_client_loads_nothing_of_the_server() -> None:
    seen = (
        "import sys, assistant.client; "
        "ours = {name for name in sys.modules if name.startswith('assistant.')}; "
        "print(*ours, sep='\\n', file=sys.stderr); "
        "print(*{name.split('.')[0] for name in sys.modules}, sep='\\n')"
    )
    done = subprocess.run([sys.executable, "-c", seen], capture_output=True, text=True, check=True)
    assert not set(HEAVY) & set(done.stdout.split())
    assert all(name.startswith("assistant.client") for name in done.stderr.split())


@pytest.mark.parametrize(
    ("blocking", "other"),
    [(AllianceClient, AsyncAllianceClient), (AnswerStream, AsyncAnswerStream), (Batch, AsyncBatch)],
)
def test_both_clients_have_the_same_methods(blocking: type, other: type) -> None:
    theirs = {name: _parameters(method) for name, method in _methods(other)}
    assert {name: _parameters(method) for name, method in _methods(blocking)} == theirs


def _methods(kind: type) -> list[tuple[str, object]]:
    found = inspect.getmembers(kind, inspect.isfunction)
    return [
        (name.removeprefix("a") if name == "aclose" else name, method)
        for name, method in found
        if name[0] != "_"
    ]


def _parameters(method: object) -> list[tuple[str, object, object]]:
    assert callable(method)
    parameters = inspect.signature(method).parameters.values()
    return [(one.name, one.default, one.annotation) for one in parameters]


def test_what_is_offered_is_there_and_explained() -> None:
    for name in assistant.client.__all__:
        offered = getattr(assistant.client, name)
        assert name == "StreamEvent" or inspect.getdoc(offered), name


# ── Values ───────────────────────────────────────────────────────────────────


def test_a_value_keeps_what_is_new_and_can_not_be_changed() -> None:
    answered = Answered.model_validate(ANSWERED)
    assert answered.model_dump()["nieuw"] == 3
    assert answered.citations[0].model_dump()["nieuw"] == "veld"
    with pytest.raises(ValidationError):
        answered.answer = "Iets anders."


def test_an_answer_is_the_history_of_the_next_question(connect: Connect) -> None:
    with faulty(reply(200, ANSWERED)) as server:
        client = connect(server.address)
        first = client.answer("Wat is een paradox?")
        client.answer("Waarom?", history=[*first.turns, ("user", "Echt?")])
        assert server.requests[1].body["history"] == [
            {"role": "user", "content": "Wat is een paradox?"},
            {"role": "assistant", "content": ANSWERED["answer"]},
            {"role": "user", "content": "Echt?"},
        ]


# ── Problems ─────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("body", [b"<html>Bad gateway</html>", b"", b"[]", b'"x"', b'{"title": 3}', b"\xff"])
def test_a_problem_that_is_not_worded_has_its_status(body: bytes) -> None:
    told = read_problem(502, {"Retry-After": "7"}, body)
    assert (told.status, told.type, told.title, told.retry_after) == (502, "about:blank", "Bad Gateway", 7)


def test_the_status_of_the_response_counts_whatever_the_body_says() -> None:
    body = ProblemDetails(type="t", title="T", status=200, detail="").model_dump_json().encode()
    assert read_problem(404, {}, body).status == 404


@pytest.mark.parametrize("told", ["", "soon", "-1", "1.5", "²", "Wed, 99 Foo 2026 00:00:00 GMT"])
def test_a_wait_that_can_not_be_read_is_none(told: str) -> None:
    assert read_retry_after({"Retry-After": told}) is None


def test_a_moment_that_has_passed_is_now() -> None:
    assert read_retry_after({"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}) == 0
    assert datetime.now(UTC).year > 2015


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 418, 422, 429, 500, 503])
def test_errors_survive_a_trip_between_processes(status: int) -> None:
    error = as_problem(ProblemDetails(type="t", title="T", status=status, detail="D"), 3)
    for one in (error, CutOff("s:1"), TimedOut("late", was_sent=True)):
        again = pickle.loads(pickle.dumps(one))  # noqa: S301 - our own
        assert (type(again), str(again)) == (type(one), str(one))
    assert isinstance(error, Problem)


# ── Batches ──────────────────────────────────────────────────────────────────


def progress(status: str, done: int, **headers: str) -> Step:
    body = {
        "id": "b1", "status": status, "total": 3, "done": done, "failed": 0,
        "created": "2026-01-01T00:00:00Z", "expires": "2026-01-02T00:00:00Z",
    }  # fmt: skip
    return reply(200, body, **headers)


def test_a_batch_is_waited_for_as_long_as_the_server_says(connect: Connect) -> None:
    with faulty(
        progress("running", 1, Retry_After="0"), progress("running", 2, Retry_After="0"), progress("done", 3)
    ) as server:
        told = connect(server.address).reopen("b1").wait()
        assert (told.status, told.done, told.is_running) == ("done", 3, False)
        assert len(server.requests) == 3


def test_waiting_for_a_batch_ends_in_time(connect: Connect) -> None:
    with faulty(progress("running", 1, Retry_After="5")) as server, pytest.raises(TimedOut, match="1 of 3"):
        connect(server.address).reopen("b1").wait(limit=1)


def test_results_are_read_page_by_page(connect: Connect) -> None:
    told = {"type": "t", "title": "T", "status": 422, "detail": "D"}
    first = {"answers": [{"position": 0, "answer": ANSWERED, "problem": None}], "next_offset": 1}
    second = {"answers": [{"position": 1, "answer": None, "problem": told}], "next_offset": None}
    with faulty(reply(200, first), reply(200, second)) as server:
        results = list(connect(server.address).reopen("b1").results())
        assert [request.path for request in server.requests] == [
            "/v1/batches/b1/answers?offset=0", "/v1/batches/b1/answers?offset=1",
        ]  # fmt: skip
    assert results[0].answer is not None
    assert results[1].problem is not None
    assert [one.position for one in results] == [0, 1]


def test_cancelling_is_not_repeated_where_it_may_have_been_done(connect: Connect) -> None:
    with faulty(problem(502, "x"), reply(204)) as server:
        batch = connect(server.address).reopen("b1")
        with pytest.raises(Problem):
            batch.cancel()
        batch.cancel()
        assert [(one.method, one.path) for one in server.requests] == [("DELETE", "/v1/batches/b1")] * 2
