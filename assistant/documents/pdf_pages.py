"""PDF files as pages of lines, with the size and place of each: the only module that knows pypdfium2."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator
from dataclasses import dataclass
from math import hypot
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium

from assistant.documents.faults import Fault, Unreadable
from assistant.documents.limits import Limits

_DOTS = 300
"""Dots an inch of a page that is to be recognised."""
_MOST_DOTS = 12_000_000
"""Of one page; a larger page is drawn coarser."""
_FEW_LETTERS = 25
"""A page with fewer holds hardly any text."""
_MOST_LOOKED_AT = 3000
"""Objects of a page."""
_MANY_PATHS = 300
"""So many lines and curves on a page without text may well be letters that were drawn."""
_LEAST_COVERED = 0.1
"""The share of a page that an image covers at least, if it may be a scan."""
_MOST_UNKNOWN = 0.3
"""The share of characters without a meaning from which the text of a page is of no use."""
_UNKNOWN = re.compile("[\ufffd\ue000-\uf8ff\x01-\x08]")
_LINE = re.compile("[^\r\n\x02\ufffe]*[\x02\ufffe]?")
"""Up to a line end, or to the sign for a hyphen there."""
_BOLD = re.compile(r"bold|black|heavy|semib|demi", re.IGNORECASE)
_FORCED_BOLD = 1 << 18
_BOLD_WEIGHT = 600
_MOST_OUTLINE = 2000
_DEEPEST_OUTLINE = 6


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it stands on a page; measures in points, from the bottom left."""

    text: str
    size: float
    baseline: float
    left: float
    right: float
    is_bold: bool


@dataclass(frozen=True, slots=True)
class Page:
    """What stands on a page."""

    lines: tuple[Line, ...]
    is_scan: bool
    """Whether it is an image, with hardly any text."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A page as it looks, in shades of grey: a byte for each dot, from the top left."""

    width: int
    height: int
    dots: bytes

    @property
    def has_contrast(self) -> bool:
        """Whether anything stands on it."""
        return self.dots.count(self.dots[:1]) < len(self.dots)

    def to_pgm(self) -> bytes:
        """Write it as a file that is as simple as files of pictures can be."""
        return b"P5 %d %d 255\n" % (self.width, self.height) + self.dots


@dataclass(frozen=True, slots=True)
class OutlineItem:
    """An entry of the table of contents that the file carries."""

    title: str
    level: int
    page: int
    """From 0."""


class Pdf:
    """An open PDF file."""

    def __init__(self, path: Path, limits: Limits) -> None:
        try:
            self._document = pypdfium2.PdfDocument(path)
        except pypdfium2.PdfiumError as error:
            locked = getattr(error, "err_code", None) in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY)
            raise Unreadable(Fault.LOCKED if locked else Fault.BROKEN) from error
        if pdfium.FPDF_GetSecurityHandlerRevision(self._document) != -1:
            raise Unreadable(Fault.LOCKED)
        if len(self._document) > limits.pages:
            raise Unreadable(Fault.TOO_MANY_PAGES)
        if len(self._document) == 0:
            raise Unreadable(Fault.BROKEN)

    def __len__(self) -> int:
        return len(self._document)

    @property
    def title(self) -> str:
        """The title in its properties."""
        return str(self._document.get_metadata_value("Title"))

    def outline(self) -> Iterator[OutlineItem]:
        """Yield the entries of its table of contents, in order."""
        for number, item in enumerate(self._document.get_toc(max_depth=_DEEPEST_OUTLINE)):
            if number >= _MOST_OUTLINE:
                return
            target = item.get_dest()
            page = target.get_index() if target else None
            if page is not None:
                yield OutlineItem(item.get_title(), item.level + 1, page)

    def page(self, number: int) -> Page:
        """Read a page, counted from 0; one that is broken is empty."""
        try:
            page = self._document[number]
            text_page = page.get_textpage()
        except pypdfium2.PdfiumError:
            return Page((), False)
        try:
            lines = tuple(_lines(text_page))
            return Page(lines, not _is_text(lines) and _is_drawn(page))
        finally:
            text_page.close()
            page.close()

    def picture(self, number: int) -> Picture | None:
        """Draw a page in shades of grey; ``None`` if it can't be drawn."""
        try:
            page = self._document[number]
            width, height = (max(1.0, side) for side in page.get_size())
            scale = min(_DOTS / 72, (_MOST_DOTS / (width * height)) ** 0.5)
            bitmap = page.render(scale=scale, grayscale=True, may_draw_forms=False)
        except pypdfium2.PdfiumError:
            return None
        rows = memoryview(bitmap.buffer).cast("B")
        drawn = b"".join(
            rows[start : start + bitmap.width]
            for start in range(0, bitmap.stride * bitmap.height, bitmap.stride)
        )
        page.close()
        return Picture(bitmap.width, bitmap.height, drawn)


