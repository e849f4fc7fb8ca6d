"""The bibliography (``corpus/sources.yaml``), the headings of cards, and what the texts don't answer."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, RootModel

from assistant.corpus.findings import Fault
from assistant.corpus.validated_yaml import Lines, Mistake, parse_yaml
from assistant.domain import SectionRole, Source
from assistant.errors import InvalidManifest

MOST_WORDS = 8
"""No more of an original than this stands in the bibliography in one place."""


@dataclass(frozen=True, slots=True)
class SectionMark:
    """Where a section begins: at the words ``starts``, or else at its own title."""

    title: str
    starts: str | None
    indexed: bool


@dataclass(frozen=True, slots=True)
class ColumnSwap:
    """Two columns that the file gives in the wrong order: what begins with ``second`` goes first.

    Each is known by the words that it begins with; ``following`` begins what comes after both.
    """

    first: str
    second: str
    following: str


@dataclass(frozen=True, slots=True)
class ManifestEntry:
    """A source, and what reading its text needs to know."""

    source: Source
    marks: tuple[SectionMark, ...]
    captions: tuple[str, ...] = ()
    """Lines that belong to a figure that the text lacks."""
    asides: tuple[str, ...] = ()
    """What was read from another column at the end of a line."""
    columns: tuple[ColumnSwap, ...] = ()


@dataclass(frozen=True, slots=True)
class Manifest:
    """The whole bibliography, in the order of the file."""

    sources: tuple[ManifestEntry, ...]


def read_manifest(path: Path) -> Manifest:
    """Read the bibliography; ``InvalidManifest`` names the line and the field of a mistake."""
    entries, lines = parse_yaml(_text(path), _Sources, lambda mistake: _invalid(path, mistake))
    if mistake := _repetition(entries.root, lines):
        raise _invalid(path, mistake)
    return Manifest(tuple(_entry(entry) for entry in entries.root))


def read_headings(path: Path) -> dict[str, SectionRole]:
    """Read which headings a card may have, and the role of each."""
    headings, _ = parse_yaml(_text(path), _Headings, lambda mistake: _invalid(path, mistake))
    return headings.root


def read_unanswered(path: Path) -> dict[str, tuple[str, ...]]:
    """Read the questions that the texts don't answer, by what is missing; none if there is no such file."""
    if not path.is_file():
        return {}
    listed, _ = parse_yaml(_text(path), _Unanswered, lambda mistake: _invalid(path, mistake))
    return listed.root


def _invalid(path: Path, mistake: Mistake) -> InvalidManifest:
    return InvalidManifest(
        file=str(path),
        line=str(mistake.line),
        reason=mistake.reason,
        fault=mistake.fault,
        name=mistake.name,
    )


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise _invalid(path, Mistake(1, Fault.UNREADABLE_FILE, str(error))) from error


def _snippet(text: str) -> str:
    if len(text.split()) > MOST_WORDS:
        raise ValueError(f"at most {MOST_WORDS} words")
    return text


_Snippet = Annotated[str, Field(min_length=1), AfterValidator(_snippet)]
_Text = Annotated[str, Field(min_length=1)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Section(_Strict):
    title: _Text
    starts: _Snippet | None = None
    indexed: bool = True


class _Columns(_Strict):
    first: _Snippet
    second: _Snippet
    following: _Snippet


class _Source(_Strict):
    id: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    authors: tuple[_Text, ...]
    year: int | None
    title: _Text
    subtitle: _Text | None = None
    container: _Text
    language: _Text
    rights: _Text
    label: _Text
    sections: Annotated[tuple[_Section, ...], Field(min_length=1)]
    captions: tuple[_Snippet, ...] = ()
    asides: tuple[_Snippet, ...] = ()
    columns: tuple[_Columns, ...] = ()


class _Sources(RootModel[tuple[_Source, ...]]):
    pass


class _Unanswered(RootModel[dict[str, tuple[_Text, ...]]]):
    pass


class _Headings(RootModel[dict[str, SectionRole]]):
    pass


def _repetition(entries: tuple[_Source, ...], lines: Lines) -> Mistake | None:
    ids: set[str] = set()
    for number, entry in enumerate(entries):
        if entry.id in ids:
            line = lines.at((number, "id"))
            return Mistake(line, Fault.REPEATED_ID, f"id: '{entry.id}' occurs twice", entry.id)
        ids.add(entry.id)
        titles: set[str] = set()
        for position, section in enumerate(entry.sections):
            if section.title in titles:
                line = lines.at((number, "sections", position))
                reason = f"sections: '{section.title}' occurs twice"
                return Mistake(line, Fault.REPEATED_SECTION, reason, section.title)
            titles.add(section.title)
    return None


def _entry(entry: _Source) -> ManifestEntry:
    source = Source(
        id=entry.id,
        authors=entry.authors,
        year=entry.year,
        title=entry.title,
        container=entry.container,
        language=entry.language,
        rights=entry.rights,
        label=entry.label,
        sections=tuple(section.title for section in entry.sections),
    )
    marks = tuple(SectionMark(mark.title, mark.starts, mark.indexed) for mark in entry.sections)
    columns = tuple(ColumnSwap(swap.first, swap.second, swap.following) for swap in entry.columns)
    return ManifestEntry(source, marks, entry.captions, entry.asides, columns)
