"""What is sent again and what isn't, how long that takes, and where the key shows."""

from __future__ import annotations

import socket
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from assistant.client import (
    AllianceClient,
    AllianceError,
    Patience,
    Problem,
    ServerFault,
    TimedOut,
    TooManyRequests,
    Unavailable,
    Unreachable,
    Unreadable,
)
from tests.client.conftest import QUICK, Connect
from tests.client.faulty import ANSWERED, drip, drop, faulty, problem, reply, slow

CARDS = reply(200, {"cards": []})
ANSWER = reply(200, ANSWERED)
BATCH = {
    "id": "b1", "status": "queued", "total": 1, "done": 0, "failed": 0,
    "created": "2026-01-01T00:00:00Z", "expires": "2026-01-02T00:00:00Z",
}  # fmt: skip
SECRET = "alliantie_" + "x" * 43


@pytest.mark.parametrize(
    "fault", [drop(), problem(502, "x"), problem(503, "x"), problem(429, "x", Retry_After="0")]
)
def test_a_request_that_only_reads_is_sent_again(connect: Connect, fault: object) -> None:
    with faulty(fault, CARDS) as server:  # type: ignore[arg-type]
        assert connect(server.address).cards() == ()
        assert len(server.requests) == 2


@pytest.mark.parametrize(
    "fault", [problem(503, "in-opbouw", Retry_After="0"), problem(429, "te-snel", Retry_After="0")]
)
def test_a_question_that_the_server_did_not_take_up_is_sent_again(connect: Connect, fault: object) -> None:
    with faulty(fault, ANSWER) as server:  # type: ignore[arg-type]
        assert connect(server.address).answer("Wat is een paradox?").id == "a1"
        assert [request.body["question"] for request in server.requests] == ["Wat is een paradox?"] * 2


@pytest.mark.parametrize(
    ("fault", "error"),
    [(drop(), Unreachable), (problem(502, "x"), ServerFault), (problem(500, "x"), ServerFault)],
)
def test_a_question_that_may_have_been_taken_up_is_not_sent_again(
    connect: Connect, fault: object, error: type[AllianceError]
) -> None:
    with faulty(fault, ANSWER) as server:  # type: ignore[arg-type]
        with pytest.raises(error):
            connect(server.address).answer("Wat is een paradox?")
        assert len(server.requests) == 1


def test_a_question_that_reached_nobody_is_sent_again(connect: Connect) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{unused.getsockname()[1]}"
        patience = Patience(connect=1, retrying=0.6)
        started = time.monotonic()
        with pytest.raises(Unreachable) as raised:
            connect(address, patience=patience).answer("Wat is een paradox?")
    assert not raised.value.was_sent
    assert time.monotonic() - started < 2


def test_a_batch_is_one_job_however_often_it_is_sent(connect: Connect) -> None:
    with faulty(drop(), problem(502, "x"), reply(202, BATCH)) as server:
        assert connect(server.address).batch(["Wat is een paradox?"]).id == "b1"
        keys = {request.headers["idempotency-key"] for request in server.requests}
        assert (len(server.requests), len(keys)) == (3, 1)
        connect(server.address).batch(["Wat is een paradox?"])
        assert server.requests[-1].headers["idempotency-key"] not in keys


def test_the_server_says_how_long_to_wait(connect: Connect) -> None:
    with faulty(problem(429, "te-snel", Retry_After="1"), CARDS) as server:
        started = time.monotonic()
        connect(server.address).cards()
        assert 1 <= time.monotonic() - started < 2.5


def test_a_moment_to_wait_for_is_read_by_the_clock_of_the_server(connect: Connect) -> None:
    # A clock that is a day behind: no other one will do.
    moment = datetime.now(UTC).replace(microsecond=0) - timedelta(days=1)
    dated = {"Date": format_datetime(moment, usegmt=True)}
    later = format_datetime(moment + timedelta(seconds=3), usegmt=True)
    with (
        faulty(problem(503, "x", Retry_After=later, **dated)) as server,
        pytest.raises(Unavailable) as raised,
    ):
        connect(server.address, patience=Patience(retrying=0)).cards()
    assert raised.value.retry_after == pytest.approx(3, abs=1)


