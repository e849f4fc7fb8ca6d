"""Marks such as [3] behind a sentence, and the numbered sources at the end of the page that they lead to."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import quote, urlencode

from assistant.domain import Catalogue, Citation, Evidence, Span

CITED = "citaat"
"""The anchor of a cited span on the page of its source."""
OWN_DOCUMENTS, OWN_PASSAGE = "/documenten", "/passage"
"""Where an own document is shown whole, and where one passage of it is, for a panel; its id follows."""


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
    if evidence.own:
        return link_to_own(evidence)
    span = place_of(evidence, catalogue)
    if span:
        return f"{link_to_source(evidence.source_id)}?van={span.start}&tot={span.end}#{CITED}"
    card = catalogue.cards.get(evidence.card_id or "")
    if card is None:
        return link_to_source(evidence.source_id)
    said = {statement.plain: statement.id for statement in card.statements}
    return link_to_statement(said[evidence.quote]) if evidence.quote in said else link_to_card(card.id)


def passage_link(evidence: Evidence, catalogue: Catalogue) -> str:
    """Return the address of the same evidence as a piece of a page: in its surroundings, and on its card.

    Where the quote isn't in the text any more, the address keeps the old place with a fingerprint of the
    words, so that what is there now is never shown as what was cited.
    """
    if evidence.own:
        return f"{OWN_PASSAGE}/{quote(evidence.source_id)}?{urlencode(_own_place(evidence))}"
    span = place_of(evidence, catalogue) or evidence.span
    asked = {"bron": evidence.source_id}
    if span:
        asked |= {"van": str(span.start), "tot": str(span.end)}
    else:
        asked["deel"] = evidence.section
    if evidence.card_id:
        asked["kaart"] = evidence.card_id
    return f"/passage?{urlencode({**asked, 'merk': fingerprint(evidence.quote)})}"


def place_of(evidence: Evidence, catalogue: Catalogue) -> Span | None:
    """Return where the quote stands in its text as it is now; ``None`` if it doesn't, or the text isn't here.

    A text that was read anew may have the quote elsewhere.
    """
    span, document = evidence.span, catalogue.documents.get(evidence.source_id)
    if span is None or document is None:
        return None
    if document.text[span.start : span.end] == evidence.quote:
        return span
    start = document.text.find(evidence.quote) if evidence.quote else -1
    return Span(start, start + len(evidence.quote)) if start >= 0 else None


def fingerprint(quote: str) -> str:
    """Return a few letters by which to know the words of a quote again."""
    return hashlib.sha256(quote.encode()).hexdigest()[:8]


def link_to_own(evidence: Evidence) -> str:
    """Return the address where evidence of an own document can be read."""
    return f"{OWN_DOCUMENTS}/{quote(evidence.source_id)}?{urlencode(_own_place(evidence))}#{CITED}"


def _own_place(evidence: Evidence) -> dict[str, str]:
    """Return what an address says of a place; a text that was read anew may have other words there."""
    proof = {"merk": fingerprint(evidence.quote)}
    if evidence.span is None:
        return proof
    return {"van": str(evidence.span.start), "tot": str(evidence.span.end), **proof}


def link_to_source(source_id: str) -> str:
    """Return the address of a source."""
    return f"/bronnen/{quote(source_id)}"


def link_to_card(card_id: str) -> str:
    """Return the address of a card."""
    return f"/kaarten/{quote(card_id)}"


def link_to_statement(statement_id: str) -> str:
    """Return the address of a statement, on its card."""
    card_id, _, number = statement_id.rpartition("#")
    return f"{link_to_card(card_id)}#{number}"


def _entry(citation: Citation, catalogue: Catalogue) -> SourceEntry:
    evidence = citation.evidence
    source = evidence.own or catalogue.sources.get(evidence.source_id)
    return SourceEntry(
        number=citation.number,
        source=source.label if source else evidence.source_id,
        section=evidence.section,
        quote=evidence.quote,
        is_card=evidence.span is None,
        link=link_to(evidence, catalogue),
    )
