"""``/check/rapport``: what a closed check shows, the actions that follow from it, and its files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import BaseRoute

from assistant.answering.prompts import Texts
from assistant.bootstrap.files import Format
from assistant.domain import Catalogue, Check, CheckKind, ChosenAction, Report
from assistant.errors import InvalidAction, UnknownKey
from assistant.publishing.citing import Citing
from assistant.publishing.presenting import report_json
from assistant.publishing.wording import decimal, figure
from assistant.surfaces.pages.choosing import fill_in, lay_out, read_choices
from assistant.surfaces.pages.figures import by_question, draw, groups_of, mean_of, shows_anything
from assistant.surfaces.pages.files import FORMATS, as_json, attach
from assistant.surfaces.pages.marking import list_sources
from assistant.surfaces.pages.site import Site, Visit, see_other

_SHARED = {"ja": "shared_yes", "nee": "shared_no"}
"""What the address says of sharing that was just done or undone, and the text that goes with it."""


class Reporting(Protocol):
    """What the initiator of a check can do once it is closed."""

    def check(self, owner_key: str) -> Check:
        """Return the check with this key; ``UnknownKey`` if there is none."""

    def report(self, owner_key: str) -> Report:
        """Return what a check shows; ``CheckStillOpen`` if it isn't closed."""

    def report_file(self, owner_key: str, format: Format) -> bytes:  # noqa: A002 - as the API calls it
        """Return the report as a Word (``docx``) or Markdown (``md``) file."""

    def choose(self, owner_key: str, actions: Sequence[ChosenAction]) -> None:
        """Keep the actions that the partners agreed on; ``InvalidAction`` if they can't be."""

    def chosen(self, owner_key: str) -> tuple[ChosenAction, ...]:
        """Return the actions that were chosen, or carried over."""

    def share(self, owner_key: str, share_code: str) -> None:
        """Show a check in a coach's portfolio; ``UnknownKey`` if no portfolio has that code."""

    def unshare(self, owner_key: str, share_code: str) -> None:
        """Take a check out of a coach's portfolio."""


class Library(Protocol):
    """Has what a report rests on; an assistant does."""

    @property
    def catalogue(self) -> Catalogue:
        """The sources, their texts and the cards."""


class ReportPages:
    """The routes of a report: the page, its files, the actions and with whom it is shared."""

    def __init__(self, site: Site, texts: Texts, drawing: Texts, checks: Reporting, library: Library) -> None:
        self._site, self._texts, self._drawing = site, texts, drawing
        self._checks, self._library = checks, library

    @property
    def routes(self) -> list[BaseRoute]:
        """All routes, in the order in which they match."""
        route, owned = self._site.route, "/check/rapport/{owner_key}"
        return [
            route(f"{owned}/acties", None, self.choose),
            route(f"{owned}/delen", None, self.share),
            route(f"{owned}.{{kind}}", self.file),
            route(owned, self.show),
        ]

    def show(self, visit: Visit) -> Response:
        """Show a report."""
        done = visit.request.query_params
        return self._page(visit, is_saved="bewaard" in done, shared=_SHARED.get(done.get("gedeeld", ""), ""))

    def file(self, visit: Visit) -> Response:
        """Hand over a report as a file."""
        key, kind = visit.key("owner_key"), visit.key("kind")
        report = self._checks.report(key)
        name = self._texts.render("report_file", alliance=report.alliance, round=report.round)
        if kind == "json":
            catalogue = self._library.catalogue
            return attach(as_json(report_json(report, self._checks.chosen(key), catalogue)), name, kind)
        if kind not in FORMATS:
            raise HTTPException(404)
        return attach(self._checks.report_file(key, FORMATS[kind]), name, kind)

    def choose(self, visit: Visit) -> Response:
        """Keep the actions that were chosen, or show them again with what is wrong."""
        key = visit.key("owner_key")
        try:
            self._checks.choose(key, read_choices(visit))
        except InvalidAction as error:
            fault = error.details["fault"]
            problem = self._texts.render(f"action_{fault}_fault")
            return self._page(visit, 422, filled=visit, problem=problem)
        return see_other(f"/check/rapport/{key}?bewaard#acties")

    def share(self, visit: Visit) -> Response:
        """Show the check in a coach's portfolio, or take it out."""
        key, code, is_ending = visit.key("owner_key"), visit.value("code"), visit.value("wat") == "intrekken"
        try:
            (self._checks.unshare if is_ending else self._checks.share)(key, code)
        except UnknownKey as error:
            if error.details["kind"] != "portfolio":
                raise
            return self._page(visit, 422, share_problem=self._texts.render("share_unknown"), typed_code=code)
        return see_other(f"/check/rapport/{key}?gedeeld={'nee' if is_ending else 'ja'}#verder")

    def _page(self, visit: Visit, status: int = 200, filled: Visit | None = None, **said: object) -> Response:
        key = visit.key("owner_key")
        report = self._checks.report(key)
        sheet = lay_out(report, self._checks.chosen(key))
        catalogue = self._library.catalogue
        values = {"problem": "", "is_saved": False, "shared": "", "share_problem": "", "typed_code": ""}
        return self._site.page(
            "report_page.html",
            status,
            key=key,
            address=f"/check/rapport/{key}",
            check=self._checks.check(key),
            sheet=fill_in(sheet, filled) if filled else sheet,
            **self._shown(report, catalogue),
            **{**values, **said},
        )

    def _shown(self, report: Report, catalogue: Catalogue) -> Mapping[str, object]:
        """Return what a template needs to show a report, besides what can be done with it."""
        citing = Citing.of(catalogue, report)
        return {
            "say": self._texts.render,
            "cite": citing.cite,
            "decimal": decimal,
            "figure": lambda value: figure(value, self._drawing),
            "report": report,
            "is_pulse": report.kind is CheckKind.PULSE,
            "entries": list_sources(citing, catalogue),
            "shows_anything": shows_anything(report),
            "groups_of": groups_of,
            "mean_of": mean_of,
            "remarks": by_question(report),
            "drawn": draw(report, self._drawing),
        }
