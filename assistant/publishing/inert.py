"""Text that people typed or sources say, made such that it does nothing where it is shown."""

from __future__ import annotations

import re

from assistant.domain.folding import without_hidden

_HIDDEN = ("Cc", "Cf", "Cs")
"""Categories of letters that can't be seen, and that a file may choke on."""
_NO_XML = re.compile("[\ufffe\uffff]")
_BREAKS = re.compile(r"\s+")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]{0,20}:/{2,}", re.IGNORECASE)
_HOST = re.compile(r"w{3,}\.", re.IGNORECASE)
_MAIL = re.compile(r"\s?@\s?")
_ACTIVE = re.compile(r"[\\`*_\[\]<>|~]|&(?=#?\w+;)")
_OPENING = re.compile(r"^(\d+)?([#+=.):-])")
"""What opens a heading, a list, a ruler or a block of code at the beginning of a line."""


def visible(text: str) -> str:
    """Return a text without what can't be seen; a new line stays, a tab becomes a space."""
    spaced = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    shown = "\n".join(without_hidden(line, _HIDDEN) for line in spaced.split("\n"))
    return _NO_XML.sub("", shown)


def inert(text: str) -> str:
    """Return a text as one line of Markdown in which nothing is active: no tags, links, images or marks.

    Nothing is taken out in such a way that what stands around it becomes what was to be taken out.
    """
    return inert_opening(inert_within(text).strip())


def inert_within(text: str) -> str:
    """Return the like for a piece from the middle of a line; spaces at its ends stay."""
    line = _BREAKS.sub(" ", visible(text))
    while _SCHEME.search(line):
        line = _SCHEME.sub("", line)
    apart = _MAIL.sub(" @ ", _HOST.sub("www ", line))
    return _ACTIVE.sub(r"\\\g<0>", apart)


def inert_opening(line: str) -> str:
    """Return a line of Markdown of which the beginning opens no heading, list, ruler or block of code."""
    return _OPENING.sub(r"\1\\\2", line)
