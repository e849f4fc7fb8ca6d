"""``/brief``: what a coach takes into a session, edited in the page and handed over as a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import BaseRoute

from assistant.answering.prompts import Texts
from assistant.bootstrap.briefs import LONGEST_SITUATION
from assistant.bootstrap.files import Format
from assistant.domain import Brief, Catalogue
from assistant.errors import CheckStillOpen, InvalidQuestion, QuestionTooLong, UnknownKey
from assistant.publishing.citing import Citing
from assistant.publishing.presenting import brief_json
from assistant.surfaces.pages.editing import brief_from_json, brief_to_json, edited
from assistant.surfaces.pages.files import FORMATS, as_json, attach
from assistant.surfaces.pages.marking import list_sources
from assistant.surfaces.pages.site import Site, Visit


class Briefing(Protocol):
    """Prepares a coach."""

    def brief(self, title: str, situation: str, owner_key: str | None) -> Brief:
        """Return a brief on a situation, on a closed check, or on both."""

    def file(self, brief: Brief, format: Format) -> bytes:  # noqa: A002 - as the API calls it
        """Return a brief as a Word (``docx``) or Markdown (``md``) file."""


class Library(Protocol):
    """Has what a brief rests on; an assistant does."""

    @property
    def catalogue(self) -> Catalogue:
        """The sources, their texts and the cards."""


@dataclass(frozen=True, slots=True)
class BriefForm:
    """What a brief is asked with, as it was filled in."""

    title: str = ""
    situation: str = ""
    check: str = ""
    """The key of a check, or the address of one of its pages."""
    problem: str = ""


class BriefPages:
    """The routes of the brief. Nothing of it is kept: the page carries it along."""

    def __init__(self, site: Site, texts: Texts, briefs: Briefing, library: Library) -> None:
        self._site, self._texts, self._briefs, self._library = site, texts, briefs, library

    @property
    def routes(self) -> list[BaseRoute]:
        """All routes, in the order in which they match."""
        route = self._site.route
        return [route("/brief", self.start, self.make), route("/brief/bestand", None, self.file)]

    def start(self, visit: Visit) -> Response:
        """Show the form."""
        return self._start(BriefForm())

    def make(self, visit: Visit) -> Response:
        """Show a brief, or the form again with what is wrong."""
        form = BriefForm(visit.value("titel"), visit.value("situatie"), visit.value("sleutel"))
        if not (form.situation or form.check):
            return self._refuse(form, "brief_nothing")
        try:
            return self._show(self._briefs.brief(form.title, form.situation, key_in(form.check) or None))
        except QuestionTooLong:
            return self._refuse(form, "brief_too_long")
        except InvalidQuestion:
            return self._refuse(form, "brief_unreadable")
        except UnknownKey:
            return self._refuse(form, "brief_unknown_check")
        except CheckStillOpen:
            return self._refuse(form, "brief_open_check")

    def file(self, visit: Visit) -> Response:
        """Hand over the brief as it was edited."""
        kind, catalogue = visit.value("soort"), self._library.catalogue
        try:
            brief = edited(brief_from_json(visit.value("brief"), catalogue), visit)
        except ValueError as error:
            raise HTTPException(400) from error
        name = self._texts.render("brief_file", title=brief.title)
        if kind == "json":
            return attach(as_json(brief_json(brief, catalogue)), name, kind)
        if kind not in FORMATS:
            raise HTTPException(400)
        return attach(self._briefs.file(brief, FORMATS[kind]), name, kind)

    def _show(self, brief: Brief) -> Response:
        citing = Citing.of(self._library.catalogue, brief)
        shown = self._site.page(
            "brief_page.html",
            say=self._texts.render,
            cite=citing.cite,
            brief=brief,
            carried=brief_to_json(brief),
            entries=list_sources(citing, self._library.catalogue),
        )
        # What was edited stands in the page alone: who goes back must find it there.
        shown.headers["Cache-Control"] = "private, no-cache"
        return shown

    def _refuse(self, form: BriefForm, problem: str) -> Response:
        said = self._texts.render(problem, most=LONGEST_SITUATION)
        return self._start(BriefForm(form.title, form.situation, form.check, said), 422)

    def _start(self, form: BriefForm, status: int = 200) -> Response:
        return self._site.page(
            "brief_start.html", status, say=self._texts.render, form=form, most=LONGEST_SITUATION
        )


def key_in(text: str) -> str:
    """Return the key of a check from what somebody pasted: the key itself, or the address of its page."""
    return urlsplit(text).path.rstrip("/").rpartition("/")[2]
