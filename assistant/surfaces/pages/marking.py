"""Marks such as [3] behind a sentence, and the numbered sources at the end of the page that they lead to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import quote

from assistant.domain import Catalogue, Citation, Evidence

CITED = "citaat"
"""The anchor of a cited span on the page of its source."""


class Citing(Protocol):
    """Gives statements the numbers of what they rest on."""

    def cite(self, statements: Sequence[str]) -> tuple[Citation, ...]:
        """Return the citations of statements, each once."""
        ...

    @property
    def citations(self) -> tuple[Citation, ...]:
        """All citations, in order of their numbers."""
        ...


@dataclass(frozen=True, slots=True)
class SourceEntry:
    """A numbered source as a page lists it."""

    number: int
    source: str
    section: str
    quote: str
    is_card: bool
    link: str
    """Where it stands: in the text of the source, or on a card."""


def list_sources(citing: Citing, catalogue: Catalogue) -> tuple[SourceEntry, ...]:
    """Return the sources of all that was cited, in order of their numbers."""
    return tuple(_entry(citation, catalogue) for citation in citing.citations)


def link_to(evidence: Evidence, catalogue: Catalogue) -> str:
    """Return the address where evidence can be read: its span if the text is there, or else its card."""
    span, document = evidence.span, catalogue.documents.get(evidence.source_id)
    if span and document and document.text[span.start : span.end] == evidence.quote:
        return f"/bronnen/{quote(evidence.source_id)}?van={span.start}&tot={span.end}#{CITED}"
    card = catalogue.cards.get(evidence.card_id or "")
    if card is None:
        return f"/bronnen/{quote(evidence.source_id)}"
    said = {statement.plain: statement.id for statement in card.statements}
    return link_to_statement(said[evidence.quote]) if evidence.quote in said else link_to_card(card.id)


def link_to_card(card_id: str) -> str:
    """Return the address of a card."""
    return f"/kaarten/{quote(card_id)}"


def link_to_statement(statement_id: str) -> str:
    """Return the address of a statement, on its card."""
    card_id, _, number = statement_id.rpartition("#")
    return f"{link_to_card(card_id)}#{number}"


def _entry(citation: Citation, catalogue: Catalogue) -> SourceEntry:
    evidence = citation.evidence
    source = catalogue.sources.get(evidence.source_id)
    return SourceEntry(
        number=citation.number,
        source=source.label if source else evidence.source_id,
        section=evidence.section,
        quote=evidence.quote,
        is_card=evidence.span is None,
        link=link_to(evidence, catalogue),
    )
