"""The database as a whole: opening it, its tables, and what can be read from its file."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Date, DateTime, Engine, text
from sqlalchemy.types import TypeDecorator

from assistant.domain import CheckKind, Created, Response
from assistant.errors import StorageUnavailable
from assistant.storage import Storage
from assistant.storage.connecting import connect, read_url
from assistant.storage.keys import hash_of
from assistant.storage.migrating import _config
from assistant.storage.models import Model

_ROOT = Path(__file__).parents[2]


def test_the_migrations_make_the_tables_of_the_models(storage: Storage, engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Model.metadata) == []


def test_a_database_of_the_first_release_is_brought_up_to_this_one(url: str, tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    engine = connect(read_url(url))
    with engine.execution_options(is_writer=True).begin() as connection:
        command.upgrade(_config(connection), "0001")
        kept = "INSERT INTO portfolios (id, key_hash, share_code) VALUES ('a', :hash, 'code')"
        connection.execute(text(kept), {"hash": hash_of("sleutel")})

    storage = Storage.open(url)
    assert storage.portfolios.portfolio("sleutel").share_code == "code"
    assert storage.conversations.listed("bezoeker") == ()
    storage.close()
    engine.dispose()


def test_opening_again_finds_what_was_kept(url: str, storage: Storage, created: Created) -> None:
    storage.close()

    for _ in range(2):
        reopened = Storage.open(url)
        assert reopened.checks.owned(created.owner_key) == created.check
        reopened.close()


def test_processes_that_open_a_new_database_at_once_all_can(url: str, tmp_path: Path) -> None:
    starting_shot = tmp_path / "go"
    command = [sys.executable, "-m", "tests.storage.opening_process", url, str(starting_shot)]
    processes = [
        subprocess.Popen(command, cwd=_ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    for one in processes:
        assert one.stdout
        assert one.stdout.readline() == "ready\n"
    starting_shot.touch()
    said = [one.communicate(timeout=60) for one in processes]

    assert [one.returncode for one in processes] == [0, 0, 0], said
    opened = Storage.open(url)
    for key, _ in said:
        assert opened.checks.owned(key.strip()).alliance == "Samen"
    opened.close()


def test_a_database_of_a_newer_release_is_refused_and_left_alone(
    url: str, storage: Storage, created: Created, engine: Engine
) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(StorageUnavailable, match=r"made by a newer release.*9999"):
        Storage.open(url)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == "9999"
    assert storage.checks.owned(created.owner_key) == created.check


def test_nothing_says_when_a_person_answered_a_check() -> None:
    moments = set()
    for table in Model.metadata.sorted_tables:
        for column in table.columns:
            kind = column.type.impl if isinstance(column.type, TypeDecorator) else column.type
            if isinstance(kind, (Date, DateTime)):
                moments.add(f"{table.name}.{column.name}")

    of_checks = {"checks.created", "checks.closed", "checks.last_active", "chosen_actions.due"}
    of_conversations = {"conversations.changed", "conversations.last_active", "feedback.given"}
    of_conversations.add("sent_feedback.given")
    of_keys = {"api_keys.created", "api_keys.expires", "api_keys.revoked", "api_keys.last_used"}
    of_keys.add("access_sessions.expires")
    of_batches = {"batches.created", "batches.expires", "batches.turn", "batches.leased_until"}
    of_documents = {"documents.added", "documents.last_active", "documents.turn", "documents.leased_until"}
    of_machines = {"erasures.noted", "index_versions.announced"}  # What was erased, by an id that is gone.
    assert moments - of_machines == of_checks | of_conversations | of_keys | of_batches | of_documents


def test_no_secret_can_be_read_from_the_tables(storage: Storage, created: Created, engine: Engine) -> None:
    code = storage.respondents.begin(created.invitations["gemeente"]).code
    portfolio = storage.portfolios.open_portfolio()

    with engine.connect() as connection:
        rows = [connection.execute(table.select()).all() for table in Model.metadata.sorted_tables]
    kept = repr(rows)

    for secret in (created.owner_key, portfolio.key, code, code.replace("-", "")):
        assert secret not in kept
    for plain in (created.invitations["gemeente"], portfolio.share_code):
        assert plain in kept


# ── SQLite alone ─────────────────────────────────────────────────────────────


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder that isn't there yet."""
    return tmp_path / "nieuw" / "map"


