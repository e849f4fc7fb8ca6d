"""Results as text to read: Markdown in which what comes from texts can't be active.

The values beside it hold the texts as they are.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from assistant.answering.prompts import Texts
from assistant.answering.rendering import inert
from assistant.domain import is_own
from assistant.surfaces.api.schemas import (
    CardResponse,
    CardSectionResponse,
    CardsResponse,
    PassageResponse,
    SearchResponse,
    SourceResponse,
    SourcesResponse,
)
from assistant.surfaces.mcp.results import AnswerResult, HealthCheckResult, LabelledCitation, SourcePassage


class Writer:
    """Writes results in the words of ``prompts/mcp.yaml``."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts

    def answer(self, result: AnswerResult) -> str:
        """Return an answer with its notices, its sources and what can be asked next."""
        parts = [result.answer, *result.notices]
        if result.citations:
            parts.append(self._listed("sources", map(self._cite, result.citations)))
        if result.follow_ups:
            parts.append(self._listed("follow_ups", (f"- {asked}" for asked in result.follow_ups)))
        return "\n\n".join(parts)

    def search(self, result: SearchResponse) -> str:
        """Return the passages, each under where it comes from."""
        if not result.passages:
            return self._texts.render("nothing_found")
        return "\n\n".join(f"{self._place(one)}\n{_quoted(one.text)}" for one in result.passages)

    def passage(self, result: SourcePassage) -> str:
        """Return a passage in its surroundings, which stand apart from it."""
        heading = self._texts.render(
            "passage",
            label=result.label,
            section=result.section or result.title,
            start=result.start,
            end=result.end,
        )
        parts = [heading, _quoted(result.text)]
        if result.before.strip():
            parts.append(self._texts.render("before") + "\n" + _quoted(result.before))
        if result.after.strip():
            parts.append(self._texts.render("after") + "\n" + _quoted(result.after))
        return "\n\n".join(parts)

    def card(self, result: CardResponse) -> str:
        """Return a card whole, with the source and section behind every statement."""
        title = self._texts.render("card_heading", title=result.title, kind=result.kind, id=result.id)
        related = self._texts.render("related", ids=", ".join(result.related)) if result.related else ""
        return "\n\n".join(filter(None, [title, *map(_section, result.sections), related]))

    def cards(self, result: CardsResponse) -> str:
        """Return a line for each card."""
        return "\n".join(f"- `{card.id}` {card.title} ({card.kind})" for card in result.cards)

    def sources(self, result: SourcesResponse) -> str:
        """Return a line for each source."""
        return "\n".join(f"- {self._source(one)}" for one in result.sources)

    def source(self, source: SourceResponse) -> str:
        """Return a source with its sections."""
        sections = "\n".join(f"- {section}" for section in source.sections)
        return f"{self._source(source)}\n\n{sections}"

    def health_check(self, result: HealthCheckResult) -> str:
        """Return the report as JSON: it is too rich for a text that would say the same."""
        return json.dumps(result.model_dump(mode="json"), ensure_ascii=False)

    def _listed(self, heading: str, lines: Iterable[str]) -> str:
        return "\n".join([self._texts.render(heading), *lines])

    def _cite(self, citation: LabelledCitation) -> str:
        kind = "citation" if citation.start is not None else "citation_of_card"
        page = self._texts.render("citation_page", page=citation.page) if citation.page else ""
        return self._texts.render(
            "citation_of_own" if is_own(citation.source_id) else kind,
            page=page,
            number=citation.number,
            label=inert(citation.label),
            section=inert(citation.section),
            source_id=citation.source_id,
            card_id=citation.card_id,
            start=citation.start,
            end=citation.end,
            quote=inert(" ".join(citation.quote.split())),
        )

    def _place(self, passage: PassageResponse) -> str:
        return self._texts.render(
            "found" if passage.start is not None else "found_on_card",
            number=passage.number,
            section=passage.section,
            kind=passage.kind,
            card_id=passage.card_id,
            source_id=passage.source_id,
            start=passage.start,
            end=passage.end,
        )

    def _source(self, source: SourceResponse) -> str:
        return self._texts.render(
            "source" if source.has_text else "source_without_text",
            id=source.id,
            label=source.label,
            title=source.title,
            container=source.container,
        )


def _section(section: CardSectionResponse) -> str:
    return "\n".join([f"## {section.heading}", *_statements(section)])


def _statements(section: CardSectionResponse) -> Iterator[str]:
    for number, statement in enumerate(section.statements, start=1):
        mark = f"{number}." if section.is_ordered else "-"
        references = "; ".join(f"{one.source_id}: {one.section}" for one in statement.references)
        yield f"{mark} {inert(statement.text)} ({references})"


def _quoted(text: str) -> str:
    """Return a text as a Markdown quotation, whatever it holds."""
    return "\n".join(f"> {inert(line)}".rstrip() for line in text.strip().splitlines())
