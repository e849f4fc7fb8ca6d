"""Readiness tells the truth of each part, without asking the database more than it must."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from assistant.answering.prompts import Texts
from assistant.domain import Status
from assistant.errors import IndexDamaged, StorageUnavailable
from assistant.settings import default_prompts
from assistant.storage import Storage
from assistant.surfaces.api import build_api
from assistant.surfaces.api.health import Checks
from assistant.surfaces.api.problems import Rejection
from assistant.surfaces.operating.readiness import Sampled, check_database
from tests.fakes import FakeAssistant


class Database:
    """Counts how often it is asked, and is away when told so."""

    def __init__(self) -> None:
        self.asked = 0
        self.is_away = False

    def check(self) -> None:
        self.asked += 1
        if self.is_away:
            raise StorageUnavailable(url="postgresql://…", reason="wachtwoord geheim")


@pytest.fixture
def database() -> Database:
    return Database()


def connect(checks: Checks, status: Status | None = None) -> TestClient:
    texts = Texts.read(default_prompts() / "problems.yaml")
    return TestClient(build_api(FakeAssistant(status=status), texts, checks=checks))


def test_every_check_is_shown(database: Database) -> None:
    ready = connect({"database": check_database(database.check)}).get("/readyz")
    assert ready.status_code == 200
    assert ready.json()["checks"] == {
        "database": {"ok": True, "detail": None},
        "index": {"ok": True, "detail": None},
    }


def test_without_its_database_it_is_not_ready_and_tells_no_address(database: Database) -> None:
    database.is_away = True
    ready = connect({"database": check_database(database.check)}).get("/readyz")
    assert (ready.status_code, ready.headers["content-type"]) == (503, "application/problem+json")
    assert ready.headers["retry-after"]
    assert ready.json()["type"] == "urn:alliantie:probleem:database-weg"
    assert ready.json()["checks"]["database"]["ok"] is False
    assert ready.json()["checks"]["index"] == {"ok": True}
    assert "geheim" not in ready.text
    assert "postgresql" not in ready.text


def test_an_index_that_cannot_be_opened_is_not_ready(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(assistant: FakeAssistant) -> Status:
        raise IndexDamaged(file="/map/bestand")

    monkeypatch.setattr(FakeAssistant, "status", fail)
    ready = connect({"database": check_database(database.check)}).get("/readyz")
    assert ready.status_code == 503
    assert ready.json()["type"] == "urn:alliantie:probleem:index-beschadigd"
    assert ready.json()["checks"]["database"]["ok"] is True


def test_life_does_not_depend_on_any_check(database: Database) -> None:
    database.is_away = True
    client = connect({"database": check_database(database.check)}, Status(None, 0, (), None))
    assert client.get("/healthz").json() == {"status": "ok"}


def test_who_asks_often_is_told_what_was_seen_just_now(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 100.0
    monkeypatch.setattr("assistant.surfaces.operating.readiness.monotonic", lambda: now)
    check = check_database(database.check)
    for _ in range(20):
        check()
    database.is_away = True
    check()
    assert database.asked == 1
    now += 1
    for _ in range(2):
        with pytest.raises(Rejection):
            check()
    assert database.asked == 2


def test_a_database_that_does_not_answer_holds_up_one_thread() -> None:
    entered, answer = threading.Event(), threading.Event()
    asked = []

    def hang() -> None:
        asked.append(1)
        if len(asked) > 1:
            entered.set()
            answer.wait(10)

    check = Sampled(hang)
    check()
    check._looked = -10.0
    waiting = threading.Thread(target=check)
    waiting.start()
    assert entered.wait(5)
    check()  # Would hang too, if it asked.
    answer.set()
    waiting.join(5)
    assert len(asked) == 2


def test_a_database_in_order_gives_a_sign_of_life(tmp_path: Path) -> None:
    storage = Storage.open(f"sqlite:///{tmp_path / 'assistant.db'}")
    storage.check()
    storage.close()
    (tmp_path / "assistant.db").write_bytes(b"geen database")
    with pytest.raises(StorageUnavailable):
        storage.check()
