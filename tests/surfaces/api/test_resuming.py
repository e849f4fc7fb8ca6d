"""A stream lives while somebody reads it, waits a while for who lost it, and leaves nothing behind."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from assistant.answering.prompts import Texts
from assistant.domain import LOCAL, Caller
from assistant.errors import IndexDamaged
from assistant.surfaces.api import build_api
from assistant.surfaces.api.problems import Rejection
from assistant.surfaces.api.pulling import FrameSource, Steps
from assistant.surfaces.api.resuming import KeptStreams, StreamLimits
from tests.fakes import FakeAssistant, an_answer
from tests.surfaces.api.conftest import Connect
from tests.surfaces.api.listening import Listening, Stepwise, listening, until

QUICK = StreamLimits(heartbeat_seconds=0.05)
BRIEF = StreamLimits(kept_seconds=0.6)
NOTICED = 0.2
"""Seconds in which a server notices that a reader left."""
ASKED = {"question": "x", "stream": True}


@dataclass(frozen=True)
class Frame:
    """One event as it came in."""

    id: str
    name: str
    data: Any


class Reader:
    """A client that reads a stream by lines, and can leave."""

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        self._lines = response.iter_lines()
        self.pings = 0

    def next(self) -> Frame | None:
        """Return the next event, ``None`` at the end."""
        fields: dict[str, str] = {}
        for line in self._lines:
            self.pings += line.startswith(":")
            if line and not line.startswith(":"):
                name, _, value = line.partition(": ")
                fields[name] = value
            elif not line and fields:
                return Frame(fields["id"], fields["event"], json.loads(fields["data"]))
        return None

    def rest(self) -> list[Frame]:
        """Return all other events."""
        return list(iter(self.next, None))

    def skip(self, count: int) -> Frame:
        """Return the last of so many events."""
        frames = [self.next() for _ in range(count)]
        assert frames[-1] is not None
        return frames[-1]


@contextmanager
def reading(server: Listening, stream_id: str | None = None, last: str | None = None) -> Iterator[Reader]:
    headers = {"Last-Event-ID": last} if last else {}
    with httpx.Client(base_url=server.address, timeout=10, trust_env=False) as client:
        asked = (
            client.stream("GET", f"/v1/answers/{stream_id}/events", headers=headers)
            if stream_id
            else client.stream("POST", "/v1/answers", json=ASKED)
        )
        with asked as response:
            yield Reader(response)


@contextmanager
def serving_steps(texts: Texts, limits: StreamLimits = QUICK) -> Iterator[tuple[Listening, Stepwise]]:
    slow = Stepwise()
    with listening(build_api(slow, texts, streams=limits)) as server:
        yield server, slow
        slow.go(100)


def test_while_a_step_takes_long_pings_keep_the_stream_alive(texts: Texts) -> None:
    with serving_steps(texts) as (server, slow), reading(server) as reader:
        reader.skip(2)
        threading.Timer(0.3, slow.go, [10]).start()
        assert [frame.name for frame in reader.rest()] == ["claim", "claim", "answer", "end"]
        assert reader.pings >= 3


def test_what_is_quick_has_no_pings(texts: Texts) -> None:
    with serving_steps(texts, StreamLimits()) as (server, slow), reading(server) as reader:
        slow.go(10)
        reader.rest()
        assert reader.pings == 0


def test_who_lost_the_stream_gets_what_came_after_the_last_event_and_all_that_comes(texts: Texts) -> None:
    with serving_steps(texts) as (server, slow):
        with reading(server) as reader:
            slow.go()
            stream_id = reader.response.headers["x-stream-id"]
            assert reader.skip(3).id == f"{stream_id}:3"
        slow.go(10)
        with reading(server, stream_id, f"{stream_id}:1") as reader:
            assert reader.response.headers["x-stream-id"] == stream_id
            frames = reader.rest()
    assert [frame.name for frame in frames] == ["passage", "claim", "claim", "answer", "end"]
    assert [frame.id for frame in frames] == [f"{stream_id}:{number}" for number in range(2, 7)]
    assert frames[-1].data == {"complete": True}
    assert slow.closed == 1


def test_a_reader_who_leaves_during_a_step_stops_the_work_after_it_and_can_come_back(texts: Texts) -> None:
    with serving_steps(texts) as (server, slow):
        with reading(server) as reader:
            stream_id = reader.response.headers["x-stream-id"]
            reader.skip(2)
            until(lambda: slow.pulled == 2)
        time.sleep(NOTICED)
        slow.go(10)
        time.sleep(NOTICED)
        assert (slow.pulled, slow.closed) == (2, 0)
        with reading(server, stream_id, f"{stream_id}:2") as reader:
            assert [frame.name for frame in reader.rest()] == ["claim", "claim", "answer", "end"]


def test_a_stream_that_nobody_comes_back_to_is_closed_and_gone(texts: Texts) -> None:
    with serving_steps(texts, BRIEF) as (server, slow):
        with reading(server) as reader:
            stream_id = reader.response.headers["x-stream-id"]
            slow.go(1)
            reader.skip(3)
        time.sleep(NOTICED)
        slow.go(10)
        until(lambda: slow.closed == 1)
        pulled = slow.pulled
        with reading(server, stream_id) as reader:
            reader.response.read()
            assert reader.response.status_code == 404
            assert reader.response.json()["type"] == "urn:alliantie:probleem:stroom-verlopen"
        assert pulled == slow.pulled <= 3


def test_a_new_reader_takes_over_from_one_who_seems_connected(texts: Texts) -> None:
    with serving_steps(texts) as (server, slow), reading(server) as first:
        stream_id = first.response.headers["x-stream-id"]
        first.skip(2)
        with reading(server, stream_id, f"{stream_id}:2") as second:
            threading.Timer(0.1, slow.go, [10]).start()
            assert [frame.name for frame in second.rest()] == ["claim", "claim", "answer", "end"]
        assert "end" not in [frame.name for frame in first.rest()]
    assert slow.pulled == 4


def test_a_stream_that_runs_when_the_server_stops_ends_with_an_error(texts: Texts) -> None:
    before = threading.active_count()
    slow = Stepwise()
    server = Listening(build_api(slow, texts, streams=QUICK))
    with reading(server) as reader:
        reader.skip(2)
        server.stop()
        error, end = reader.rest()
    assert (error.name, error.data["status"]) == ("error", 503)
    assert error.data["type"] == "urn:alliantie:probleem:server-stopt"
    assert (end.name, end.data) == ("end", {"complete": False})
    slow.go(10)
    until(lambda: slow.closed == 1)
    until(lambda: threading.active_count() == before)


def test_streams_that_wait_are_closed_when_the_server_stops(texts: Texts) -> None:
    slow = Stepwise()
    with listening(build_api(slow, texts)) as server:
        with reading(server) as reader:
            slow.go()
            reader.skip(3)
        time.sleep(NOTICED)
        slow.go(2)
        assert slow.closed == 0
    until(lambda: slow.closed == 1)


def test_the_end_can_be_read_again_for_whom_it_did_not_reach(connect: Connect) -> None:
    client = connect(FakeAssistant())
    stream_id = client.post("/v1/answers", json=ASKED).headers["x-stream-id"]
    again = client.get(f"/v1/answers/{stream_id}/events", headers={"Last-Event-ID": f"{stream_id}:5"})
    assert again.text.startswith("event: end")
    assert client.get(f"/v1/answers/{stream_id}/events").text.count("event: ") == 6


def test_an_answer_that_broke_reads_the_same_again(connect: Connect) -> None:
    client = connect(FakeAssistant([*an_answer()[:2], IndexDamaged(file="x")]))
    first = client.post("/v1/answers", json=ASKED)
    again = client.get(f"/v1/answers/{first.headers['x-stream-id']}/events")
    assert again.text == first.text
    assert 'data: {"complete":false}' in again.text


@pytest.mark.parametrize(
    "last", ["{id}:7", "{id}:-1", "{id}:", "{id}", "3", "elders:3", "{id}:٣", "{id}:1e9"]
)
def test_an_event_that_the_stream_does_not_have_is_a_422(connect: Connect, last: str) -> None:
    client = connect(FakeAssistant())
    stream_id = client.post("/v1/answers", json=ASKED).headers["x-stream-id"]
    headers = {b"Last-Event-ID": last.format(id=stream_id).encode()}
    response = client.get(f"/v1/answers/{stream_id}/events", headers=headers)
    assert (response.status_code, response.json()["errors"][0]["field"]) == (422, "Last-Event-ID")


def test_only_who_began_a_stream_reads_on_in_it() -> None:
    kept = KeptStreams(StreamLimits())
    kept.keep("s", "sleutel-1", FrameSource(_steps([])))
    assert kept.find("s", "sleutel-1").count == 1
    for stranger in ("sleutel-2", LOCAL.owner, Caller("", frozenset()).owner):
        with pytest.raises(Rejection, match="404 stroom-verlopen"):
            kept.find("s", stranger)


def test_too_many_streams_cost_the_oldest_and_those_that_are_complete_first() -> None:
    closed: list[str] = []
    kept = KeptStreams(StreamLimits(most_kept=2))
    for name in ("oud", "af", "nieuw"):
        source = FrameSource(_steps(closed, name))
        if name == "af":
            reader = source.enter()
            source.pull(reader, lambda: None)
            source.leave(reader)
        kept.keep(name, "k", source)
    assert kept.find("oud", "k")
    with pytest.raises(Rejection):
        kept.find("af", "k")
    kept.keep("nieuwer", "k", FrameSource(_steps(closed, "nieuwer")))
    assert closed == ["af", "nieuw"]


def test_a_stream_that_is_read_is_never_too_many() -> None:
    closed: list[str] = []
    kept = KeptStreams(StreamLimits(most_kept=0, kept_seconds=0))
    source = FrameSource(_steps(closed, "gelezen"))
    reader = source.enter()
    kept.keep("gelezen", "k", source)
    assert closed == []
    source.leave(reader)
    kept.sweep()
    assert closed == ["gelezen"]


def _steps(closed: list[str], name: str = "") -> Steps:
    try:
        yield [b"1"]
        yield [b"2"]
    finally:
        closed.append(name)
