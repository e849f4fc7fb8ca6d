"""An original as a ``Document``: cleaned, and cut where the bibliography says that sections begin."""

from __future__ import annotations

from assistant.corpus.anchors import Anchor, find_anchors
from assistant.corpus.cleaning import Cleaned, Layout, Vocabulary, clean
from assistant.corpus.manifest import ManifestEntry
from assistant.domain import Document, DocumentSection, Span
from assistant.errors import UnreadableOriginal


def build_document(entry: ManifestEntry, original: str, vocabulary: Vocabulary) -> Document:
    """Clean ``original`` and find its sections; ``UnreadableOriginal`` names one that isn't there."""
    cleaned = clean_original(entry, original, vocabulary)
    starts = _starts(entry, cleaned.text)
    ends = [*starts[1:], len(cleaned.text)]
    sections = tuple(
        DocumentSection(mark.title, Span(start, end))
        for mark, start, end in zip(entry.marks, starts, ends, strict=True)
    )
    return Document(entry.source.id, cleaned.text, sections, cleaned.origin)


def clean_original(entry: ManifestEntry, original: str, vocabulary: Vocabulary) -> Cleaned:
    """Clean ``original`` with all that the bibliography says about its layout."""
    return clean(original, vocabulary, Layout(_anchors(entry), entry.captions, entry.asides, entry.columns))


def _anchors(entry: ManifestEntry) -> tuple[Anchor, ...]:
    return tuple(Anchor(mark.starts or mark.title, mark.starts is None) for mark in entry.marks)


def _starts(entry: ManifestEntry, text: str) -> list[int]:
    starts: list[int] = []
    for mark, span in zip(entry.marks, find_anchors(text, _anchors(entry)), strict=True):
        if span is None:
            file = f"{entry.source.id}.txt"
            raise UnreadableOriginal(file=file, line="1", fault="deel-onvindbaar", name=mark.title)
        starts.append(span.start)
    return starts
