"""Processes to operate: a light one with a script, and what is needed to talk to it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest

from assistant.settings import Settings, read_settings

ROOT = Path(__file__).parents[3]


@dataclass
class Process:
    """A running process: where it serves, and the file that it logs to."""

    child: subprocess.Popen[bytes]
    address: str
    log: Path

    @property
    def logged(self) -> str:
        """All that it has logged."""
        return self.log.read_text(encoding="utf-8")

    @property
    def lines(self) -> list[dict[str, Any]]:
        """What it has logged as JSON, line by line."""
        return [json.loads(line) for line in self.logged.splitlines() if line.startswith("{")]

    def client(self) -> httpx.Client:
        """Return a client with a connection of its own."""
        return httpx.Client(base_url=self.address, timeout=20)

    def wait_for_line(self, **fields: object) -> dict[str, Any]:
        """Return the first line with these fields; a line comes just after its response."""
        for _ in range(100):
            for line in self.lines:
                if fields.items() <= line.items():
                    return line
            time.sleep(0.02)
        pytest.fail(f"no line with {fields}:\n{self.logged}")


@contextmanager
def scripted(folder: Path, **settings: object) -> Iterator[Process]:
    """Run the scripted process with these settings until the test is done with it."""
    made = read_settings(data=folder, port=0, **{"log_format": "json", **settings})
    log = folder / "log.txt"
    command = [sys.executable, "-m", "tests.surfaces.operating.scripted"]
    with log.open("wb") as said:
        child = subprocess.Popen(
            command, cwd=ROOT, env=made.as_environment(), stdout=subprocess.PIPE, stderr=said
        )
    assert child.stdout is not None
    with child.stdout:
        address = child.stdout.readline().decode().strip()
    try:
        assert re.fullmatch(r"http://[\d.:]+", address), log.read_text(encoding="utf-8")
        yield Process(child, address, log)
    finally:
        child.kill()
        child.wait(20)


@pytest.fixture(scope="module")
def module_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("operating")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return read_settings(data=tmp_path)
