"""A peer that is installed and can be measured: indexing, starting, and answering in turn with others."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

from evals.peers.installing import Installed
from evals.peers.processes import Command, PeerProcess
from evals.peers.worker import Found

FIRST = "Wat is vertrouwen?"


@dataclass(frozen=True, slots=True)
class Contender:
    """One column of the table; ``endpoint`` is the process that embeds for it, where it has one."""

    name: str
    installed: Installed
    command: Command
    endpoint: PeerProcess | None = None

    def spent_elsewhere(self) -> float:
        """Return the processor seconds that the endpoint has had."""
        return self.endpoint.processor_seconds if self.endpoint else 0.0

    def held_elsewhere(self) -> float:
        """Return the megabytes that the endpoint has held at most."""
        return self.endpoint.peak_megabytes if self.endpoint else 0.0


@dataclass(frozen=True, slots=True)
class Indexed:
    """What indexing took: seconds of the clock and of the processor, megabytes at most."""

    clock: float
    processor: float
    memory: float


@dataclass(slots=True)
class Replies:
    """What one contender answered: milliseconds and pieces for each question, megabytes at most."""

    clock: dict[str, float] = field(default_factory=dict)
    processor: dict[str, float] = field(default_factory=dict)
    found: dict[str, Found] = field(default_factory=dict)
    memory: float = 0.0


def measure_index(contender: Contender, pieces: Found) -> Indexed:
    """Build its index in a fresh process."""
    before = contender.spent_elsewhere()
    with contender.command.started() as process:
        spent = process.ask("index", pieces)
        elsewhere = contender.spent_elsewhere() - before
        memory = process.peak_megabytes + contender.held_elsewhere()
        return Indexed(spent["clock"], spent["processor"] + elsewhere, memory)


def measure_start(contender: Contender) -> float:
    """Return the seconds from starting a process, with an index on disk, to its first result."""
    started = time.perf_counter()
    with contender.command.started() as process:
        process.ask("search", FIRST)
        return time.perf_counter() - started


def ask_in_turn(
    contenders: Sequence[Contender], warming: Sequence[str], questions: Mapping[str, str]
) -> dict[str, Replies]:
    """Ask everybody each question before the next; who goes first changes. Questions go by their id."""
    replies = {one.name: Replies() for one in contenders}
    with ExitStack() as stack:
        processes = {one.name: stack.enter_context(one.command.started()) for one in contenders}
        for question in (FIRST, *warming):
            for process in processes.values():
                process.ask("search", question)
        before = {one.name: one.spent_elsewhere() for one in contenders}
        for number, (id_, question) in enumerate(questions.items()):
            for name in _rotated(list(processes), number):
                _note(replies[name], id_, processes[name].ask("search", question))
        for one in contenders:
            _add_elsewhere(replies[one.name], one, before[one.name])
            replies[one.name].memory = processes[one.name].peak_megabytes + one.held_elsewhere()
    return replies


def _rotated(names: Sequence[str], number: int) -> Iterator[str]:
    return (names[(number + place) % len(names)] for place in range(len(names)))


def _note(replies: Replies, id_: str, answer: Mapping[str, Any]) -> None:
    replies.clock[id_] = answer["clock"]
    replies.processor[id_] = answer["processor"]
    replies.found[id_] = [(page, text) for page, text in answer["found"]]


def _add_elsewhere(replies: Replies, contender: Contender, before: float) -> None:
    """Add what the endpoint spent: half of it, for each question is embedded twice."""
    share = 1000 * (contender.spent_elsewhere() - before) / 2 / len(replies.processor)
    replies.processor = {id_: spent + share for id_, spent in replies.processor.items()}
