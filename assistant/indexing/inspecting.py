"""Inspecting the corpus as it lies there, for whoever curates it; nothing is written."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from assistant.corpus.cards import read_cards, survey_cards
from assistant.corpus.checking import Tally, check_cards, check_evidence, tally
from assistant.corpus.coverage import Coverage, measure_coverage
from assistant.corpus.findings import Finding, finding_of
from assistant.corpus.manifest import Manifest, read_headings, read_manifest
from assistant.domain import Catalogue, Document
from assistant.errors import InvalidManifest, UnreadableOriginal
from assistant.indexing.building import Inputs, assemble, read_documents


@dataclass(frozen=True, slots=True)
class Inspection:
    """All findings, by file and line, and what was counted; ``None`` without a bibliography."""

    findings: tuple[Finding, ...]
    tally: Tally | None

    @property
    def has_errors(self) -> bool:
        """Whether anything found keeps the corpus from being published."""
        return any(finding.is_error for finding in self.findings)


def inspect_corpus(inputs: Inputs) -> Inspection:
    """Check bibliography, cards and, where originals are present, how they support the cards."""
    try:
        manifest = read_manifest(inputs.corpus / "sources.yaml")
        headings = read_headings(inputs.corpus / "headings.yaml")
    except InvalidManifest as error:
        return Inspection((finding_of(error, Path(error.details["file"]).name),), None)
    survey = survey_cards(inputs.corpus / "cards", manifest, headings)
    documents, unreadable = _documents(inputs, manifest)
    catalogue = assemble(manifest, tuple(file.card for file in survey.files), documents)
    findings = [*unreadable, *check_cards(survey), *check_evidence(catalogue)]
    findings.sort(key=lambda finding: (finding.file, finding.line, finding.code))
    return Inspection(tuple(findings), tally(catalogue))


def read_catalogue(inputs: Inputs) -> Catalogue:
    """Read bibliography and cards, without the originals; raise ``CorpusError`` where a file is wrong."""
    manifest = read_manifest(inputs.corpus / "sources.yaml")
    headings = read_headings(inputs.corpus / "headings.yaml")
    return assemble(manifest, read_cards(inputs.corpus / "cards", manifest, headings), {})


def measure(inputs: Inputs) -> Coverage:
    """Measure which sections the cards carry; raise ``CorpusError`` where a file is wrong."""
    manifest = read_manifest(inputs.corpus / "sources.yaml")
    headings = read_headings(inputs.corpus / "headings.yaml")
    return measure_coverage(manifest, read_cards(inputs.corpus / "cards", manifest, headings))


def _documents(inputs: Inputs, manifest: Manifest) -> tuple[dict[str, Document], list[Finding]]:
    try:
        return read_documents(inputs, manifest), []
    except UnreadableOriginal as error:
        name = Path(error.details["file"]).name
        return {}, [finding_of(error, str(inputs.originals / name if inputs.originals else name))]
