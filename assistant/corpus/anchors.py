"""Finding known words in a text whose lines, hyphens and capitals differ."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from assistant.domain import Span

_BREAK = r"(?:-\s*\n\s*|-)?"
_APOSTROPHES = {"'": "['’‘]", "’": "['’‘]", '"': '["“”]'}


@dataclass(frozen=True, slots=True)
class Anchor:
    """Words that a part of a text begins with; a heading is a whole line (or lines) by itself."""

    text: str
    is_heading: bool


def find_anchors(text: str, anchors: Iterable[Anchor]) -> tuple[Span | None, ...]:
    """Find where each anchor stands, onward from the one before; ``None`` where it isn't found."""
    found: list[Span | None] = []
    position = 0
    for anchor in anchors:
        span = _find(text, anchor, position)
        found.append(span)
        position = span.end if span else position
    return tuple(found)


def find_line(text: str, words: str, position: int = 0) -> Span | None:
    """Find the first line, from ``position`` on, that begins with ``words``."""
    return _search(rf"^[^\S\n]*({_tolerant(words)})", text, position)


def find_words(text: str, words: str, position: int = 0) -> Span | None:
    """Find the first place, from ``position`` on, where ``words`` stand."""
    return _search(rf"(?<!\w)({_tolerant(words)})(?!\w)", text, position)


def _find(text: str, anchor: Anchor, position: int) -> Span | None:
    words = _tolerant(anchor.text)
    if anchor.is_heading:
        return _search(rf"^[^\S\n]*({words})[^\S\n]*$", text, position)
    at_line = find_line(text, anchor.text, position)
    return at_line or find_words(text, anchor.text, position)


def _search(pattern: str, text: str, position: int) -> Span | None:
    match = re.compile(pattern, re.MULTILINE | re.IGNORECASE).search(text, position)
    return Span(match.start(1), match.end(1)) if match else None


def _tolerant(words: str) -> str:
    return r"\s+".join(_BREAK.join(_letter(letter) for letter in word) for word in words.split())


def _letter(letter: str) -> str:
    return _APOSTROPHES.get(letter, re.escape(letter))
