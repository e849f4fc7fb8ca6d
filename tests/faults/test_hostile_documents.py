"""Documents that were made to harm are refused or read, within 20 seconds and 512 MB each."""

from __future__ import annotations

import json
import subprocess
import sys
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.faults.conftest import rounds
from tests.faults.hostile_documents import ROUNDS, Hostile, make

SHORT = 11
SECONDS = 20
MEGABYTES = 512
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Told:
    """What became of one document."""

    hostile: Hostile
    outcome: str
    seconds: float
    megabytes: float
    name: str
    text: str

    def __str__(self) -> str:
        return f"{self.hostile.kind}: {self.outcome}, {self.seconds:.1f} s, {self.megabytes:.0f} MB"

    @property
    def is_as_wanted(self) -> bool:
        """Whether it was refused for the right reason, or read to the right text."""
        wanted = self.hostile.wanted in ("", self.outcome)
        return wanted and (self.outcome != "read" or self.hostile.holds in self.text)


def read_apart(hostiles: Sequence[Hostile], folder: Path) -> list[Told]:
    """Read documents in a process of its own."""
    arguments: list[str] = []
    for number, hostile in enumerate(hostiles):
        path = folder / str(number)
        path.write_bytes(hostile.content)
        arguments += [str(path), json.dumps(hostile.name)]
    command = [sys.executable, "-m", "tests.faults.reading_one", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    lines = done.stdout.splitlines()
    return [Told(hostile, **json.loads(line)) for hostile, line in zip(hostiles, lines, strict=True)]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> list[Told]:
    """Give what became of each document: of a few in one go, of many each apart, which measures better."""
    folder = tmp_path_factory.mktemp("hostile")
    count = rounds(SHORT, ROUNDS)
    if count <= SHORT:
        return read_apart(list(make(count)), folder)
    return [one for hostile in make(count) for one in read_apart([hostile], folder)]


def test_each_is_refused_or_read_in_time_and_memory(
    told: list[Told], record_property: Callable[[str, object], None]
) -> None:
    outcomes = Counter(one.outcome for one in told)
    slowest, largest = max(told, key=lambda one: one.seconds), max(told, key=lambda one: one.megabytes)
    record_property(
        "figure", f"{len(told)} documents: {dict(outcomes)}; slowest {slowest}; largest {largest}"
    )
    assert [str(one) for one in told if one.seconds > SECONDS + 2 or one.megabytes > MEGABYTES] == []


def test_what_must_be_refused_is_refused_and_what_must_be_read_is_read_well(told: list[Told]) -> None:
    assert [str(one) for one in told if not one.is_as_wanted] == []


def test_nothing_unseen_comes_out_of_any_of_them(told: list[Told]) -> None:
    texts = [one.text + one.name for one in told]
    assert [text for text in texts if any(is_unseen(character) for character in text)] == []


def is_unseen(character: str) -> bool:
    """Tell whether a character is a control or format one, other than a line end."""
    return character != "\n" and unicodedata.category(character) in ("Cc", "Cf", "Cs")
