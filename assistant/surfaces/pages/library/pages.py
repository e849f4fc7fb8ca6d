"""The routes of the library."""

from __future__ import annotations

from typing import Protocol

from starlette.responses import Response
from starlette.routing import BaseRoute

from assistant.answering.prompts import Texts
from assistant.domain import Catalogue, Questionnaire, Span
from assistant.surfaces.pages.library.browsing import Sought, browse
from assistant.surfaces.pages.library.cards import show_card
from assistant.surfaces.pages.library.passage import Place, show_passage
from assistant.surfaces.pages.library.pictures import draw_paradoxes, draw_phases
from assistant.surfaces.pages.library.sources import list_sources, summarise
from assistant.surfaces.pages.passages import is_within, show_document
from assistant.surfaces.pages.site import Site, Visit


class Library(Protocol):
    """Has what answers rest on; an assistant does."""

    @property
    def catalogue(self) -> Catalogue:
        """The sources, their texts and the cards."""
        ...


class Charting(Protocol):
    """Knows the authors' phases and the poles of the paradoxes; the health check does."""

    @property
    def questionnaire(self) -> Questionnaire:
        """What a check asks, by phase model and tension."""


class LibraryPages:
    """The routes of the library, its cards and its sources."""

    def __init__(self, site: Site, texts: Texts, library: Library, charting: Charting) -> None:
        """``texts`` is ``prompts/pages_library.yaml``."""
        self._site, self._texts, self._library, self._charting = site, texts, library, charting

    @property
    def routes(self) -> list[BaseRoute]:
        """All routes, in the order in which they match."""
        route = self._site.route
        return [
            route("/bibliotheek", self.browse),
            route("/kaarten/{card_id}", self.card),
            route("/bronnen", self.sources),
            route("/bronnen/{source_id}", self.source),
            route("/passage", self.passage),
        ]

    def browse(self, visit: Visit) -> Response:
        """Show the cards and sources that were sought, or all of them with the pictures before them."""
        catalogue, charts = self._library.catalogue, self._charting.questionnaire
        sought = Sought.read(visit.request.query_params, catalogue)
        shown = browse(sought, catalogue, charts.phase_names)
        if sought.is_anything:
            return self._page("library_found.html", shown=shown)
        return self._page(
            "library_start.html",
            shown=shown,
            phases=draw_phases(charts, catalogue, self._texts),
            paradoxes=draw_paradoxes(charts, catalogue, self._texts),
            sources=list_sources(catalogue),
        )

    def card(self, visit: Visit) -> Response:
        """Show a card, each statement with where it comes from."""
        catalogue = self._library.catalogue
        card = catalogue.cards.get(visit.key("card_id"))
        if card is None:
            return self._page("library_unknown.html", 404, what="card")
        names = self._charting.questionnaire.phase_names
        return self._page("library_card.html", card=card, shown=show_card(card, catalogue, names))

    def sources(self, visit: Visit) -> Response:
        """List the sources."""
        return self._page("library_sources.html", sources=list_sources(self._library.catalogue))

    def source(self, visit: Visit) -> Response:
        """Show the text of a source, with the cited span marked, or what the cards say if it isn't here."""
        catalogue = self._library.catalogue
        listed = next((one for one in list_sources(catalogue) if one.id == visit.key("source_id")), None)
        if listed is None:
            return self._page("library_unknown.html", 404, what="source")
        document = catalogue.documents.get(listed.id)
        if document is None:
            sections = summarise(catalogue.sources[listed.id], catalogue)
            return self._page("library_absent.html", source=listed, sections=sections)
        asked = _span(visit)
        cited = asked if asked and is_within(document, asked) else None
        return self._page(
            "library_source.html",
            source=listed,
            sections=show_document(document, cited),
            is_astray=cited is None and "van" in visit.request.query_params,
        )

    def passage(self, visit: Visit) -> Response:
        """Show evidence in its surroundings and on its card, as a piece of a page."""
        place = Place.read(visit.request.query_params)
        shown = show_passage(place, self._library.catalogue) if place else None
        if shown is None:
            return self._page("passage_unknown.html", 404)
        return self._page("passage.html", shown=shown)

    def _page(self, template: str, status: int = 200, **values: object) -> Response:
        return self._site.page(template, status, say=self._texts.render, **values)


def _span(visit: Visit) -> Span | None:
    """Return the span that the address asks for; ``None`` if it asks for none that can be read."""
    asked = visit.request.query_params
    try:
        return Span(int(asked["van"]), int(asked["tot"]))
    except (KeyError, ValueError):
        return None
