"""Without a way to other computers everything works, and nothing tries to find one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.settings import Settings
from tests.faults.conftest import rounds
from tests.faults.reaching import called, can_be_cut_off, cut_off, listening_in, noted, traced

ROOT = Path(__file__).parents[2]
LISTENING = "tests/surfaces/test_listening.py"
"""Has addresses looked up that somebody told the server to listen at: those are asked for."""
ATTEMPT = """
import contextlib, socket
for host in ("127.0.0.1", "192.0.2.1"):
    with contextlib.suppress(OSError), socket.socket() as one:
        one.settimeout(0.2)
        one.connect((host, 9))
with contextlib.suppress(OSError):
    socket.getaddrinfo("aanval.example", 80)
"""


def test_an_attempt_to_leave_is_noticed(tmp_path: Path) -> None:
    notes, log = tmp_path / "notes", tmp_path / "calls"
    command = traced([sys.executable, "-c", ATTEMPT], log)
    subprocess.run(command, env=listening_in(os.environ, notes), check=True, timeout=60)
    assert [line.partition(" by ")[0] for line in noted(notes)] == [
        "socket.connect ('192.0.2.1', 9)",
        "socket.getaddrinfo 'aanval.example'",
    ]
    if log.exists():
        assert any("192.0.2.1" in line for line in called(log))
        assert not any("127.0.0.1" in line for line in called(log))


def test_a_question_on_the_command_line_reaches_for_nothing(card_settings: Settings, tmp_path: Path) -> None:
    notes, log = tmp_path / "notes", tmp_path / "calls"
    command = traced([sys.executable, "-m", "assistant.surfaces.cli", "ask", "Wat is funderen?"], log)
    environment = listening_in(card_settings.as_environment(), notes)
    done = subprocess.run(command, check=False, cwd=ROOT, env=environment, capture_output=True, timeout=120)
    assert done.returncode == 0, done.stderr.decode()
    assert noted(notes) + called(log) == []


@pytest.mark.skipif(rounds(0, 1) == 0, reason="takes minutes: FAULTS_ROUNDS")
def test_all_of_it_works_without_a_network_and_nothing_reaches_for_one(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    if not can_be_cut_off():
        pytest.skip("no network of its own can be had here")
    command = cut_off("tests.faults.without_network", str(tmp_path))
    done = subprocess.run(command, check=False, cwd=ROOT, capture_output=True, text=True, timeout=1800)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert {name: said for name, said in told["worked"].items() if said is not True} == {}
    assert told["noted"] + told["called"] == []
    record_property(
        "figure", f"{len(told['worked'])} parts used, {told['traced']} processes traced, 0 attempts"
    )


@pytest.mark.skipif(rounds(0, 1) == 0, reason="takes very long: FAULTS_ROUNDS")
def test_the_whole_suite_passes_without_a_network(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    if not can_be_cut_off():
        pytest.skip("no network of its own can be had here")
    notes = tmp_path / "notes"
    command = cut_off("tests.faults.suite_without_network")
    environment = listening_in({**os.environ}, notes)
    environment.pop("FAULTS_ROUNDS", None)
    done = subprocess.run(
        command, check=False, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=7200
    )
    record_property("figure", done.stdout.splitlines()[-1])
    tried = [line for line in noted(notes) if f" by {LISTENING}::" not in line]
    assert tried == [], done.stdout[-5000:]  # Whatever else went wrong.
    assert done.returncode == 0, done.stdout[-5000:]
