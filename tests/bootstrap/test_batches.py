"""The thread that works on jobs of many questions."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from assistant.bootstrap.batches import TURN, BatchWorker
from assistant.domain import Answer, Batch, Event, Question, Refusal
from assistant.errors import IndexUnavailable, UnknownKey
from assistant.storage import Storage
from tests.fakes import a_refusal

LEASE = timedelta(seconds=0.3)
_MINUTE = timedelta(minutes=1)


class Writer:
    """Writes what a test can recognise."""

    def answer(self, outcome: Answer | Refusal) -> str:
        return outcome.id

    def problem(self, error: Exception) -> str:
        return type(error).__name__


@pytest.fixture
def storage(tmp_path: Path) -> Iterator[Storage]:
    with closing(Storage.open(f"sqlite:///{tmp_path / 'assistant.db'}")) as opened:
        yield opened


def _working(storage: Storage, ask: Callable[[Question], Iterator[Event]]) -> closing[BatchWorker]:
    return closing(BatchWorker(storage, ask, Writer(), lease=LEASE, nap=0.01))


def _make(storage: Storage, *texts: str) -> Batch:
    return storage.batches.create("local", [Question(text) for text in texts])


def _until(condition: Callable[[], bool]) -> None:
    for _ in range(1000):
        if condition():
            return
        time.sleep(0.01)
    raise AssertionError("it didn't happen in ten seconds")


def _is_done(storage: Storage, made: Batch) -> Callable[[], bool]:
    return lambda: storage.batches.batch("local", made.id).is_done


def _contents(storage: Storage, made: Batch) -> list[str]:
    return [one.content for one in storage.batches.page("local", made.id, 0, 100).outcomes]


def test_what_goes_wrong_with_a_question_is_no_problem_of_the_others(storage: Storage) -> None:
    def ask(question: Question) -> Iterator[Event]:
        if question.text == "stuk":
            raise ValueError("stuk")
        yield from a_refusal()

    made = _make(storage, "een", "stuk", "twee")
    with _working(storage, ask):
        _until(_is_done(storage, made))

    assert _contents(storage, made) == ["r1", "ValueError", "r1"]
    assert storage.batches.batch("local", made.id).failed == 1


def test_without_an_index_a_job_waits(
    storage: Storage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("assistant.bootstrap.working._LONG_NAP", 0.01)
    tried = 0

    def ask(question: Question) -> Iterator[Event]:
        nonlocal tried
        tried += 1
        if tried < 6:
            raise IndexUnavailable(folder="index")
        yield from a_refusal()

    made = _make(storage, "een")
    with _working(storage, ask):
        _until(_is_done(storage, made))

    assert _contents(storage, made) == ["r1"]
    assert "geen-index" in caplog.text


def test_a_job_of_another_gets_its_turn_before_a_long_one_is_done(storage: Storage) -> None:
    asked: list[str] = []

    def ask(question: Question) -> Iterator[Event]:
        asked.append(question.text)
        yield from a_refusal()

    long = _make(storage, *(["lang"] * (2 * TURN)))
    short = _make(storage, "kort")
    with _working(storage, ask):
        _until(_is_done(storage, long))
        _until(_is_done(storage, short))

    assert asked.index("kort") == TURN
    assert len(asked) == 2 * TURN + 1


def test_a_question_that_takes_longer_than_the_lease_is_asked_once(storage: Storage) -> None:
    asked: list[str] = []

    def ask(question: Question) -> Iterator[Event]:
        asked.append(question.text)
        time.sleep(3 * LEASE.total_seconds())
        yield from a_refusal()

    made = _make(storage, "traag")
    with _working(storage, ask), _working(storage, ask):
        _until(_is_done(storage, made))

    assert asked == ["traag"]


def test_a_cancelled_job_stops_at_the_next_question(storage: Storage) -> None:
    asked: list[str] = []
    begun, cancelled = threading.Event(), threading.Event()

    def ask(question: Question) -> Iterator[Event]:
        asked.append(question.text)
        begun.set()
        cancelled.wait(10)
        yield from a_refusal()

    made = _make(storage, "een", "twee", "drie")
    other = storage.batches.create("local", [Question("ander")])
    with _working(storage, ask):
        assert begun.wait(10)
        storage.batches.erase("local", made.id)
        cancelled.set()
        _until(_is_done(storage, other))

    assert asked == ["een", "ander"]
    with pytest.raises(UnknownKey):
        storage.batches.batch("local", made.id)


def test_a_worker_that_is_closed_gives_its_job_back_at_once(storage: Storage) -> None:
    begun = threading.Event()

    def ask(question: Question) -> Iterator[Event]:
        begun.set()
        time.sleep(0.05)
        yield from a_refusal()

    made = _make(storage, *(["vraag"] * 10))
    with _working(storage, ask):
        assert begun.wait(10)
    done = storage.batches.batch("local", made.id).done

    taken = storage.batches.take(_MINUTE)
    assert taken is not None
    assert (taken.position, taken.losses) == (done, 0)
    assert 0 < done < 10


def test_a_question_by_which_processes_vanish_is_given_up(storage: Storage) -> None:
    made = _make(storage, "giftig", "gewoon")
    for _ in range(4):
        assert storage.batches.take(timedelta(seconds=-1))

    with _working(storage, lambda question: iter(a_refusal())):
        _until(_is_done(storage, made))

    assert _contents(storage, made) == ["AbandonedQuestion", "r1"]


def test_a_fault_of_the_worker_is_logged_without_words_and_work_goes_on(
    storage: Storage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("assistant.bootstrap.working._LONG_NAP", 0.01)
    failing = iter([True])

    class Faulty(Writer):
        def problem(self, error: Exception) -> str:
            if next(failing, False):
                raise RuntimeError(str(error))
            return "toch"

    def ask(question: Question) -> Iterator[Event]:
        raise ValueError(question.text)

    made = _make(storage, "een geheime vraag")
    with (
        caplog.at_level(logging.DEBUG),
        closing(BatchWorker(storage, ask, Faulty(), lease=LEASE, nap=0.01)),
    ):
        _until(_is_done(storage, made))

    assert _contents(storage, made) == ["toch"]
    assert "RuntimeError" in caplog.text
    assert "geheim" not in caplog.text
