"""What readers think of answers."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, text

from assistant.domain import Feedback, GivenFeedback, KeptExchange, Verdict
from assistant.errors import StorageUnavailable, UnknownKey
from assistant.storage import Storage
from tests.storage.clock import Clock
from tests.storage.talking import ANNA, BRAM, exchange

_WRONG = Feedback(Verdict.WRONG, ("bron-klopt-niet", "verouderd"), "Dit staat er ‘niet’ 🌱\nécht niet")


@pytest.fixture
def kept(storage: Storage) -> tuple[str, KeptExchange]:
    """Give a conversation of Anna's and its exchange."""
    one = exchange()
    return storage.conversations.keep(ANNA, one, "Van Anna"), one


def test_feedback_comes_back_with_the_conversation_and_to_the_curator(
    storage: Storage, kept: tuple[str, KeptExchange], clock: Clock
) -> None:
    id_, one = kept
    clock.pass_days(2)
    storage.feedback.give(ANNA, one.id, _WRONG)

    assert storage.conversations.conversation(ANNA, id_).feedback == ((one.id, _WRONG),)
    assert storage.feedback.given() == (GivenFeedback(clock(), _WRONG, one),)


def test_who_thinks_otherwise_later_thinks_only_that(
    storage: Storage, kept: tuple[str, KeptExchange], clock: Clock
) -> None:
    id_, one = kept
    for thought in (_WRONG, Feedback(Verdict.HELPFUL)):
        clock.pass_days(1)
        storage.feedback.give(ANNA, one.id, thought)

    assert storage.conversations.conversation(ANNA, id_).feedback == ((one.id, Feedback(Verdict.HELPFUL)),)
    assert storage.feedback.given() == (GivenFeedback(clock(), Feedback(Verdict.HELPFUL), one),)


def test_the_curator_reads_the_newest_first_of_one_verdict_or_all(storage: Storage, clock: Clock) -> None:
    for visitor, verdict in ((ANNA, Verdict.WRONG), (BRAM, Verdict.HELPFUL), (BRAM, Verdict.WRONG)):
        clock.pass_days(1)
        one = exchange(f"{visitor[0]} {verdict}")
        storage.conversations.keep(visitor, one, "Samen")
        storage.feedback.give(visitor, one.id, Feedback(verdict))

    assert [one.exchange.question for one in storage.feedback.given()] == ["b wrong", "b helpful", "a wrong"]
    assert [one.exchange.question for one in storage.feedback.given(Verdict.WRONG)] == ["b wrong", "a wrong"]
    assert storage.feedback.given(Verdict.UNHELPFUL) == ()


def test_what_was_wrong_stays_with_the_curator_when_the_question_is_asked_again(
    storage: Storage, kept: tuple[str, KeptExchange]
) -> None:
    id_, one = kept
    storage.feedback.give(ANNA, one.id, _WRONG)
    again = exchange("Opnieuw")
    storage.conversations.keep(ANNA, again, "", id_, one.id)

    assert [given.exchange for given in storage.feedback.given()] == [one]
    assert storage.conversations.conversation(ANNA, id_).feedback == ()
    with pytest.raises(UnknownKey, match="kind=exchange"):
        storage.feedback.give(ANNA, one.id, Feedback(Verdict.HELPFUL))

    storage.feedback.withdraw(ANNA, one.id)
    assert storage.feedback.given() == ()


def test_what_is_withdrawn_is_gone(storage: Storage, kept: tuple[str, KeptExchange]) -> None:
    id_, one = kept
    storage.feedback.give(ANNA, one.id, _WRONG)
    for _ in range(2):
        storage.feedback.withdraw(ANNA, one.id)

    assert storage.conversations.conversation(ANNA, id_).feedback == ()
    assert storage.feedback.given() == ()


_VERBS: dict[str, Callable[[Storage, str, str], object]] = {
    "give": lambda storage, visitor, id_: storage.feedback.give(visitor, id_, Feedback(Verdict.HELPFUL)),
    "withdraw": lambda storage, visitor, id_: storage.feedback.withdraw(visitor, id_),
}


@pytest.mark.parametrize("verb", _VERBS)
def test_the_answer_of_another_is_as_unknown_as_one_that_never_was(
    storage: Storage, kept: tuple[str, KeptExchange], verb: str
) -> None:
    id_, one = kept
    storage.conversations.keep(BRAM, exchange(), "Van Bram")
    storage.feedback.give(ANNA, one.id, _WRONG)
    told = []
    for asked in (one.id, id_, "", "0" * 32, "\x00" * 32, "\ud800", "%", "x" * 81):
        with pytest.raises(UnknownKey) as caught:
            _VERBS[verb](storage, BRAM, asked)
        told.append((str(caught.value), caught.value.details))

    assert all(said == told[0] for said in told)
    assert told[0][1] == {"kind": "exchange"}
    assert storage.conversations.conversation(ANNA, id_).feedback == ((one.id, _WRONG),)


