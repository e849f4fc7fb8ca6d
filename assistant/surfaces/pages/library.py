"""``/bronnen`` and ``/kaarten``: where every mark leads, the cited words in their own text or on a card."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import BaseRoute

from assistant.answering.prompts import Texts
from assistant.domain import Card, Catalogue, Document, Source, Span, Statement, card_id_of
from assistant.surfaces.pages.marking import link_to, link_to_card, link_to_statement
from assistant.surfaces.pages.passages import is_within, show_document
from assistant.surfaces.pages.site import Site, Visit


class Library(Protocol):
    """Has what answers rest on; an assistant does."""

    @property
    def catalogue(self) -> Catalogue:
        """The sources, their texts and the cards."""
        ...


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a statement comes from."""

    source: str
    section: str
    link: str


@dataclass(frozen=True, slots=True)
class _CardStatement:
    """A statement as its card shows it."""

    number: str
    text: str
    places: tuple[_Place, ...]


@dataclass(frozen=True, slots=True)
class _CardSection:
    """A section of a card as the page shows it."""

    heading: str
    statements: tuple[_CardStatement, ...]


@dataclass(frozen=True, slots=True)
class _Summary:
    """What a card says of a source, and where."""

    text: str
    card: str
    link: str


@dataclass(frozen=True, slots=True)
class _Link:
    """A title that leads somewhere."""

    title: str
    link: str


class LibraryPages:
    """The routes of the source viewer and of the cards."""

    def __init__(self, site: Site, texts: Texts, library: Library) -> None:
        self._site, self._texts, self._library = site, texts, library

    @property
    def routes(self) -> list[BaseRoute]:
        """All routes, in the order in which they match."""
        route = self._site.route
        return [route("/bronnen/{source_id}", self.source), route("/kaarten/{card_id}", self.card)]

    def source(self, visit: Visit) -> Response:
        """Show the text of a source, with the cited span marked, or what the cards say if it isn't here."""
        catalogue = self._library.catalogue
        source = catalogue.sources.get(visit.key("source_id"))
        if source is None:
            raise HTTPException(404)
        if source.id in catalogue.documents:
            return self._text(visit, source, catalogue.documents[source.id])
        return self._page("library_absent.html", source=source, sections=_summaries(source, catalogue))

    def card(self, visit: Visit) -> Response:
        """Show a card, each statement with where it comes from."""
        catalogue = self._library.catalogue
        card = catalogue.cards.get(visit.key("card_id"))
        if card is None:
            raise HTTPException(404)
        related = [_Link(catalogue.cards[id_].title, link_to_card(id_)) for id_ in card.related]
        return self._page(
            "library_card.html", card=card, sections=_sections(card, catalogue), related=related
        )

    def _text(self, visit: Visit, source: Source, document: Document) -> Response:
        asked = _span(visit)
        cited = asked if asked and is_within(document, asked) else None
        return self._page(
            "library_source.html",
            source=source,
            sections=show_document(document, cited),
            is_astray=cited is None and "van" in visit.request.query_params,
        )

    def _page(self, template: str, **values: object) -> Response:
        return self._site.page(template, 200, say=self._texts.render, **values)


def _span(visit: Visit) -> Span | None:
    """Return the span that the address asks for; ``None`` if it asks for none that can be read."""
    asked = visit.request.query_params
    try:
        return Span(int(asked["van"]), int(asked["tot"]))
    except (KeyError, ValueError):
        return None


def _summaries(source: Source, catalogue: Catalogue) -> list[tuple[str, tuple[_Summary, ...]]]:
    """Return what the cards say of a source, by its sections and in their order."""
    found: dict[str, list[_Summary]] = {section: [] for section in source.sections}
    for card in catalogue.cards.values():
        for statement in card.statements:
            for section in _sections_of(statement, source):
                found.setdefault(section, []).append(
                    _Summary(statement.plain, card.title, link_to_statement(statement.id))
                )
    return [(section, tuple(summaries)) for section, summaries in found.items() if summaries]


def _sections_of(statement: Statement, source: Source) -> Iterator[str]:
    return (one.section for one in dict.fromkeys(statement.references) if one.source_id == source.id)


def _sections(card: Card, catalogue: Catalogue) -> tuple[_CardSection, ...]:
    return tuple(
        _CardSection(section.heading, tuple(_statement(one, catalogue) for one in section.statements))
        for section in card.sections
    )


def _statement(statement: Statement, catalogue: Catalogue) -> _CardStatement:
    number = statement.id.removeprefix(f"{card_id_of(statement.id)}#")
    return _CardStatement(number, statement.plain, tuple(_places(statement, catalogue)))


def _places(statement: Statement, catalogue: Catalogue) -> Iterator[_Place]:
    for evidence in catalogue.evidence.get(statement.id, ()):
        link = link_to(evidence, catalogue) if evidence.span else f"/bronnen/{evidence.source_id}"
        yield _Place(catalogue.sources[evidence.source_id].label, evidence.section, link)
