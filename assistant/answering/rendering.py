"""Markdown of an answer: claims in their form, each followed by its [n] marks."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.domain import CheckedClaim, ClaimForm
from assistant.domain.folding import without_hidden

_HIDDEN = ("Cc", "Cf")
_UNDOING = re.compile(r"[\\`]")
"""What would undo an escape, or hide what follows as code."""
_BLOCK = "#>~|+= "
"""What opens a heading, a quotation, a table or a block of code at the beginning of a line."""
_SCHEME = re.compile(r"[a-z]{0,10}:/{2,}", re.IGNORECASE)
_HOST = re.compile(r"w{3,}\.", re.IGNORECASE)
_MAIL = re.compile(r"\s?@\s?")
_OPENING = re.compile(r"<(?=[A-Za-z/!?])|\[|(?<=\])\(")
"""What opens a tag, a link, an image, a footnote or a mark."""


def render_claims(claims: Sequence[CheckedClaim]) -> str:
    """Return the claims as one Markdown text; items of a list get lines of their own."""
    text, previous, count = "", None, 0
    for checked in claims:
        form = checked.claim.form
        count = count + 1 if form is ClaimForm.NUMBERED and previous is ClaimForm.NUMBERED else 1
        text += _separator(previous, form) + _opening(form, count) + render_claim(checked)
        previous = form
    return text


def render_claim(checked: CheckedClaim) -> str:
    """Return one claim with its marks, without what sets it apart from its neighbours."""
    marks = "".join(f"[{citation.number}]" for citation in checked.citations)
    text = inert(checked.claim.text)
    return f"{text} {marks}" if marks else text


def inert(text: str) -> str:
    """Return a text in which nothing is active Markdown or hidden: no tags, links, images or marks.

    What a card or a document says is data; only its bold leads keep their meaning. Nothing is taken
    out in such a way that what stands around it becomes what was to be taken out.
    """
    visible = without_hidden(text, _HIDDEN)
    plain = _SCHEME.sub("", _UNDOING.sub("", visible)).lstrip(_BLOCK)
    apart = _MAIL.sub(" @ ", _HOST.sub("www ", plain))
    return _OPENING.sub(r"\\\g<0>", apart)


def _opening(form: ClaimForm, count: int) -> str:
    return {ClaimForm.BULLET: "- ", ClaimForm.NUMBERED: f"{count}. "}.get(form, "")


def _separator(previous: ClaimForm | None, form: ClaimForm) -> str:
    if previous is None:
        return ""
    if form is previous and form in (ClaimForm.BULLET, ClaimForm.NUMBERED):
        return "\n"
    return (
        " "
        if form is ClaimForm.SENTENCE and previous in (ClaimForm.SENTENCE, ClaimForm.PARAGRAPH)
        else "\n\n"
    )
