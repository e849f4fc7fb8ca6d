"""The SDK's client against the real thing: ``alliantie mcp`` over stdio, ``alliantie serve`` over HTTP."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from mcp.client.stdio import StdioServerParameters

from assistant.settings import Settings, read_settings
from tests.surfaces.mcp.checked import PARTNERS, Keys, make_checks
from tests.surfaces.mcp.talking import Talking, talking, talking_with, text_of
from tests.surfaces.serving import COMMAND, ROOT, Running, serving

ANSWERED = [
    ("Waarom is vertrouwen belangrijk in een alliantie?", "vertrouwen"),
    ("Welke rollen heeft een alliantiemanager?", "rol"),
    ("Welke vier fasen kent een waardengedreven alliantie?", "evolu"),
]
REFUSED = ["Wat is de hoofdstad van Frankrijk?", "Wie won in 2022 het wereldkampioenschap voetbal?"]

pytestmark = pytest.mark.originals


@pytest.fixture(scope="module")
def settings(original_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    database = tmp_path_factory.mktemp("mcp") / "mcp.db"
    return original_settings.model_copy(update={"database_url": f"sqlite:///{database}"})


@pytest.fixture(scope="module")
def server(settings: Settings) -> Iterator[Running]:
    with serving(settings) as running:
        yield running


@pytest.fixture(scope="module")
def keys(server: Running) -> Keys:
    return make_checks(server.address)


@pytest.fixture(scope="module")
def over_http(server: Running, keys: Keys) -> Iterator[Talking]:
    headers = {"X-Check-Key": keys.closed, "X-Portfolio-Key": keys.portfolio}
    with talking_with(headers, f"{server.address}/mcp") as connected:
        yield connected


@pytest.fixture(scope="module")
def over_stdio(settings: Settings, keys: Keys) -> Iterator[Talking]:
    own = {"check_key": keys.closed, "portfolio_key": keys.portfolio}
    environment = settings.model_copy(update=own).as_environment()
    command = [sys.executable, "-W", "error", *COMMAND[1:], "mcp"]
    parameters = StdioServerParameters(command=command[0], args=command[1:], env=environment, cwd=ROOT)
    with talking(parameters) as connected:
        yield connected


@pytest.fixture(params=["over_stdio", "over_http"])
def connection(request: pytest.FixtureRequest) -> Talking:
    connected: Talking = request.getfixturevalue(request.param)
    return connected


@pytest.mark.parametrize(("question", "word"), ANSWERED)
def test_an_answer_has_a_citation_for_every_mark(connection: Talking, question: str, word: str) -> None:
    result = connection.call("answer", question=question)
    answer = result.structured_content
    assert answer["refused"] is False
    assert word in answer["answer"].lower()
    numbers = {citation["number"] for citation in answer["citations"]}
    assert numbers == {int(mark) for mark in re.findall(r"\[(\d+)\]", answer["answer"])}
    assert text_of(result).startswith(answer["answer"])
    assert all(citation["label"] in text_of(result) for citation in answer["citations"])


@pytest.mark.parametrize("question", REFUSED)
def test_what_the_sources_do_not_say_is_refused(connection: Talking, question: str) -> None:
    answer = connection.value("answer", question=question)
    assert (answer["refused"], answer["citations"]) == (True, [])
    assert "Ik heb gezocht in" in answer["answer"]


def test_a_passage_is_what_its_citation_quotes(connection: Talking) -> None:
    citations = connection.value("answer", question=ANSWERED[2][0])["citations"]
    assert citations
    for citation in citations:
        place = {name: citation[name] for name in ("source_id", "start", "end")}
        passage = connection.value("source_passage", **place, margin=50)
        assert (passage["text"], passage["section"]) == (citation["quote"], citation["section"])
        assert len(passage["before"]) <= 50
        assert len(passage["after"]) <= 50


def test_a_search_gives_passages_at_their_place(connection: Talking) -> None:
    found = connection.value("search", query="vertrouwen", limit=3, kinds=["bron"])["passages"]
    assert [passage["kind"] for passage in found] == ["bron"] * 3
    for passage in found:
        place = {name: passage[name] for name in ("source_id", "start", "end")}
        assert connection.value("source_passage", **place)["text"] == passage["text"]


def test_the_keys_of_the_connection_open_the_report_that_the_api_gives(
    connection: Talking, server: Running, keys: Keys
) -> None:
    result = connection.value("health_check_result")
    asked = urllib.request.Request(  # noqa: S310 - loopback
        f"{server.address}/v1/health-checks/mine/report", headers={"X-Check-Key": keys.closed}
    )
    with urllib.request.urlopen(asked, timeout=30) as response:  # noqa: S310 - loopback
        assert result["report"] == json.load(response)
    assert sorted(check["alliance"] for check in result["checks"]) == ["De Brug", "Vitale wijken"]
    sizes = [group["respondents"] for group in result["report"]["groups"]]
    assert sum(sizes) == result["report"]["respondents"] == 9
    assert min(sizes) >= 3
    assert not any(group["label"] == PARTNERS[2] for group in result["report"]["groups"])


def test_a_check_of_the_portfolio_is_found_by_its_id(connection: Talking) -> None:
    checks = connection.value("health_check_result")["checks"]
    by_alliance = {check["alliance"]: check["id"] for check in checks}
    report = connection.value("health_check_result", check_id=by_alliance["Vitale wijken"])["report"]
    assert report["respondents"] == 9
    assert "nog open" in connection.error("health_check_result", check_id=by_alliance["De Brug"])


def test_no_key_and_a_wrong_key_show_no_report(server: Running, keys: Keys) -> None:
    address = f"{server.address}/mcp"
    with talking(address) as connected:
        assert "ASSISTANT_CHECK_KEY" in connected.error("health_check_result")
    with talking_with({"X-Check-Key": "verzonnen"}, address) as connected:
        assert "hoort niets" in connected.error("health_check_result")
    with talking_with({"X-Check-Key": keys.open}, address) as connected:
        assert "nog open" in connected.error("health_check_result")


def test_a_client_of_an_older_protocol_gets_the_same(server: Running, over_http: Talking) -> None:
    with talking(f"{server.address}/mcp", mode="legacy") as older:
        assert older.client.protocol_version < over_http.client.protocol_version
        assert older.tools().keys() == over_http.tools().keys()
        question = REFUSED[0]
        said = [one.value("answer", question=question)["answer"] for one in (older, over_http)]
        assert said[0] == said[1]


def test_other_methods_hosts_and_origins_are_turned_away(server: Running) -> None:
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/list"}).encode()
    kinds = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
    refused = [
        status(server, method="GET"),
        status(server, method="DELETE"),
        status(server, body, kinds | {"Host": "kwaad.example"}),
        status(server, body, kinds | {"Origin": "https://kwaad.example"}),
        status(server, body, kinds | {"Content-Type": "text/plain"}),
        status(server, b"x" * 1_100_000, kinds),
    ]
    assert status(server, body, kinds) == 200
    assert [code // 100 for code in refused] == [4] * len(refused)
    assert refused[:2] == [405, 405]


def test_answers_carry_the_headers_that_protect(server: Running) -> None:
    request = urllib.request.Request(f"{server.address}/mcp", method="GET")  # noqa: S310 - loopback
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=30)  # noqa: S310 - loopback
    assert refused.value.headers["X-Content-Type-Options"] == "nosniff"
    assert refused.value.headers["Content-Type"] == "application/problem+json"
    refused.value.close()


def test_standard_output_carries_the_protocol_alone_even_if_nothing_can_be_opened(tmp_path: Path) -> None:
    settings = read_settings(data=tmp_path, embedding="onbekend")
    messages: list[dict[str, Any]] = [
        {"method": "initialize", "params": {"protocolVersion": "2025-06-18", "capabilities": {},
         "clientInfo": {"name": "proef", "version": "1"}}},
        {"method": "tools/list"},
        {"method": "tools/call", "params": {"name": "list_sources"}},
    ]  # fmt: skip
    log = tmp_path / "stderr"
    with log.open("w") as said, subprocess.Popen(
        [sys.executable, "-X", "importtime", *COMMAND[1:], "mcp"],
        env=settings.as_environment(), cwd=ROOT, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=said,
    ) as process:  # fmt: skip
        assert process.stdin is not None
        assert process.stdout is not None
        replies = []
        for number, message in enumerate(messages):
            process.stdin.write(json.dumps({"jsonrpc": "2.0", "id": number, **message}) + "\n")
            process.stdin.flush()
            replies.append(json.loads(process.stdout.readline()))
        rest = process.communicate(timeout=30)[0]
    remarks = log.read_text()
    assert ([reply["id"] for reply in replies], rest, process.returncode) == ([0, 1, 2], "", 0)
    assert replies[2]["result"]["isError"] is True
    assert "De engine onbekend bestaat niet" in remarks
    assert not re.search(r"\| +gradio$", remarks, re.MULTILINE)


def status(
    server: Running, body: bytes | None = None, headers: dict[str, str] | None = None, method: str = "POST"
) -> int:
    request = urllib.request.Request(  # noqa: S310 - loopback
        f"{server.address}/mcp", body, headers or {}, method=method
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310 - loopback
            code: int = response.status
            return code
    except urllib.error.HTTPError as error:
        error.close()
        return error.code
