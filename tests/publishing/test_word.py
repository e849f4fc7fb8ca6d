"""Tests of Word files: written through the shipped templates and opened again."""

from __future__ import annotations

import re
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree
from zipfile import ZipFile

import docx
import pytest

from assistant.errors import InvalidTexts
from assistant.publishing.word import write_brief, write_report
from tests.publishing.examples import CATALOGUE, CHOSEN, PROMPTS, TEXTS, a_brief, a_report, a_small_report
from tests.publishing.hostile import made_hostile

REPORT, BRIEF = PROMPTS / "report.docx", PROMPTS / "brief.docx"


def text_of(content: bytes) -> str:
    """Return all text of a Word file: the body, its tables, headers and footers."""
    with ZipFile(BytesIO(content)) as parts:
        names = [
            name for name in parts.namelist() if re.match(r"word/(document|header|footer)\d*\.xml", name)
        ]
        roots = [ElementTree.fromstring(parts.read(name)) for name in names]  # noqa: S314
    paragraphs = [one for root in roots for one in root.iter(f"{W}p")]
    return "\n".join("".join(piece.text or "" for piece in one.iter(f"{W}t")) for one in paragraphs)


W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def descriptions_of(content: bytes) -> list[str]:
    document = docx.Document(BytesIO(content))
    return [shape._inline.docPr.get("descr", "") for shape in document.inline_shapes]


@pytest.fixture(scope="module")
def report() -> bytes:
    return write_report(a_report(), CHOSEN, CATALOGUE, REPORT, TEXTS)


@pytest.fixture(scope="module")
def brief() -> bytes:
    return write_brief(a_brief(), CATALOGUE, BRIEF, TEXTS)


def test_no_placeholder_is_left_in_a_report_or_a_brief(report: bytes, brief: bytes) -> None:
    for content in (report, brief):
        assert not re.search(r"{{|{%|}}|%}", text_of(content))


def test_a_report_shows_all_of_its_parts(report: bytes) -> None:
    shown = text_of(report)
    for expected in (
        "Health check Wijkalliantie Oosterveld",
        "Ronde 2, gesloten op 3 maart 2025. 11 mensen",
        "Het aantal leden groeit. Gemiddeld 3,9. [2][1]",
        "Dan is het formeren. °",
        "Gemeente Oosterveld 4,2; Zorggroep De Linde 3,8",
        "te weinig antwoorden",
        "De alliantie leunt op vertrouwen.",
        "Verschil tussen partners. Gemeente Oosterveld geeft 4,1",
        "31 maart 2025",
        "gedaan",
        "Kijk elk kwartaal samen terug op wat goed ging en wat schuurde. [3][4]",
        "Dat we het buurthuis samen openden.",
        "Dit valt binnen de ruis.",
        "Auteur 2004, Over vertrouwen, Groei van vertrouwen. “Vertrouwen groeit langzaam.”",
        "Onze samenvatting: Herstel vraagt tijd.",
        "geen gevalideerde test",
    ):
        assert expected in shown


def test_each_chart_is_a_picture_that_says_what_it_shows(report: bytes) -> None:
    descriptions = descriptions_of(report)
    assert len(descriptions) == 6
    assert descriptions[0].startswith("Boonstra: vier fasen: Formeren 46%")
    assert all(len(one) > 20 for one in descriptions)


def test_a_report_of_too_few_people_says_so_and_leaves_out_what_is_not_there() -> None:
    content = write_report(a_small_report(), (), CATALOGUE, REPORT, TEXTS)
    shown = text_of(content)
    assert "te weinig antwoorden" in shown
    for absent in (
        "Bronnen",
        "Afgesproken acties",
        "Om over te praten",
        "Door de rondes heen",
        "Alle uitspraken",
    ):
        assert absent not in shown
    assert len(descriptions_of(content)) == 1


def test_a_brief_shows_all_of_its_parts(brief: bytes) -> None:
    shown = text_of(brief)
    for expected in (
        "Formeren (fase)",
        "Vertrouwen en controle (paradox)",
        "Partners zoeken in het begin naar hun doel. [1][2][3]",
        "Ieder vertelt, de ander vraagt door. °",
        "90 minuten",
        "Wat stelt u uit te zeggen?",
        "Het gesprek",
        "De brief kent alleen wat er beschreven is.",
        "Auteur 2004",
    ):
        assert expected in shown


def test_a_word_file_bears_the_name_of_the_alliance(report: bytes) -> None:
    assert docx.Document(BytesIO(report)).core_properties.title == "Wijkalliantie Oosterveld"


def test_text_of_people_stays_text() -> None:
    written = (
        write_report(made_hostile(a_report()), made_hostile(CHOSEN), CATALOGUE, REPORT, TEXTS),
        write_brief(made_hostile(a_brief()), CATALOGUE, BRIEF, TEXTS),
    )
    for content in written:
        assert docx.Document(BytesIO(content)).paragraphs
        shown = text_of(content)
        assert "{{ 7*7 }} {% for x in y %} {# c #}" in shown
        assert "<script>alert(1)</script>" in shown
        assert '# A&B <w:p> &lt; "q"' in shown
        assert "langlanglang" in shown
        assert not re.search(r"[\x00-\x08\x0b\x1b\u202e\ufffe]", shown)


def test_a_new_line_in_a_description_starts_a_line(brief: bytes) -> None:
    document = docx.Document(BytesIO(brief))
    assert any("contract.\nSindsdien" in paragraph.text for paragraph in document.paragraphs)


@pytest.mark.parametrize(
    "placeholder",
    [
        "{{ report.nothing }}",
        "{{ nothing }}",
        "{% for one in %}",
        "{{ report|marks }}",
        "{{ report|day }}",
        "{{ report.__class__.__mro__ }}",
    ],
)
def test_a_template_that_cannot_be_filled_is_named(placeholder: str, tmp_path: Path) -> None:
    template = tmp_path / "eigen.docx"
    document = docx.Document()
    document.add_paragraph(placeholder)
    document.save(str(template))
    with pytest.raises(InvalidTexts, match=r"eigen\.docx"):
        write_report(a_report(), CHOSEN, CATALOGUE, template, TEXTS)


@pytest.mark.parametrize("content", [b"", b"no Word file"])
def test_a_template_that_is_no_word_file_is_named(content: bytes, tmp_path: Path) -> None:
    template = tmp_path / "eigen.docx"
    template.write_bytes(content)
    with pytest.raises(InvalidTexts, match=r"eigen\.docx"):
        write_brief(a_brief(), CATALOGUE, template, TEXTS)


def test_a_template_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidTexts, match=r"weg\.docx"):
        write_brief(a_brief(), CATALOGUE, tmp_path / "weg.docx", TEXTS)


def test_a_template_of_a_coach_may_show_less_and_in_another_order(tmp_path: Path) -> None:
    template = tmp_path / "eigen.docx"
    document = docx.Document()
    document.add_paragraph("{{ brief.agenda[1].text.text }} {{ brief.agenda[1].text|marks }}")
    document.save(str(template))
    assert "naar hun doel. [1][2][3]" in text_of(write_brief(a_brief(), CATALOGUE, template, TEXTS))


def test_a_pulse_with_conditions_alone_can_be_written() -> None:
    pulse = replace(a_report(), phases=(), tensions=(), agenda=(), suggestions=(), remarks=(), trends=())
    assert len(descriptions_of(write_report(pulse, (), CATALOGUE, REPORT, TEXTS))) == 1
