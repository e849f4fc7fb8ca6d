"""The parts of a Word file: its styles, notes, properties and body, each read as its elements pass by."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

RENDERED, ASKED = "\x01", "\x02"
"""Where Word began a page when it last laid out the text, and where a writer asked for one."""
_SKIPPED = frozenset({"Fallback", "del", "moveFrom", "rt"})
"""Second versions of the same, what was deleted or moved away, and readings above a line."""
_HEADING_NAME = re.compile(r"heading ([1-9])", re.IGNORECASE)
_TITLE_NAME = "title"
_OFF = frozenset({"0", "false", "off", "none"})
_LONG_CELL = 120
"""From this length on, the cells of a row are paragraphs of their own."""
_MOST_BASED = 20
_SIGNS = {"tab": " ", "cr": " ", "noBreakHyphen": "-", "lastRenderedPageBreak": RENDERED}

Paragraph = tuple[str, int]
"""A text, in which ``RENDERED`` and ``ASKED`` begin pages, and its level as a heading or 0."""


class Part:
    """Follows the elements of a part."""

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """See an element begin."""

    def end(self, tag: str) -> None:
        """See an element end."""

    def text(self, text: str) -> None:
        """See text."""


class Properties(Part):
    """The title in the properties of a file."""

    def __init__(self) -> None:
        self.title = ""
        self._is_title = False

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """See whether a title begins."""
        self._is_title = tag == "title"

    def end(self, tag: str) -> None:
        """See whether it ends."""
        self._is_title = False

    def text(self, text: str) -> None:
        """Keep its text."""
        self.title += text if self._is_title else ""


@dataclass(slots=True)
class _Style:
    name: str = ""
    based_on: str = ""
    level: int = 0


class Styles(Part):
    """Which styles are headings, whatever their name is in the language of who wrote."""

    def __init__(self) -> None:
        self._styles: dict[str, _Style] = {}
        self._style = _Style()

    @property
    def titles(self) -> frozenset[str]:
        """The styles of a title."""
        return frozenset(key for key, style in self._styles.items() if style.name.casefold() == _TITLE_NAME)

    @property
    def levels(self) -> Mapping[str, int]:
        """The level of each style that is a heading or a title."""
        return {key: level for key in self._styles if (level := self._level_of(key))}

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Keep what a style says of itself."""
        value = attributes.get("val", "")
        if tag == "style":
            self._style = self._styles.setdefault(attributes.get("styleId", ""), _Style())
        elif tag == "name":
            self._style.name = value
        elif tag == "basedOn":
            self._style.based_on = value
        elif tag == "outlineLvl":
            self._style.level = _outline_level(value)

    def _level_of(self, key: str) -> int:
        for _ in range(_MOST_BASED):
            style = self._styles.get(key)
            if style is None:
                return 0
            named = _HEADING_NAME.fullmatch(style.name)
            if named or style.level or style.name.casefold() == _TITLE_NAME:
                return int(named[1]) if named else style.level or 1
            key = style.based_on
        return 0


@dataclass(slots=True)
class _Open:
    """A paragraph that has begun."""

    pieces: list[str] = field(default_factory=list)
    level: int = 0
    notes: list[str] = field(default_factory=list)


class Body(Part):
    """The paragraphs of a text, in order; a row of short cells is one."""

    def __init__(self, styles: Styles, notes: Mapping[str, str]) -> None:
        self.paragraphs: list[Paragraph] = []
        self.title = ""
        self._levels, self._titles, self._notes = styles.levels, styles.titles, notes
        self._open: list[_Open] = []
        self._rows: list[list[list[Paragraph]]] = []
        self._skipping = 0
        self._in_properties = 0
        self._is_hidden = self._is_text = self._is_title = False

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """See a paragraph, a run, a cell or a sign begin."""
        if self._skipping or tag in _SKIPPED:
            self._skipping += 1
        elif tag == "p":
            self._open.append(_Open())
        elif tag == "tr":
            self._rows.append([])
        elif tag == "tc" and self._rows:
            self._rows[-1].append([])
        elif tag == "pPr":
            self._in_properties += 1
        elif self._open:
            self._start_within(self._open[-1], tag, attributes)

    def end(self, tag: str) -> None:
        """See one end."""
        if self._skipping:
            self._skipping -= 1
        elif tag == "p" and self._open:
            self._close(self._open.pop())
        elif tag == "tr" and self._rows:
            self._keep(_row(self._rows.pop()))
        elif tag == "pPr":
            self._in_properties -= 1
        elif tag == "t":
            self._is_text = False

    def text(self, text: str) -> None:
        """Keep text that is shown."""
        if self._is_text and self._open and not self._skipping and not self._is_hidden:
            self._open[-1].pieces.append(text)

    def _start_within(self, paragraph: _Open, tag: str, attributes: Mapping[str, str]) -> None:
        if self._in_properties:
            self._note_property(paragraph, tag, attributes.get("val", ""))
        elif tag == "r":
            self._is_hidden = False
        elif tag == "vanish":
            self._is_hidden = attributes.get("val", "") not in _OFF
        elif tag == "t":
            self._is_text = True
        elif tag == "br":
            paragraph.pieces.append(ASKED if attributes.get("type") == "page" else " ")
        elif tag in _SIGNS:
            paragraph.pieces.append(_SIGNS[tag])
        elif tag in ("footnoteReference", "endnoteReference"):
            paragraph.notes.append(self._notes.get(tag[0] + attributes.get("id", ""), ""))

    def _note_property(self, paragraph: _Open, tag: str, value: str) -> None:
        if tag == "pStyle":
            paragraph.level = self._levels.get(value, 0)
            self._is_title = value in self._titles
        elif tag == "outlineLvl":
            paragraph.level = _outline_level(value)
        elif tag == "pageBreakBefore" and value not in _OFF:
            paragraph.pieces.append(ASKED)

    def _close(self, paragraph: _Open) -> None:
        text = "".join(paragraph.pieces)
        if self._is_title and not self.title:
            self.title = " ".join(text.split())
        self._is_title = False
        self._keep([(text, paragraph.level), *((note, 0) for note in paragraph.notes if note)])

    def _keep(self, paragraphs: Iterable[Paragraph]) -> None:
        kept = self._rows[-1][-1] if self._rows and self._rows[-1] else self.paragraphs
        kept.extend(paragraphs)


class Notes(Body):
    """Footnotes or endnotes, by the letter of their kind and their number."""

    def __init__(self, kind: str) -> None:
        super().__init__(Styles(), {})
        self.texts: dict[str, str] = {}
        self._kind = kind
        self._key = ""

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """See whether a note begins."""
        if tag == self._kind and "type" not in attributes:
            self._key = tag[0] + attributes.get("id", "")
        super().start(tag, attributes)

    def end(self, tag: str) -> None:
        """Keep a note that ends."""
        super().end(tag)
        if tag == self._kind:
            self.texts[self._key] = " ".join(text for text, _ in self.paragraphs)
            self.paragraphs.clear()


def _row(cells: list[list[Paragraph]]) -> list[Paragraph]:
    """Return a row as one paragraph if its cells are short, else all paragraphs of its cells."""
    full = [[one for one in cell if one[0].strip()] for cell in cells]
    if any(len(cell) > 1 or any(len(text) > _LONG_CELL or level for text, level in cell) for cell in full):
        return [one for cell in cells for one in cell]
    return [(" | ".join(cell[0][0] for cell in full if cell), 0)]


def _outline_level(value: str) -> int:
    """Return the level from 1 for an outline level from 0; 9 means that it is no heading."""
    return int(value) + 1 if value.isdigit() and int(value) < 9 else 0
