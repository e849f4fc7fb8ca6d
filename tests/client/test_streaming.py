"""A stream that is whole, that breaks and goes on, that breaks for good, and that is left."""

from __future__ import annotations

import json
import time
from threading import Event
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.client import (
    Answered,
    Claim,
    CutOff,
    NotAuthenticated,
    Passage,
    Patience,
    ServerFault,
    Unreadable,
)
from assistant.client.streaming import FRUITLESS, Frame, Frames
from tests.client.conftest import Connect
from tests.client.faulty import (
    ANSWERED,
    CLAIM,
    EVENTS,
    PASSAGE,
    Step,
    endless,
    faulty,
    frames,
    problem,
    reply,
)

QUESTION = "Wat is een paradox?"
WHOLE = ["Passage", "Claim", "Answered"]
GONE = problem(404, "stroom-verlopen")


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.client.streaming.uniform", lambda least, most: least / 10)


def names(events: Any) -> list[str]:
    return [type(event).__name__ for event in events]


def test_a_stream_gives_typed_events_and_ends(connect: Connect) -> None:
    with faulty(frames(1, 5)) as server:
        events = list(connect(server.address).stream(QUESTION, sources=["bron"], kinds=["begrip"]))
        assert isinstance(events[0], Passage)
        assert isinstance(events[1], Claim)
        assert isinstance(events[2], Answered)
        assert events[2].answer == ANSWERED["answer"]
        sent = server.requests[0].body
    assert (sent["stream"], sent["filters"]) == (True, {"sources": ["bron"], "kinds": ["begrip"]})


@pytest.mark.parametrize("read", [0, 1, 2, 3, 4])
@pytest.mark.parametrize("half", [False, True])
def test_a_stream_that_breaks_anywhere_goes_on_where_it_was(connect: Connect, read: int, half: bool) -> None:
    with faulty(frames(1, read, half=half), frames(read + 1, 5)) as server:
        assert names(connect(server.address).stream(QUESTION)) == WHOLE
        again = server.requests[1]
        assert (again.method, again.path) == ("GET", "/v1/answers/s-1/events")
        assert again.headers["last-event-id"] == f"s-1:{read}"


def test_what_is_sent_twice_is_given_once(connect: Connect) -> None:
    with faulty(frames(1, 2), frames(1, 5)) as server:
        assert names(connect(server.address).stream(QUESTION)) == WHOLE


def test_a_stream_may_break_as_often_as_it_brings_something_new(connect: Connect) -> None:
    with faulty(*(frames(n, n) for n in range(1, 6))) as server:
        assert names(connect(server.address).stream(QUESTION)) == WHOLE


def test_silence_is_a_break_too(connect: Connect) -> None:
    with faulty(frames(1, 2, rest=2), frames(3, 5)) as server:
        client = connect(server.address, patience=Patience(silence=0.2))
        started = time.monotonic()
        assert names(client.stream(QUESTION)) == WHOLE
        assert time.monotonic() - started < 1.9


@pytest.mark.parametrize("gone", [GONE, problem(401, "sleutel-ingetrokken"), reply(200, {})])
def test_a_stream_that_can_not_be_resumed_is_cut_off(connect: Connect, gone: Step) -> None:
    with faulty(frames(1, 2), gone) as server:
        stream = connect(server.address).stream(QUESTION)
        assert isinstance(next(stream), Passage)
        assert isinstance(next(stream), Claim)
        with pytest.raises(CutOff) as raised:
            next(stream)
    assert raised.value.last_event_id == "s-1:2"
    assert raised.value.__cause__ is not None


def test_a_server_that_keeps_breaking_off_is_left_alone_in_the_end(connect: Connect) -> None:
    with faulty(frames(1, 1), frames(2, 1)) as server:
        with pytest.raises(CutOff):
            list(connect(server.address).stream(QUESTION))
        assert len(server.requests) == 1 + FRUITLESS


def test_an_end_that_says_incomplete_is_cut_off(connect: Connect) -> None:
    events = [("passage", PASSAGE), ("end", {"complete": False})]
    with faulty(frames(1, 2, events=events)) as server, pytest.raises(CutOff):
        list(connect(server.address).stream(QUESTION))


def test_an_error_in_a_stream_is_the_problem_that_it_would_be_elsewhere(connect: Connect) -> None:
    told = {"type": "urn:alliantie:probleem:storing", "title": "T", "status": 500, "detail": "D"}
    events = [("claim", CLAIM), ("error", told), ("end", {"complete": False})]
    with faulty(frames(1, 3, events=events)) as server:
        stream = connect(server.address).stream(QUESTION)
        next(stream)
        with pytest.raises(ServerFault) as raised:
            next(stream)
        assert len(server.requests) == 1
    assert raised.value.type == told["type"]


def test_what_is_refused_at_once_is_a_problem_and_not_a_cut(connect: Connect) -> None:
    with faulty(problem(401, "sleutel-ontbreekt")) as server, pytest.raises(NotAuthenticated):
        next(connect(server.address).stream(QUESTION))


def test_a_busy_server_is_asked_again_before_a_stream_begins(connect: Connect) -> None:
    with faulty(problem(429, "te-snel", Retry_After="0"), frames(1, 5)) as server:
        assert names(connect(server.address).stream(QUESTION)) == WHOLE


def test_a_response_that_is_no_stream_is_unreadable(connect: Connect) -> None:
    with faulty(reply(200, ANSWERED, Content_Type="application/json")) as server, pytest.raises(Unreadable):
        next(connect(server.address).stream(QUESTION))


def test_who_stops_early_hangs_up_and_may_ask_something_else(connect: Connect) -> None:
    gone = Event()
    with faulty(endless(gone), reply(200, {"cards": []})) as server:
        client = connect(server.address)
        with client.stream(QUESTION) as stream:
            assert isinstance(next(stream), Passage)
            assert not gone.is_set()
        assert gone.wait(20)
        assert list(stream) == []
        assert client.cards() == ()
        assert len(server.requests) == 2


# ── Frames ───────────────────────────────────────────────────────────────────

TEXTS = st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs"]))


@given(
    texts=st.lists(TEXTS, min_size=1, max_size=4),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    size=st.integers(1, 9),
)
def test_frames_are_the_same_however_they_are_cut_and_ended(texts: list[str], end: str, size: int) -> None:
    sent = "".join(
        f": ping{end}{end}id: s:{n}{end}event: claim{end}data: {text}{end}{end}"
        for n, text in enumerate(texts)
    ).encode()
    reader, found = Frames(), list[Frame]()
    for place in range(0, len(sent), size):
        found += reader.feed(sent[place : place + size])
    found += reader.feed(b"\n" if end == "\r" else b"")  # A last CR may have been half of a CRLF.
    assert found == [Frame(f"s:{n}", "claim", text) for n, text in enumerate(texts)]


def test_a_frame_may_have_several_lines_of_data_and_fields_that_nobody_knows() -> None:
    frames_read = list(Frames().feed(b"retry: 10\nevent:claim\ndata: {\ndata: }\nx\n\nevent: leeg\n\n"))
    assert frames_read == [Frame("", "claim", "{\n}")]
    assert json.loads(frames_read[0].data) == {}


def test_every_event_of_the_script_is_known_to_the_reader_or_passed_over() -> None:
    assert {name for name, _ in EVENTS} == {"passage", "claim", "iets-nieuws", "answer", "end"}