def _lines(text_page: pypdfium2.PdfTextPage) -> Iterator[Line]:
    for found in _LINE.finditer(_text(text_page)):
        text = found[0]
        if text.strip():
            first = found.start() + len(text) - len(text.lstrip())
            yield _line(text_page, text.strip(), first, found.start() + len(text.rstrip(" \x02\ufffe")) - 1)


def _text(text_page: pypdfium2.PdfTextPage) -> str:
    """Return a page's text, one character for each that the library counts."""
    count = text_page.count_chars()
    text = str(text_page.get_text_range()) if count else ""
    if len(text) == count:
        return text
    codes = (pdfium.FPDFText_GetUnicode(text_page, place) for place in range(count))
    return "".join(
        chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd" for code in codes
    )


def _line(text_page: pypdfium2.PdfTextPage, text: str, first: int, last: int) -> Line:
    last = max(first, last)
    matrix = pdfium.FS_MATRIX()
    scale = 1.0
    if pdfium.FPDFText_GetMatrix(text_page, first, matrix):
        scale = hypot(matrix.c, matrix.d) or 1.0
    x, baseline = ctypes.c_double(), ctypes.c_double()
    pdfium.FPDFText_GetCharOrigin(text_page, first, x, baseline)
    left, _ = _sides(text_page, first)
    _, right = _sides(text_page, last)
    return Line(
        text=text,
        size=round(pdfium.FPDFText_GetFontSize(text_page, first) * scale * 2) / 2,
        baseline=baseline.value,
        left=left,
        right=right,
        is_bold=_is_bold(text_page, first) and _is_bold(text_page, last),
    )


def _sides(text_page: pypdfium2.PdfTextPage, place: int) -> tuple[float, float]:
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    pdfium.FPDFText_GetCharBox(text_page, place, left, right, bottom, top)
    return left.value, right.value


def _is_bold(text_page: pypdfium2.PdfTextPage, place: int) -> bool:
    if pdfium.FPDFText_GetFontWeight(text_page, place) >= _BOLD_WEIGHT:
        return True
    name, flags = ctypes.create_string_buffer(128), ctypes.c_int()
    pdfium.FPDFText_GetFontInfo(text_page, place, name, len(name), flags)
    return bool(flags.value & _FORCED_BOLD or _BOLD.search(name.value.decode("utf-8", errors="replace")))


def _is_text(lines: tuple[Line, ...]) -> bool:
    """Tell whether the lines of a page are worth reading."""
    text = "".join(line.text for line in lines)
    if sum(character.isalpha() for character in text) < _FEW_LETTERS:
        return False
    return len(_UNKNOWN.findall(text)) < _MOST_UNKNOWN * len(text)


def _is_drawn(page: pypdfium2.PdfPage) -> bool:
    """Tell whether something stands on a page that may be letters: an image, or very many lines."""
    width, height = page.get_size()
    paths = 0
    for number, one in enumerate(page.get_objects(max_depth=4)):
        if number >= _MOST_LOOKED_AT:
            return True
        paths += one.type == pdfium.FPDF_PAGEOBJ_PATH
        if one.type == pdfium.FPDF_PAGEOBJ_IMAGE and _area(one) >= _LEAST_COVERED * width * height:
            return True
    return paths >= _MANY_PATHS


def _area(one: pypdfium2.PdfObject) -> float:
    try:
        left, bottom, right, top = one.get_bounds()
    except pypdfium2.PdfiumError:
        return 0
    return float(abs((right - left) * (top - bottom)))
