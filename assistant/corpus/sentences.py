"""Dutch sentences as exact spans: every visible character of a text is in one of them."""

from __future__ import annotations

import re
from itertools import pairwise

from assistant.domain import Span

_END = re.compile(r"(?:[.!?…]+)[\"”’'»)\]]*(?=\s+(?P<next>\S))")
_OPENING = "\"“‘'«(["
_NEVER_LAST = frozenset(
    {
        "bijv",
        "bv",
        "ca",
        "dhr",
        "mevr",
        "mw",
        "dr",
        "drs",
        "ds",
        "ing",
        "ir",
        "mr",
        "prof",
        "nr",
        "nrs",
        "blz",
        "pag",
        "vgl",
        "resp",
        "zgn",
        "incl",
        "excl",
        "max",
        "min",
        "gem",
        "m.n",
        "o.a",
        "d.w.z",
        "t.o.v",
        "i.p.v",
        "t.a.v",
        "n.a.v",
        "m.b.t",
        "o.l.v",
        "z.g",
        "i.v.m",
        "t.b.v",
        "a.h.w",
        "o.m",
        "d.m.v",
        "m.a.w",
        "st",
        "afb",
        "fig",
        "hfst",
        "par",
    }
)
"""Abbreviations that something always follows, so that their full stop doesn't end a sentence."""
_LAST_IN_PASSING = frozenset({"al", "e.a", "e.d", "e.v", "etc", "enz", "jr", "sr"})
"""Abbreviations that may end a sentence, but not one in which a parenthesis is still open."""
_LAST_TOKEN = re.compile(r"[^\s(\[“\"‘']+$")


def split_sentences(text: str) -> tuple[Span, ...]:
    """Split at line breaks, and within a line where a sentence ends; spaces around are left out."""
    spans: list[Span] = []
    for line in re.finditer(r"[^\n]+", text):
        spans.extend(_of_line(text, line.start(), line.end()))
    return tuple(spans)


def _of_line(text: str, start: int, end: int) -> list[Span]:
    cuts = [start]
    for match in _END.finditer(text, start, end):
        if _ends_sentence(text[cuts[-1] : match.end()], match["next"]):
            cuts.append(match.end())
    cuts.append(end)
    pieces = (_trimmed(text, Span(a, b)) for a, b in pairwise(cuts))
    return [piece for piece in pieces if piece.start < piece.end]


def _ends_sentence(sentence: str, following: str) -> bool:
    if not (following.isupper() or following.isdigit() or following in _OPENING or following in "•-–"):
        return False
    stem = sentence.rstrip("\"”’'»)]")
    if not stem.endswith(".") or stem.endswith(".."):
        return True
    match = _LAST_TOKEN.search(stem[:-1])
    token = match.group() if match else ""
    last = token.casefold().rpartition(".")[2]
    if {token.casefold(), last} & _NEVER_LAST or ("." in token and following.isdigit()):
        return False
    if token.casefold() in _LAST_IN_PASSING and _is_within_parenthesis(sentence):
        return False
    is_list_number = token.isdigit() and sentence.strip() == f"{token}."
    is_initial = re.fullmatch(r"(?:[A-Z]\.)*[A-Z]", token) is not None
    return not (is_list_number or is_initial)


def _is_within_parenthesis(sentence: str) -> bool:
    return sentence.rfind("(") > sentence.rfind(")")


def _trimmed(text: str, span: Span) -> Span:
    piece = text[span.start : span.end]
    start = span.start + len(piece) - len(piece.lstrip())
    return Span(start, max(start, span.start + len(piece.rstrip())))
