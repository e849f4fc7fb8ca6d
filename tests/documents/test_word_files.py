"""Word: headings, tables, notes and pages."""

from __future__ import annotations

import io

import pytest
from docx import Document
from docx.enum.text import WD_BREAK

from assistant.documents.faults import Fault, Unreadable
from assistant.domain import DocumentFormat
from tests.documents.conftest import Read
from tests.faults.hostile_documents import paragraph, word

DOCX = DocumentFormat.DOCX


def make_word() -> bytes:
    """Write a file with what Word files have, as a library writes it."""
    document = Document()
    document.add_heading("Samen in de wijk", 0)
    document.add_heading("Afspraken", 1)
    document.add_paragraph("De partners spreken af dat zij samen optrekken.").add_run(
        " Verborgen."
    ).font.hidden = True
    table = document.add_table(2, 2)
    for place, text in enumerate(("Partij", "Rol", "Gemeente", "Regisseur")):
        table.cell(place // 2, place % 2).text = text
    document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
    document.add_heading("Geld", 2)
    document.add_paragraph("Elke partij betaalt een derde deel van de kosten.")
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def test_headings_tables_and_pages_are_kept(read: Read) -> None:
    found = read(make_word(), DOCX)

    assert [section.title for section in found.sections] == ["Samen in de wijk", "Afspraken", "Geld"]
    assert found.title == "Samen in de wijk"
    assert "Gemeente | Regisseur" in found.text
    assert "Verborgen" not in found.text
    assert found.page_at(found.text.index("derde deel")) == 2


def test_where_word_began_pages_goes_before_where_a_writer_asked_for_them(read: Read) -> None:
    body = (
        paragraph("Op de eerste bladzijde staat dit.")
        + '<w:p><w:r><w:br w:type="page"/></w:r></w:p>'
        + "<w:p><w:r><w:lastRenderedPageBreak/><w:t>En dit op de tweede.</w:t></w:r></w:p>"
    )
    assert len(read(word(body), DOCX).pages) == 2


def test_a_file_that_does_not_say_where_pages_begin_has_none(read: Read) -> None:
    assert read(word(paragraph("Alleen tekst, en nergens een nieuwe bladzijde.")), DOCX).pages == ()


def test_what_was_deleted_is_left_out_and_what_was_put_in_stays(read: Read) -> None:
    body = (
        "<w:p><w:r><w:t>Dit blijft, </w:t></w:r><w:del><w:r><w:delText>weg </w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>en dit komt erbij.</w:t></w:r></w:ins></w:p>"
    )
    assert read(word(body), DOCX).text == "Dit blijft, en dit komt erbij."


def test_notes_follow_the_paragraph_that_names_them(read: Read) -> None:
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    notes = (
        f'<w:footnotes {space}><w:footnote w:id="2">{paragraph("De noot zelf.")}</w:footnote></w:footnotes>'
    )
    body = '<w:p><w:r><w:t>Een bewering.</w:t><w:footnoteReference w:id="2"/></w:r></w:p>'
    found = read(word(body + paragraph("Het vervolg."), {"word/footnotes.xml": notes.encode()}), DOCX)

    assert found.text == "Een bewering.\n\nDe noot zelf.\n\nHet vervolg."


def test_a_template_on_the_own_machine_does_no_harm(read: Read) -> None:
    relation = (
        '<Relationship Id="t" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"'
        ' Target="file:///C:\\Sjablonen\\brief.dotx" TargetMode="External"/>'
    )
    assert read(word(paragraph("Een brief van ons."), relations=relation), DOCX).text == "Een brief van ons."


def test_another_office_file_is_no_word_file(read: Read) -> None:
    with pytest.raises(Unreadable) as refused:
        read(word(paragraph("x"), main="application/vnd.ms-excel.sheet+xml"), DOCX)
    assert refused.value.fault is Fault.FORMAT