def test_the_same_id_with_two_visitors_is_rated_by_each_alone(
    storage: Storage, kept: tuple[str, KeptExchange]
) -> None:
    id_, one = kept
    theirs = storage.conversations.keep(BRAM, one, "Van Bram")
    storage.feedback.give(BRAM, one.id, _WRONG)

    assert storage.conversations.conversation(ANNA, id_).feedback == ()
    storage.feedback.withdraw(ANNA, one.id)
    assert storage.conversations.conversation(BRAM, theirs).feedback == ((one.id, _WRONG),)


def test_pages_that_rate_and_withdraw_at_once_wait_for_each_other(
    storage: Storage, kept: tuple[str, KeptExchange]
) -> None:
    id_, one = kept
    all_ready = threading.Barrier(4, timeout=30)

    def change(number: int) -> None:
        for _ in range(10):
            all_ready.wait()
            if number % 2:
                storage.feedback.give(ANNA, one.id, _WRONG)
            else:
                storage.feedback.withdraw(ANNA, one.id)

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(change, range(4)))

    storage.feedback.give(ANNA, one.id, _WRONG)
    assert storage.conversations.conversation(ANNA, id_).feedback == ((one.id, _WRONG),)


def test_rating_while_the_conversation_is_erased_ends_as_unknown(
    storage: Storage, kept: tuple[str, KeptExchange]
) -> None:
    id_, one = kept
    some_given = threading.Event()

    def rate() -> None:
        for _ in range(1000):
            storage.feedback.give(ANNA, one.id, _WRONG)
            some_given.set()

    with ThreadPoolExecutor(2) as threads:
        running = [threads.submit(rate) for _ in range(2)]
        some_given.wait(30)
        storage.conversations.erase(ANNA, id_)
        for thread in running:
            with pytest.raises(UnknownKey, match="kind=exchange"):
                thread.result()
    assert storage.feedback.given() == ()


def test_a_verdict_of_another_release_is_told(
    storage: Storage, kept: tuple[str, KeptExchange], engine: Engine
) -> None:
    id_, one = kept
    storage.feedback.give(ANNA, one.id, _WRONG)
    with engine.begin() as connection:
        connection.execute(text("UPDATE feedback SET verdict = 'funny'"))

    with pytest.raises(StorageUnavailable, match="kept by another release"):
        storage.feedback.given()
    with pytest.raises(StorageUnavailable, match="kept by another release"):
        storage.conversations.conversation(ANNA, id_)


# ── What clients of the API sent ─────────────────────────────────────────────


def test_what_a_client_sent_stands_beside_what_readers_said(
    storage: Storage, kept: tuple[str, KeptExchange], clock: Clock
) -> None:
    _, one = kept
    sent = exchange("Over de API")
    storage.feedback.give(ANNA, one.id, _WRONG)
    early = clock()
    clock.pass_days(1)
    storage.feedback.receive("sleutel", sent, Feedback(Verdict.HELPFUL))

    assert storage.feedback.given() == (
        GivenFeedback(clock(), Feedback(Verdict.HELPFUL), sent),
        GivenFeedback(early, _WRONG, one),
    )
    assert [one.exchange.question for one in storage.feedback.given(Verdict.HELPFUL)] == ["Over de API"]


def test_a_client_that_thinks_otherwise_later_thinks_only_that_and_another_client_is_another(
    storage: Storage, clock: Clock
) -> None:
    sent = exchange()
    for owner, verdict in (("a", Verdict.WRONG), ("b", Verdict.WRONG), ("a", Verdict.HELPFUL)):
        clock.pass_days(1)
        storage.feedback.receive(owner, sent, Feedback(verdict))

    assert [one.feedback.verdict for one in storage.feedback.given()] == [Verdict.HELPFUL, Verdict.WRONG]


def test_clients_with_one_key_may_send_at_once(storage: Storage) -> None:
    sent = exchange()
    all_ready = threading.Barrier(4, timeout=30)

    def send(_: int) -> None:
        for _ in range(5):
            all_ready.wait()
            storage.feedback.receive("a", sent, _WRONG)

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(send, range(4)))
    assert [given.feedback for given in storage.feedback.given()] == [_WRONG]


def test_what_clients_sent_long_ago_is_erased_and_nothing_else(
    storage: Storage, kept: tuple[str, KeptExchange], clock: Clock
) -> None:
    _, one = kept
    storage.feedback.give(ANNA, one.id, _WRONG)
    storage.feedback.receive("a", exchange("Oud"), _WRONG)
    clock.pass_days(3)
    storage.feedback.receive("a", exchange("Nieuw"), _WRONG)

    assert storage.feedback.purge(clock()) == 1
    assert [given.exchange.question for given in storage.feedback.given()] == ["Nieuw", one.question]
