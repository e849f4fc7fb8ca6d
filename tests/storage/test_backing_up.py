"""Backups: all that is kept goes from any database to any other, and nothing comes back that was erased."""

from __future__ import annotations

import json
import stat
import threading
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import MetaData, select, text

from assistant.domain import (
    Check,
    CheckKind,
    ChosenAction,
    Created,
    CreatedKey,
    DocumentFormat,
    Feedback,
    KeyScope,
    Question,
    Response,
    Submission,
    Verdict,
)
from assistant.errors import BackupError, StorageUnavailable, UnknownKey
from assistant.storage import Storage
from assistant.storage.backing_up import LEFT_OUT, write_backup
from assistant.storage.connecting import connected
from assistant.storage.erasures import Erasure, ErasureFile
from assistant.storage.migrating import changing, upgrade
from assistant.storage.restoring import restore_backup
from tests.storage.talking import ANNA, BRAM, exchange

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)

Kept = dict[str, list[tuple[Any, ...]]]


class Filled:
    """A database with something in every corner, and how to reach it."""

    def __init__(self, storage: Storage) -> None:
        checks = storage.checks
        self.check: Created = checks.create("Zorg é🌱", ["Rivierduin", "Thuis & Co"], CheckKind.FULL, "1")
        tokens = list(checks.invitations(self.check.owner_key).values())
        self.codes = [storage.respondents.begin(token).code for token in tokens]
        for code in self.codes:
            storage.respondents.save(code, Response("doel", 4, "een ‘opmerking’\n{json: true}"))
        checks.close(self.check.owner_key, '{"people": 2}')
        checks.choose(self.check.owner_key, [ChosenAction("a", "Praten", "Els", date(2026, 4, 1), False)])
        self.conversation = storage.conversations.keep(ANNA, exchange(), "Van Anna")
        other = exchange()
        self.other = storage.conversations.keep(BRAM, other, "Van Bram")
        storage.feedback.give(BRAM, other.id, Feedback(Verdict.WRONG, ("verouderd",), "écht"))
        self.key: CreatedKey = storage.api_keys.create("Portaal", [KeyScope.ASK], daily_questions=7)
        self.batch = storage.batches.create("local", [Question("Wat is vertrouwen?")])
        self.document = storage.documents.add(
            "local", "a.txt", DocumentFormat.TEXT, "A", bytes(range(256)) * 4, is_shared=True
        )


@pytest.fixture
def filled(storage: Storage) -> Filled:
    return Filled(storage)


@pytest.fixture
def empty(url: str, tmp_path: Path, other_postgresql: Callable[[], str]) -> str:
    """Give the URL of another database, of the other kind."""
    return other_postgresql() if url.startswith("sqlite") else _sqlite(tmp_path)


@pytest.fixture
def fresh(tmp_path: Path) -> str:
    """Give the URL of another database in SQLite."""
    return _sqlite(tmp_path)


def _sqlite(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'other' / 'assistant.db'}"


in_sqlite = pytest.mark.parametrize("url", ["sqlite"], indirect=True)
"""For what doesn't depend on the kind of database."""


def shorten(report: str, check: Check, left: tuple[Submission, ...]) -> str:
    return json.dumps({"people": len(left), "check": check.alliance})


def restore(url: str, path: Path, *erased: Erasure, overwrite: bool = False) -> None:
    restore_backup(url, path, erased, shorten, overwrite=overwrite)


def contents(url: str) -> Kept:
    """Return all rows of all tables that a backup holds."""
    with connected(url) as engine, engine.connect() as connection:
        metadata = MetaData()
        metadata.reflect(connection)
        kept: Kept = {}
        for name, table in metadata.tables.items():
            if name not in LEFT_OUT:
                rows = [tuple(map(_in_utc, row)) for row in connection.execute(select(table))]
                kept[name] = sorted(rows, key=repr)
        return kept


def _in_utc(value: object) -> object:
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) and not value.tzinfo else value


def test_a_backup_puts_back_all_that_was_kept_in_any_database(
    url: str, filled: Filled, empty: str, tmp_path: Path
) -> None:
    path = tmp_path / "kopie.zip"
    before = contents(url)
    assert all(before[name] for name in ("responses", "documents", "document_files", "feedback", "api_keys"))
    written = write_backup(url, path, NOW)
    restore(empty, path)
    assert contents(empty) == before
    assert written.rows == sum(map(len, before.values())) - len(before["alembic_version"])
    opened = Storage.open(empty)
    assert opened.respondents.respondent(filled.codes[1]).responses["doel"].score == 4
    assert opened.documents.file("local", filled.document.id) == bytes(range(256)) * 4
    opened.conversations.erase_all(ANNA)  # The database that was restored notes erasures too.
    assert [one.kind for one in opened.erasures.all()] == ["conversations"]
    opened.close()


