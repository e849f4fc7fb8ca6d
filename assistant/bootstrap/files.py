"""Reports, briefs and conversations as files, through the templates that lie beside the texts for readers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Protocol

from assistant.answering.prompts import Texts
from assistant.domain import Brief, Catalogue, ChosenAction, Conversation, Report
from assistant.publishing import markdown, word
from assistant.publishing.conversations import conversation_markdown, write_conversation
from assistant.settings import Settings

Format = Literal["docx", "md"]


class Library(Protocol):
    """Says what is known; an assistant does."""

    @property
    def catalogue(self) -> Catalogue:
        """The cards, and what their statements rest on."""
        ...


class Files:
    """Writes reports, briefs and conversations."""

    def __init__(self, settings: Settings, library: Library) -> None:
        self._folder = settings.prompts
        self._library = library
        self._texts = Texts.read(settings.prompts / "publishing.yaml")

    def report(self, report: Report, chosen: Sequence[ChosenAction], format: Format) -> bytes:  # noqa: A002
        """Return a report as a Word or Markdown file."""
        catalogue = self._library.catalogue
        if format == "docx":
            return word.write_report(report, chosen, catalogue, self._folder / "report.docx", self._texts)
        template = self._folder / "report.md.jinja"
        return markdown.report_markdown(report, chosen, catalogue, template, self._texts).encode()

    def brief(self, brief: Brief, format: Format) -> bytes:  # noqa: A002
        """Return a brief as a Word or Markdown file."""
        catalogue = self._library.catalogue
        if format == "docx":
            return word.write_brief(brief, catalogue, self._folder / "brief.docx", self._texts)
        return markdown.brief_markdown(
            brief, catalogue, self._folder / "brief.md.jinja", self._texts
        ).encode()

    def conversation(self, conversation: Conversation, format: Format) -> bytes:  # noqa: A002
        """Return a conversation as a Word or Markdown file."""
        catalogue = self._library.catalogue
        if format == "docx":
            template = self._folder / "conversation.docx"
            return write_conversation(conversation, catalogue, template, self._texts)
        template = self._folder / "conversation.md.jinja"
        return conversation_markdown(conversation, catalogue, template, self._texts).encode()
