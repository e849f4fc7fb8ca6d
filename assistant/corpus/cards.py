"""Cards: Markdown with front matter, in which every statement names what it rests on."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from assistant.corpus.findings import Fault
from assistant.corpus.manifest import Manifest
from assistant.corpus.phrasings import FOLDER, add_phrasings, stray_files
from assistant.corpus.validated_yaml import Lines, Location, Mistake, parse_yaml
from assistant.domain import Card, CardKind, CardSection, Reference, SectionRole, Statement
from assistant.errors import InvalidCard

CORE = "Kern"
"""The section that every card begins with."""
PASSAGE = " | "
"""Between the section of a citation and the words that name its passage."""
MOST_WORDS = 8
"""No more of an original than this stands with a citation."""
_FENCE = "---"
_ITEM = re.compile(r"(?:[-*]|(?P<number>\d+[.)]))\s+")
_CITATION = re.compile(r"\[@([^\]]*)\]")
_LABEL = re.compile(r"\*\*(.+?)\*\*")

Rules = Mapping[str, tuple[str, ...]]
"""By source id: the titles of its sections."""


@dataclass(frozen=True, slots=True)
class CardFile:
    """A card, with where the fields of its front matter stand; ``file`` is ``cards/<kind>/<id>.md``."""

    file: str
    card: Card
    lines: Lines


@dataclass(frozen=True, slots=True)
class Survey:
    """The cards that could be read, and what is wrong with the files, in the order of their paths."""

    files: tuple[CardFile, ...]
    mistakes: tuple[InvalidCard, ...]


def read_cards(folder: Path, manifest: Manifest, headings: Mapping[str, SectionRole]) -> tuple[Card, ...]:
    """Read all of ``<folder>/<kind>/*.md``, each with its file in ``phrasings`` beside the folder.

    ``InvalidCard`` names the file and line of a mistake.
    """
    survey = survey_cards(folder, manifest, headings)
    if survey.mistakes:
        raise survey.mistakes[0]
    return tuple(file.card for file in survey.files)


def survey_cards(folder: Path, manifest: Manifest, headings: Mapping[str, SectionRole]) -> Survey:
    """Read what can be read of all cards: all dead links, and of each file the first other mistake."""
    sections = {entry.source.id: entry.source.sections for entry in manifest.sources}
    phrasings = folder.parent / FOLDER
    paths = sorted(folder.glob("*/*.md"))
    files: list[CardFile] = []
    mistakes = [*stray_files(phrasings, paths)]
    for path in paths:
        try:
            page = _Page.read(path)
            mistakes.extend(_dead_links(page, paths))
            card = add_phrasings(_card(page, sections, headings), phrasings)
            files.append(CardFile(_name(path), card, page.lines))
        except InvalidCard as mistake:
            mistakes.append(mistake)
    return Survey(tuple(files), tuple(mistakes))


