"""Word files: paragraphs, headings by their styles, rows of tables, notes, and the pages that Word noted."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from assistant.documents.blocks import TURN, Block, build_block
from assistant.documents.faults import Fault, Unreadable
from assistant.documents.limits import Limits
from assistant.documents.word_parts import ASKED, RENDERED, Body, Notes, Paragraph, Part, Properties, Styles
from assistant.documents.word_safety import FAULTY, open_word
from assistant.documents.xml_events import read_events

_BODY = "word/document.xml"
_P = TypeVar("_P", bound=Part)


@dataclass(frozen=True, slots=True)
class Word:
    """What a Word file holds."""

    title: str | None
    blocks: tuple[Block, ...]
    has_pages: bool
    """Whether the file says where pages begin."""


def read_word(path: Path, limits: Limits) -> Word:
    """Read a Word file; raise ``Unreadable`` where it isn't safe or can't be read."""
    with path.open("rb") as file, open_word(file, limits) as archive:
        try:
            body = _body(archive)
            properties = _read(archive, "docProps/core.xml", Properties())
        except FAULTY as error:
            raise Unreadable(Fault.BROKEN) from error
    turn, other = _turn(body.paragraphs)
    turns = sum(text.count(turn) for text, _ in body.paragraphs)
    if turns + 1 > limits.pages:
        raise Unreadable(Fault.TOO_MANY_PAGES)
    blocks = tuple(
        build_block(text.replace(TURN, " ").replace(other, " ").replace(turn, TURN), level)
        for text, level in body.paragraphs
    )
    return Word(properties.title.strip() or body.title or None, blocks, turns > 0)


def _body(archive: zipfile.ZipFile) -> Body:
    if _BODY not in archive.namelist():
        raise Unreadable(Fault.BROKEN)
    styles = _read(archive, "word/styles.xml", Styles())
    footnotes = _read(archive, "word/footnotes.xml", Notes("footnote"))
    endnotes = _read(archive, "word/endnotes.xml", Notes("endnote"))
    return _read(archive, _BODY, Body(styles, footnotes.texts | endnotes.texts))


def _read(archive: zipfile.ZipFile, name: str, part: _P) -> _P:
    """Let a part follow its file, if there is one."""
    if name in archive.namelist():
        with archive.open(name) as file:
            read_events(file, part.start, part.end, part.text)
    return part


def _turn(paragraphs: Sequence[Paragraph]) -> tuple[str, str]:
    """Return the sign that begins a page, and the other: what Word laid out goes before what was asked."""
    has_rendered = any(RENDERED in text for text, _ in paragraphs)
    return (RENDERED, ASKED) if has_rendered else (ASKED, RENDERED)
