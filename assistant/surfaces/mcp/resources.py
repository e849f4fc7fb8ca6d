"""Cards and sources as resources, that a client can put beside a conversation."""

from __future__ import annotations

import re

from mcp_types import (
    ListResourcesResult,
    ReadResourceResult,
    Resource,
    TextResourceContents,
)

from assistant.answering.prompts import Texts
from assistant.surfaces.api.presenting import present_card, present_source
from assistant.surfaces.api.problems import Rejection
from assistant.surfaces.mcp.tools import Library
from assistant.surfaces.mcp.writing import Writer

_CARD, _SOURCE = "alliantie://cards/", "alliantie://sources/"
_ADDRESS = re.compile(f"({_CARD}|{_SOURCE})([^/]+)")
_MEDIA_TYPE = "text/markdown"


class Resources:
    """What can be read by address."""

    def __init__(self, library: Library, writer: Writer, texts: Texts) -> None:
        self._library = library
        self._writer = writer
        self._texts = texts

    def list(self) -> ListResourcesResult:
        """List cards and sources."""
        catalogue = self._library.assistant().catalogue
        cards = (self._listed(_CARD, "card", one.id, one.title) for one in catalogue.cards.values())
        sources = (self._listed(_SOURCE, "source", one.id, one.title) for one in catalogue.sources.values())
        return ListResourcesResult(resources=[*sources, *cards])

    def read(self, address: str) -> ReadResourceResult:
        """Return a card or a source as Markdown; raise ``Rejection`` for another address."""
        found = _ADDRESS.fullmatch(address)
        if found is None:
            raise Rejection(404, "onbekend-adres", value=address)
        text = self._card(found[2]) if found[1] == _CARD else self._source(found[2])
        return ReadResourceResult(
            contents=[TextResourceContents(uri=address, mime_type=_MEDIA_TYPE, text=text)]
        )

    def _listed(self, scheme: str, kind: str, name: str, title: str) -> Resource:
        return Resource(
            uri=scheme + name,
            name=name,
            title=title,
            description=self._texts.render(f"resource_{kind}"),
            mime_type=_MEDIA_TYPE,
        )

    def _card(self, card_id: str) -> str:
        cards = self._library.assistant().catalogue.cards
        if card_id not in cards:
            raise Rejection(404, "onbekende-kaart", value=card_id)
        return self._writer.card(present_card(cards[card_id]))

    def _source(self, source_id: str) -> str:
        catalogue = self._library.assistant().catalogue
        if source_id not in catalogue.sources:
            raise Rejection(404, "onbekende-bron", value=source_id)
        has_text = source_id in catalogue.documents
        return self._writer.source(present_source(catalogue.sources[source_id], has_text=has_text))