@in_sqlite
def test_only_its_owner_can_read_a_backup_and_it_takes_no_files_place(
    url: str, filled: Filled, tmp_path: Path
) -> None:
    path = tmp_path / "kopie.zip"
    write_backup(url, path, NOW)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    kept = path.read_bytes()
    with pytest.raises(BackupError) as refused:
        write_backup(url, path, NOW)
    assert refused.value.details["fault"] == "exists"
    assert path.read_bytes() == kept
    assert [one.name for one in tmp_path.iterdir() if one.name.endswith(".tmp")] == []


def test_a_backup_is_of_one_moment_while_others_write(
    url: str, storage: Storage, filled: Filled, tmp_path: Path
) -> None:
    stop = threading.Event()

    def talk() -> None:
        while not stop.is_set():
            storage.conversations.keep(ANNA, exchange(), "Nog een")

    talking = threading.Thread(target=talk)
    talking.start()
    try:
        for number in range(2):
            write_backup(url, tmp_path / f"{number}.zip", NOW)
    finally:
        stop.set()
        talking.join()
    for number in range(2):
        other = f"sqlite:///{tmp_path / str(number) / 'a.db'}"
        restore(other, tmp_path / f"{number}.zip")
        kept = contents(other)
        assert len(kept["exchanges"]) == len(kept["conversations"])


@in_sqlite
def test_what_is_there_stays_unless_overwriting_is_asked_for(
    url: str, storage: Storage, filled: Filled, tmp_path: Path
) -> None:
    path = tmp_path / "kopie.zip"
    write_backup(url, path, NOW)
    storage.conversations.keep(BRAM, exchange(), "Later")
    before = contents(url)
    with pytest.raises(BackupError) as refused:
        restore(url, path)
    assert refused.value.details["fault"] == "not-empty"
    assert contents(url) == before
    restore(url, path, overwrite=True)
    assert len(contents(url)["conversations"]) == len(before["conversations"]) - 1
    assert len(storage.conversations.listed(BRAM)) == 1


def test_what_was_erased_after_the_backup_does_not_come_back(
    url: str, storage: Storage, filled: Filled, tmp_path: Path
) -> None:
    path = tmp_path / "kopie.zip"
    write_backup(url, path, NOW)
    storage.respondents.withdraw(filled.codes[0])
    storage.conversations.erase(ANNA, filled.conversation)
    storage.documents.share("local", filled.document.id, False)
    storage.batches.erase("local", filled.batch.id)
    storage.api_keys.revoke(filled.key.key.id)
    restore(url, path, overwrite=True)

    with pytest.raises(UnknownKey):
        storage.respondents.respondent(filled.codes[0])
    assert storage.respondents.respondent(filled.codes[1]).responses["doel"].score == 4
    assert json.loads(storage.checks.report(filled.check.owner_key) or "") == {
        "people": 1,
        "check": "Zorg é🌱",
    }
    assert storage.conversations.listed(ANNA) == ()
    assert len(storage.conversations.listed(BRAM)) == 1
    assert not storage.documents.get("local", filled.document.id).is_shared
    assert [key.revoked is None for key in storage.api_keys.all()] == [False]
    with pytest.raises(UnknownKey):
        storage.batches.batch("local", filled.batch.id)


@in_sqlite
def test_what_was_erased_does_not_come_back_in_a_new_database_either(
    url: str, storage: Storage, filled: Filled, fresh: str, tmp_path: Path
) -> None:
    path, remembered = tmp_path / "kopie.zip", ErasureFile(tmp_path / "erased.tsv")
    write_backup(url, path, NOW)
    storage.documents.erase("local", filled.document.id)
    storage.conversations.erase_all(BRAM)
    remembered.keep(storage.erasures.all())
    restore(fresh, path, *remembered.read())
    kept = contents(fresh)
    assert (kept["documents"], kept["document_files"], len(kept["conversations"])) == ([], [], 1)
    noted = {(one.kind, one.key_hash) for one in storage.erasures.all()}
    opened = Storage.open(fresh)
    assert {(one.kind, one.key_hash) for one in opened.erasures.all()} == noted
    opened.close()


