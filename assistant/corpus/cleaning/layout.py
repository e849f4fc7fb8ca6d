"""Putting lines back together: columns, page furniture, hyphens at line ends, paragraphs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import quantiles

from assistant.corpus.anchors import Anchor, find_anchors, find_line
from assistant.corpus.cleaning.tracked import Edit, Tracked
from assistant.corpus.cleaning.vocabulary import Vocabulary
from assistant.corpus.cleaning.words import mend_break
from assistant.corpus.manifest import ColumnSwap
from assistant.domain import Span

_GAP = re.compile(r"[^\S\n]*\n\s*")
_FINISHED = re.compile(r"[.!?:;…][\"”’'»)\]]*$")
_BULLET = re.compile(r"[•▪◦·*–-]\s|\d{1,2}[.)]\s")
_RUNNING_HEAD = (
    r"(?:(?<=\n\n)|\A)[^\S\n]*(?P<out>[A-ZÀ-Þ][A-ZÀ-Þ .,&’'|-]{7,}|\d{1,4})[^\S\n]*"
    r"(?=\n\s*\n|\n |\s*\Z)"
)
_NUMBERED_CAPTION = r"(?:(?<=\n\n)|\A)(?P<out>(?:Figuur|Tabel) \d+[^\n]*[^\s.!?])(?=[^\S\n]*\n\s*\n|\s*\Z)"
_REPEATED = 12
"""So many words in a row that the text holds elsewhere make a quotation a repetition."""
_WIDEST = 120
"""A file with longer lines isn't wrapped: there a line is a paragraph."""
_FULL = 0.7
"""Share of the common width from which a line is full, so that it goes on in the next."""
_TOO_WIDE = 1.25
"""Times the common width from which a line doesn't belong to the column above it."""


def swap_columns(text: Tracked, swaps: Sequence[ColumnSwap]) -> Tracked:
    """Put columns in reading order; a swap whose words aren't all there is left."""
    for swap in swaps:
        first = find_line(text.text, swap.first)
        second = find_line(text.text, swap.second, first.end) if first else None
        after = find_line(text.text, swap.following, second.end) if second else None
        if first and second and after:
            text = text.swapped(first.start, second.start, after.start)
    return text


def drop_captions(text: Tracked, captions: Sequence[str]) -> Tracked:
    """Remove the lines that belong to a figure that the text lacks, listed or with a number of its own."""
    found = (find_anchors(text.text, [Anchor(caption, is_heading=True)])[0] for caption in captions)
    spans = sorted((span for span in found if span), key=lambda span: span.start)
    text = text.edited(Edit(span.start, span.end, "", "caption") for span in spans)
    return text.removed(_NUMBERED_CAPTION, "caption")


def drop_asides(text: Tracked, asides: Sequence[str]) -> Tracked:
    """Remove what was read from another column, where it ends a line."""
    for aside in asides:
        match = re.search(rf"(?<=\S)[^\S\n]+{re.escape(aside)}[^\S\n]*$", text.text, re.MULTILINE)
        if match:
            text = text.edited([Edit(match.start(), match.end(), "", "aside")])
    return text


def drop_running_heads(text: Tracked, anchors: Sequence[Anchor]) -> Tracked:
    """Remove page numbers and lines in capitals that stand alone and aren't a heading of the source."""
    kept = [span for span in find_anchors(text.text, anchors) if span]
    matches = re.finditer(_RUNNING_HEAD, text.text)
    spans = [Span(*match.span("out")) for match in matches]
    return text.edited(
        Edit(span.start, span.end, "", "running-head")
        for span in spans
        if not any(span.start < keep.end and keep.start < span.end for keep in kept)
    )


def drop_pull_quotes(text: Tracked, anchors: Sequence[Anchor] = ()) -> Tracked:
    """Remove a quotation that breaks a sentence in two, or that repeats what the text says elsewhere."""
    pattern = r"(?<=[^\W\d_])[^\S\n]*\n\s*\n(?P<out>“[^\n]+)(?=\n\s*\n\s*[a-zà-ÿ])"
    text = text.removed(pattern, "pull-quote")
    kept = {span.start for span in find_anchors(text.text, anchors) if span}
    pattern = r"(?:(?<=\n\n)|\A)“[^\n]+(?=\n\s*\n|\s*\Z)"
    return text.replaced(
        pattern,
        lambda match: None if match.start() in kept or not _is_repeated(match) else "",
        "pull-quote",
    )


