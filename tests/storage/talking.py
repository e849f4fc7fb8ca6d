"""What is said in the conversations of tests."""

from __future__ import annotations

from uuid import uuid4

from assistant.domain import (
    CheckedClaim,
    Citation,
    Claim,
    ClaimForm,
    Ending,
    Evidence,
    Filters,
    KeptExchange,
    Span,
    Support,
)

ANNA, BRAM = "a" * 43, "b" * 43
"""Two visitors."""


def exchange(question: str = "Wat is vertrouwen?", answer: str = "Geloof in de ander. [1]") -> KeptExchange:
    """Make an exchange with an id of its own and something in each field."""
    quoted = Citation(
        1,
        Evidence("jansen-2004", "Het NAV-model", "een ‘quote’\n🌱", Span(3, 17), None, 0.875),
        Support.QUOTED,
    )
    stated = Citation(
        2, Evidence("boonstra-2023", "Inleiding", "Een uitspraak.", card_id="funderen"), Support.SUPPORTED
    )
    claim = Claim("Geloof in de ander.", ("vertrouwen#1", "funderen#3"), ClaimForm.BULLET)
    return KeptExchange(
        id=uuid4().hex,
        question=question,
        ending=Ending.ANSWERED,
        markdown=answer,
        claims=(CheckedClaim(claim, (quoted, stated)),),
        citations=(quoted, stated),
        follow_ups=("En waarom dan?",),
        notices=("Het taalmodel was stil.",),
        filters=Filters(frozenset({"jansen-2004", "boonstra-2023"}), frozenset({"begrip"})),
        engine="composer",
        index_version="20260302-1",
    )
