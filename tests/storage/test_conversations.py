"""The conversations of visitors."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, event, func, select, text

from assistant.domain import (
    CheckedClaim,
    Citation,
    Conversation,
    ConversationSummary,
    Evidence,
    Feedback,
    KeptExchange,
    Verdict,
)
from assistant.errors import StorageUnavailable, UnknownKey
from assistant.storage import Storage
from assistant.storage.models import ConversationRow, ExchangeRow, FeedbackRow
from tests.storage.clock import Clock
from tests.storage.talking import ANNA, BRAM, exchange

_ROOT = Path(__file__).parents[2]
_NO_IDS = ["", "0" * 32, "\x00" * 32, "\ud800", "%", "A" * 32, "0" * 31 + "'"]


def _count(engine: Engine) -> list[int]:
    with engine.connect() as connection:
        tables = (ConversationRow, ExchangeRow, FeedbackRow)
        return [connection.scalar(select(func.count()).select_from(one)) or 0 for one in tables]


def _titles(storage: Storage, search: str, visitor: str = ANNA) -> list[str]:
    return [one.title for one in storage.conversations.listed(visitor, search)]


# ── Keeping ──────────────────────────────────────────────────────────────────


def test_a_conversation_comes_back_as_it_was(storage: Storage, clock: Clock) -> None:
    first, second = exchange("Eén"), exchange("Twee")
    id_ = storage.conversations.keep(ANNA, first, "Over één")
    clock.pass_days(1)
    assert storage.conversations.keep(ANNA, second, "Telt niet", id_) == id_

    found = storage.conversations.conversation(ANNA, id_)

    assert found == Conversation(id_, "Over één", clock(), (first, second))
    assert found.changed.tzinfo is UTC


_EVIDENCE = st.builds(Evidence, span=..., card_id=..., score=st.floats(0, 1))
_CITATIONS = st.lists(st.builds(Citation, evidence=_EVIDENCE), max_size=3).map(tuple)
_CLAIMS = st.lists(st.builds(CheckedClaim, citations=_CITATIONS), max_size=3).map(tuple)
_EXCHANGES = st.builds(
    KeptExchange,
    id=st.from_regex(r"[A-Za-z0-9_-]{1,80}", fullmatch=True),
    claims=_CLAIMS,
    citations=_CITATIONS,
    follow_ups=...,
    notices=...,
    filters=...,
    engine=...,
    index_version=...,
)
_TITLES = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=200)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(kept=_EXCHANGES, title=_TITLES)
def test_any_exchange_comes_back_as_it_was(storage: Storage, kept: KeptExchange, title: str) -> None:
    id_ = storage.conversations.keep(ANNA, kept, title)

    found = storage.conversations.conversation(ANNA, id_)

    assert (found.title, found.exchanges) == (title, (kept,))


def test_every_conversation_has_an_id_of_its_own(storage: Storage) -> None:
    same = exchange()
    ids = {storage.conversations.keep(visitor, same, "Gelijk") for visitor in (ANNA, ANNA, BRAM)}

    assert len(ids) == 3
    assert len(storage.conversations.listed(ANNA)) == 2


def test_an_exchange_takes_the_place_of_the_one_it_replaces(storage: Storage) -> None:
    kept, keep = [exchange(f"Vraag {number}") for number in range(3)], storage.conversations.keep
    id_ = keep(ANNA, kept[0], "Opnieuw")
    for one in kept[1:]:
        keep(ANNA, one, "", id_)
    again, middle = exchange("Vraag 2, opnieuw"), exchange("Vraag 1, opnieuw")

    keep(ANNA, again, "", id_, kept[2].id)
    keep(ANNA, middle, "", id_, kept[1].id)
    keep(ANNA, replace(again, markdown="Meer."), "", id_)

    found = storage.conversations.conversation(ANNA, id_)
    assert found.exchanges == (kept[0], middle, replace(again, markdown="Meer."))


def test_keeping_the_same_once_more_changes_nothing(storage: Storage) -> None:
    first, second = exchange("Eerst"), exchange("Daarna")
    id_ = storage.conversations.keep(ANNA, first, "Herhaald")
    for _ in range(2):
        storage.conversations.keep(ANNA, second, "", id_, first.id)

    assert storage.conversations.conversation(ANNA, id_).exchanges == (second,)


@pytest.mark.parametrize("replaces", ["", "0" * 32, "%", None])
def test_what_replaces_nothing_comes_at_the_end(storage: Storage, replaces: str | None) -> None:
    first, second = exchange("Eerst"), exchange("Daarna")
    id_ = storage.conversations.keep(ANNA, first, "Twee", None, replaces)
    storage.conversations.keep(ANNA, second, "", id_, replaces)

    assert storage.conversations.conversation(ANNA, id_).exchanges == (first, second)


def test_two_tabs_that_keep_at_once_lose_nothing(storage: Storage) -> None:
    first = exchange("Vraag")
    id_ = storage.conversations.keep(ANNA, first, "Twee tabs")
    tabs = [[exchange(f"Tab {tab}, vraag {number}") for number in range(15)] for tab in range(4)]
    all_ready = threading.Barrier(4, timeout=30)

    def talk(said: list[KeptExchange]) -> None:
        all_ready.wait()
        for one in said:
            storage.conversations.keep(ANNA, one, "", id_)

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(talk, tabs))

    kept = storage.conversations.conversation(ANNA, id_).exchanges
    assert kept[0] == first
    assert len(kept) == 61
    for said in tabs:
        assert [one for one in kept if one in said] == said


def test_two_tabs_that_replace_the_same_at_once_are_both_kept(storage: Storage) -> None:
    first = exchange("Vraag")
    id_ = storage.conversations.keep(ANNA, first, "Twee tabs")
    said = [exchange(f"Opnieuw {tab}") for tab in range(4)]
    all_ready = threading.Barrier(4, timeout=30)

    def ask_again(one: KeptExchange) -> None:
        all_ready.wait()
        storage.conversations.keep(ANNA, one, "", id_, first.id)

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(ask_again, said))

    kept = storage.conversations.conversation(ANNA, id_).exchanges
    assert sorted(one.question for one in kept) == [one.question for one in said]


def test_erasing_while_others_keep_ends_their_keeping(storage: Storage, engine: Engine) -> None:
    id_ = storage.conversations.keep(ANNA, exchange(), "Kort")
    some_kept = threading.Event()

    def talk(number: int) -> None:
        for _ in range(1000):
            storage.conversations.keep(ANNA, exchange(), "", id_)
            some_kept.set()

    with ThreadPoolExecutor(4) as threads:
        running = [threads.submit(talk, number) for number in range(4)]
        some_kept.wait(30)
        storage.conversations.erase(ANNA, id_)
        for one in running:
            with pytest.raises(UnknownKey, match="kind=conversation"):
                one.result()
    assert _count(engine) == [0, 0, 0]


@pytest.mark.parametrize("exchanges", [1, 30])
def test_no_exchange_is_lost_when_the_process_is_killed(url: str, storage: Storage, exchanges: int) -> None:
    command = [sys.executable, "-m", "tests.storage.talking_process", url]
    with subprocess.Popen(command, cwd=_ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        id_ = process.stdout.readline().strip()
        told = [process.stdout.readline().strip() for _ in range(exchanges)]
        process.kill()
        told += process.stdout.read().split()
    assert process.returncode == -signal.SIGKILL

    reopened = Storage.open(url)
    kept = reopened.conversations.conversation(ANNA, id_).exchanges
    reopened.close()

    assert [one.id for one in kept][: len(told)] == told
    assert [one.question for one in kept] == [f"Vraag {number}" for number in range(len(kept))]


def test_what_another_release_kept_is_told_and_nothing_of_it_is_said(
    storage: Storage, engine: Engine
) -> None:
    id_ = storage.conversations.keep(ANNA, exchange("Geheim"), "Later")
    with engine.begin() as connection:
        connection.execute(text("UPDATE exchanges SET content = replace(content, 'answered', 'dreamt')"))

    with pytest.raises(StorageUnavailable, match="kept by another release") as caught:
        storage.conversations.conversation(ANNA, id_)
    assert "Geheim" not in str(caught.value)
    assert caught.value.__cause__ is None or "Geheim" not in str(caught.value.__cause__)
    assert _titles(storage, "") == ["Later"]
    storage.conversations.erase(ANNA, id_)


def test_what_a_later_release_adds_is_passed_over(storage: Storage, engine: Engine) -> None:
    kept = exchange()
    id_ = storage.conversations.keep(ANNA, kept, "Later")
    with engine.begin() as connection:
        sql = """UPDATE exchanges SET content = replace(content, '"engine":', '"mood":"fine","engine":')"""
        connection.exec_driver_sql(sql)

    assert storage.conversations.conversation(ANNA, id_).exchanges == (kept,)


# ── Finding ──────────────────────────────────────────────────────────────────


def test_the_last_changed_comes_first(storage: Storage, clock: Clock) -> None:
    ids = []
    for title in ("een", "twee", "drie"):
        clock.pass_days(1)
        ids.append(storage.conversations.keep(ANNA, exchange(), title))
    clock.pass_days(1)
    storage.conversations.keep(ANNA, exchange(), "", ids[1])
    storage.conversations.rename(ANNA, ids[0], "Een")

    listed = storage.conversations.listed(ANNA)

    assert [one.title for one in listed] == ["twee", "drie", "Een"]
    assert listed[0] == ConversationSummary(ids[1], "twee", clock())
    assert storage.conversations.listed(ANNA, limit=2) == listed[:2]


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("", True),
        ("  \u200b", True),
        ("BEGINVRAAG", True),
        ("éénheid", True),
        ("EENHEID creeren", True),
        ("coördinatie", True),
        ("titel waarde antwoord", True),
        ("Σίσυφος", True),
        ("titel ontbreekt", False),
        ("100%", True),
        ("100_", False),
        ("%", True),
        ("_", False),
        ("a%b", False),
        ("c:\\map", True),
        ("c:\\\\map", False),
        ("'", False),
        ('"', False),
        ("/", False),
        ("\x00", True),
        ("\ud800", True),
        ("composer", False),
        ("ontbreekt " * 5000, False),
        ("💥" * 100_000, False),
    ],
)
def test_a_search_finds_what_has_all_its_words(storage: Storage, search: str, found: bool) -> None:
    id_ = storage.conversations.keep(ANNA, exchange("De beginvraag over ÉÉNHEID"), "Een TITEL")
    answer = "Een antwoord van 100% waarde [1], in c:\\map, door ΣΊΣΥΦΟΣ: **Creëren** en COO\u0308RDINATIE"
    storage.conversations.keep(ANNA, exchange("Nog een vraag", answer), "", id_)

    assert _titles(storage, search) == ["Een TITEL"][: int(found)]


def test_after_renaming_and_replacing_only_the_new_words_are_found(storage: Storage) -> None:
    first = exchange("appels", "peren")
    id_ = storage.conversations.keep(ANNA, first, "fruit")
    storage.conversations.rename(ANNA, id_, "groente")
    storage.conversations.keep(ANNA, exchange("kool", "prei"), "", id_, first.id)

    assert [word for word in ("fruit", "appels", "peren") if _titles(storage, word)] == []
    assert all(_titles(storage, word) for word in ("groente", "kool", "prei", "GROENTE prei"))


def test_a_list_reads_no_exchanges(storage: Storage) -> None:
    for number in range(30):
        storage.conversations.keep(ANNA, exchange(), f"Gesprek {number}")
    statements: list[str] = []

    def note(*told: object) -> None:
        statements.append(str(told[2]))

    engine = storage._sessions._reader
    event.listen(engine, "before_cursor_execute", note)
    assert len(storage.conversations.listed(ANNA, limit=20)) == 20
    assert len(storage.conversations.listed(ANNA, "vertrouwen")) == 30
    plain, searching = (one for one in statements if "SELECT" in one)

    assert "exchanges" not in plain
    assert "content" not in searching


# ── Renaming and erasing ─────────────────────────────────────────────────────


def test_a_conversation_is_erased_with_all_that_was_thought_of_it(storage: Storage, engine: Engine) -> None:
    kept, other = exchange(), exchange()
    id_, left = (storage.conversations.keep(ANNA, one, "Samen") for one in (kept, other))
    for one in (kept, other):
        storage.feedback.give(ANNA, one.id, Feedback(Verdict.WRONG))

    storage.conversations.erase(ANNA, id_)

    assert _count(engine) == [1, 1, 1]
    assert storage.conversations.conversation(ANNA, left).feedback == ((other.id, Feedback(Verdict.WRONG)),)
    with pytest.raises(UnknownKey):
        storage.conversations.erase(ANNA, id_)


def test_all_of_a_visitor_is_erased_and_nothing_of_another(storage: Storage, engine: Engine) -> None:
    for visitor in (ANNA, ANNA, BRAM):
        kept = exchange()
        storage.conversations.keep(visitor, kept, "Samen")
        storage.feedback.give(visitor, kept.id, Feedback(Verdict.HELPFUL))

    assert storage.conversations.erase_all(ANNA) == 2
    assert storage.conversations.erase_all(ANNA) == 0

    assert _count(engine) == [1, 1, 1]
    assert storage.conversations.listed(ANNA) == ()
    assert len(storage.conversations.listed(BRAM)) == 1


def test_what_nobody_touched_for_long_is_purged(storage: Storage, clock: Clock, engine: Engine) -> None:
    said = {name: exchange() for name in ("stil", "vervolgd", "hernoemd", "beoordeeld")}
    ids = {name: storage.conversations.keep(ANNA, one, name) for name, one in said.items()}
    clock.pass_days(100)
    storage.conversations.keep(ANNA, exchange(), "", ids["vervolgd"])
    storage.conversations.rename(ANNA, ids["hernoemd"], "hernoemd")
    storage.feedback.give(ANNA, said["beoordeeld"].id, Feedback(Verdict.WRONG))

    assert storage.conversations.purge(clock() - timedelta(days=101)) == 0
    assert storage.conversations.purge(clock() - timedelta(days=50)) == 1

    assert set(_titles(storage, "")) == {"vervolgd", "hernoemd", "beoordeeld"}
    assert storage.conversations.purge(clock() + timedelta(days=1)) == 3
    assert _count(engine) == [0, 0, 0]


def test_erasing_all_and_purging_at_once_wait_for_each_other(storage: Storage, clock: Clock) -> None:
    for _ in range(40):
        storage.conversations.keep(ANNA, exchange(), "Samen")
    all_ready = threading.Barrier(4, timeout=30)
    tomorrow = clock() + timedelta(days=1)

    def erase(number: int) -> int:
        all_ready.wait()
        if number % 2:
            return storage.conversations.erase_all(ANNA)
        return storage.conversations.purge(tomorrow)

    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(erase, range(4))) == 40


@pytest.mark.parametrize("way", ["erase", "erase_all", "purge"])
def test_what_is_erased_is_gone_from_the_files_of_sqlite(tmp_path: Path, clock: Clock, way: str) -> None:
    storage = Storage.open(f"sqlite:///{tmp_path / 'map' / 'assistant.db'}", now=clock)
    kept = exchange("Een vraag die niemand mag terugvinden", "Een antwoord dat niemand mag terugvinden")
    id_ = storage.conversations.keep(ANNA, kept, "Een titel die niemand mag terugvinden")
    storage.feedback.give(ANNA, kept.id, Feedback(Verdict.WRONG, ("bron",), "niemand mag terugvinden"))
    assert _bytes_in(tmp_path).count(b"niemand mag terugvinden") > 3

    if way == "erase":
        storage.conversations.erase(ANNA, id_)
    elif way == "erase_all":
        assert storage.conversations.erase_all(ANNA) == 1
    else:
        assert storage.conversations.purge(clock() + timedelta(days=1)) == 1

    assert b"niemand mag terugvinden" not in _bytes_in(tmp_path)
    assert kept.id.encode() not in _bytes_in(tmp_path)
    storage.close()


def _bytes_in(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def test_the_secret_of_a_visitor_is_not_kept(storage: Storage, engine: Engine) -> None:
    kept = exchange()
    storage.conversations.keep(ANNA, kept, "Samen")
    storage.feedback.give(ANNA, kept.id, Feedback(Verdict.WRONG))

    with engine.connect() as connection:
        tables = (ConversationRow, ExchangeRow, FeedbackRow)
        rows = [connection.execute(select(one.__table__)).all() for one in tables]
    assert kept.id in repr(rows)
    assert ANNA not in repr(rows)


# ── Nothing of another's ─────────────────────────────────────────────────────


_VERBS: dict[str, Callable[[Storage, str, str], object]] = {
    "conversation": lambda storage, visitor, id_: storage.conversations.conversation(visitor, id_),
    "keep": lambda storage, visitor, id_: storage.conversations.keep(visitor, exchange(), "", id_),
    "rename": lambda storage, visitor, id_: storage.conversations.rename(visitor, id_, "Van mij"),
    "erase": lambda storage, visitor, id_: storage.conversations.erase(visitor, id_),
}


@pytest.mark.parametrize("verb", _VERBS)
def test_the_conversation_of_another_is_as_unknown_as_one_that_never_was(storage: Storage, verb: str) -> None:
    kept = exchange("Van Anna")
    theirs = storage.conversations.keep(ANNA, kept, "Van Anna")
    told = []
    for id_ in (theirs, *_NO_IDS):
        with pytest.raises(UnknownKey) as caught:
            _VERBS[verb](storage, BRAM, id_)
        told.append((str(caught.value), caught.value.details))

    assert all(one == told[0] for one in told)
    assert told[0][1] == {"kind": "conversation"}
    assert storage.conversations.listed(BRAM) == ()
    assert storage.conversations.conversation(ANNA, theirs).title == "Van Anna"
    assert storage.conversations.conversation(ANNA, theirs).exchanges == (kept,)


def test_a_search_finds_nothing_of_another(storage: Storage) -> None:
    storage.conversations.keep(ANNA, exchange("gedeeld woord"), "Van Anna")
    storage.conversations.keep(BRAM, exchange("gedeeld woord"), "Van Bram")

    assert _titles(storage, "gedeeld", BRAM) == ["Van Bram"]
    assert _titles(storage, "anna", BRAM) == []
    assert storage.conversations.erase_all("c" * 43) == 0


def test_replacing_what_is_anothers_replaces_nothing(storage: Storage) -> None:
    theirs, mine = exchange("Van Anna"), exchange("Van Bram")
    anna = storage.conversations.keep(ANNA, theirs, "Van Anna")
    bram = storage.conversations.keep(BRAM, mine, "Van Bram", None, theirs.id)
    same_id = replace(exchange("Ook van Bram"), id=theirs.id)
    storage.conversations.keep(BRAM, same_id, "", bram)

    assert storage.conversations.conversation(ANNA, anna).exchanges == (theirs,)
    assert storage.conversations.conversation(BRAM, bram).exchanges == (mine, same_id)
