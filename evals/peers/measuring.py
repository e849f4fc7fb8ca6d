"""Measures all peers in one run: they index one after another, and take turns with the questions."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from assistant.domain import Catalogue, Chunk, Reference
from assistant.indexing.contents import read_catalogue, read_chunks
from assistant.indexing.versions import IndexFolder
from assistant.settings import read_settings
from evals.items import Answerable
from evals.measures.estimating import estimate
from evals.measures.ranking import score_rankings
from evals.measures.timing import p95
from evals.peers.contending import Contender, Indexed, Replies, ask_in_turn, measure_index, measure_start
from evals.peers.installing import PRODUCT, Installed, NotInstallable, Peers, Run, install
from evals.peers.pieces import Sections, SectionsOfChunks, SectionsOfPieces, rank_sections, read_pieces
from evals.peers.processes import Command, PeerFailed, PeerProcess
from evals.results import Estimate

STARTS = 3

Say = Callable[[str], object]
Rankings = Mapping[str, Sequence[Reference]]


@dataclass(frozen=True, slots=True)
class Questions:
    """What is asked: the items of each split, and other questions to warm up with."""

    splits: Mapping[str, Sequence[Answerable]]
    warming: Sequence[str]

    @property
    def items(self) -> tuple[Answerable, ...]:
        """The items of all splits."""
        return tuple(item for items in self.splits.values() for item in items)


@dataclass(frozen=True, slots=True)
class Quality:
    """How well sections are ranked, on one split."""

    ndcg: Estimate
    recall: Estimate
    behind: Estimate
    """How much higher the nDCG of the product is, question by question."""


@dataclass(frozen=True, slots=True)
class Column:
    """The figures of one contender: milliseconds for a question, seconds, megabytes."""

    name: str
    quality: Mapping[str, Quality]
    p50: float
    p95: float
    processor: float
    ratio: float
    """Median over the questions of how many times as long it takes as the product."""
    indexed: Indexed
    start: float
    memory: float
    installed: Installed


@dataclass(frozen=True, slots=True)
class Texts:
    """How much is searched."""

    documents: int
    cards: int
    pieces: int
    chunks: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """A run: its columns, the product first, and why others are missing."""

    columns: Sequence[Column]
    missing: Mapping[str, str]
    questions: Mapping[str, int]
    texts: Texts


@dataclass(frozen=True, slots=True)
class _Searchable:
    """What indexing took, and what the pieces that are found are mapped with, by the name of the column."""

    indexed: Mapping[str, Indexed]
    sections: Mapping[str, Sections]
    texts: Texts


def compare(peers: Peers, folder: Path, questions: Questions, say: Say) -> Comparison:
    """Install, index, start and ask; what can't be installed or fails is listed with the reason."""
    shutil.rmtree(folder / "indexes", ignore_errors=True)
    missing: dict[str, str] = {}
    runs = dict(_install_all(peers, folder, missing, say))
    with _endpoint(runs[PRODUCT][1], folder) as (address, process):
        contenders = [
            _contender(name, run, made, folder, (address, process)) for name, (run, made) in runs.items()
        ]
        searchable = _index_all(contenders, missing, say)
        able = [one for one in contenders if one.name in searchable.indexed]
        starts = _start_in_turn(able, say)
        say("asking")
        replies = ask_in_turn(able, questions.warming, {item.id: item.question for item in questions.items})
    columns = [_column(one, questions, replies, searchable, median(starts[one.name])) for one in able]
    counts = {name: len(items) for name, items in questions.splits.items()}
    return Comparison(columns, missing, counts, searchable.texts)


def _install_all(
    peers: Peers, folder: Path, missing: dict[str, str], say: Say
) -> Iterator[tuple[str, tuple[Run, Installed]]]:
    for name, peer in peers.peers.items():
        say(f"installing {name}")
        try:
            installed = install(peer, peers.engine, folder / "environments" / name)
        except NotInstallable as reason:
            missing.update(dict.fromkeys(peer.runs, str(reason)))
            continue
        for column, run in peer.runs.items():
            yield column, (run, installed)


@contextmanager
def _endpoint(installed: Installed, folder: Path) -> Iterator[tuple[str, PeerProcess]]:
    with Command(installed.python, "endpoint", folder / "indexes" / "endpoint").started() as process:
        yield process.listen(), process


def _contender(
    name: str, run: Run, installed: Installed, folder: Path, endpoint: tuple[str, PeerProcess]
) -> Contender:
    address, process = endpoint
    setting = address if run.asks_endpoint else run.setting
    command = Command(installed.python, run.module, folder / "indexes" / name, setting)
    return Contender(name, installed, command, process if run.asks_endpoint else None)


def _index_all(contenders: Sequence[Contender], missing: dict[str, str], say: Say) -> _Searchable:
    """Index, the product first: its index tells what the texts are."""
    product, *others = contenders
    say(f"indexing: {PRODUCT}")
    indexed = {PRODUCT: measure_index(product, [])}
    catalogue, chunks = _read_index(product.command.folder)
    pieces = read_pieces(catalogue)
    sections: dict[str, Sections] = {PRODUCT: SectionsOfChunks(chunks, catalogue)}
    for one in others:
        say(f"indexing: {one.name}")
        try:
            made = measure_index(one, [(piece.page, piece.text) for piece in pieces])
            measure_start(one)  # Tells whether it answers, and warms the disk.
        except PeerFailed as failure:
            missing[one.name] = str(failure)
            continue
        indexed[one.name], sections[one.name] = made, SectionsOfPieces(pieces)
    texts = Texts(len(catalogue.documents), len(catalogue.cards), len(pieces), len(chunks))
    return _Searchable(indexed, sections, texts)


def _read_index(data: Path) -> tuple[Catalogue, dict[str, Chunk]]:
    folder = IndexFolder(read_settings(data=data).index_folder)
    version = folder.version_path(folder.require_current())
    return read_catalogue(version), read_chunks(version)


def _start_in_turn(contenders: Sequence[Contender], say: Say) -> dict[str, list[float]]:
    starts: dict[str, list[float]] = {one.name: [] for one in contenders}
    for number in range(STARTS):
        say(f"starting, round {number + 1}")
        for one in contenders:
            starts[one.name].append(measure_start(one))
    return starts


def _column(
    one: Contender,
    questions: Questions,
    replies: Mapping[str, Replies],
    searchable: _Searchable,
    start: float,
) -> Column:
    own, product = replies[one.name], replies[PRODUCT]
    times = list(own.clock.values())
    rankings, standard = (_rankings(replies[name], searchable.sections[name]) for name in (one.name, PRODUCT))
    return Column(
        name=one.name,
        quality={name: _quality(items, rankings, standard) for name, items in questions.splits.items()},
        p50=median(times),
        p95=p95(times),
        processor=median(own.processor.values()),
        ratio=median(spent / product.clock[id_] for id_, spent in own.clock.items()),
        indexed=searchable.indexed[one.name],
        start=start,
        memory=own.memory,
        installed=one.installed,
    )


def _rankings(replies: Replies, sections: Sections) -> Rankings:
    return {id_: rank_sections(found, sections) for id_, found in replies.found.items()}


def _quality(items: Sequence[Answerable], rankings: Rankings, standard: Rankings) -> Quality:
    scores, product = score_rankings(items, rankings), score_rankings(items, standard)
    return Quality(
        estimate([one.ndcg for one in scores.values()]),
        estimate([one.recall for one in scores.values()]),
        estimate([product[id_].ndcg - one.ndcg for id_, one in scores.items()]),
    )
