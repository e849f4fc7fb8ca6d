"""A check for its owner."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, timedelta

import pytest
from sqlalchemy import Engine, func, select

from assistant.domain import (
    Check,
    CheckKind,
    ChosenAction,
    Created,
    Organisation,
    Participation,
    Response,
    Submission,
)
from assistant.errors import CheckClosed, InvalidAction, InvalidCheck, UnknownKey
from assistant.storage import Storage
from assistant.storage.models import Model
from tests.storage.clock import Clock

_TALK = ChosenAction("belangen-op-tafel", "Leg de belangen op tafel", "Noor", date(2026, 5, 1))
_MEET = ChosenAction("kwartaalgesprek", "Houd elk kwartaal een gesprek", "Sem", date(2026, 6, 1))


def test_a_check_comes_back_as_it_was_made(storage: Storage, created: Created, clock: Clock) -> None:
    check = storage.checks.owned(created.owner_key)

    assert check == created.check
    assert (check.alliance, check.kind, check.version, check.round) == (
        "Zorg Dichtbij",
        CheckKind.FULL,
        "1",
        1,
    )
    assert check.organisations == (
        Organisation("rivierduin", "Rivierduin"),
        Organisation("thuis-co", "Thuis & Co"),
        Organisation("gemeente", "Gemeente"),
    )
    assert check.created == clock()
    assert check.created.tzinfo is UTC
    assert check.is_open


def test_the_owner_sees_the_invitations_again(storage: Storage, created: Created) -> None:
    assert storage.checks.invitations(created.owner_key) == created.invitations
    assert list(created.invitations) == ["rivierduin", "thuis-co", "gemeente"]
    assert len(set(created.invitations.values())) == 3


@pytest.mark.parametrize("key", ["", "0" * 32, "geen sleutel", "\x00", "\ud800"])
def test_a_key_that_opens_nothing_is_unknown(storage: Storage, created: Created, key: str) -> None:
    checks = storage.checks
    for ask in (
        checks.owned,
        checks.invitations,
        checks.participation,
        checks.submissions,
        checks.report,
        checks.chosen,
        checks.series,
        checks.erase,
    ):
        with pytest.raises(UnknownKey, match="kind=check"):
            ask(key)
    with pytest.raises(UnknownKey, match="kind=check"):
        checks.close(key, "{}")
    with pytest.raises(UnknownKey, match="kind=check"):
        checks.create("Nog een", ["A", "B"], CheckKind.FULL, "1", key)


def test_the_id_of_a_check_is_no_key_to_it(storage: Storage, created: Created) -> None:
    with pytest.raises(UnknownKey):
        storage.checks.owned(created.check.id)


def test_participation_counts_who_began_and_who_finished(storage: Storage, created: Created) -> None:
    people = storage.respondents
    token = created.invitations["gemeente"]
    codes = [people.begin(token).code for _ in range(3)]
    people.finish(codes[0])
    people.withdraw(codes[1])

    assert storage.checks.participation(created.owner_key) == (
        Participation(created.check.organisations[0], 0, 0),
        Participation(created.check.organisations[1], 0, 0),
        Participation(created.check.organisations[2], 2, 1),
    )


def test_submissions_are_of_those_who_answered_something(storage: Storage, created: Created) -> None:
    people = storage.respondents
    people.begin(created.invitations["gemeente"])
    code = people.begin(created.invitations["gemeente"]).code
    people.save(code, Response("b", None))
    people.save(code, Response("a", 4, "Omdat"))

    assert storage.checks.submissions(created.owner_key) == (
        Submission("gemeente", (Response("a", 4, "Omdat"), Response("b", None))),
    )


def test_the_order_of_submissions_does_not_tell_who_came_first(storage: Storage, created: Created) -> None:
    for number in range(12):
        code = storage.respondents.begin(created.invitations["gemeente"]).code
        storage.respondents.save(code, Response("open", None, f"{number:02}"))

    told = [one.responses[0].remark for one in storage.checks.submissions(created.owner_key)]

    assert sorted(told) == [f"{number:02}" for number in range(12)]
    assert told != sorted(told)  # By chance once in 479 million times.


def test_closing_keeps_the_report_and_the_moment(storage: Storage, created: Created, clock: Clock) -> None:
    assert storage.checks.report(created.owner_key) is None
    clock.pass_days(3)

    closed = storage.checks.close(created.owner_key, '{"cijfer": 4}')

    assert closed == replace(created.check, closed=clock()) == storage.checks.owned(created.owner_key)
    assert storage.checks.report(created.owner_key) == '{"cijfer": 4}'


def test_a_check_is_closed_once(storage: Storage, created: Created) -> None:
    storage.checks.close(created.owner_key, "eerste")

    with pytest.raises(CheckClosed, match="alliance=Zorg Dichtbij"):
        storage.checks.close(created.owner_key, "tweede")
    assert storage.checks.report(created.owner_key) == "eerste"


def test_of_two_who_close_at_once_the_first_one_wins(storage: Storage, created: Created) -> None:
    both_ready = threading.Barrier(2, timeout=30)

    def close(report: str) -> str | None:
        both_ready.wait()
        try:
            storage.checks.close(created.owner_key, report)
        except CheckClosed:
            return None
        return report

    with ThreadPoolExecutor(2) as threads:
        won = [report for report in threads.map(close, ["een", "twee"]) if report]

    assert [storage.checks.report(created.owner_key)] == won


def test_a_report_is_written_on_all_that_was_answered_and_nothing_comes_after(
    storage: Storage, created: Created
) -> None:
    """Whoever was told that an answer is kept finds it in what the report was written on."""
    codes = [storage.respondents.begin(created.invitations["gemeente"]).code for _ in range(3)]
    kept: list[str] = []
    some_kept = threading.Event()

    def answer_until_closed(code: str) -> None:
        for number in range(1000):
            try:
                storage.respondents.save(code, Response(f"item-{number}", 3))
            except CheckClosed:
                return
            kept.append(f"{number}")
            if len(kept) > 10:
                some_kept.set()

    def write(check: Check, submissions: tuple[Submission, ...]) -> str:
        assert check.closed
        return str(sum(len(one.responses) for one in submissions))

    with ThreadPoolExecutor(3) as threads:
        running = [threads.submit(answer_until_closed, code) for code in codes]
        some_kept.wait(30)
        storage.checks.close(created.owner_key, write)
        for one in running:
            one.result()

    assert storage.checks.report(created.owner_key) == str(len(kept))
    assert sum(len(one.responses) for one in storage.checks.submissions(created.owner_key)) == len(kept)


def test_a_check_stays_open_when_its_report_cannot_be_written(storage: Storage, created: Created) -> None:
    def fail(check: Check, submissions: tuple[Submission, ...]) -> str:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        storage.checks.close(created.owner_key, fail)

    assert storage.checks.owned(created.owner_key).is_open


def test_chosen_actions_replace_earlier_ones_and_keep_their_order(storage: Storage, created: Created) -> None:
    storage.checks.choose(created.owner_key, [_TALK])
    storage.checks.choose(created.owner_key, (_MEET, replace(_TALK, is_done=True)))

    assert storage.checks.chosen(created.owner_key) == (_MEET, replace(_TALK, is_done=True))


def test_actions_that_do_not_fit_are_refused(storage: Storage, created: Created) -> None:
    for wrong, fault in [
        ([replace(_TALK, title="x" * 201)], "title"),
        ([replace(_TALK, owner="x" * 201)], "owner"),
        ([_TALK, _TALK], "double"),
    ]:
        with pytest.raises(InvalidAction, match=f"fault={fault}"):
            storage.checks.choose(created.owner_key, wrong)
    assert storage.checks.chosen(created.owner_key) == ()


def test_names_that_do_not_fit_are_refused(storage: Storage) -> None:
    longest = "é" * 200
    assert storage.checks.create(longest, [longest, "B"], CheckKind.FULL, "1").check.alliance == longest
    for alliance, organisations, field, fault in [
        (longest + "x", ["A", "B"], "alliance", "length"),
        ("Samen", ["A", longest + "x"], "organisations", "length"),
        ("Samen", ["A", "A"], "organisations", "double"),
    ]:
        with pytest.raises(InvalidCheck, match=f"field={field}, fault={fault}"):
            storage.checks.create(alliance, organisations, CheckKind.FULL, "1")


def test_a_next_round_shares_the_series_and_the_ids_of_organisations(
    storage: Storage, created: Created
) -> None:
    pulse = storage.checks.create(
        "Zorg Dichtbij", ["Gemeente", "Thuis Co"], CheckKind.PULSE, "2", created.owner_key
    )
    third = storage.checks.create("Zorg Dichtbij", ["Thuis & Co"], CheckKind.FULL, "2", created.owner_key)
    storage.checks.close(pulse.owner_key, "{}")

    assert [one.check.series_id for one in (pulse, third)] == [created.check.series_id] * 2
    assert (pulse.check.round, third.check.round) == (2, 3)
    assert [one.id for one in pulse.check.organisations] == ["gemeente", "thuis-co-2"]
    assert [one.id for one in third.check.organisations] == ["thuis-co"]
    for key in (created.owner_key, pulse.owner_key, third.owner_key):
        assert [(check.round, report) for check, report in storage.checks.series(key)] == [
            (1, None),
            (2, "{}"),
            (3, None),
        ]
    assert not set(pulse.invitations.values()) & set(created.invitations.values())


def test_open_actions_are_carried_over_from_the_latest_round(storage: Storage, created: Created) -> None:
    checks = storage.checks
    checks.choose(created.owner_key, [_TALK, _MEET])
    second = checks.create("Zorg Dichtbij", ["Gemeente"], CheckKind.PULSE, "1", created.owner_key)
    assert checks.chosen(second.owner_key) == (_TALK, _MEET)

    checks.choose(second.owner_key, [replace(_TALK, is_done=True), _MEET])
    third = checks.create("Zorg Dichtbij", ["Gemeente"], CheckKind.FULL, "1", created.owner_key)

    assert checks.chosen(third.owner_key) == (_MEET,)
    assert checks.chosen(created.owner_key) == (_TALK, _MEET)


def test_rounds_that_are_made_at_once_get_numbers_of_their_own(storage: Storage, created: Created) -> None:
    def create(number: int) -> int:
        name = f"Partner {number}"
        return storage.checks.create("Samen", [name], CheckKind.FULL, "1", created.owner_key).check.round

    with ThreadPoolExecutor(8) as threads:
        rounds = sorted(threads.map(create, range(8)))

    assert rounds == list(range(2, 10))


_OF_OTHERS = {
    *("conversations", "exchanges", "feedback", "sent_feedback"),
    *("api_keys", "access_sessions", "batches", "batch_questions"),
    *("documents", "document_files", "document_texts", "document_segments", "document_vectors"),
    *("index_versions", "index_parts"),
    "erasures",  # Hashes of ids that are gone, so that no backup brings them back.
}


def _count(engine: Engine) -> dict[str, int]:
    with engine.connect() as connection:
        return {
            table.name: connection.scalar(select(func.count()).select_from(table)) or 0
            for table in Model.metadata.sorted_tables
            if table.name not in _OF_OTHERS
        }


def _fill(storage: Storage, created: Created) -> str:
    """Give a check something in each table; return the code of its respondent."""
    code = storage.respondents.begin(created.invitations["gemeente"]).code
    storage.respondents.save(code, Response("a", 3, "Een opmerking"))
    storage.checks.choose(created.owner_key, [_TALK])
    storage.checks.close(created.owner_key, "{}")
    storage.portfolios.share(created.owner_key, storage.portfolios.open_portfolio().share_code)
    return code


def test_erasing_leaves_nothing_behind(storage: Storage, created: Created, engine: Engine) -> None:
    code = _fill(storage, created)
    assert all(_count(engine).values())

    storage.checks.erase(created.owner_key)

    left = {table: rows for table, rows in _count(engine).items() if rows}
    assert left == {"portfolios": 1}
    with pytest.raises(UnknownKey, match="kind=respondent"):
        storage.respondents.respondent(code)
    with pytest.raises(UnknownKey, match="kind=invitation"):
        storage.respondents.invited(created.invitations["gemeente"])


def test_erasing_a_round_leaves_the_others(storage: Storage, created: Created) -> None:
    second = storage.checks.create("Samen", ["Gemeente"], CheckKind.FULL, "1", created.owner_key)
    code = _fill(storage, second)

    storage.checks.erase(created.owner_key)

    assert [check.round for check, _ in storage.checks.series(second.owner_key)] == [2]
    assert storage.respondents.respondent(code).responses
    third = storage.checks.create("Samen", ["Gemeente"], CheckKind.FULL, "1", second.owner_key)
    assert third.check.round == 3


def test_what_nobody_touched_for_long_is_purged(storage: Storage, clock: Clock, engine: Engine) -> None:
    quiet, answered, closed, begun = (
        storage.checks.create(name, ["Gemeente"], CheckKind.FULL, "1") for name in "abcd"
    )
    code = storage.respondents.begin(answered.invitations["gemeente"]).code
    clock.pass_days(100)
    storage.respondents.save(code, Response("a", 3))
    storage.checks.close(closed.owner_key, "{}")
    storage.respondents.begin(begun.invitations["gemeente"])

    assert storage.checks.purge(clock() - timedelta(days=101)) == 0
    assert storage.checks.purge(clock() - timedelta(days=50)) == 1

    with pytest.raises(UnknownKey):
        storage.checks.owned(quiet.owner_key)
    for kept in (answered, closed, begun):
        assert storage.checks.owned(kept.owner_key)
    assert storage.checks.purge(clock() + timedelta(days=1)) == 3
    assert not any(_count(engine).values())