@pytest.fixture
def filled(folder: Path) -> tuple[Storage, Created, str]:
    """Give a database in ``folder`` with a check and the code of its respondent."""
    storage = Storage.open(f"sqlite:///{folder / 'assistant.db'}")
    created = storage.checks.create("Samen", ["Gemeente", "Zorg"], CheckKind.FULL, "1")
    code = storage.respondents.begin(created.invitations["gemeente"]).code
    storage.respondents.save(code, Response("a", 3, "Een zin die niemand mag terugvinden."))
    return storage, created, code


def _bytes_in(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.iterdir()))


def test_sqlite_keeps_its_files_for_their_owner_alone(
    folder: Path, filled: tuple[Storage, Created, str]
) -> None:
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}

    assert {name: modes[name] for name in modes if not name.endswith(".lock")} == {
        "assistant.db": 0o600,
        "assistant.db-wal": 0o600,
        "assistant.db-shm": 0o600,
    }
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    filled[0].close()


def test_no_secret_stands_in_the_files_of_sqlite(folder: Path, filled: tuple[Storage, Created, str]) -> None:
    storage, created, code = filled
    portfolio = storage.portfolios.open_portfolio()

    kept = _bytes_in(folder)
    assert created.invitations["gemeente"].encode() in kept
    for secret in (created.owner_key, portfolio.key, code, code.replace("-", "")):
        assert secret.encode() not in kept
        assert secret.encode("utf-16-le") not in kept
    storage.close()


def test_what_is_withdrawn_or_erased_is_gone_from_the_files_of_sqlite(
    folder: Path, filled: tuple[Storage, Created, str]
) -> None:
    storage, created, code = filled
    storage.checks.close(created.owner_key, '{"opmerking": "Een zin die niemand mag terugvinden."}')
    assert b"niemand mag terugvinden" in _bytes_in(folder)

    storage.respondents.withdraw(code, lambda report, left: "{}")
    assert b"niemand mag terugvinden" not in _bytes_in(folder)
    assert b"Gemeente" in _bytes_in(folder)
    storage.checks.erase(created.owner_key)
    assert b"Gemeente" not in _bytes_in(folder)
    storage.close()


def test_sqlite_waits_for_the_disk_and_keeps_its_tables_whole(
    folder: Path, filled: tuple[Storage, Created, str]
) -> None:
    expected = {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "secure_delete": 1,
        "busy_timeout": 30_000,
    }
    engine = connect(read_url(f"sqlite:///{folder / 'assistant.db'}"))
    with engine.connect() as connection:
        told = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in expected}

    assert told == expected
    engine.dispose()
    filled[0].close()


def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "brief.txt"
    path.write_text("Dit is een brief en geen database. " * 100)

    with pytest.raises(StorageUnavailable, match="file is not a database"):
        Storage.open(f"sqlite:///{path}")
    assert path.read_text().startswith("Dit is een brief")


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "bestand").write_text("")

    with pytest.raises(StorageUnavailable, match="bestand"):
        Storage.open(f"sqlite:///{tmp_path / 'bestand' / 'map' / 'assistant.db'}")


# ── PostgreSQL alone ─────────────────────────────────────────────────────────


def test_a_server_that_closed_all_connections_is_found_again(postgresql_url: str) -> None:
    storage = Storage.open(f"{postgresql_url}&application_name=afgebroken")
    created = storage.checks.create("Samen", ["Gemeente"], CheckKind.FULL, "1")
    end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'afgebroken'"
    with psycopg.connect(postgresql_url) as connection:
        assert connection.execute(end).fetchall()

    assert storage.checks.owned(created.owner_key) == created.check
    storage.close()