@in_sqlite
def test_what_a_later_backup_holds_again_is_put_back(
    url: str, storage: Storage, filled: Filled, tmp_path: Path
) -> None:
    owner, code = filled.check.owner_key, storage.portfolios.open_portfolio().share_code
    storage.portfolios.share(owner, code)
    storage.portfolios.unshare(owner, code)
    storage.portfolios.share(owner, code)
    write_backup(url, tmp_path / "kopie.zip", NOW)
    restore(url, tmp_path / "kopie.zip", overwrite=True)
    assert len(contents(url)["shared_checks"]) == 1


@in_sqlite
def test_a_backup_of_an_older_release_is_brought_up_to_this_one(url: str, fresh: str, tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir(exist_ok=True)
    with connected(url) as engine, changing(engine) as connection:
        upgrade(connection, "0002")
        kept = "INSERT INTO portfolios (id, key_hash, share_code) VALUES ('a', :hash, 'code')"
        connection.execute(text(kept), {"hash": b"\x00" * 32})
    write_backup(url, tmp_path / "oud.zip", NOW)
    restore(fresh, tmp_path / "oud.zip")
    with connected(fresh) as engine, engine.connect() as connection:
        assert connection.scalar(text("SELECT share_code FROM portfolios")) == "code"
    Storage.open(fresh).close()


@in_sqlite
def test_a_backup_of_a_newer_release_is_refused(url: str, filled: Filled, fresh: str, tmp_path: Path) -> None:
    write_backup(url, tmp_path / "kopie.zip", NOW)
    newer = altered(tmp_path / "kopie.zip", lambda name, content: content.replace(b'"0007"', b'"0999"'))
    with pytest.raises(BackupError) as refused:
        restore(fresh, newer)
    assert refused.value.details["fault"] == "newer"


@in_sqlite
def test_a_damaged_backup_is_refused_and_changes_nothing(
    url: str, storage: Storage, filled: Filled, tmp_path: Path
) -> None:
    path = tmp_path / "kopie.zip"
    write_backup(url, path, NOW)
    whole, before = path.read_bytes(), contents(url)
    middle = whole.index(b"tables/documents.jsonl") + 60
    flipped = whole[:middle] + bytes([whole[middle] ^ 0x10]) + whole[middle + 1 :]
    other = altered(path, lambda name, content: content.replace(b"Rivierduin", b"Rivierduif")).read_bytes()
    for damaged in (flipped, other, whole[: len(whole) // 2], b"", b"hallo"):
        path.write_bytes(damaged)
        with pytest.raises(BackupError) as refused:
            restore(url, path, overwrite=True)
        assert refused.value.details["fault"] == "damaged"
        assert contents(url) == before


def test_a_restore_that_fails_half_way_changes_nothing(
    url: str, storage: Storage, filled: Filled, tmp_path: Path
) -> None:
    write_backup(url, tmp_path / "kopie.zip", NOW)
    before = contents(url)

    def fail(report: str, check: Check, left: tuple[Submission, ...]) -> str:
        raise RuntimeError

    storage.respondents.withdraw(filled.codes[0])
    after = contents(url)
    with pytest.raises(RuntimeError):
        restore_backup(url, tmp_path / "kopie.zip", (), fail, overwrite=True)
    assert contents(url) == after != before


def test_nothing_is_written_where_there_is_nothing(tmp_path: Path) -> None:
    (tmp_path / "leeg.db").touch()
    with pytest.raises(BackupError) as refused:
        write_backup(f"sqlite:///{tmp_path / 'leeg.db'}", tmp_path / "kopie.zip", NOW)
    assert refused.value.details["fault"] == "nothing"
    with pytest.raises((BackupError, StorageUnavailable)):
        write_backup(f"sqlite:///{tmp_path / 'weg' / 'x.db'}", tmp_path / "kopie.zip", NOW)
    assert not (tmp_path / "kopie.zip").exists()


def test_the_file_of_erasures_survives_a_line_that_was_cut_off(tmp_path: Path) -> None:
    file = ErasureFile(tmp_path / "erased.tsv")
    first, second = (Erasure(id_, "checks", "k", date(2026, 1, 2)) for id_ in ("a", "b"))
    file.keep([first])
    with (tmp_path / "erased.tsv").open("a") as cut:
        cut.write("c\tche")
    file.keep([first, second])
    assert file.read() == (first, second)
    assert stat.S_IMODE((tmp_path / "erased.tsv").stat().st_mode) == 0o600


def altered(path: Path, change: Callable[[str, bytes], bytes]) -> Path:
    """Write a zip with other members, which are sound as a zip."""
    other = path.with_name("anders.zip")
    with zipfile.ZipFile(path) as archive, zipfile.ZipFile(other, "w") as changed:
        for name in archive.namelist():
            changed.writestr(name, change(name, archive.read(name)))
    return other
