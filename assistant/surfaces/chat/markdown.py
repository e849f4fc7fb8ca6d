"""Markdown that can do nothing but set text: the page's own marks are the only links.

Claims and questions hold text that others wrote. Every character that could open a
link, an image, HTML, a formula or a code block becomes a character reference, which
Markdown never reads as structure; bold text, paragraphs and lists stay.
"""

from __future__ import annotations

import re
from collections.abc import Collection

_ACTIVE = re.compile(
    r"[\\`\[\]<>!#|~$^{}_&@:*=]|(?<=www)\.|^[^\S\n]+|^-(?=[-\s]*$)", re.IGNORECASE | re.MULTILINE
)
_BOLD = re.compile(r"\*\*(?=\S)([^*\n]+?)(?<=\S)\*\*")
_BULLET = re.compile(r"^[^\S\n]*\*(?=\s)", re.MULTILINE)
_ESCAPED = re.compile(r"\\([<\[(])")
_CONTROLS = re.compile(r"[\x02-\x04]")
_LITERAL = {"[": "\x04"}
_MARK = re.compile(r"&#91;(\d{1,3})&#93;")


def anchor(exchange: int, number: int) -> str:
    """Return the id of a numbered passage of the n-th answer (from 1)."""
    return f"bron-{exchange}-{number}"


def show_plain(text: str) -> str:
    """Return Markdown that shows the text as it is, line breaks included."""
    return _ACTIVE.sub(_refer, text)


def show_answer(text: str, exchange: int, numbers: Collection[int]) -> str:
    """Return Markdown of an answer in which only known [n] marks link, to their passages.

    A bracket that the answer escapes is a bracket, never a mark.
    """
    plain = _ESCAPED.sub(lambda escaped: _LITERAL.get(escaped[1], escaped[1]), _CONTROLS.sub("", text))
    kept = _BOLD.sub("\x02\\1\x03", _BULLET.sub("-", plain))
    shown = show_plain(kept).replace("\x02", "**").replace("\x03", "**")

    def link(mark: re.Match[str]) -> str:
        number = int(mark[1])
        return f"[&#91;{number}&#93;](#{anchor(exchange, number)})" if number in numbers else mark[0]

    return _MARK.sub(link, shown).replace(_LITERAL["["], "&#91;")


def _refer(match: re.Match[str]) -> str:
    return "" if match[0].isspace() else f"&#{ord(match[0])};"
