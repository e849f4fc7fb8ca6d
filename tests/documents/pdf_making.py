"""PDF files for tests, as reportlab writes them."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pypdfium2
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen import canvas

Written = tuple[str, float]
"""A line and its size; one that is 14 or larger is bold."""


def make_pdf(pages: Sequence[Sequence[str | Written]], title: str = "", outline: Sequence[str] = ()) -> bytes:
    """Write pages of lines, each below the other; an empty line leaves room."""
    made = io.BytesIO()
    page = canvas.Canvas(made)
    page.setTitle(title)
    for number, lines in enumerate(pages):
        place = 800.0
        for line in lines:
            text, size = line if isinstance(line, tuple) else (line, 11)
            page.setFont("Helvetica-Bold" if size >= 14 else "Helvetica", size)
            page.drawString(60, place, text)
            place -= size * 1.3
        if number < len(outline):
            page.bookmarkPage(str(number))
            page.addOutlineEntry(outline[number], str(number), 0)
        page.showPage()
    page.save()
    return made.getvalue()


def scanned(content: bytes, also: Sequence[str] = (), height: int = 842) -> bytes:
    """Return a PDF in which the top of each page is a picture; ``also`` adds a page of text."""
    made = io.BytesIO()
    page = canvas.Canvas(made, pagesize=(595, height))
    document = pypdfium2.PdfDocument(content)
    for one in document:
        page.drawImage(ImageReader(one.render(scale=200 / 72).to_pil()), 0, height - 842, 595, 842)
        page.showPage()
    document.close()
    for number, line in enumerate(also):
        page.drawString(60, height - 42 - 14 * number, line)
    page.save()
    return made.getvalue()
