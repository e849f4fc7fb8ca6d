"""Others beside the product: what they index, how they are asked, and the report."""

from __future__ import annotations

import base64
import sys
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from assistant.domain import Document, DocumentSection, OffsetRun, Reference, Span
from evals.bench import Bench, RememberingEmbedder
from evals.peers.contending import Contender, Indexed, ask_in_turn, measure_index, measure_start
from evals.peers.endpoint import answer
from evals.peers.installing import PRODUCT, Installed, NotInstallable, Peer, Run, install, read_peers
from evals.peers.measuring import Column, Comparison, Quality, Texts
from evals.peers.pieces import Piece, SectionsOfChunks, SectionsOfPieces, rank_sections, read_pieces
from evals.peers.processes import Command, PeerFailed
from evals.peers.reporting import better_at, render, write_report
from evals.results import Estimate
from tests.fakes import a_catalogue

FIRST, SECOND = Reference("met-tekst", "Eerst"), Reference("met-tekst", "Dan")
PIECES = [
    ("brood", "De bakker bakt elke ochtend brood in zijn oven."),
    ("vertrouwen", "Vertrouwen tussen partners groeit als zij hun afspraken nakomen."),
    ("fiets", "De fiets staat met een lekke band in de schuur."),
]


def column(name: str, p50: float, ndcg: float = 0.5) -> Column:
    """A column with figures that go up with its time."""
    estimate = Estimate(ndcg, ndcg - 0.01, ndcg + 0.01, 3)
    behind = Estimate(0.9 - ndcg, 0.88 - ndcg, 0.92 - ndcg, 3)
    return Column(
        name=name,
        quality={split: Quality(estimate, estimate, behind) for split in ("dev", "test")},
        p50=p50,
        p95=2 * p50,
        processor=p50 / 2,
        ratio=p50 / 10,
        indexed=Indexed(3 * p50, 4 * p50, 5 * p50),
        start=p50 / 5,
        memory=20 * p50,
        installed=Installed("python", 30 * p50, 40),
    )


def comparison(*columns: Column, **missing: str) -> Comparison:
    return Comparison(columns, missing, {"dev": 3, "test": 3}, Texts(5, 9, 40, 30))


def test_texts_and_cards_are_both_split_and_each_piece_knows_its_page() -> None:
    known, text = a_catalogue(), "Een brug draagt."
    made = Document(
        "met-tekst",
        text,
        (DocumentSection("Eerst", Span(0, len(text))),),
        (OffsetRun(0, 0, len(text)),),
    )
    of_text, of_card = read_pieces(replace(known, documents={made.source_id: made}))
    assert of_text == Piece("met-tekst", text, (FIRST,))
    assert of_card.page in known.cards
    assert "Vertrouwen groeit langzaam." in of_card.text


def test_a_piece_is_found_back_whatever_became_of_its_white_space() -> None:
    sections = SectionsOfPieces(
        [Piece("a", "Een brug\n\ndraagt.", (FIRST,)), Piece("b", "Een veer", (SECOND,))]
    )
    assert sections.of("a", " Een  brug draagt. ") == (FIRST,)
    with pytest.raises(KeyError):
        sections.of("b", "Een brug draagt.")


def test_the_sections_of_what_is_found_are_ranked_each_once() -> None:
    sections = SectionsOfPieces([Piece("a", "Veer", (SECOND,)), Piece("a", "Brug", (FIRST, SECOND))])
    assert rank_sections([("a", "Brug"), ("a", "Veer")], sections) == (FIRST, SECOND)
    assert rank_sections([("a", "Veer"), ("a", "Brug")], sections) == (SECOND, FIRST)


def test_the_chunks_of_the_product_lie_in_the_sections_that_the_evals_give_them(card_bench: Bench) -> None:
    sections = SectionsOfChunks(card_bench.opened.chunks, card_bench.opened.catalogue)
    assert all(sections.of(id_, "") == known for id_, known in card_bench.sections.items())


