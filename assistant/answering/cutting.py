"""Sentences cut from a text that is still coming in, with the [n] marks that they carry."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.answering.reading import visible
from assistant.domain import ClaimForm

_ITEM = re.compile(r"\s*(?:(?P<bullet>[-*•])|(?P<number>\d+[.)]))\s+")
_MAY_BECOME_ITEM = re.compile(r"\s*(?:[-*•]|\d+[.)]?)?\s*")
_MARKS = re.compile(r"\s*\[(\d+(?:\s*[,;]\s*\d+)*)\]")
_END = re.compile(r"[.!?…]+[\"”’»)*]*(?:[\s,]*\[[\d,;\s]+\])*(?=\s+[^\s\[a-zà-ÿ])")
_NEVER_LAST = re.compile(
    r"(?:^|[\s(])(?:[A-Z]|bijv|bv|ca|dr|drs|ir|mr|prof|nr|blz|vgl|resp|o\.a|m\.n|d\.w\.z|t\.o\.v|i\.p\.v)\.$",
    re.IGNORECASE,
)
_LABEL = re.compile(r"\*\*(?P<label>[^*]+)\*\*")


@dataclass(frozen=True, slots=True)
class Written:
    """A sentence or a list item as a model wrote it: its text, and the numbers of its marks."""

    text: str
    numbers: tuple[int, ...]
    form: ClaimForm


class SentenceCutter:
    """Takes pieces of text, and gives each sentence as soon as its end, marks included, is certain.

    An item of a list is one sentence, however many full stops it has: its label may end with one.
    """

    def __init__(self) -> None:
        self._rest = ""
        self._opens = True

    def feed(self, piece: str) -> Iterator[Written]:
        """Take a piece and yield the sentences that it completes."""
        self._rest += piece
        *lines, self._rest = self._rest.split("\n")
        for line in lines:
            yield from self._cut_line(line)
        if not self._opens or not (_MAY_BECOME_ITEM.fullmatch(self._rest) or _ITEM.match(self._rest)):
            *complete, self._rest = _sentences(self._rest)
            for sentence in complete:
                yield from self._write(sentence, self._prose_form())

    def finish(self) -> Iterator[Written]:
        """Yield what is left when a text has ended as it should."""
        line, self._rest = self._rest, ""
        yield from self._cut_line(line)

    def _cut_line(self, line: str) -> Iterator[Written]:
        item = _ITEM.match(line) if self._opens else None
        if item:
            form = ClaimForm.BULLET if item["bullet"] else ClaimForm.NUMBERED
            yield from self._write(line[item.end() :], form)
        else:
            for sentence in _sentences(line):
                yield from self._write(sentence, self._prose_form())
        self._opens = True

    def _prose_form(self) -> ClaimForm:
        """Return how the next sentence stands: the first of a line opens a paragraph."""
        form = ClaimForm.PARAGRAPH if self._opens else ClaimForm.SENTENCE
        self._opens = False
        return form

    @staticmethod
    def _write(raw: str, form: ClaimForm) -> Iterator[Written]:
        numbers = [int(number) for marks in _MARKS.findall(raw) for number in re.findall(r"\d+", marks)]
        text = _tidy(_MARKS.sub("", raw))
        if text:
            yield Written(text, tuple(dict.fromkeys(numbers)), form)


def _sentences(line: str) -> list[str]:
    """Split a line where a sentence and its marks end; at least one piece, the last perhaps unfinished."""
    pieces, start = [], 0
    for end in _END.finditer(line):
        piece = line[start : end.end()]
        if not _NEVER_LAST.search(piece) and not _LABEL.fullmatch(piece.strip()):
            pieces.append(piece)
            start = end.end()
    return [*pieces, line[start:]]


def _tidy(text: str) -> str:
    """Return a text without emphasis, but for a label that opens it, and without hidden characters."""
    shown = " ".join(visible(text).split())
    label = _LABEL.match(shown)
    if label is None:
        return shown.replace("*", "").strip()
    return f"**{label['label'].strip()}**{shown[label.end() :].replace('*', '')}".strip()
