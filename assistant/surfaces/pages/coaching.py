"""The pages that follow a closed check: its report, a brief and a portfolio."""

from __future__ import annotations

from typing import Protocol

from starlette.routing import BaseRoute

from assistant.answering.prompts import Texts
from assistant.surfaces.pages.briefing import Briefing, BriefPages
from assistant.surfaces.pages.library import Library
from assistant.surfaces.pages.portfolio import Coaching, PortfolioPages
from assistant.surfaces.pages.reporting import Reporting, ReportPages
from assistant.surfaces.pages.site import Site


class ClosedChecks(Reporting, Coaching, Protocol):
    """The use cases of a closed check, for who made it and for a coach."""


def build_coaching_pages(  # noqa: PLR0913 - each is a collaborator with a name
    site: Site, *, texts: Texts, drawing: Texts, checks: ClosedChecks, briefs: Briefing, library: Library
) -> list[BaseRoute]:
    """Return the routes of these pages, to stand before ``site.unknown``.

    ``texts`` is ``prompts/pages_report.yaml``, ``drawing`` is ``prompts/publishing.yaml``.
    """
    return [
        *ReportPages(site, texts, drawing, checks, library).routes,
        *BriefPages(site, texts, briefs, library).routes,
        *PortfolioPages(site, texts, checks).routes,
    ]
