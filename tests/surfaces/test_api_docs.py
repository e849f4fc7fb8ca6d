"""``docs/api.md``, run: every block as it stands, in order, against a real server on a port of its own."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import anyio
import httpx2
import pytest
import yaml
from mcp import ClientSession
from mcp.client.streamable_http import streamable_http_client

import assistant.client
from assistant.client import AllianceClient
from assistant.client.problems import as_problem
from assistant.client.values import ProblemDetails
from assistant.settings import Settings
from tests.surfaces.serving import ROOT, Running, serving

PAGE = ROOT / "docs" / "api.md"
ADDRESS = "http://127.0.0.1:8000"
START = "alliantie serve\n"
OUTPUT = ("json", "text")
UNTIL_KEYS_COUNT = 2.1
"""Seconds after which a server that had no keys has noticed the first."""


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, its line, what it holds and the output that is shown below it."""

    language: str
    line: int
    content: str
    shown: str | None = None


def read_blocks() -> list[Block]:
    text = PAGE.read_text(encoding="utf-8")
    found = [
        Block(match[1].strip(), text.count("\n", 0, match.start()) + 1, match[2])
        for match in re.finditer(r"^```(.*)\n([\s\S]*?)^```$", text, re.MULTILINE)
    ]
    return [
        Block(one.language, one.line, one.content, after.content if after.language in OUTPUT else None)
        for one, after in pairwise([*found, Block("", 0, "")])
    ]


BLOCKS = read_blocks()
COMMANDS = [block for block in BLOCKS if block.language in ("bash", "python")]


class Reader:
    """Somebody who types what the page says into one terminal."""

    def __init__(self, server: Running, settings: Settings, folder: Path) -> None:
        self.server = server
        self.environment = {
            **settings.as_environment(),
            "PATH": f"{_commands(folder)}{os.pathsep}{os.environ['PATH']}",
        }
        self._variables = folder / "variables"

    def fill(self, text: str) -> str:
        """Return a text with the variables filled in that the page has set."""
        return self.run(Block("bash", 0, f'printf %s "{text}"\n'))

    def run(self, block: Block) -> str:
        """Return what a block prints; fail if it fails."""
        content = block.content.replace(ADDRESS, self.server.address)
        script = content if block.language == "bash" else f"python - <<'PYTHON'\n{content}PYTHON\n"
        kept = f"touch {self._variables}; . {self._variables}; {{\n{script}}}; export -p > {self._variables}"
        done = subprocess.run(
            ["/bin/bash", "-euo", "pipefail", "-c", kept],
            env=self.environment, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip
        if done.returncode:
            pytest.fail(f"docs/api.md:{block.line}\n{done.stdout}{done.stderr}")
        if "keys create" in content:
            time.sleep(UNTIL_KEYS_COUNT)
        return done.stdout


def _commands(folder: Path) -> Path:
    """Write the commands ``alliantie`` and ``python`` of this environment, installed or not."""
    made = folder / "bin"
    made.mkdir()
    for name, module in (("alliantie", " -m assistant.surfaces.cli"), ("python", "")):
        command = made / name
        command.write_text(f'#!/bin/sh\nexec {sys.executable}{module} "$@"\n')
        command.chmod(0o755)
    return made


@pytest.fixture(scope="module")
def reader(card_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    folder = tmp_path_factory.mktemp("reader")
    settings = card_settings.model_copy(update={"database_url": f"sqlite:///{folder / 'docs.db'}"})
    with serving(settings) as running:
        yield Reader(running, settings, folder)


def test_the_page_begins_with_the_command_that_starts_the_server() -> None:
    # The fixture runs it: ``serving`` gives the same command, and waits for the address.
    assert COMMANDS[0].content == START
    assert START not in "".join(block.content for block in COMMANDS[1:])


def test_every_block_is_run_or_is_output_or_configuration() -> None:
    assert {block.language for block in BLOCKS} <= {"bash", "python", "json mcp", "", *OUTPUT}
    answered = [block for block in COMMANDS if block.shown is not None]
    assert len(answered) == len([block for block in BLOCKS if block.language in OUTPUT])


@pytest.fixture(scope="module")
def printed(reader: Reader) -> list[str]:
    return [reader.run(block) for block in COMMANDS[1:]]


def test_every_command_does_what_the_page_says(printed: list[str]) -> None:
    for block, text in zip(COMMANDS[1:], printed, strict=True):
        if block.shown is not None:
            assert _fits(block.shown, text), f"docs/api.md:{block.line} prints\n{text[:2000]}"


def _fits(shown: str, printed: str) -> bool:
    """Return whether a text is the one that is shown, where an ellipsis is anything and space is space."""
    parts = [re.escape("".join(part.split())) for part in shown.split("…")]
    pattern = "[\\s\\S]*".join(parts)
    return re.search(pattern, "".join(printed.split())) is not None


def test_the_configuration_for_assistants_starts_or_reaches_a_server(
    reader: Reader, printed: list[str]
) -> None:
    local, remote = (json.loads(block.content)["mcpServers"]["alliantie"] for block in _configurations())
    known = reader.run(Block("bash", 0, f"{local['command']} {' '.join(local['args'])} --help\n"))
    assert "MCP" in known
    address = remote["url"].replace(ADDRESS, reader.server.address)
    tools = anyio.run(
        _list_tools, address, {name: reader.fill(value) for name, value in remote["headers"].items()}
    )
    assert tools == set(re.findall(r"`(\w+)`", _line_of("De tools zijn")))


async def _list_tools(address: str, headers: dict[str, str]) -> set[str]:
    async with (
        httpx2.AsyncClient(headers=headers) as connected,
        streamable_http_client(address, http_client=connected) as streams,
        ClientSession(streams[0], streams[1]) as session,
    ):
        await session.initialize()
        return {tool.name for tool in (await session.list_tools()).tools}


def _configurations() -> list[Block]:
    return [block for block in BLOCKS if block.language == "json mcp"]


def _line_of(beginning: str) -> str:
    return next(line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith(beginning))


# ── Tables ───────────────────────────────────────────────────────────────────


def test_every_error_in_the_table_exists_and_is_what_the_client_raises() -> None:
    problems = yaml.safe_load((ROOT / "prompts" / "problems.yaml").read_text(encoding="utf-8"))
    rows = re.findall(
        r"^\| (\d{3}(?:, \d{3})*) \| (.+) \| `(\w+)` \|$", PAGE.read_text("utf-8"), re.MULTILINE
    )
    assert len(rows) == 10
    for statuses, types, kind in rows:
        assert {slug for slug in re.findall(r"`([a-z-]+)`", types) if slug != "instance"} <= set(problems)
        for status in statuses.split(", "):
            details = ProblemDetails(type="t", title="T", status=int(status), detail="D")
            assert type(as_problem(details)) is getattr(assistant.client, kind)


def test_every_setting_and_method_that_is_named_exists(reader: Reader) -> None:
    text = PAGE.read_text(encoding="utf-8")
    settings = {name.removeprefix("ASSISTANT_").lower() for name in re.findall(r"`(ASSISTANT_\w+)`", text)}
    assert settings <= set(Settings.model_fields)
    methods = re.findall(r"`(\w+)`", _line_of("Verder zijn er"))
    assert all(callable(getattr(AllianceClient, name)) for name in methods)


def test_what_the_page_points_at_is_there(reader: Reader) -> None:
    with httpx2.Client(base_url=reader.server.address) as client:
        assert client.get("/docs").status_code in (200, 401)
        assert client.get("/openapi.json").status_code in (200, 401)
