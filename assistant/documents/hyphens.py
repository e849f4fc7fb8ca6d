"""Words that were broken at the end of a line, made whole."""

from __future__ import annotations

import re
from collections.abc import Sequence

_HYPHENS = "-\xad\u2010\x02\ufffe"
"""As typed, soft, typographic, and two ways in which a PDF library writes one at the end of a line."""
_BROKEN = re.compile(rf"([^\W\d_]+)[{_HYPHENS}] *\Z")
_GOES_ON = re.compile(r"\A\s*([^\W\d_]{1,60})")
_COMPOUND = re.compile(r"(?<![^\W\d_])[^\W\d_]{1,60}-[^\W\d_]{1,60}")
_LONGEST_WORD = 60
_ALONE = frozenset({"en", "of", "and", "or", "noch", "tot", "und", "oder", "dan"})
"""After a hyphen these say that a part of a compound was left out: "in- en uitvoer"."""


class Joiner:
    """Joins lines; whether a hyphen belongs in a word is seen from how the rest of the text writes it."""

    def __init__(self, text: str) -> None:
        self._compounds = frozenset(found.casefold() for found in _COMPOUND.findall(text))

    def join(self, lines: Sequence[str]) -> str:
        """Return the lines as one."""
        pieces: list[str] = []
        for line in lines:
            whole = self._without_hyphen(pieces[-1], line) if pieces else None
            if whole is not None:
                pieces[-1] = whole
            elif pieces:
                pieces.append(" ")
            pieces.append(line.strip(" "))
        return "".join(pieces)

    def _without_hyphen(self, before: str, line: str) -> str | None:
        """Return what comes before a line if a word goes on in it, with its hyphen if that belongs there."""
        broken, goes_on = _BROKEN.search(before[-_LONGEST_WORD:]), _GOES_ON.match(line)
        if not broken or not goes_on or goes_on[1].casefold() in _ALONE:
            return None
        return before.rstrip(" ")[:-1] + ("" if self._is_broken(broken[1], goes_on[1]) else "-")

    def _is_broken(self, first: str, second: str) -> bool:
        if f"{first}-{second}".casefold() in self._compounds:
            return False
        return second[0].islower() and len(first) > 1
