"""The whole product: after requests of all kinds, its log holds nothing of what people sent or got."""

from __future__ import annotations

import re
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2 as httpx
import pytest

from assistant.bootstrap.access import open_access
from assistant.domain import KeyScope
from assistant.settings import Settings
from tests.surfaces.operating.conftest import ROOT, Process
from tests.surfaces.serving import COMMAND

QUESTION = "Hoe ga je om met een paradox in de samenwerking met Vlinderstichting?"
PRIVATE = ("Vlinderstichting", "Kwetsbare Wijken", "verborgen-vraag")


@pytest.fixture(scope="module")
def secret(served_settings: Settings) -> str:
    with open_access(served_settings) as access:
        return access.create("proef", KeyScope).secret


@pytest.fixture(scope="module")
def served_settings(card_settings: Settings, module_folder: Path) -> Settings:
    chosen = {"database_url": f"sqlite:///{module_folder / 'served.db'}", "log_format": "json", "port": 0}
    return card_settings.model_copy(update=chosen)


@pytest.fixture(scope="module")
def process(served_settings: Settings, secret: str, module_folder: Path) -> Iterator[Process]:
    log = module_folder / "served.txt"
    with log.open("wb") as said:
        environment = {**served_settings.as_environment(), "OMP_NUM_THREADS": "1"}
        child = subprocess.Popen([*COMMAND, "serve"], cwd=ROOT, env=environment, stdout=said, stderr=said)
    try:
        yield Process(child, wait_for_address(child, log), log)
    finally:
        child.kill()
        child.wait(20)


def wait_for_address(child: subprocess.Popen[bytes], log: Path) -> str:
    for _ in range(1200):
        if found := re.search(r"http://[\d.:]+", log.read_text(encoding="utf-8")):
            return found[0]
        if child.poll() is not None:
            break
        time.sleep(0.05)
    pytest.fail(f"the server gave no address:\n{log.read_text(encoding='utf-8')}")


class Talk:
    """Requests of all kinds, and what in them is secret."""

    def __init__(self, client: httpx.Client, secret: str) -> None:
        self._client = client
        self._key = {"Authorization": f"Bearer {secret}"}
        self.secrets = [secret]
        self.answers: list[str] = []

    def ask(self) -> None:
        for fields in ({}, {"stream": True}):
            response = self._post("/v1/answers", {"question": QUESTION, **fields}, 200)
            self.answers += re.findall(r'"answer":"(.{20})', response.text)
        chat = {"model": "alliantie", "messages": [{"role": "user", "content": QUESTION}]}
        self._post("/v1/chat/completions", chat)
        self._client.get("/v1/search", params={"q": QUESTION}, headers=self._key)
        self._post("/v1/answers:batch", {"questions": [{"question": QUESTION}]}, 202)

    def fail(self) -> None:
        self._post("/v1/answers", {"question": "Vlinderstichting" * 500}, 422)
        self._post("/v1/answers", {"question": QUESTION, "Vlinderstichting": 1}, 422)
        self._client.post("/v1/answers", content='{"Vlinderstichting', headers={**self._key, **JSON})
        self._client.get("/v1/cards/verborgen-vraag-over-Vlinderstichting", headers=self._key)
        self._client.get("/v1/nergens/Vlinderstichting?vraag=verborgen-vraag", headers=self._key)
        self._client.get("/nergens/Vlinderstichting", headers=self._key)
        self._post("/v1/health-checks", {"alliance": "Kwetsbare Wijken", "organisations": ["A"]}, 422)

    def check(self) -> None:
        body = {"alliance": "Kwetsbare Wijken", "organisations": ["Vlinderstichting", "B"]}
        made = self._post("/v1/health-checks", body, 201).json()
        tokens = re.findall(r"[0-9a-f]{32}", str(made))
        assert tokens
        self.secrets += tokens
        for token in tokens:
            self._client.get(f"/check/uitnodiging/{token}", headers=HTML)
            self._client.get(f"/check/{token}", headers={**HTML, **self._key})
            self._client.get(f"/v1/nergens/{token}", headers={**self._key, "X-Check-Key": token})

    def come_in(self) -> None:
        wrong = "alliantie_" + "x" * 43
        self.secrets.append(wrong)
        self._client.get("/v1/sources", headers={"Authorization": f"Bearer {wrong}"})
        self._client.get(f"/v1/sources?key={self.secrets[0]}")
        self._client.get(f"/v1/sources/{self.secrets[0]}")
        own = {"Origin": str(self._client.base_url).rstrip("/")}
        for name in ("sleutel", "key", "secret"):
            self._client.post("/aanmelden", data={name: self.secrets[0]}, headers={**HTML, **own})
        self._client.get("/", headers=HTML)
        self._client.get("/gesprekken", headers=HTML)
        self.secrets += [cookie.value or "" for cookie in self._client.cookies.jar]

    def _post(self, path: str, body: object, expected: int | None = None) -> httpx.Response:
        response = self._client.post(path, json=body, headers=self._key)
        assert expected in (None, response.status_code), response.text
        return response


HTML = {"Accept": "text/html"}
JSON = {"Content-Type": "application/json"}


def test_no_question_answer_key_or_cookie_is_logged_and_it_stops_in_order(
    process: Process, secret: str
) -> None:
    with process.client() as client:
        talk = Talk(client, secret)
        for act in (talk.ask, talk.fail, talk.check, talk.come_in):
            act()
        with client.stream("GET", "/gradio_api/heartbeat/x", headers={"Authorization": f"Bearer {secret}"}):
            began = time.monotonic()
            process.child.send_signal(signal.SIGINT)
            assert process.child.wait(20) == 0
            assert time.monotonic() - began < 10
    assert len(talk.secrets) > 4
    assert len(talk.answers) == 2
    logged = process.logged
    assert "Traceback" not in logged
    assert "ERROR" not in logged
    for private in (*talk.secrets, *talk.answers, *PRIVATE, QUESTION):
        assert private
        assert private not in logged
    routes = {line["route"] for line in process.lines if line["logger"] == "assistant.access"}
    assert {"/v1/answers", "/v1/cards/{card_id}", "/check/uitnodiging/{token}", "/aanmelden"} <= routes
    assert all(line["request_id"] for line in process.lines if line["logger"] == "assistant.access")
