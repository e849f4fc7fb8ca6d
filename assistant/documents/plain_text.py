"""Plain text: paragraphs between blank lines, headings where they look like it, pages at form feeds."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.documents.blocks import TURN, Block, build_block
from assistant.documents.characters import inert
from assistant.documents.hyphens import Joiner

_LONGEST_HEADING = 80
_WRAPPED = 40
"""A line that is shorter was ended on purpose, unless a word was broken."""
_ITEM = re.compile(r"\s*(?:[-*•–▪◦]|\(?\d{1,3}[.)]|[a-z][.)])\s+\S")
_RULE = re.compile(r"[\s=\-_*~#.]{3,}")
_NUMBERED = re.compile(
    r"(?:(?:hoofdstuk|deel|bijlage|chapter|part)\s+\S+|\d{1,2}(?:\.\d{1,2}){0,3}\.?)\s+\S", re.IGNORECASE
)


def text_blocks(text: str) -> Iterator[Block]:
    """Yield the headings and paragraphs of a text."""
    text = inert(text)
    joiner = Joiner(text)
    paragraphs = [lines for chunk in re.split(r"\n[ \t]*(?:\n[ \t]*)+", text) if (lines := _lines(chunk))]
    for number, lines in enumerate(paragraphs):
        following = paragraphs[number + 1 : number + 2]
        if _is_heading(lines) and following and (number == 0 or not _is_heading(following[0])):
            yield build_block(lines[0], 1)
            continue
        for piece in _pieces(lines):
            yield build_block(joiner.join(piece))


def _lines(chunk: str) -> list[str]:
    lines = chunk.split("\n")
    return [line for line in lines if line.strip(" \t") and not _RULE.fullmatch(line.replace(TURN, "x"))]


def _is_heading(lines: list[str]) -> bool:
    """Tell whether a paragraph is one short line that begins as a title and doesn't end as a sentence."""
    line = lines[0].replace(TURN, "").strip()
    if len(lines) != 1 or not 2 < len(line) <= _LONGEST_HEADING or line[-1] in ".,;:!…-)" or "@" in line:
        return False
    if not any(character.isalpha() for character in line):
        return False
    return line[0].isupper() or bool(_NUMBERED.match(line))


def _pieces(lines: list[str]) -> Iterator[list[str]]:
    """Yield lines that belong together: a paragraph that was wrapped, or an item of a list."""
    piece: list[str] = []
    for line in lines:
        if piece and (_ITEM.match(line) or _ends_here(piece[-1])):
            yield piece
            piece = []
        piece.append(line)
    if piece:
        yield piece


def _ends_here(line: str) -> bool:
    return len(line) < _WRAPPED and not line.rstrip().endswith(("-", "\u2010", ","))
