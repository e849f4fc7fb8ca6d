"""A passage of a source, cut by the places that citations give."""

from __future__ import annotations

from assistant.domain import Catalogue, Document, Source
from assistant.surfaces.api.problems import Rejection
from assistant.surfaces.mcp.arguments import LONGEST_PASSAGE, PassageArguments
from assistant.surfaces.mcp.results import SourcePassage
from assistant.surfaces.owning import Documenting


def cut_passage(catalogue: Catalogue, asked: PassageArguments) -> SourcePassage:
    """Return the passage with its margins, together at most ``LONGEST_PASSAGE`` code points.

    Raises ``Rejection`` for a source that isn't known or has no text here, and for a place that isn't
    in that text or is longer than that.
    """
    return _cut(_find_text(catalogue, asked.source_id), catalogue.sources[asked.source_id], asked)


def cut_own_passage(documents: Documenting, reader: str, asked: PassageArguments) -> SourcePassage:
    """Return the like of a document that somebody may see; raise ``UnknownDocument`` for another."""
    read = documents.text(reader, asked.source_id)
    text = Document(asked.source_id, read.text, read.sections, ())
    return _cut(text, documents.get(reader, asked.source_id).source, asked)


def _cut(document: Document, source: Source, asked: PassageArguments) -> SourcePassage:
    length = asked.end - asked.start
    if not asked.start < asked.end <= len(document.text):
        raise Rejection(422, "plaats-buiten-tekst", length=len(document.text))
    if length > LONGEST_PASSAGE:
        raise Rejection(422, "passage-te-lang", length=length, limit=LONGEST_PASSAGE)
    margin = min(asked.margin, (LONGEST_PASSAGE - length) // 2)
    return SourcePassage(
        source_id=source.id,
        label=source.label,
        title=source.title,
        section=_section_at(document, asked.start),
        start=asked.start,
        end=asked.end,
        text=document.text[asked.start : asked.end],
        before=document.text[max(0, asked.start - margin) : asked.start],
        after=document.text[asked.end : asked.end + margin],
    )


def _find_text(catalogue: Catalogue, source_id: str) -> Document:
    if source_id not in catalogue.sources:
        raise Rejection(404, "onbekende-bron", value=source_id)
    if source_id not in catalogue.documents:
        raise Rejection(404, "geen-tekst", title=catalogue.sources[source_id].title, value=source_id)
    return catalogue.documents[source_id]


def _section_at(document: Document, place: int) -> str | None:
    return next((one.title for one in document.sections if one.span.start <= place < one.span.end), None)
