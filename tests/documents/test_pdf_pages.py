"""PDF: pages, headings, what stands on every page, and scans."""

from __future__ import annotations

import io

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen import canvas

from assistant.documents import Limits
from assistant.documents.faults import Fault, Unreadable
from assistant.documents.recognising import find_program
from assistant.domain import DocumentFormat, Notice
from tests.documents.conftest import Read
from tests.documents.pdf_making import make_pdf, scanned

PDF = DocumentFormat.PDF
LINES = [
    "De gemeente en de woningcorporatie spreken af dat zij samen optrekken bij de ver-",
    "nieuwing van de wijk. De kosten worden gelijk verdeeld over de partners, en een",
    "onafhankelijke voorzitter leidt het overleg. Wie in- en",
    "uitstapt, zegt dat een jaar vooraf.",
]


def test_headings_pages_and_paragraphs_are_kept(read: Read) -> None:
    found = read(
        make_pdf(
            [[("Vernieuwing", 20), "", *LINES], [("Geld", 15), "", "Elke partij betaalt een derde deel."]]
        ),
        PDF,
    )

    assert [section.title for section in found.sections] == ["Vernieuwing", "Geld"]
    assert found.title == "Vernieuwing"
    assert found.language == "nl"
    assert len(found.pages) == 2
    assert found.page_at(found.text.index("derde deel")) == 2
    assert "bij de vernieuwing van de wijk." in found.text
    assert "Wie in- en uitstapt" in found.text


def test_a_sentence_goes_on_over_the_end_of_a_page(read: Read) -> None:
    found = read(make_pdf([LINES[:2], LINES[2:]]), PDF)

    assert "en een onafhankelijke voorzitter" in found.text
    assert found.text[found.pages[1].start :].startswith("onafhankelijke")


def test_running_heads_and_page_numbers_are_left_out(read: Read) -> None:
    pages = [
        [
            "Jaarverslag van de alliantie",
            "",
            f"Op deze bladzijde staat verhaal nummer {'abcdef'[place]}.",
            *LINES,
            "",
            f"Pagina {place + 3}",
        ]
        for place in range(5)
    ]
    found = read(make_pdf(pages), PDF)

    assert "Jaarverslag" not in found.text
    assert "Pagina" not in found.text
    assert all(f"nummer {letter}." in found.text for letter in "abcde")


def test_figures_at_the_edge_that_do_not_count_up_stay(read: Read) -> None:
    found = read(make_pdf([["Het aantal leden was", *LINES, figure] for figure in ("12", "48", "7")]), PDF)

    assert all(figure in found.text for figure in ("12", "48", "7"))


def test_the_outline_says_which_lines_are_headings(read: Read) -> None:
    titles = ["Begin", "Midden", "Slot"]
    found = read(make_pdf([[title, "", *LINES] for title in titles], outline=titles), PDF)

    assert [section.title for section in found.sections] == titles


@pytest.mark.parametrize("password", ["", "geheim"])
def test_a_locked_file_is_refused(read: Read, password: str) -> None:
    made = io.BytesIO()
    page = canvas.Canvas(made, encrypt=StandardEncryption(password, ownerPassword="baas", canCopy=0))
    page.drawString(60, 700, LINES[0])
    page.save()

    with pytest.raises(Unreadable) as refused:
        read(made.getvalue(), PDF)
    assert refused.value.fault is Fault.LOCKED


def test_too_many_pages_are_refused(read: Read) -> None:
    with pytest.raises(Unreadable) as refused:
        read(make_pdf([["Een"], ["Twee"], ["Drie"]]), PDF, Limits(pages=2))
    assert refused.value.fault is Fault.TOO_MANY_PAGES


def test_a_page_without_anything_is_no_scan(read: Read) -> None:
    with pytest.raises(Unreadable) as refused:
        read(make_pdf([[], []]), PDF)
    assert refused.value.fault is Fault.NO_TEXT


def test_a_scan_that_cannot_be_recognised_is_refused(read: Read) -> None:
    with pytest.raises(Unreadable) as refused:
        read(scanned(make_pdf([LINES])), PDF)
    assert refused.value.fault is Fault.UNRECOGNISED


def test_scans_among_other_pages_are_named(read: Read) -> None:
    found = read(scanned(make_pdf([LINES]), also=LINES), PDF)

    assert found.unread == (1,)
    assert found.notices == (Notice.PAGES_UNREAD,)
    assert found.page_at(0) == 2


@pytest.mark.skipif(find_program() is None, reason="tesseract isn't installed")
def test_a_scan_is_recognised_and_says_so(read: Read) -> None:
    found = read(scanned(make_pdf([LINES[:2]]), height=100), PDF, program=find_program())

    assert "bij de vernieuwing van de wijk" in found.text
    assert found.recognised == (1,)
    assert found.notices == (Notice.RECOGNISED,)
