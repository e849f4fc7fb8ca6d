"""The use case of the brief: a coach describes a situation, or points at a check, and gets a brief."""

from __future__ import annotations

from typing import Protocol

from assistant.answering.prompts import Texts
from assistant.answering.reading import read_question_text, visible
from assistant.bootstrap.files import Files, Format
from assistant.bootstrap.health_checks import HealthChecks
from assistant.coach.briefing import Toolbox, build_brief, read_toolbox
from assistant.domain import Brief, Catalogue, Findings, Query
from assistant.settings import Settings

LONGEST_SITUATION, LONGEST_TITLE = 6000, 200


class Library(Protocol):
    """Knows the cards, and finds what they say on something; an assistant does."""

    @property
    def catalogue(self) -> Catalogue:
        """The cards, and what their statements rest on."""
        ...

    def retrieve(self, query: Query, limit: int = 12) -> Findings:
        """Return all that is found for a query."""
        ...


class Briefs:
    """Prepares coaches; nothing of it is kept."""

    def __init__(self, settings: Settings, library: Library, checks: HealthChecks) -> None:
        self._folder = settings.corpus / "coaching"
        self._library = library
        self._checks = checks
        self._files = Files(settings, library)
        self._wording = Texts.read(settings.prompts / "brief.yaml")
        self._read: tuple[Catalogue, Toolbox] | None = None

    def brief(self, title: str, situation: str, owner_key: str | None = None) -> Brief:
        """Return a brief on a situation, on a closed check, or on both.

        Raises ``InvalidQuestion`` for a text that can't be read, ``UnknownKey`` and ``CheckStillOpen``.
        """
        report = self._checks.report(owner_key) if owner_key else None
        told = read_question_text(situation, LONGEST_SITUATION) if visible(situation).strip() else ""
        name = " ".join(visible(title).split())[:LONGEST_TITLE] or (report.alliance if report else "")
        return build_brief(name, told, report, toolbox=self._toolbox, retriever=self._library)

    def file(self, brief: Brief, format: Format) -> bytes:  # noqa: A002 - as the API calls it
        """Return a brief, edited or not, as a Word or Markdown file."""
        return self._files.brief(brief, format)

    @property
    def _toolbox(self) -> Toolbox:
        """What briefs are made with, read anew when the cards have changed."""
        catalogue = self._library.catalogue
        if self._read is None or self._read[0] is not catalogue:
            conditions = [one.id for one in self._checks.questionnaire.conditions]
            self._read = catalogue, read_toolbox(self._folder, catalogue, conditions, self._wording)
        return self._read[1]