def drop_repeated_lines(text: Tracked) -> Tracked:
    """Remove a line that says the same as the one before it, as a menu above a heading does."""
    return text.removed(r"(?:(?<=\n\n)|\A)(?P<line>[^\n]{8,})\n\n(?P<out>(?P=line)\n\n)", "repeated-line")


def _is_repeated(match: re.Match[str]) -> bool:
    quoted = _words(match.group())
    rest = f" {' '.join(_words(match.string[: match.start()] + ' . ' + match.string[match.end() :]))} "
    runs = (quoted[at : at + _REPEATED] for at in range(len(quoted) - _REPEATED + 1))
    return any(f" {' '.join(run)} " in rest for run in runs)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


@dataclass(frozen=True, slots=True)
class _Gap:
    """The white space between two lines, and what stands on either side."""

    span: Span
    above: str
    below: str
    is_blank: bool


@dataclass(frozen=True, slots=True)
class _Page:
    """How a text is laid out: the width of its lines, if wrapped, and whether it's double-spaced."""

    width: float | None
    is_double: bool
    anchors: tuple[Span, ...]


def join_lines(text: Tracked, anchors: Sequence[Anchor], vocabulary: Vocabulary) -> Tracked:
    """Join the lines of a sentence and undo hyphens at line ends; paragraphs stay a blank line apart."""
    gaps = _gaps(text.text)
    page = _page(gaps, [span for span in find_anchors(text.text, anchors) if span])
    return text.edited(edit for gap in gaps if (edit := _mended(text.text, gap, page, vocabulary)))


def tidy(text: Tracked) -> Tracked:
    """Remove double spaces, and spaces and line breaks that nothing needs."""
    text = text.removed(r"\A\s+|\s+\Z", "space")
    text = text.removed(r" +$|^ +", "space")
    text = text.removed(r"(?<=\n\n)\n+", "space")
    return text.removed(r"(?<= ) +", "space")


def _gaps(text: str) -> list[_Gap]:
    stripped = len(text) - len(text.lstrip())
    matches = list(_GAP.finditer(text, stripped))
    starts = [stripped, *(match.end() for match in matches)]
    ends = [*(match.start() for match in matches[1:]), len(text)]
    return [
        _Gap(
            Span(*match.span()),
            text[start : match.start()],
            text[match.end() : end],
            match.group().count("\n") > 1,
        )
        for match, start, end in zip(matches, starts, ends, strict=False)
    ]


def _page(gaps: Sequence[_Gap], anchors: Sequence[Span]) -> _Page:
    lengths = [len(gap.above) for gap in gaps]
    width = quantiles(lengths, n=10)[-1] if len(lengths) > 1 else _WIDEST + 1
    goes_on = [gap for gap in gaps if gap.below[:1].islower() and not _FINISHED.search(gap.above)]
    is_double = 2 * sum(gap.is_blank for gap in goes_on) > len(goes_on)
    is_wrapped = width <= _WIDEST
    return _Page(width if is_wrapped else None, is_double and is_wrapped, tuple(anchors))


def _mended(text: str, gap: _Gap, page: _Page, vocabulary: Vocabulary) -> Edit | None:
    start, end = gap.span.start, gap.span.end
    if any(anchor.start < end and start < anchor.end for anchor in page.anchors):
        separator = " "
    elif any(anchor.start == end or anchor.end == start for anchor in page.anchors):
        separator = "\n\n"
    else:
        separator = _separator(gap, page)
    if separator == " " and gap.above.endswith("-") and gap.below[:1].isalpha():
        return mend_break(text, start, end, vocabulary)
    return None if text[start:end] == separator else Edit(start, end, separator, "lines")


def _separator(gap: _Gap, page: _Page) -> str:
    is_finished = _FINISHED.search(gap.above) is not None
    if _BULLET.match(gap.below) and (is_finished or not gap.is_blank):
        return "\n"
    if not is_finished and (gap.below[:1].islower() or gap.above.endswith((",", "-"))):
        return " "
    if gap.is_blank and not page.is_double:
        return "\n\n"
    return _of_wrapped(gap, page, is_finished)


def _is_wider(gap: _Gap, page: _Page) -> bool:
    widest = _TOO_WIDE * (page.width or len(gap.below))
    return len(gap.above) < widest < len(gap.below.rstrip())


def _of_wrapped(gap: _Gap, page: _Page, is_finished: bool) -> str:
    is_full = page.width is not None and len(gap.above) >= _FULL * page.width
    if is_finished and _is_wider(gap, page):
        return "\n\n"
    if is_full or (gap.above.isupper() and gap.below.isupper()):
        return " "
    return "\n\n" if is_finished else "\n"
