"""The originals, before and after cleaning."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from assistant.corpus.cleaning import Cleaned, Vocabulary
from assistant.corpus.documents import clean_original
from assistant.corpus.manifest import read_manifest
from assistant.corpus.readers import read_original


@dataclass(frozen=True, slots=True)
class Texts:
    """The originals by source id, as the files have them and cleaned."""

    raw: Mapping[str, str]
    cleaned: Mapping[str, Cleaned]


def clean_all(corpus: Path, originals: Path) -> Texts:
    """Clean all originals that are there, as building the index does."""
    entries = read_manifest(corpus / "sources.yaml").sources
    found = {entry.source.id: read_original(originals, entry.source.id) for entry in entries}
    raw = {source: text for source, text in found.items() if text is not None}
    words = Vocabulary(raw.values())
    cleaned = {
        entry.source.id: clean_original(entry, raw[entry.source.id], words)
        for entry in entries
        if entry.source.id in raw
    }
    return Texts(raw, cleaned)
