"""Coverage: which cards carry each section of each source."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from assistant.corpus.manifest import Manifest
from assistant.domain import Card, Reference, Source


@dataclass(frozen=True, slots=True)
class SectionCoverage:
    """A section and the cards that carry it, by id, with how many statements each cites it for."""

    source: Source
    title: str
    is_indexed: bool
    """Only a section that is searched has to be covered."""
    cards: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """All sections, in the order of the bibliography."""

    sections: tuple[SectionCoverage, ...]

    @property
    def wanted(self) -> int:
        """How many sections a card should carry."""
        return sum(section.is_indexed for section in self.sections)

    @property
    def covered(self) -> int:
        """How many of those a card does carry."""
        return sum(section.is_indexed and bool(section.cards) for section in self.sections)

    @property
    def is_whole(self) -> bool:
        """Whether each section that should be covered is."""
        return self.covered == self.wanted


def measure_coverage(manifest: Manifest, cards: Iterable[Card]) -> Coverage:
    """Count, for each section of each source, the statements that cite it, most of them first."""
    counts: dict[Reference, Counter[str]] = {}
    for card in cards:
        for statement in card.statements:
            for reference in set(statement.references):
                counts.setdefault(reference, Counter())[card.id] += 1
    return Coverage(
        tuple(
            SectionCoverage(
                source=entry.source,
                title=mark.title,
                is_indexed=mark.indexed,
                cards=tuple(counts.get(Reference(entry.source.id, mark.title), Counter()).most_common()),
            )
            for entry in manifest.sources
            for mark in entry.marks
        )
    )
