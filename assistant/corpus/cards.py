"""Cards: Markdown with front matter, in which every statement names what it rests on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from assistant.corpus.manifest import Manifest
from assistant.corpus.validated_yaml import Lines, Location, parse_yaml
from assistant.domain import Card, CardKind, CardSection, Reference, SectionRole, Statement
from assistant.errors import InvalidCard

CORE = "Kern"
"""The section that every card begins with."""
_FENCE = "---"
_ITEM = re.compile(r"(?:[-*]|(?P<number>\d+[.)]))\s+")
_CITATION = re.compile(r"\[@([^\]]*)\]")
_LABEL = re.compile(r"\*\*(.+?)\*\*")

Rules = Mapping[str, tuple[str, ...]]
"""By source id: the titles of its sections."""


def read_cards(folder: Path, manifest: Manifest, headings: Mapping[str, SectionRole]) -> tuple[Card, ...]:
    """Read all of ``<folder>/<kind>/*.md``; ``InvalidCard`` names the file and line of a mistake."""
    sections = {entry.source.id: entry.source.sections for entry in manifest.sources}
    files = [_CardFile.read(path) for path in sorted(folder.glob("*/*.md"))]
    _check_links(files)
    return tuple(_card(file, sections, headings) for file in files)


class _FrontMatter(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    kind: CardKind
    title: Annotated[str, Field(min_length=1)]
    aliases: tuple[str, ...]
    phase: str | None
    related: tuple[str, ...]
    questions: Annotated[tuple[str, ...], Field(min_length=1)]


@dataclass(frozen=True)
class _CardFile:
    """A card whose front matter was read: ``body`` begins on line ``first`` of the file."""

    path: Path
    front: _FrontMatter
    lines: Lines
    body: str
    first: int

    @classmethod
    def read(cls, path: Path) -> _CardFile:
        text = _text(path)
        front, body, first = _split_front_matter(path, text)
        matter, lines = parse_yaml(front, _FrontMatter, lambda line, reason: _mistake(path, line, reason), 2)
        if matter.kind != path.parent.name:
            raise _mistake(path, lines.at(("kind",)), f"kind: '{matter.kind}' in folder '{path.parent.name}'")
        if matter.id != path.stem:
            raise _mistake(path, lines.at(("id",)), f"id: '{matter.id}' in file '{path.name}'")
        return cls(path, matter, lines, body, first)

    def mistake(self, location: Location, reason: str) -> InvalidCard:
        """Say what's wrong with a field of the front matter."""
        return _mistake(self.path, self.lines.at(location), reason)


@dataclass(frozen=True, slots=True)
class _Block:
    """A paragraph or list item, with the line of the file that it begins on."""

    text: str
    line: int
    is_item: bool
    is_numbered: bool


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise _mistake(path, 1, str(error)) from error


def _mistake(path: Path, line: int, reason: str) -> InvalidCard:
    return InvalidCard(file=f"{path.parent.name}/{path.name}", line=str(line), reason=reason)


def _split_front_matter(path: Path, text: str) -> tuple[str, str, int]:
    lines = text.splitlines()
    if not lines or lines[0].rstrip() != _FENCE:
        raise _mistake(path, 1, "no front matter")
    for number, line in enumerate(lines[1:], start=1):
        if line.rstrip() == _FENCE:
            return "\n".join(lines[1:number]), "\n".join(lines[number + 1 :]), number + 2
    raise _mistake(path, 1, "front matter isn't closed")


def _check_links(files: list[_CardFile]) -> None:
    kinds: dict[str, CardKind] = {}
    for file in files:
        if file.front.id in kinds:
            raise file.mistake(("id",), f"id: '{file.front.id}' occurs twice")
        kinds[file.front.id] = file.front.kind
    for file in files:
        for number, related in enumerate(file.front.related):
            if related not in kinds or related == file.front.id:
                raise file.mistake(("related", number), f"related: there's no other card '{related}'")
        phase = file.front.phase
        if phase is not None and kinds.get(phase) is not CardKind.PHASE:
            raise file.mistake(("phase",), f"phase: there's no card '{phase}' of kind '{CardKind.PHASE}'")


def _card(file: _CardFile, sources: Rules, headings: Mapping[str, SectionRole]) -> Card:
    front = file.front
    return Card(
        id=front.id,
        kind=front.kind,
        title=front.title,
        aliases=front.aliases,
        phase=front.phase,
        related=front.related,
        questions=front.questions,
        sections=_sections(file, sources, headings),
    )


def _sections(
    file: _CardFile, sources: Rules, headings: Mapping[str, SectionRole]
) -> tuple[CardSection, ...]:
    sections: list[CardSection] = []
    position = 0
    for heading, line, blocks in _headed(file):
        if heading not in headings or heading in {section.heading for section in sections}:
            raise _mistake(file.path, line, f"heading: '{heading}' is unknown or occurs twice")
        statements: list[Statement] = []
        for block in blocks:
            for statement in _statements(file, block, sources, position):
                statements.append(statement)
                position += 1
        if not statements:
            raise _mistake(file.path, line, f"heading: '{heading}' has no statements")
        is_ordered = any(block.is_numbered for block in blocks)
        sections.append(CardSection(heading, headings[heading], is_ordered, tuple(statements)))
    if not sections or sections[0].heading != CORE:
        raise _mistake(file.path, file.first, f"the first heading isn't '{CORE}'")
    return tuple(sections)


def _headed(file: _CardFile) -> Iterator[tuple[str, int, list[_Block]]]:
    heading, start, lines = "", file.first, list[str]()
    for number, line in enumerate(file.body.split("\n"), start=file.first):
        if not line.startswith("#"):
            lines.append(line)
            continue
        yield from _part(file, heading, start, lines)
        heading, start, lines = line.removeprefix("## ").strip(), number, []
    yield from _part(file, heading, start, lines)


def _part(
    file: _CardFile, heading: str, start: int, lines: list[str]
) -> Iterator[tuple[str, int, list[_Block]]]:
    blocks = _blocks(lines, start + 1 if heading else start)
    if heading:
        yield heading, start, blocks
    elif blocks:
        raise _mistake(file.path, blocks[0].line, "text before the first heading")


def _blocks(lines: list[str], first: int) -> list[_Block]:
    blocks: list[_Block] = []
    is_open = False
    for number, line in enumerate(lines, start=first):
        item = _ITEM.match(line)
        if not line.strip():
            is_open = False
        elif item:
            blocks.append(_Block(line[item.end() :].strip(), number, True, item["number"] is not None))
            is_open = True
        elif is_open:
            last = blocks[-1]
            text = f"{last.text}\n{line.strip()}"
            blocks[-1] = _Block(text, last.line, last.is_item, last.is_numbered)
        else:
            blocks.append(_Block(line.strip(), number, False, False))
            is_open = True
    return blocks


def _statements(file: _CardFile, block: _Block, sources: Rules, position: int) -> Iterator[Statement]:
    done = 0
    for match in _CITATION.finditer(block.text):
        text = " ".join(block.text[done : match.start()].split())
        line = block.line + block.text.count("\n", 0, match.start())
        if not text:
            raise _mistake(file.path, line, "citation without a statement")
        label = _LABEL.match(text) if block.is_item else None
        if block.is_item and not label:
            raise _mistake(file.path, block.line, "list item without a bold lead")
        yield Statement(
            id=f"{file.front.id}#{position + 1}",
            text=text,
            label=label[1].strip(" .:") if label else None,
            is_item=block.is_item,
            references=tuple(_references(file.path, line, match[1], sources)),
        )
        position += 1
        done = match.end()
    if rest := block.text[done:].strip():
        line = block.line + block.text.count("\n", 0, block.text.index(rest, done))
        raise _mistake(file.path, line, "statement without a citation")


def _references(path: Path, line: int, citation: str, sources: Rules) -> Iterator[Reference]:
    for part in citation.split(";"):
        source_id, _, title = (piece.strip() for piece in part.strip().removeprefix("@").partition(","))
        title = " ".join(title.split())
        if source_id not in sources:
            raise _mistake(path, line, f"citation: there's no source '{source_id}'")
        if title not in sources[source_id]:
            raise _mistake(path, line, f"citation: '{source_id}' has no section '{title}'")
        yield Reference(source_id, title)
