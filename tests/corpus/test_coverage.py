"""Coverage: which cards carry a section, invented and shipped."""

from __future__ import annotations

from pathlib import Path

from assistant.corpus.cards import read_cards
from assistant.corpus.coverage import measure_coverage
from assistant.corpus.manifest import Manifest
from assistant.indexing.building import Inputs
from assistant.indexing.inspecting import measure
from tests.corpus.conftest import WriteCard
from tests.corpus.examples import CARD, HEADINGS

CORPUS = Path(__file__).parents[2] / "corpus"


def test_each_section_names_its_cards_most_statements_first(
    manifest: Manifest, write_card: WriteCard
) -> None:
    write_card(CARD)
    other = CARD.replace("id: pijler", "id: voet").replace("Pijlers: de basis", "Inleiding")
    coverage = measure_coverage(manifest, read_cards(write_card(other), manifest, HEADINGS))
    assert [(section.title, section.cards) for section in coverage.sections] == [
        ("Inleiding", (("voet", 4), ("pijler", 1))),
        ("Pijlers: de basis", (("pijler", 3),)),
        ("Noten", ()),
        ("Sluizen", (("pijler", 2), ("voet", 2))),
    ]


def test_a_section_that_is_not_searched_does_not_count(manifest: Manifest, write_card: WriteCard) -> None:
    coverage = measure_coverage(manifest, read_cards(write_card(CARD), manifest, HEADINGS))
    assert (coverage.covered, coverage.wanted, coverage.is_whole) == (3, 3, True)


def test_a_section_without_a_card_is_missed(manifest: Manifest, write_card: WriteCard) -> None:
    card = CARD.replace("Inleiding; ", "Pijlers: de basis; ")
    coverage = measure_coverage(manifest, read_cards(write_card(card), manifest, HEADINGS))
    assert (coverage.covered, coverage.wanted, coverage.is_whole) == (2, 3, False)


def test_the_shipped_cards_carry_every_section() -> None:
    coverage = measure(Inputs(CORPUS, None))
    missed = [section.title for section in coverage.sections if section.is_indexed and not section.cards]
    assert missed == []
