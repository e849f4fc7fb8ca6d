"""What the cards say on something that is asked, with where they have it from."""

from __future__ import annotations

from typing import Protocol

from assistant.domain import Catalogue, Evidence, Statement, card_id_of
from assistant.surfaces.pages.blocks import Asked, Explain, Explanation
from assistant.surfaces.pages.marking import link_to_statement


class Library(Protocol):
    """Says what is known at this moment; an assistant does."""

    @property
    def catalogue(self) -> Catalogue:
        """The cards and what their statements rest on."""


def explain_from(library: Library) -> Explain:
    """Return what gives, for something that is asked, each statement that it rests on with its sources."""

    def explain(asked: Asked) -> list[Explanation]:
        catalogue = library.catalogue
        found = (_statement(catalogue, one) for one in asked.statements)
        return [
            Explanation(statement.plain, _label(catalogue, evidence), link_to_statement(statement.id))
            for statement in found
            if statement
            for evidence in catalogue.evidence.get(statement.id, ())[:1]
        ]

    return explain


def _statement(catalogue: Catalogue, statement_id: str) -> Statement | None:
    card = catalogue.cards.get(card_id_of(statement_id))
    return next((one for one in card.statements if one.id == statement_id), None) if card else None


def _label(catalogue: Catalogue, evidence: Evidence) -> str:
    source = evidence.own or catalogue.sources.get(evidence.source_id)
    return f"{source.label if source else evidence.source_id}, {evidence.section}"
