"""Taking out what isn't part of the text: control characters, Markdown, addresses, footnote numbers."""

from __future__ import annotations

import re

from assistant.corpus.cleaning.tracked import Edit, Tracked
from assistant.corpus.cleaning.vocabulary import Vocabulary

_INVISIBLE = (
    r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u061c"
    r"\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]+"
)
_EMAIL = r"(?:mailto:)?[^\s@()\[\]<>\"“”'‘’,;:|*]*@[^\s@()\[\]<>\"“”'‘’,;:|*]+"
_PHONE = r"(?<![\w./-])\(?(?:\+|0)(?:[ ().\-/]{0,2}\d){8,13}(?!\w)"
_NOTE_AFTER_STOP = (
    r"(?P<word>[^\W\d_]{3,})\.(?P<out>[®™*°?”’\d¹²³⁰⁴-⁹]{1,3}s?|s)(?=\s+[A-ZÀ-Þ“‘(]|\s*$|[A-ZÀ-Þ])"
)
_NOTE_AFTER_WORD = r"(?<=[a-zà-ÿ]{6})(?P<out>\d{1,2})(?=[\s).,;]|$)"
_OPENING = {"”": "“", "’": "‘"}
_ABBREVIATIONS = frozenset({"art", "blz", "fig", "hfst", "nrs", "pag", "par", "vol"})


def drop_invisible(text: Tracked) -> Tracked:
    """Remove control, zero-width and direction characters, and soft hyphens; a space is a space."""
    text = text.removed(r"\r(?=\n)|" + _INVISIBLE, "invisible")
    text = text.replaced(r"[\r\x0b\x0c\x85\u2028\u2029]", lambda _: "\n", "space")
    return text.replaced(r"[^\S\n ]", lambda _: " ", "space")


def drop_markdown(text: Tracked) -> Tracked:
    """Keep the words of headings, emphasis and links, without their marks and addresses."""
    text = text.removed(r"^(?:\\\*)+[^\S\n]*", "markdown")
    text = text.removed(r"^[^\S\n]*#{1,6}[^\S\n]+", "markdown")
    text = _unwrapped(text, r"(\[)([^\]\[\n]+)(\]\([^)\n]*\))")
    text = _unwrapped(text, r"(\*\*)(?=\S)([^*\n]+?)(?<=\S)(\*\*)")
    text = _unwrapped(text, r"(?<![\w*\\])(\*)(?=[^\s*])([^*\n]+?)(?<=[^\s*\\])(\*)(?![\w*])")
    return text.removed(r"\\(?=[\\`*_{}\[\]()#+.!-])", "markdown")


def drop_addresses(text: Tracked) -> Tracked:
    """Remove e-mail addresses and telephone numbers: those are never indexed or shown."""
    text = text.removed(_EMAIL, "contact")
    return text.removed(_PHONE, "contact")


def drop_notes(text: Tracked, vocabulary: Vocabulary) -> Tracked:
    """Remove footnote marks that stick to a word or a full stop, also where they were misread."""
    text = text.removed(r"(?<=[^\W\d_]) +(?=[.,;](?:\s|\d|$))", "space")
    text = text.replaced(_NOTE_AFTER_STOP, _without_note, "note")
    text = text.removed(r"(?<=\w{4})[¹²³⁰⁴-⁹]+|(?<=\w[.,;)])[¹²³⁰⁴-⁹]+", "note")
    return text.replaced(_NOTE_AFTER_WORD, lambda match: _number_of_note(match, vocabulary), "note")


def _unwrapped(text: Tracked, pattern: str) -> Tracked:
    matches = re.finditer(pattern, text.text)
    return text.edited(
        Edit(match.start(mark), match.end(mark), "", "markdown") for match in matches for mark in (1, 3)
    )


def _without_note(match: re.Match[str]) -> str | None:
    mark, before = match["out"], match.string[: match.start("out")]
    block = before[before.rfind("\n\n") + 1 :]
    is_quotation = any(
        block.count(_OPENING[letter]) > block.count(letter) for letter in mark if letter in _OPENING
    )
    if is_quotation or match["word"].casefold() in _ABBREVIATIONS:
        return None
    return " " if match.string[match.end() : match.end() + 1].isalpha() else ""


def _number_of_note(match: re.Match[str], vocabulary: Vocabulary) -> str | None:
    found = re.search(r"[^\W\d_]+$", match.string[: match.start()])
    return "" if found and vocabulary.knows(found.group()) else None
