"""``/documenten/{id}``: the text that was read of a document, page by page, and a passage of it for a panel.

Whoever may ask may read what answers quote: documents of their own, and those that are shared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from assistant.domain import Document, DocumentState, OwnDocument, ReadText, Span
from assistant.errors import DocumentAtWork, UnknownDocument
from assistant.surfaces.owning import Documenting, owner_by_page
from assistant.surfaces.pages.documents import DocumentTexts
from assistant.surfaces.pages.library.passage import Place
from assistant.surfaces.pages.marking import CITED, OWN_DOCUMENTS, OWN_PASSAGE, fingerprint
from assistant.surfaces.pages.owned import Describing
from assistant.surfaces.pages.passages import Excerpt, is_within, show_excerpt, show_pages
from assistant.surfaces.pages.site import Site, Visit

_MOST_HEADINGS = 60


@dataclass(frozen=True, slots=True)
class Heading:
    """A line of the contents."""

    title: str
    page: int | None
    link: str


def _utc_now() -> datetime:
    return datetime.now(UTC)


class ViewingPages:
    """The routes of the text of a document."""

    def __init__(
        self,
        site: Site,
        texts: DocumentTexts,
        documents: Documenting,
        now: Callable[[], datetime] = _utc_now,
    ) -> None:
        self._site, self._texts, self._documents, self._now = site, texts, documents, now
        self._describing = Describing(texts.own, texts.faults, texts.moments)

    @property
    def routes(self) -> list[BaseRoute]:
        """The document whole, and a passage of it."""
        return [
            self._site.route(f"{OWN_DOCUMENTS}/{{id}}", self.show, refuse=self._refuse),
            self._site.route(f"{OWN_PASSAGE}/{{id}}", self.show_passage, refuse=self._refuse_piece),
        ]

    def show(self, visit: Visit) -> Response:
        """Show the text of a document, with the cited span marked; or how far it is."""
        reader, id_ = _reader(visit), visit.key("id")
        document = self._documents.get(reader, id_)
        read = self._documents.text(reader, id_) if document.state is DocumentState.READY else None
        text = _as_document(document, read) if read else None
        cited = _cited(visit, text) if text else None
        return self._page(
            "document.html",
            shown=self._describing.show_one(document, self._now()),
            is_owner=document.owner == reader,
            pages=show_pages(text, read.pages, cited) if text and read else (),
            contents=tuple(_contents(read)) if read else (),
            is_astray=cited is None and bool(_asked(visit)),
        )

    def show_passage(self, visit: Visit) -> Response:
        """Show a passage in its surroundings, as a piece of a page."""
        reader, id_ = _reader(visit), visit.key("id")
        document, read = self._documents.get(reader, id_), self._documents.text(reader, id_)
        text = _as_document(document, read)
        cited = _cited(visit, text)
        excerpt: Excerpt | None = show_excerpt(text, cited) if cited else None
        link = f"{OWN_DOCUMENTS}/{document.id}"
        return self._page(
            "document_passage.html",
            document=document,
            is_owner=document.owner == reader,
            excerpt=excerpt,
            page=read.page_at(cited.start) if cited else None,
            whole=f"{link}?{urlencode(_asked(visit))}#{CITED}" if cited else link,
        )

    def _page(self, template: str, status: int = 200, **values: object) -> Response:
        return self._site.page(template, status, say=self._texts.own.render, **values)

    def _refuse(self, request: Request, error: Exception) -> Response | None:
        match error:
            case UnknownDocument():
                return self._problem("document_problem.html", "unknown", 404)
            case DocumentAtWork():
                return self._problem("document_problem.html", "at_work", 409)
        return None

    def _refuse_piece(self, request: Request, error: Exception) -> Response | None:
        if isinstance(error, UnknownDocument | DocumentAtWork):
            return self._problem("document_passage_gone.html", "unknown", 404)
        return None

    def _problem(self, template: str, what: str, status: int) -> Response:
        title, message = self._texts.own.render(f"{what}.title"), self._texts.own.render(what)
        return self._page(template, status, title=title, message=message)


def _reader(visit: Visit) -> str:
    """Return as whom somebody reads; who can't be known reads what is shared."""
    return owner_by_page(visit.request) or ""


def _as_document(document: OwnDocument, read: ReadText) -> Document:
    return Document(document.id, read.text, read.sections, ())


def _asked(visit: Visit) -> dict[str, str]:
    asked = visit.request.query_params
    return {name: asked[name] for name in ("van", "tot", "merk") if name in asked}


def _cited(visit: Visit, document: Document) -> Span | None:
    """Return the span that an address asks for, if the text has the words there that were cited."""
    place = Place.read({"bron": document.source_id, **_asked(visit)})
    if place is None or place.span is None or not is_within(document, place.span):
        return None
    quote = document.text[place.span.start : place.span.end]
    return place.span if place.proof in ("", fingerprint(quote)) else None


def _contents(read: ReadText) -> Iterator[Heading]:
    """Yield the headings of a document that has several."""
    if len(read.sections) > 1:
        for number, section in enumerate(read.sections[:_MOST_HEADINGS]):
            yield Heading(section.title, read.page_at(section.span.start), f"#deel-{number}")
