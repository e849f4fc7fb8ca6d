"""``/v1/sources`` and ``/v1/cards``: what answers rest on."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path
from starlette.responses import PlainTextResponse

from assistant.surfaces.api.presenting import present_card, present_sources, summarise_card
from assistant.surfaces.api.problems import Rejection
from assistant.surfaces.api.protocol import Answering
from assistant.surfaces.api.schemas import CardResponse, CardsResponse, SourcesResponse


def build_library(assistant: Answering) -> APIRouter:
    """Return the routes that show sources, their texts and cards."""
    router = APIRouter(tags=["library"])

    @router.get("/sources")
    def list_sources() -> SourcesResponse:
        """List the bibliography, and which texts are present."""
        return SourcesResponse(sources=present_sources(assistant.catalogue))

    @router.get("/sources/{source_id}/text", response_class=PlainTextResponse)
    def read_text(source_id: Annotated[str, Path(description="Of /v1/sources")]) -> PlainTextResponse:
        """Return the cleaned text of a source; citations count its code points."""
        catalogue = assistant.catalogue
        if source_id not in catalogue.sources:
            raise Rejection(404, "onbekende-bron", value=source_id)
        if source_id not in catalogue.documents:
            raise Rejection(404, "geen-tekst", title=catalogue.sources[source_id].title, value=source_id)
        return PlainTextResponse(catalogue.documents[source_id].text)

    @router.get("/cards")
    def list_cards() -> CardsResponse:
        """List the cards, without their text."""
        return CardsResponse(cards=[summarise_card(card) for card in assistant.catalogue.cards.values()])

    @router.get("/cards/{card_id}")
    def read_card(card_id: Annotated[str, Path(description="Of /v1/cards")]) -> CardResponse:
        """Return a card, with the references of every statement."""
        cards = assistant.catalogue.cards
        if card_id not in cards:
            raise Rejection(404, "onbekende-kaart", value=card_id)
        return present_card(cards[card_id])

    return router
