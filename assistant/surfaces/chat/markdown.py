"""Answers as HTML that can do nothing but set text: paragraphs, lists, quotations and bold words.

Claims hold text that others wrote. The only links are the [n] marks that the answer has evidence for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup, escape

from assistant.publishing.reading import Block, BlockKind, Run, Style, read_answer

_AROUND = {Style.BOLD: "strong", Style.ITALIC: "em"}


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a [n] leads, and what it stands for."""

    link: str
    name: str
    """The source and section, for who can't see where it leads."""
    target: str
    """The id of the numbered passage beside the answer."""


def answer_html(markdown: str, marks: Mapping[int, Mark]) -> Markup:
    """Return an answer as HTML in which only known [n] marks link; an escaped bracket is a bracket."""
    blocks = read_answer(markdown, marks.keys(), keeps_lines=True)
    quotations = groupby(blocks, key=lambda block: block.is_quoted)
    return Markup("").join(
        _around("blockquote", _lists(quoted, marks)) if is_quoted else _lists(quoted, marks)
        for is_quoted, quoted in quotations
    )


def _lists(blocks: Iterable[Block], marks: Mapping[int, Mark]) -> Markup:
    return Markup("").join(_list(kind, list(them), marks) for kind, them in groupby(blocks, _kind))


def _list(kind: BlockKind, blocks: list[Block], marks: Mapping[int, Mark]) -> Markup:
    if kind is BlockKind.PARAGRAPH:
        return Markup("").join(_around("p", _text(block.runs, marks)) for block in blocks)
    items = Markup("").join(_around("li", _text(block.runs, marks)) for block in blocks)
    if kind is BlockKind.BULLET:
        return _around("ul", items)
    return Markup('<ol start="{}">{}</ol>').format(blocks[0].number, items)


def _kind(block: Block) -> BlockKind:
    return block.kind


def _text(runs: Iterable[Run], marks: Mapping[int, Mark]) -> Markup:
    return Markup("").join(_run(run, marks) for run in runs)


def _run(run: Run, marks: Mapping[int, Mark]) -> Markup:
    if run.style is Style.MARK:
        mark = marks[int(run.text.strip("[]"))]
        return Markup('<a class="noot" href="{}" data-noot="{}" aria-label="{} {}">{}</a>').format(
            mark.link, mark.target, run.text, mark.name, run.text
        )
    text = Markup("<br>\n").join(escape(line) for line in run.text.split("\n"))
    return _around(_AROUND[run.style], text) if run.style in _AROUND else text


def _around(tag: str, content: Markup) -> Markup:
    return Markup("<{0}>{1}</{0}>").format(Markup(tag), content)  # noqa: S704 - a tag of ours
