"""What stands above a conversation and beside an answer: titles and remarks, made readable."""

from __future__ import annotations

import unicodedata

from assistant.answering.reading import find_flaws, visible

LONGEST_TITLE, LONGEST_REMARK = 200, 2000
_USUAL_TITLE = 60
_CUT = "…"
_UNREADABLE = frozenset({"Cc", "Cs"})


def read_title(title: str, question: str) -> str:
    """Return a title on one line; that of the question where it is blank or too long."""
    line = _one_line(title)
    return line if 0 < len(line) <= LONGEST_TITLE else title_of(question)


def title_of(question: str) -> str:
    """Return the first line of a question, cut at a word at about 60 code points."""
    first = next(filter(None, map(_one_line, question.splitlines())), "")
    if len(first) <= _USUAL_TITLE:
        return first or _CUT
    words = first[: _USUAL_TITLE + 1].rpartition(" ")[0] or first[:_USUAL_TITLE]
    return words.rstrip(" ,;:.–-") + _CUT


def read_remark(remark: str) -> str:
    """Return a remark with its lines, without control characters; raise ``QuestionTooLong`` over 2000."""
    readable = _readable(visible(remark), kept="\n").strip()
    for flaw in find_flaws(readable, LONGEST_REMARK):
        raise flaw
    return readable


def _one_line(text: str) -> str:
    return " ".join(_readable(" ".join(visible(text).split())).split())


def _readable(text: str, kept: str = "") -> str:
    return "".join(sign for sign in text if sign in kept or unicodedata.category(sign) not in _UNREADABLE)
