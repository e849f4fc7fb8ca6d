"""Building from an invented corpus whose original doesn't say what its card says."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.errors import UnsupportedStatement
from assistant.indexing.building import Inputs, read_corpus
from assistant.indexing.inspecting import inspect_corpus, measure
from tests.corpus.examples import CARD, ORIGINAL, SOURCES


@pytest.fixture
def inputs(tmp_path: Path) -> Inputs:
    (tmp_path / "cards" / "begrip").mkdir(parents=True)
    (tmp_path / "originals").mkdir()
    (tmp_path / "sources.yaml").write_text(SOURCES, encoding="utf-8")
    (tmp_path / "headings.yaml").write_text("Kern: definition\nOnderdelen: parts\n", encoding="utf-8")
    (tmp_path / "cards" / "begrip" / "pijler.md").write_text(CARD, encoding="utf-8")
    (tmp_path / "originals" / "jansen-1999.txt").write_text(ORIGINAL, encoding="utf-8")
    return Inputs(tmp_path, tmp_path / "originals")


def rewrite(inputs: Inputs, name: str, old: str, new: str) -> None:
    path = inputs.corpus / name
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_statements_are_linked_where_the_original_is_present(inputs: Inputs) -> None:
    catalogue, chunks = read_corpus(inputs)
    assert catalogue.evidence["pijler#1"][0].span is not None
    assert {chunk.source_ids for chunk in chunks} >= {("jansen-1999",)}


def test_a_statement_without_support_stops_the_build(inputs: Inputs) -> None:
    rewrite(inputs, "cards/begrip/pijler.md", "Een pijler draagt een brug.", "Amsterdam kocht molens.")
    with pytest.raises(UnsupportedStatement) as caught:
        read_corpus(inputs)
    details = caught.value.details
    assert (details["file"], details["line"]) == ("cards/begrip/pijler.md", "12")
    assert (details["source"], details["section"]) == ("Jansen 1999", "Pijlers: de basis")
    assert len(details["passage"].split()) == 7


def test_without_the_original_the_same_card_can_be_built(inputs: Inputs) -> None:
    rewrite(inputs, "cards/begrip/pijler.md", "Een pijler draagt een brug.", "Amsterdam kocht molens.")
    catalogue, _ = read_corpus(Inputs(inputs.corpus, None))
    assert catalogue.evidence["pijler#1"][0].card_id == "pijler"


def test_findings_stand_in_the_order_of_file_and_line(inputs: Inputs) -> None:
    rewrite(inputs, "cards/begrip/pijler.md", "Een pijler draagt een brug.", "Amsterdam kocht 3 molens.")
    found = inspect_corpus(inputs).findings
    places = [(finding.file, finding.line, finding.code.value) for finding in found]
    assert places == sorted(places)
    assert [code for _, _, code in places] == [
        "losse-kaart",
        "aantal-vragen",
        "cijfer-ontbreekt",
        "zonder-steun",
    ]


@pytest.mark.parametrize(
    ("name", "old"), [("sources.yaml", "title: Bruggen"), ("headings.yaml", "definition")]
)
def test_a_broken_bibliography_is_the_only_finding(inputs: Inputs, name: str, old: str) -> None:
    rewrite(inputs, name, old, "title: [" if "title" in old else "[")
    inspection = inspect_corpus(inputs)
    assert [(finding.file, finding.code.value) for finding in inspection.findings] == [(name, "geen-yaml")]
    assert inspection.has_errors
    assert inspection.tally is None


def test_an_original_without_a_section_is_found_beside_the_rest(inputs: Inputs) -> None:
    rewrite(inputs, "originals/jansen-1999.txt", "Noten\n", "")
    codes = {finding.code.value: finding.file for finding in inspect_corpus(inputs).findings}
    assert codes.keys() == {"deel-onvindbaar", "aantal-vragen", "losse-kaart"}
    assert codes["deel-onvindbaar"] == str(inputs.corpus / "originals" / "jansen-1999.txt")


def test_coverage_is_measured_from_the_cards_alone(inputs: Inputs) -> None:
    assert measure(inputs).is_whole
