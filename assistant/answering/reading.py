"""What a person typed, made readable: what can't be seen is taken out, what can't be read is refused."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from assistant.errors import EmptyQuestion, InvalidQuestion, QuestionTooLong, UnreadableCharacter

_SPELLED = re.compile(r"(?<!\S)(?:[^\W\d_][ .\-–]){3,}[^\W\d_](?!\S)")
_UNREADABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def read_question_text(text: str, limit: int) -> str:
    """Return a question as it will be read; raise ``InvalidQuestion`` with the first flaw it has."""
    readable = visible(text)
    for flaw in find_flaws(readable, limit):
        raise flaw
    if not readable.strip():
        raise EmptyQuestion
    return readable


def visible(text: str) -> str:
    """Drop format characters (zero width, bidi, tags) and use one kind of line end."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(sign for sign in lines if unicodedata.category(sign) != "Cf").strip(" \t\n")


def unspell(text: str) -> str:
    """Return a text with words that are spelled letter by letter ("p r o m p t") written together."""
    return _SPELLED.sub(lambda spelled: re.sub(r"[ .\-–]", "", spelled[0]), text)


def find_flaws(text: str, limit: int) -> Iterator[InvalidQuestion]:
    """Yield why a text can't be read: longer than ``limit`` code points, or a control character."""
    if len(text) > limit:
        yield QuestionTooLong(length=str(len(text)), limit=str(limit))
    if found := _UNREADABLE.search(text):
        yield UnreadableCharacter(sign=f"U+{ord(found[0]):04X}", position=str(found.start()))
