"""Whether every claim is cited, and every quote stands where its citation says."""

from __future__ import annotations

from collections.abc import Iterable

from assistant.domain import Answer, Catalogue, Citation
from evals.results import Cited


def measure_citations(answers: Iterable[Answer], catalogue: Catalogue) -> Cited:
    """Count claims without citations, and citations whose span isn't their quote."""
    listed = list(answers)
    claims = [claim for answer in listed for claim in answer.claims]
    citations = [citation for answer in listed for citation in answer.citations]
    return Cited(
        claims=len(claims),
        uncited=sum(not claim.citations for claim in claims),
        citations=len(citations),
        inexact=sum(not is_exact(citation, catalogue) for citation in citations),
    )


def is_exact(citation: Citation, catalogue: Catalogue) -> bool:
    """Return whether a quote is what its span holds, or without a span what its card says."""
    evidence = citation.evidence
    if evidence.span is not None:
        text = catalogue.documents[evidence.source_id].text
        return text[evidence.span.start : evidence.span.end] == evidence.quote
    card = catalogue.cards.get(evidence.card_id or "")
    return card is not None and any(statement.plain == evidence.quote for statement in card.statements)