@pytest.mark.parametrize("module", ["with_chroma", "with_langchain"])
def test_a_peer_indexes_starts_and_answers_in_processes_of_its_own(module: str, tmp_path: Path) -> None:
    command = Command(sys.executable, module, tmp_path / "index")
    one = Contender(module, Installed(sys.executable, 0.0, 0), command)
    indexed = measure_index(one, PIECES)
    assert min(indexed.clock, indexed.processor) > 0
    assert measure_start(one) > 0
    questions = {"bread": "Wie maakt er brood?", "trust": "Hoe groeit vertrouwen?"}
    replies = ask_in_turn([one], ["Wat is een fiets?"], questions)[module]
    assert [replies.found[id_][0] for id_ in questions] == PIECES[:2]
    assert all(len(found) == len(PIECES) for found in replies.found.values())
    assert min(*replies.clock.values(), indexed.memory, replies.memory) > 0


def test_a_peer_that_fails_says_why(tmp_path: Path) -> None:
    command = Command(sys.executable, "no_such_peer", tmp_path / "index")
    with command.started() as process, pytest.raises(PeerFailed, match="no_such_peer"):
        process.ask("search", "Wat is vertrouwen?")


def test_the_endpoint_embeds_by_prefix_and_packs_on_request(remembering: RememberingEmbedder) -> None:
    body = {"model": "e5", "input": ["query: Wat is vertrouwen?"]}
    (plain,) = answer(remembering, body)["data"]
    (packed,) = answer(remembering, {**body, "encoding_format": "base64"})["data"]
    expected = remembering.embed_query("Wat is vertrouwen?")
    assert np.allclose(plain["embedding"], expected, atol=1e-6)
    assert np.allclose(np.frombuffer(base64.b64decode(packed["embedding"]), np.float32), expected, atol=1e-6)
    (passage,) = answer(remembering, {"model": "e5", "input": "passage: Wat is vertrouwen?"})["data"]
    assert not np.allclose(passage["embedding"], expected, atol=1e-3)


def test_every_peer_is_pinned_and_has_a_module_that_runs_it() -> None:
    listed = read_peers()
    assert next(iter(listed.peers)) == PRODUCT
    for name, peer in listed.peers.items():
        assert name == PRODUCT or all("==" in one for one in peer.requirements)
        assert all(find_spec(f"evals.peers.{run.module}") for run in peer.runs.values())


def test_a_peer_for_a_python_that_is_not_here_is_not_installable(tmp_path: Path) -> None:
    peer = Peer(requirements=("chromadb==1.5.9",), python="9.9", runs={"new": Run(module="with_chroma")})
    with pytest.raises(NotInstallable, match=r"python9\.9"):
        install(peer, (), tmp_path)


def test_better_is_who_needs_less_than_the_product_the_least_first() -> None:
    columns = [column(PRODUCT, 10), column("chroma", 8), column("txtai", 12), column("langchain", 6)]
    assert [one.name for one in better_at(columns, lambda one: one.p50)] == ["langchain", "chroma"]


def test_the_report_has_a_column_for_each_with_its_ratio_and_says_who_needs_less() -> None:
    written = render(comparison(column(PRODUCT, 10, 0.9), column("chroma", 8.5), column("txtai", 12)), False)
    assert "| | deze assistent | Chroma | txtai |\n| --- | ---: | ---: | ---: |\n" in written
    assert (
        "| vraag, mediaan, ms | 10,0 (1,00 ×) | 8,5 (0,85 ×) | 12,0 (1,20 ×) |\n| vraag, p95, ms |" in written
    )
    assert "| nDCG@10, testset (3 vragen) | 0,900 (0,890–0,910) | 0,500" in written
    assert "**Tijd voor een vraag**: Chroma (8,5 ms), tegen 10,0 ms voor de assistent." in written
    assert "is 0,400 (0,380–0,420): de assistent vindt beter, en dat is meer dan toeval." in written
    cells = [line.count("|") for line in written.splitlines() if line.startswith("|")]
    assert set(cells) == {5}
    assert all(line.startswith("|") for line in written.partition("| vraag, med")[2].splitlines()[1:9])
    assert "proef" not in written.partition("## Zo meet u het na")[0]


def test_the_report_says_what_could_not_be_measured_and_that_a_trial_is_one(tmp_path: Path) -> None:
    found = comparison(column(PRODUCT, 10), column("chroma", 12), **{"haiku-rag-slim": "no | python3.12"})
    written = write_report(found, True, tmp_path).read_text("utf-8")
    assert "- haiku.rag: no \\| python3.12" in written
    assert "**Dit was een proef**" in written
    assert "geen van de andere heeft minder nodig dan de assistent (10,0 ms)" in written
