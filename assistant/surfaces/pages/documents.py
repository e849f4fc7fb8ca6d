"""``/documenten``: documents of one's own, to add and to look after, and the literature that is read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from assistant.answering.prompts import Texts
from assistant.domain import MOST_DOCUMENT_BYTES, MOST_DOCUMENTS, OwnDocument
from assistant.errors import DocumentAtWork, UnknownDocument
from assistant.surfaces.owning import Documenting, owner_by_page
from assistant.surfaces.pages.marking import OWN_DOCUMENTS
from assistant.surfaces.pages.owned import Describing
from assistant.surfaces.pages.site import Handler, Site, Visit, see_other
from assistant.surfaces.pages.standing import Running, read_standing
from assistant.surfaces.pages.uploading import Outcome, Uploading
from assistant.surfaces.uploads import MEGABYTE, FileTooLarge, attachment

ACCEPTED = ".pdf,.docx,.txt,.md,.markdown,.html,.htm"
_ACCEPTED, _INVALID = 202, 422
_DONE = frozenset({"added", "removed", "cancelled", "shared", "unshared", "replaced"})


@dataclass(frozen=True, slots=True)
class DocumentTexts:
    """The texts of the pages with documents."""

    own: Texts
    """``prompts/pages_documents.yaml``."""
    faults: Texts
    """``prompts/documents.yaml``."""
    moments: Texts
    """``prompts/pages_conversations.yaml``."""
    literature: Texts
    """``prompts/pages_about.yaml``."""

    @classmethod
    def read(cls, prompts: Path) -> Self:
        """Read them from the folder with texts."""
        names = ("pages_documents", "documents", "pages_conversations", "pages_about")
        return cls(*(Texts.read(prompts / f"{name}.yaml") for name in names))


def _utc_now() -> datetime:
    return datetime.now(UTC)


class DocumentPages:
    """The routes of the page with documents, and of what can be done with one."""

    def __init__(
        self,
        site: Site,
        texts: DocumentTexts,
        running: Running,
        documents: Documenting,
        now: Callable[[], datetime] = _utc_now,
    ) -> None:
        self._site, self._texts, self._running, self._documents = site, texts, running, documents
        self._describing = Describing(texts.own, texts.faults, texts.moments)
        self._uploading = Uploading(documents, texts.own, self._describing)
        self._now = now

    @property
    def routes(self) -> list[BaseRoute]:
        """All routes but that of the text of a document: ``viewing`` has that."""
        one = f"{OWN_DOCUMENTS}/{{id}}"
        return [
            self._route(OWN_DOCUMENTS, self.show, self.add),
            self._route(f"{one}/afbreken", post=self.cancel),
            self._route(f"{one}/delen", post=self.share),
            self._route(f"{one}/vervangen", self.ask_for_newer, self.replace),
            self._route(f"{one}/verwijderen", self.ask_to_remove, self.remove),
            self._route(f"{one}/eerder", self.show_history),
            self._route(f"{one}/bestand", self.hand_over),
        ]

    def show(self, visit: Visit) -> Response:
        """Show the documents of who visits, and the literature."""
        done = visit.request.query_params.get("gedaan", "")
        said = self._texts.own.render(f"done.{done}") if done in _DONE else ""
        return self._overview(visit, said=said)

    def add(self, visit: Visit) -> Response:
        """Keep the files that somebody chose."""
        owner = _owner(visit)
        outcomes = self._uploading.keep(visit, owner, is_shared=visit.value("delen") == "ja")
        return self._concluded(visit, outcomes, "added")

    def cancel(self, visit: Visit) -> Response:
        """Stop reading a document."""
        self._documents.cancel(_owner(visit), visit.key("id"))
        return _done("cancelled")

    def share(self, visit: Visit) -> Response:
        """Let everybody here find a document, or its owner alone again."""
        is_shared = visit.value("delen") == "ja"
        self._documents.share(_owner(visit), visit.key("id"), is_shared)
        return _done("shared" if is_shared else "unshared")

    def ask_for_newer(self, visit: Visit) -> Response:
        """Ask for the file that comes in the place of a document."""
        return self._about(visit, "document_replace.html")

    def replace(self, visit: Visit) -> Response:
        """Keep a newer version of a document."""
        owner = _owner(visit)
        replaced = self._own(owner, visit.key("id"))
        outcomes = self._uploading.keep(visit, owner, is_shared=replaced.is_shared, replaces=replaced.id)
        return self._concluded(visit, outcomes, "replaced")

    def ask_to_remove(self, visit: Visit) -> Response:
        """Say what removing a document takes away."""
        return self._about(visit, "document_remove.html")

    def remove(self, visit: Visit) -> Response:
        """Remove a document."""
        self._documents.remove(_owner(visit), visit.key("id"))
        return _done("removed")

    def show_history(self, visit: Visit) -> Response:
        """Show all versions of a document."""
        return self._about(visit, "document_history.html")

    def hand_over(self, visit: Visit) -> Response:
        """Hand over the file as it was added."""
        owner, id_ = _owner(visit), visit.key("id")
        return attachment(self._documents.get(owner, id_).name, self._documents.file(owner, id_))

    # ── How it is shown ──────────────────────────────────────────────────────

    def _overview(
        self, visit: Visit, status: int = 200, said: str = "", outcomes: tuple[Outcome, ...] = ()
    ) -> Response:
        owner = owner_by_page(visit.request)
        listed = self._documents.list(owner) if owner else ()
        return self._page(
            "documents.html",
            status,
            literature=self._texts.literature.render,
            standing=read_standing(self._running),
            listed=self._describing.show(listed, self._now()),
            version=" ".join(f"{one.id}.{one.version}.{one.is_shared:d}" for one in listed),
            working=sum(one.is_working for one in listed),
            is_known=owner is not None,
            is_full=len(listed) >= MOST_DOCUMENTS,
            said=said,
            outcomes=outcomes,
        )

    def _about(self, visit: Visit, template: str, status: int = 200, **values: object) -> Response:
        """Show a page about one document of who visits; nobody else's has one."""
        owner, id_ = _owner(visit), visit.key("id")
        versions = self._describing.show(self._documents.history(owner, id_), self._now())
        shown = next(one for one in versions if one.document.id == id_)
        return self._page(template, status, shown=shown, versions=versions, **values)

    def _concluded(self, visit: Visit, outcomes: tuple[Outcome, ...], what: str) -> Response:
        is_kept = all(one.is_kept for one in outcomes)
        if _wants_json(visit.request):
            told = [{"name": one.name, "message": one.message, "link": one.link} for one in outcomes]
            return JSONResponse({"files": told}, _ACCEPTED if is_kept else _INVALID)
        return _done(what) if is_kept else self._overview(visit, _INVALID, outcomes=outcomes)

    def _page(self, template: str, status: int = 200, **values: object) -> Response:
        return self._site.page(
            template,
            status,
            say=self._texts.own.render,
            accepted=ACCEPTED,
            most_bytes=MOST_DOCUMENT_BYTES,
            megabytes=MOST_DOCUMENT_BYTES // MEGABYTE,
            most=MOST_DOCUMENTS,
            **values,
        )

    def _own(self, owner: str, id_: str) -> OwnDocument:
        return next(one for one in self._documents.history(owner, id_) if one.id == id_)

    def _route(self, path: str, get: Handler | None = None, post: Handler | None = None) -> BaseRoute:
        return self._site.route(path, get, post, self._refuse)

    def _refuse(self, request: Request, error: Exception) -> Response | None:
        match error:
            case FileTooLarge():
                outcome = self._uploading.refused("", error)
                if _wants_json(request):
                    told = {"name": "", "message": outcome.message, "link": ""}
                    return JSONResponse({"files": [told]}, error.status_code)
                return self._problem("too_large", error.status_code, limit=error.detail)
            case UnknownDocument():
                return self._problem("unknown", 404)
            case DocumentAtWork():
                return self._problem("at_work", 409)
            case NoVisitor():
                return self._problem("no_visitor", 403)
        return None

    def _problem(self, what: str, status: int, **values: object) -> Response:
        title, message = self._texts.own.render(f"{what}.title"), self._texts.own.render(what, **values)
        return self._page("document_problem.html", status, title=title, message=message)


class NoVisitor(Exception):
    """Who visits can't be known again: their browser keeps no cookies."""


def _owner(visit: Visit) -> str:
    owner = owner_by_page(visit.request)
    if owner is None:
        raise NoVisitor
    return owner


def _done(what: str) -> Response:
    return see_other(f"{OWN_DOCUMENTS}?gedaan={what}")


def _wants_json(request: Request) -> bool:
    return "application/json" in request.headers.get("accept", "")
