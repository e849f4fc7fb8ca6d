"""The Markdown of an answer, read: paragraphs, quotations and items of lists, in pieces of one style each.

What answers are made of is read and nothing else: what would be a heading, a link, an image, code or a
tag stays text. The only module that knows markdown-it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from assistant.publishing.inert import inert_opening, inert_within, visible

_READ = ("blockquote", "list", "emphasis", "escape", "newline")
_MARK = re.compile(r"(\[\d{1,4}\])")


class Style(StrEnum):
    """How a piece of text looks."""

    PLAIN = "plain"
    BOLD = "bold"
    ITALIC = "italic"
    MARK = "mark"
    """The number of a citation: "[1]"."""


class BlockKind(StrEnum):
    """What a block of an answer is."""

    PARAGRAPH = "paragraph"
    BULLET = "bullet"
    NUMBERED = "numbered"


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text in one style."""

    text: str
    style: Style = Style.PLAIN


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, or an item of a list; one line, however it was broken."""

    runs: tuple[Run, ...]
    kind: BlockKind = BlockKind.PARAGRAPH
    number: int = 0
    """Of an item of a numbered list."""
    is_quoted: bool = False
    """Whether it stands in a quotation, as Dutch sentences in an English answer do."""

    @property
    def plain(self) -> str:
        """The block as plain text, with what an item begins with."""
        return self.opening + "".join(run.text for run in self.runs)

    def goes_on_in(self, other: Block) -> bool:
        """Return whether another block is the next item of the same list."""
        is_item = self.kind is not BlockKind.PARAGRAPH
        return is_item and (self.kind, self.is_quoted) == (other.kind, other.is_quoted)

    @property
    def opening(self) -> str:
        """What an item of a list begins with."""
        return {BlockKind.BULLET: "- ", BlockKind.NUMBERED: f"{self.number}. "}.get(self.kind, "")


def read_answer(markdown: str, numbers: Collection[int], *, keeps_lines: bool = False) -> tuple[Block, ...]:
    """Return the blocks of an answer; a [n] is a mark if it is one of ``numbers`` and isn't escaped.

    With ``keeps_lines`` a new line inside a block stays one; else it becomes a space.
    """
    marks = frozenset(f"[{one}]" for one in numbers)
    return tuple(_blocks(_parser().parse(visible(markdown)), marks, "\n" if keeps_lines else " "))


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("zero").enable(list(_READ)).disable("text_join")


def _blocks(tokens: Iterable[Token], marks: frozenset[str], line_end: str) -> Iterator[Block]:
    kind, number, quotations = BlockKind.PARAGRAPH, 0, 0
    for token in tokens:
        if token.type == "list_item_open":
            kind = BlockKind.NUMBERED if token.info else BlockKind.BULLET
            number = int(token.info or 0)
        elif token.type in ("blockquote_open", "blockquote_close"):
            quotations += token.nesting
        elif token.type == "inline" and (runs := _runs(token.children or (), marks, line_end)):
            yield Block(runs, kind, number, quotations > 0)
        if token.type in ("inline", "list_item_close"):
            kind, number = BlockKind.PARAGRAPH, 0


def _runs(tokens: Iterable[Token], marks: frozenset[str], line_end: str) -> tuple[Run, ...]:
    runs: list[Run] = []
    for run in _pieces(tokens, marks, line_end):
        if runs and run.style is runs[-1].style is not Style.MARK:
            runs[-1] = Run(runs[-1].text + run.text, run.style)
        elif run.text:
            runs.append(run)
    return tuple(runs)


def _pieces(tokens: Iterable[Token], marks: frozenset[str], line_end: str) -> Iterator[Run]:
    bold = italic = 0
    for token in tokens:
        style = Style.BOLD if bold else Style.ITALIC if italic else Style.PLAIN
        if token.type in ("strong_open", "strong_close"):
            bold += token.nesting
        elif token.type in ("em_open", "em_close"):
            italic += token.nesting
        elif token.type == "text":
            for part in _MARK.split(token.content):
                yield Run(part, Style.MARK if part in marks else style)
        elif token.type in ("softbreak", "hardbreak"):
            yield Run(line_end, style)
        else:
            yield Run(token.content or token.markup, style)


# ── Written again ────────────────────────────────────────────────────────────


def write_plain(blocks: Sequence[Block]) -> str:
    """Return blocks as plain text; the items of a list stand right under each other."""
    written, previous = "", None
    for block in blocks:
        space = "\n\n" if previous else ""
        written += ("\n" if previous and previous.goes_on_in(block) else space) + block.plain
        previous = block
    return written


def write_markdown(blocks: Sequence[Block]) -> str:
    """Return blocks as Markdown in which nothing is active but lists, quotations and bold."""
    written, previous = "", None
    for block in blocks:
        margin = "> " if block.is_quoted else ""
        written += _space(previous, block) + margin + block.opening + write_runs(block.runs)
        previous = block
    return written


def write_runs(runs: Sequence[Run]) -> str:
    """Return pieces of text as one line of Markdown in which nothing is active but bold and italics."""
    written, is_after_mark = "", False
    for run in runs:
        piece = run.text if run.style is Style.MARK else inert_within(run.text)
        if is_after_mark and piece[:1] in ("(", ":"):
            # Behind a mark these would make a link, or say where links go.
            piece = "\\" + piece
        written += _in_style(piece, run.style)
        is_after_mark = run.style is Style.MARK
    return inert_opening(written.strip())


def _in_style(piece: str, style: Style) -> str:
    around = {Style.BOLD: "**", Style.ITALIC: "*"}.get(style, "") if piece.strip() else ""
    return f"{around}{piece}{around}"


def _space(previous: Block | None, block: Block) -> str:
    if previous is None:
        return ""
    if previous.goes_on_in(block):
        return "\n"
    return "\n>\n" if previous.is_quoted and block.is_quoted else "\n\n"
