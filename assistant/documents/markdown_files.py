"""Markdown: its headings, and its text without marks; links keep their words, HTML in it its text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from assistant.documents.blocks import Block, build_block
from assistant.documents.characters import inert
from assistant.documents.web_pages import html_blocks

_FRONT_MATTER = re.compile(r"\A---\n(?P<fields>.*?)\n(?:---|\.\.\.)\n", re.DOTALL)
_TITLE = re.compile(r"^title:\s*[\"']?(.+?)[\"']?\s*$", re.MULTILINE | re.IGNORECASE)
_MOST_NESTED = 20


def read_markdown(text: str) -> tuple[str | None, Iterator[Block]]:
    """Return the title in the front matter, if any, and the headings and paragraphs."""
    text = inert(text).replace("\f", "\n")
    front = _FRONT_MATTER.match(text)
    title = _TITLE.search(front["fields"]) if front else None
    return title[1] if title else None, _blocks(text[front.end() :] if front else text)


def _blocks(text: str) -> Iterator[Block]:
    parser = MarkdownIt("commonmark", {"maxNesting": _MOST_NESTED}).enable(["table", "strikethrough"])
    tokens = parser.parse(text)
    level = 0
    cells: list[str] | None = None
    for token in tokens:
        if token.type == "heading_open":
            level = int(token.tag[1:])
        elif token.type == "tr_open":
            cells = []
        elif token.type == "tr_close" and cells is not None:
            yield build_block(" | ".join(cells))
            cells = None
        elif token.type == "inline":
            words = _words(token.children or ())
            if cells is None:
                yield build_block(words, level)
            else:
                cells.append(words)
            level = 0
        else:
            yield from _others(token)


def _others(token: Token) -> Iterator[Block]:
    if token.type in ("fence", "code_block"):
        yield from (build_block(line) for line in token.content.splitlines() if line.strip())
    elif token.type == "html_block":
        yield from html_blocks(token.content)


def _words(tokens: Sequence[Token]) -> str:
    return "".join(_word(token) for token in tokens)


def _word(token: Token) -> str:
    if token.type in ("text", "code_inline"):
        return token.content
    if token.type in ("softbreak", "hardbreak"):
        return " "
    if token.type == "image":
        return token.content
    return ""
