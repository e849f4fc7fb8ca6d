"""The paragraphs and headings of a file, whatever its format, and how they become one text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.documents.characters import inert, one_line
from assistant.domain import DocumentSection, Span

TURN = "\f"
"""Parts two pages within the text of a block that is being made."""
_BETWEEN = "\n\n"
_MOST_SECTIONS = 2000
"""More headings than this are no headings."""
_TITLE_LENGTH = 160
_FIRST_WORDS = 60


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, a row of a table or a heading: one line."""

    text: str
    level: int = 0
    """1 and up for a heading; 0 for anything else."""
    turns: tuple[int, ...] = ()
    """Where in the text the next page begins, once for each page that does."""


@dataclass(frozen=True, slots=True)
class Assembled:
    """One text, its sections and its pages, as ``ReadText`` has them."""

    text: str
    sections: tuple[DocumentSection, ...]
    pages: tuple[Span, ...]
    is_cut: bool


def build_block(text: str, level: int = 0) -> Block:
    """Make a block of text in which line ends mean nothing, and ``TURN`` begins a page."""
    if TURN not in text:
        return Block(one_line(text), level)
    first, *others = inert(text).split(TURN)
    line, is_apart = one_line(first), first[-1:].isspace()
    turns: list[int] = []
    for other in others:
        part = one_line(other)
        line += " " if line and part and (is_apart or other[0].isspace()) else ""
        is_apart = other[-1:].isspace() or (is_apart and not part)
        turns.append(len(line))
        line += part
    return Block(line, level, tuple(turns))


def assemble(blocks: Iterable[Block], title: str | None, most: int, has_pages: bool) -> Assembled:
    """Join the blocks into one text of at most ``most`` characters."""
    text, headings, turns, is_cut = _joined(blocks, most)
    sections = _sections(text, headings, title)
    return Assembled(text, sections, _pages(turns, len(text)) if has_pages else (), is_cut)


def _joined(blocks: Iterable[Block], most: int) -> tuple[str, list[tuple[int, str]], list[int], bool]:
    pieces: list[str] = []
    headings: list[tuple[int, str]] = []
    turns: list[int] = []
    place = 0
    for block in blocks:
        start = place + len(_BETWEEN) if place and block.text else place
        if start + len(block.text) > most:
            return "".join(pieces), headings, turns, True
        turns.extend(start + turn for turn in block.turns)
        if not block.text:
            continue
        if block.level and len(headings) < _MOST_SECTIONS:
            headings.append((start, block.text))
        pieces.extend([_BETWEEN, block.text] if place else [block.text])
        place = start + len(block.text)
    return "".join(pieces), headings, turns, False


def _sections(
    text: str, headings: Sequence[tuple[int, str]], title: str | None
) -> tuple[DocumentSection, ...]:
    if not headings or headings[0][0] > 0:
        headings = [(0, title or f"{shortened(text[:200], _FIRST_WORDS)} …"), *headings]
    ends = [start for start, _ in headings[1:]] + [len(text)]
    return tuple(
        DocumentSection(shortened(heading, _TITLE_LENGTH), Span(start, end))
        for (start, heading), end in zip(headings, ends, strict=True)
    )


def _pages(turns: Sequence[int], length: int) -> tuple[Span, ...]:
    """Make contiguous pages: each begins at its turn, the first at 0."""
    places = [0, *(min(turn, length) for turn in turns), length]
    return tuple(Span(start, end) for start, end in pairwise(places))


def shortened(text: str, length: int) -> str:
    """Return the first line of a text, or as many whole words of it as fit."""
    line = text.partition("\n")[0].strip()
    if len(line) <= length:
        return line
    return re.sub(r"\s+\S*$", "", line[: length + 1])[:length].rstrip()
