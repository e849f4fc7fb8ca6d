"""``/over``: what the assistant is, what it rests on, what it keeps and sends, and what it can't do."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import BaseRoute

from assistant.answering.prompts import Texts
from assistant.domain import LOCAL
from assistant.surfaces.access import caller_of
from assistant.surfaces.pages.site import Site, Visit
from assistant.surfaces.pages.standing import Running, read_standing


class AboutPages:
    """The route of the page about the assistant."""

    def __init__(self, site: Site, texts: Texts, running: Running, retention_days: int | None = None) -> None:
        """``texts`` is ``prompts/pages_about.yaml``; ``None`` days means that nothing is erased by itself."""
        self._site, self._texts, self._running, self._days = site, texts, running, retention_days

    @property
    def routes(self) -> list[BaseRoute]:
        """The one route."""
        return [self._site.route("/over", self.about)]

    def about(self, visit: Visit) -> Response:
        """Show all of it, with what holds at this moment."""
        standing = read_standing(self._running)
        is_signed_in = caller_of(visit.request) != LOCAL
        return self._site.page(
            "about.html",
            say=self._texts.render,
            standing=standing,
            days=self._days,
            is_signed_in=is_signed_in,
        )