class _FrontMatter(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    kind: CardKind
    title: Annotated[str, Field(min_length=1)]
    aliases: tuple[str, ...]
    phase: str | None
    related: tuple[str, ...]
    questions: Annotated[tuple[str, ...], Field(min_length=1)]
    question_back: str | None = None


@dataclass(frozen=True)
class _Page:
    """A card whose front matter was read: ``body`` begins on line ``first`` of the file."""

    path: Path
    front: _FrontMatter
    lines: Lines
    body: str
    first: int

    @classmethod
    def read(cls, path: Path) -> _Page:
        text = _text(path)
        front, body, first = _split_front_matter(path, text)
        matter, lines = parse_yaml(front, _FrontMatter, lambda mistake: _invalid(path, mistake), 2)
        page = cls(path, matter, lines, body, first)
        if matter.kind != path.parent.name:
            reason = f"kind: '{matter.kind}' in folder '{path.parent.name}'"
            raise page.mistake(("kind",), Fault.OTHER_FOLDER, reason, matter.kind)
        if matter.id != path.stem:
            reason = f"id: '{matter.id}' in file '{path.name}'"
            raise page.mistake(("id",), Fault.OTHER_FILE, reason, matter.id)
        return page

    def mistake(self, location: Location, fault: Fault, reason: str, name: str) -> InvalidCard:
        """Say what's wrong with a field of the front matter."""
        return _invalid(self.path, Mistake(self.lines.at(location), fault, reason, name))


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
        raise _invalid(path, Mistake(1, Fault.UNREADABLE_FILE, str(error))) from error


def _name(path: Path) -> str:
    return f"cards/{path.parent.name}/{path.name}"


def _invalid(path: Path, mistake: Mistake, near: str = "") -> InvalidCard:
    return InvalidCard(
        file=_name(path),
        line=str(mistake.line),
        reason=mistake.reason,
        fault=mistake.fault,
        name=mistake.name,
        near=near,
    )


def _nearest(name: str, known: Collection[str]) -> str:
    return next(iter(get_close_matches(name, known, n=1, cutoff=0.0)), "")


def _split_front_matter(path: Path, text: str) -> tuple[str, str, int]:
    lines = text.splitlines()
    if not lines or lines[0].rstrip() != _FENCE:
        raise _invalid(path, Mistake(1, Fault.NO_FRONT_MATTER, "no front matter"))
    for number, line in enumerate(lines[1:], start=1):
        if line.rstrip() == _FENCE:
            return "\n".join(lines[1:number]), "\n".join(lines[number + 1 :]), number + 2
    raise _invalid(path, Mistake(1, Fault.OPEN_FRONT_MATTER, "front matter isn't closed"))


def _dead_links(page: _Page, paths: list[Path]) -> Iterator[InvalidCard]:
    front = page.front
    if any(path.stem == front.id and path < page.path for path in paths):
        yield page.mistake(("id",), Fault.REPEATED_ID, f"id: '{front.id}' occurs twice", front.id)
    others = {path.stem for path in paths} - {front.id}
    for number, related in enumerate(front.related):
        if related not in others:
            reason = f"related: there's no other card '{related}'"
            yield page.mistake(("related", number), Fault.DEAD_LINK, reason, related)
    phases = {path.stem for path in paths if path.parent.name == CardKind.PHASE}
    if front.phase is not None and front.phase not in phases:
        reason = f"phase: there's no card '{front.phase}' of kind '{CardKind.PHASE}'"
        yield page.mistake(("phase",), Fault.DEAD_PHASE, reason, front.phase)


def _card(page: _Page, sources: Rules, headings: Mapping[str, SectionRole]) -> Card:
    front = page.front
    return Card(
        id=front.id,
        kind=front.kind,
        title=front.title,
        aliases=front.aliases,
        phase=front.phase,
        related=front.related,
        questions=front.questions,
        question_back=front.question_back,
        sections=_sections(page, sources, headings),
    )


def _sections(page: _Page, sources: Rules, headings: Mapping[str, SectionRole]) -> tuple[CardSection, ...]:
    sections: list[CardSection] = []
    position = 0
    for heading, line, blocks in _headed(page):
        if heading not in headings:
            mistake = Mistake(line, Fault.UNKNOWN_HEADING, f"heading: '{heading}' is unknown", heading)
            raise _invalid(page.path, mistake, _nearest(heading, headings))
        if heading in {section.heading for section in sections}:
            mistake = Mistake(line, Fault.REPEATED_HEADING, f"heading: '{heading}' occurs twice", heading)
            raise _invalid(page.path, mistake)
        statements: list[Statement] = []
        for block in blocks:
            for statement in _statements(page, block, sources, position):
                statements.append(statement)
                position += 1
        if not statements:
            mistake = Mistake(line, Fault.EMPTY_HEADING, f"heading: '{heading}' has no statements", heading)
            raise _invalid(page.path, mistake)
        is_ordered = any(block.is_numbered for block in blocks)
        sections.append(CardSection(heading, headings[heading], is_ordered, tuple(statements)))
    if not sections or sections[0].heading != CORE:
        mistake = Mistake(page.first, Fault.NO_CORE, f"the first heading isn't '{CORE}'", CORE)
        raise _invalid(page.path, mistake)
    return tuple(sections)


def _headed(page: _Page) -> Iterator[tuple[str, int, list[_Block]]]:
    heading, start, lines = "", page.first, list[str]()
    for number, line in enumerate(page.body.split("\n"), start=page.first):
        if not line.startswith("#"):
            lines.append(line)
            continue
        yield from _part(page, heading, start, lines)
        heading, start, lines = line.removeprefix("## ").strip(), number, []
    yield from _part(page, heading, start, lines)


def _part(page: _Page, heading: str, start: int, lines: list[str]) -> Iterator[tuple[str, int, list[_Block]]]:
    blocks = _blocks(lines, start + 1 if heading else start)
    if heading:
        yield heading, start, blocks
    elif blocks:
        mistake = Mistake(blocks[0].line, Fault.STRAY_TEXT, "text before the first heading")
        raise _invalid(page.path, mistake)


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


def _statements(page: _Page, block: _Block, sources: Rules, position: int) -> Iterator[Statement]:
    done = 0
    for match in _CITATION.finditer(block.text):
        text = " ".join(block.text[done : match.start()].split())
        line = _line(block, match.start())
        if not text:
            raise _invalid(page.path, Mistake(line, Fault.STRAY_CITATION, "citation without a statement"))
        label = _LABEL.match(text) if block.is_item else None
        if block.is_item and not label:
            raise _invalid(page.path, Mistake(block.line, Fault.NO_LEAD, "list item without a bold lead"))
        yield Statement(
            id=f"{page.front.id}#{position + 1}",
            text=text,
            label=label[1].strip(" .:") if label else None,
            is_item=block.is_item,
            references=tuple(_references(page.path, line, match[1], sources)),
            line=_line(block, done),
        )
        position += 1
        done = match.end()
    if block.text[done:].strip():
        raise _invalid(
            page.path, Mistake(_line(block, done), Fault.NO_CITATION, "statement without a citation")
        )


def _line(block: _Block, position: int) -> int:
    """Line of the file on which the first word from ``position`` on stands."""
    start = position + len(block.text[position:]) - len(block.text[position:].lstrip())
    return block.line + block.text.count("\n", 0, start)


def _references(path: Path, line: int, citation: str, sources: Rules) -> Iterator[Reference]:
    for part in citation.split(";"):
        source_id, _, title = (piece.strip() for piece in part.strip().removeprefix("@").partition(","))
        title, _, passage = " ".join(title.split()).partition(PASSAGE)
        if source_id not in sources:
            reason = f"citation: there's no source '{source_id}'"
            mistake = Mistake(line, Fault.UNKNOWN_SOURCE, reason, source_id)
            raise _invalid(path, mistake, _nearest(source_id, sources))
        if title not in sources[source_id]:
            reason = f"citation: '{source_id}' has no section '{title}'"
            mistake = Mistake(line, Fault.UNKNOWN_SECTION, reason, title)
            raise _invalid(path, mistake, _nearest(title, sources[source_id]))
        if len(passage.replace("…", " ").split()) > MOST_WORDS:
            reason = f"citation: more than {MOST_WORDS} words name a passage"
            raise _invalid(path, Mistake(line, Fault.LONG_PASSAGE, reason, passage))
        yield Reference(source_id, title, passage or None)
