"""Jobs of many questions, as they are kept."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select, text

from assistant.domain import (
    BATCH_KEPT,
    MOST_UNFINISHED,
    Assignment,
    BatchStatus,
    Filters,
    Outcome,
    Question,
    Turn,
)
from assistant.errors import BatchDiffers, QuotaSpent, StorageUnavailable, TooManyBatches, UnknownKey
from assistant.storage import Storage
from assistant.storage.models import BatchQuestionRow, BatchRow
from tests.storage.clock import Clock

ANNA, BRAM = "a" * 32, "local"
MINUTE = timedelta(minutes=1)
ONE = Question("Wat is vertrouwen?")
TWO = Question(
    "En “daarna” 🌱?\nEcht?",
    (Turn("user", "Wat is vertrouwen?"), Turn("assistant", "Geloof. [1]")),
    Filters(frozenset({"jansen-2004", "boonstra-2023", "a", "b"}), frozenset({"begrip", "bron"})),
)


def _asked(count: int) -> list[Question]:
    return [Question(f"Vraag {number}") for number in range(count)]


def _taken(storage: Storage) -> Assignment:
    taken = storage.batches.take(MINUTE)
    assert taken is not None
    return taken


def _work_through(storage: Storage, outcomes: Sequence[Outcome]) -> None:
    following: Assignment | None = _taken(storage)
    for outcome in outcomes:
        assert following is not None
        following = storage.batches.keep(following, outcome, MINUTE)


def _count(engine: Engine) -> list[int]:
    with engine.connect() as connection:
        tables = (BatchRow, BatchQuestionRow)
        return [connection.scalar(select(func.count()).select_from(one)) or 0 for one in tables]


# ── Making and looking ───────────────────────────────────────────────────────


def test_a_job_is_worked_on_in_order_and_comes_back_in_order(storage: Storage, clock: Clock) -> None:
    made = storage.batches.create(ANNA, [ONE, TWO])
    assert (made.status, made.total, made.done) == (BatchStatus.QUEUED, 2, 0)
    assert (made.created, made.expires) == (clock(), clock() + BATCH_KEPT)

    first = _taken(storage)
    assert (first.position, first.question, first.losses) == (0, replace(ONE, reader=ANNA), 0)
    assert storage.batches.batch(ANNA, made.id).status is BatchStatus.RUNNING
    second = storage.batches.keep(first, Outcome('{"a":1}'), MINUTE)
    assert second is not None
    assert (second.position, second.question) == (1, replace(TWO, reader=ANNA))
    assert storage.batches.page(ANNA, made.id, 0, 10).outcomes == (Outcome('{"a":1}'),)
    assert storage.batches.keep(second, Outcome('{"p":2}', is_problem=True), MINUTE) is None

    done = storage.batches.batch(ANNA, made.id)
    assert (done.status, done.done, done.failed) == (BatchStatus.DONE, 2, 1)
    page = storage.batches.page(ANNA, made.id, 0, 10)
    assert page.outcomes == (Outcome('{"a":1}'), Outcome('{"p":2}', is_problem=True))
    assert storage.batches.take(MINUTE) is None


def test_a_job_of_which_every_question_failed_has_failed(storage: Storage) -> None:
    made = storage.batches.create(ANNA, [ONE])
    _work_through(storage, [Outcome("{}", is_problem=True)])

    assert storage.batches.batch(ANNA, made.id).status is BatchStatus.FAILED


def test_outcomes_come_by_the_page_until_there_are_no_more(storage: Storage) -> None:
    made = storage.batches.create(ANNA, _asked(5))
    _work_through(storage, [Outcome(f"{number}") for number in range(4)])

    pages = [storage.batches.page(ANNA, made.id, offset, 3) for offset in (0, 3, 4, 5, 1000)]

    assert [[one.content for one in page.outcomes] for page in pages] == [
        ["0", "1", "2"],
        ["3"],
        [],
        [],
        [],
    ]
    assert [page.next_offset for page in pages] == [3, None, None, None, None]


@pytest.mark.parametrize("id_", ["", "0" * 32, "\x00" * 32, "\ud800", "%", "0" * 31 + "'"])
def test_what_was_never_made_is_not_there(storage: Storage, id_: str) -> None:
    with pytest.raises(UnknownKey):
        storage.batches.batch(ANNA, id_)


def test_another_owner_sees_nothing_of_a_job_and_cannot_erase_it(storage: Storage) -> None:
    made = storage.batches.create(ANNA, [ONE])

    for attempt in (
        lambda: storage.batches.batch(BRAM, made.id),
        lambda: storage.batches.page(BRAM, made.id, 0, 10),
        lambda: storage.batches.erase(BRAM, made.id),
    ):
        with pytest.raises(UnknownKey):
            attempt()
    assert storage.batches.batch(ANNA, made.id) == made


# ── The same key ─────────────────────────────────────────────────────────────


def test_the_same_key_gives_the_same_job_and_is_admitted_once(storage: Storage) -> None:
    admitted: list[int] = []
    made = storage.batches.create(ANNA, [ONE, TWO], "sleutel", lambda: admitted.append(1))
    again = storage.batches.create(ANNA, [ONE, TWO], "sleutel", lambda: admitted.append(1))
    of_bram = storage.batches.create(BRAM, [ONE], "sleutel")

    assert again == made
    assert of_bram.id != made.id
    assert admitted == [1]
    assert storage.batches.create(ANNA, [ONE]).id != storage.batches.create(ANNA, [ONE]).id


@pytest.mark.parametrize(
    "others",
    [[TWO, ONE], [ONE], [ONE, replace(TWO, history=())], [ONE, replace(TWO, filters=Filters())]],
)
def test_the_same_key_with_other_questions_is_refused(storage: Storage, others: list[Question]) -> None:
    storage.batches.create(ANNA, [ONE, TWO], "sleutel")

    with pytest.raises(BatchDiffers):
        storage.batches.create(ANNA, others, "sleutel")


def test_a_job_sent_many_times_at_once_is_made_once(storage: Storage, engine: Engine) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: storage.batches.create(ANNA, [ONE, TWO], "sleutel").id, range(8)))

    assert len(set(made)) == 1
    assert _count(engine) == [1, 2]


def test_a_key_is_free_again_once_its_job_expired(storage: Storage, clock: Clock) -> None:
    made = storage.batches.create(ANNA, [ONE], "sleutel")
    clock.pass_days(1)

    assert storage.batches.create(ANNA, [TWO], "sleutel").id != made.id


# ── Limits ───────────────────────────────────────────────────────────────────


def test_a_caller_has_twenty_unfinished_jobs_at_most(storage: Storage, engine: Engine) -> None:
    made = [storage.batches.create(ANNA, [ONE], f"{number}") for number in range(MOST_UNFINISHED)]
    with pytest.raises(TooManyBatches) as caught:
        storage.batches.create(ANNA, [ONE])
    assert caught.value.details["limit"] == "20"
    assert int(caught.value.details["seconds"]) > 0

    storage.batches.create(BRAM, [ONE])
    assert storage.batches.create(ANNA, [ONE], "7") == made[7]
    storage.batches.erase(ANNA, made[0].id)
    storage.batches.create(ANNA, [ONE])
    assert _count(engine) == [21, 21]


def test_a_job_that_is_not_admitted_is_not_kept(storage: Storage, engine: Engine) -> None:
    def refuse() -> None:
        raise QuotaSpent(seconds="9", limit="1")

    with pytest.raises(QuotaSpent):
        storage.batches.create(ANNA, [ONE, TWO], "sleutel", refuse)

    assert _count(engine) == [0, 0]


# ── Leases ───────────────────────────────────────────────────────────────────


def test_a_job_is_with_one_at_a_time(storage: Storage) -> None:
    storage.batches.create(ANNA, _asked(2))
    storage.batches.create(BRAM, _asked(2))
    with ThreadPoolExecutor(6) as pool:
        taken = [one for one in pool.map(lambda _: storage.batches.take(MINUTE), range(6)) if one]

    assert len({one.lease.job_id for one in taken}) == len(taken) == 2


def test_the_job_that_waits_longest_is_first_and_one_given_back_goes_behind(
    storage: Storage, clock: Clock
) -> None:
    made = []
    for owner in (ANNA, BRAM):
        made.append(storage.batches.create(owner, _asked(2)).id)
        clock.pass_days(0.01)
    first = _taken(storage)
    storage.batches.release(first.lease)
    second = _taken(storage)

    assert [first.lease.job_id, second.lease.job_id] == made
    assert _taken(storage).losses == 0


def test_a_lease_that_lapsed_goes_to_another_and_the_first_keeps_nothing_more(
    storage: Storage, clock: Clock
) -> None:
    made = storage.batches.create(ANNA, _asked(2))
    lost = _taken(storage)
    clock.pass_days(0.01)
    gained = _taken(storage)
    assert (gained.position, gained.losses) == (0, 1)

    assert not storage.batches.renew(lost.lease, MINUTE)
    assert storage.batches.keep(lost, Outcome('"lost"'), MINUTE) is None
    storage.batches.release(lost.lease)
    assert storage.batches.take(MINUTE) is None
    following = storage.batches.keep(gained, Outcome('"gained"'), MINUTE)
    assert following is not None
    assert following.losses == 0
    assert storage.batches.keep(gained, Outcome('"twice"'), MINUTE) is None

    assert storage.batches.page(ANNA, made.id, 0, 10).outcomes == (Outcome('"gained"'),)


def test_a_lease_that_is_renewed_does_not_lapse(storage: Storage, clock: Clock) -> None:
    storage.batches.create(ANNA, _asked(2))
    taken = _taken(storage)

    assert storage.batches.renew(taken.lease, timedelta(days=0.5))
    clock.pass_days(0.4)
    assert storage.batches.take(MINUTE) is None
    assert storage.batches.keep(taken, Outcome("1"), MINUTE) is not None


# ── Erasing ──────────────────────────────────────────────────────────────────


def test_an_erased_job_is_gone_and_who_works_on_it_stops(storage: Storage, engine: Engine) -> None:
    made = storage.batches.create(ANNA, _asked(3))
    taken = _taken(storage)
    storage.batches.erase(ANNA, made.id)

    assert storage.batches.keep(taken, Outcome("1"), MINUTE) is None
    assert not storage.batches.renew(taken.lease, MINUTE)
    with pytest.raises(UnknownKey):
        storage.batches.batch(ANNA, made.id)
    assert _count(engine) == [0, 0]


def test_a_job_is_gone_after_a_day_finished_or_not(storage: Storage, engine: Engine, clock: Clock) -> None:
    early = storage.batches.create(ANNA, _asked(2))
    clock.pass_days(0.5)
    late = storage.batches.create(ANNA, _asked(1))
    assert storage.batches.purge() == 0
    clock.pass_days(0.5)

    with pytest.raises(UnknownKey):
        storage.batches.batch(ANNA, early.id)
    assert _taken(storage).lease.job_id == late.id
    assert storage.batches.purge() == 1
    assert _count(engine) == [1, 1]


@pytest.mark.parametrize("way", ["erase", "purge"])
def test_nothing_of_a_job_is_left_in_the_files_of_sqlite(tmp_path: Path, clock: Clock, way: str) -> None:
    storage = Storage.open(f"sqlite:///{tmp_path / 'assistant.db'}", now=clock)
    made = storage.batches.create(ANNA, [Question("Een geheime vraag?")] * 200)
    _work_through(storage, [Outcome('"Een geheim antwoord."')] * 100)
    left = [path.read_bytes() for path in sorted(tmp_path.iterdir())]
    assert any(b"Een geheim antwoord" in one for one in left)

    if way == "erase":
        storage.batches.erase(ANNA, made.id)
    else:
        clock.pass_days(1)
        assert storage.batches.purge() == 1
    left = [path.read_bytes() for path in sorted(tmp_path.iterdir())]

    assert not any(b"geheim" in one for one in left)
    storage.close()


def test_a_question_of_another_release_is_told_and_nothing_of_it_is_said(
    storage: Storage, engine: Engine
) -> None:
    made = storage.batches.create(ANNA, [Question("Geheim?")])
    with engine.begin() as connection:
        connection.execute(text("UPDATE batch_questions SET question = replace(question, '[', '{')"))

    with pytest.raises(StorageUnavailable, match="kept by another release") as caught:
        storage.batches.take(MINUTE)
    assert "Geheim" not in f"{caught.value} {caught.value.__cause__}"
    storage.batches.erase(ANNA, made.id)
