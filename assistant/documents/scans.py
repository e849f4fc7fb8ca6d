"""The pages of a PDF, those that are scans recognised, one after the other, within their time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

from assistant.documents.limits import Limits
from assistant.documents.pdf_pages import Line, Page, Pdf, Picture
from assistant.documents.recognising import languages_of, recognise

_LINE_HEIGHT = 14.0
"""Points between the lines of a page that was recognised, and twice that between its paragraphs."""
_SIZE = 11.0


@dataclass(frozen=True, slots=True)
class Recognised:
    """The lines of all pages, and which pages were scans, from 1."""

    pages: tuple[tuple[Line, ...], ...]
    recognised: tuple[int, ...]
    unread: tuple[int, ...]


def recognise_scans(
    pdf: Pdf, pages: tuple[Page, ...], program: str | None, limits: Limits, on_page: Callable[[int], None]
) -> Recognised:
    """Replace the lines of pages that are scans by what is recognised in them, where that is installed.

    ``on_page`` gets the number of the page, from 0, before it is recognised.
    """
    scans = [number for number, page in enumerate(pages) if page.is_scan]
    languages = languages_of(program) if program and scans else ()
    lines = [page.lines for page in pages]
    recognised: list[int] = []
    deadline = monotonic() + limits.recognising_seconds
    for number in scans:
        if not program or "nld" not in languages or monotonic() > deadline:
            break
        on_page(number)
        picture = pdf.picture(number)
        text = _text(program, languages, picture, limits.page_seconds) if picture else None
        if text is not None:
            lines[number] = _lines(text)
            recognised.append(number + 1)
    unread = tuple(number + 1 for number in scans if number + 1 not in recognised)
    return Recognised(tuple(lines), tuple(recognised), unread)


def _text(program: str, languages: tuple[str, ...], picture: Picture, seconds: float) -> str | None:
    """Return what is recognised; nothing stands on a page of one colour."""
    return recognise(program, languages, picture.to_pgm(), seconds) if picture.has_contrast else ""


def _lines(text: str) -> tuple[Line, ...]:
    """Place the lines of recognised text below each other, as on a page."""
    lines: list[Line] = []
    for number, line in enumerate(text.split("\n")):
        if line.strip():
            place = -number * _LINE_HEIGHT
            lines.append(Line(line.strip(), _SIZE, place, 0, len(line.strip()) * _SIZE / 2, is_bold=False))
    return tuple(lines)