def test_a_wait_beyond_patience_is_not_begun(connect: Connect) -> None:
    with faulty(problem(429, "quotum-op", Retry_After="40000")) as server:
        started = time.monotonic()
        with pytest.raises(TooManyRequests) as raised:
            connect(server.address).answer("Wat is een paradox?")
        assert raised.value.retry_after == 40000
        assert (len(server.requests), time.monotonic() - started < 1) == (1, True)


def test_a_response_that_comes_too_late_is_an_error(connect: Connect) -> None:
    with faulty(slow(1)) as server, pytest.raises(TimedOut) as raised:
        connect(server.address, patience=Patience(response=0.2, retrying=0)).cards()
    assert raised.value.was_sent


def test_a_response_that_drips_is_late_too(connect: Connect) -> None:
    with faulty(drip(0.05)) as server:
        started = time.monotonic()
        with pytest.raises(TimedOut):
            connect(server.address, patience=Patience(response=0.3, retrying=0)).cards()
        assert time.monotonic() - started < 1


def test_what_is_wrong_is_told_whole(connect: Connect) -> None:
    with faulty(problem(422, "ongeldig-verzoek")) as server, pytest.raises(Problem) as raised:
        connect(server.address).answer("")
    told = raised.value
    assert (told.status, told.type, told.title) == (422, "urn:alliantie:probleem:ongeldig-verzoek", "Titel")
    assert [(one.field, one.message) for one in told.errors] == [("question", "Leeg.")]
    assert str(told) == "422 Titel: Wat er is."


@pytest.mark.parametrize("body", ["{", '{"cards": [{"id": 3}]}', "[]"])
def test_a_response_outside_the_contract_is_an_error_of_its_own(connect: Connect, body: str) -> None:
    import json

    whole = reply(200, json.loads(body) if body != "{" else "niet dit")
    with faulty(whole) as server, pytest.raises(Unreadable):
        connect(server.address).cards()


def test_a_redirection_is_not_followed_and_takes_no_key_elsewhere(connect: Connect) -> None:
    with faulty(CARDS) as other, faulty(reply(303, Location=other.address)) as server:
        with pytest.raises(Unreadable):
            connect(server.address, SECRET).cards()
        assert other.requests == []


def test_the_key_goes_along_and_shows_nowhere(connect: Connect) -> None:
    with faulty(problem(401, "sleutel-onbekend")) as server:
        client = connect(server.address, f" {SECRET}\n")
        with pytest.raises(Problem) as raised:
            client.cards()
        assert server.requests[0].headers["authorization"] == f"Bearer {SECRET}"
        assert all(SECRET not in request.path for request in server.requests)
    assert SECRET not in f"{client!r} {client} {raised.value!r} {raised.value}"


def test_the_key_is_found_in_the_environment(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALLIANTIE_API_KEY", SECRET)
    with faulty(CARDS) as server:
        connect(server.address).cards()
        connect(server.address, "").cards()
        assert [request.headers.get("authorization") for request in server.requests] == [
            f"Bearer {SECRET}",
            None,
        ]


@pytest.mark.parametrize("key", [f"{SECRET}\nX-Iets: 1", f"{SECRET} {SECRET}", SECRET + "é"])
def test_a_key_that_can_not_be_one_is_refused_without_showing_it(key: str) -> None:
    with pytest.raises(ValueError, match="key") as raised:
        AllianceClient(key=key)
    assert SECRET not in str(raised.value)


def test_an_address_needs_its_protocol() -> None:
    with pytest.raises(ValueError, match="http"):
        AllianceClient("127.0.0.1:8000")


def test_words_in_an_address_stay_one_part_of_it(connect: Connect) -> None:
    with faulty(problem(404, "onbekende-kaart")) as server:
        for name in ("../sources", "a/b?c#d", "één kaart"):
            with pytest.raises(Problem):
                connect(server.address, patience=QUICK).card(name)
        assert [request.path for request in server.requests] == [
            "/v1/cards/..%2Fsources", "/v1/cards/a%2Fb%3Fc%23d", "/v1/cards/%C3%A9%C3%A9n%20kaart",
        ]  # fmt: skip
