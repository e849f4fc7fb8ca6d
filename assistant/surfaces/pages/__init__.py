"""Pages that the server renders and that work without JavaScript: the health check, step by step.

A further page joins in with a module of its own: it takes the ``Site``, and gives its routes to
``build_pages`` below.

- ``site.route(path, get, post)`` turns handlers into a route. A handler is ``(Visit) -> Response``: it runs
  in a thread, may raise any of our errors (each gets a Dutch page and its status), and a post from another
  site never reaches it. Every response is ``no-store`` and ``noindex``.
- ``site.page("report.html", …)`` renders a template, ``see_other(path)`` goes on after a post,
  ``download(values, file)`` hands over JSON; ``visit.address(path)`` gives a whole address to share.
- A template begins with ``{% extends "base.html" %}`` and fills ``title`` and ``main``, ``tab`` with the name
  of its tab (``{% block tab %}check{% endblock %}``), and ``scripts`` if it has any; with
  ``{% block wide %}breed{% endblock %}`` it takes more room. ``text(key, …)`` gives a text of
  ``prompts/pages.yaml``, ``text | paragraphs`` its paragraphs, ``moment | day`` a date, ``asset(file)`` the
  address of a static file.
- ``macros.html`` makes a text with a copy button and a progress bar. ``house.css`` has the
  colours, and ``.knop`` and ``.knop.stil`` (buttons and links alike); ``pages.css`` has ``.kaart`` (a sheet),
  ``.veld`` (label, hint, fault, input), ``.intro``,
  ``.kanttekening``, ``.melding`` and ``.melding.gevaar``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from starlette.routing import BaseRoute

from assistant.answering.prompts import Texts
from assistant.surfaces import look
from assistant.surfaces.owning import Documenting
from assistant.surfaces.pages.about import AboutPages
from assistant.surfaces.pages.answering import Answering, AnsweringPages
from assistant.surfaces.pages.blocks import Asked, Explain, Explanation
from assistant.surfaces.pages.briefing import Briefing
from assistant.surfaces.pages.coaching import ClosedChecks, build_coaching_pages
from assistant.surfaces.pages.conversations import ConversationPages, Conversing
from assistant.surfaces.pages.documents import DocumentPages, DocumentTexts
from assistant.surfaces.pages.explaining import explain_from
from assistant.surfaces.pages.library import LibraryPages
from assistant.surfaces.pages.making import Making, MakingPages
from assistant.surfaces.pages.site import ASSETS, Site, Visit, download, is_cross_site, see_other
from assistant.surfaces.pages.standing import Running
from assistant.surfaces.pages.viewing import ViewingPages

__all__ = [
    "Asked",
    "Explain",
    "Explanation",
    "HealthChecks",
    "Site",
    "Visit",
    "build_pages",
    "download",
    "explain_from",
    "is_cross_site",
    "see_other",
]


class HealthChecks(Making, Answering, ClosedChecks, Protocol):
    """The use cases of the health check that the pages show."""


class Coaching(Protocol):
    """Health checks and briefs together."""

    @property
    def checks(self) -> HealthChecks:
        """The use cases of the health check."""
        ...

    @property
    def briefs(self) -> Briefing:
        """The use case of the brief."""
        ...


def build_pages(  # noqa: PLR0913 - each is a collaborator of its own
    coaching: Coaching,
    library: Running,
    prompts: Path,
    conversations: Conversing,
    documents: Documenting,
    *,
    retention_days: int | None = None,
) -> list[BaseRoute]:
    """Return the routes of all pages, to stand before whatever is mounted at ``/``.

    ``library`` says what the cards say on something that is asked, and how the assistant is doing;
    ``prompts`` is the folder with texts. Whose ``conversations`` are shown, the middleware ``Visitors``
    says; after ``retention_days`` they are erased. Whose ``documents``, ``owning`` tells.
    """
    about = Texts.read(prompts / "pages_about.yaml")
    of_documents = DocumentTexts.read(prompts)
    site = Site(Texts.read(prompts / "pages.yaml"), Texts.read(prompts / "look.yaml"))
    return [
        look.ASSETS.mount(),
        ASSETS.mount(),
        *MakingPages(site, coaching.checks).routes,
        *AnsweringPages(site, coaching.checks, explain_from(library)).routes,
        *build_coaching_pages(
            site,
            texts=Texts.read(prompts / "pages_report.yaml"),
            drawing=Texts.read(prompts / "publishing.yaml"),
            checks=coaching.checks,
            briefs=coaching.briefs,
            library=library,
        ),
        *LibraryPages(site, Texts.read(prompts / "pages_library.yaml"), library, coaching.checks).routes,
        *ConversationPages(site, Texts.read(prompts / "pages_conversations.yaml"), conversations).routes,
        *DocumentPages(site, of_documents, library, documents).routes,
        *ViewingPages(site, of_documents, documents).routes,
        *AboutPages(site, about, library, retention_days).routes,
        site.unknown("/check/{rest:path}"),
    ]
