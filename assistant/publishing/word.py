"""A report, a brief or a conversation as a Word file, through a template that can be replaced.

A template is a Word file with placeholders of Jinja, as docxtpl knows them: ``{{ report.alliance }}``,
``{%p for point in report.agenda %}``. It has ``report``, ``chosen``, ``charts`` and ``sources``, or
``brief`` and ``sources``, or what ``conversations`` gives; ``docs/word-templates.md`` lists them all,
with the filters.
The only module that knows docxtpl and python-docx.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

from jinja2 import Environment, TemplateError
from markupsafe import escape

from assistant.domain import Brief, Catalogue, ChosenAction, Report
from assistant.errors import InvalidTexts
from assistant.publishing.charts import Chart, phase_strip, profile, tensions, to_png, trend
from assistant.publishing.citing import Citing
from assistant.publishing.inert import visible
from assistant.publishing.reading import Run, Style
from assistant.publishing.templating import CitedSource, cited_sources, environment
from assistant.publishing.wording import Texts

if TYPE_CHECKING:
    from docxtpl import DocxTemplate

_SCALE = 2.5
_MILLIMETRES = 0.25
"""Of a chart in the file, for each pixel that the page has."""
_WIDEST = 164
"""Millimetres between the margins."""
_TEXT = '<w:t xml:space="preserve">'
_LOOKS = {
    Style.PLAIN: "",
    Style.BOLD: "<w:b/>",
    Style.ITALIC: "<w:i/>",
    Style.MARK: '<w:rStyle w:val="Bronverwijzing"/>',
}


class _Picture:
    """A chart that is drawn when a template asks for it, with what it shows in words."""

    def __init__(self, document: DocxTemplate, draw: Callable[[], Chart]) -> None:
        self._document = document
        self._draw = draw

    def __html__(self) -> str:
        """Return the drawing as a run of its own."""
        from docx.shared import Mm

        chart = self._draw()
        png = to_png(chart, _SCALE)
        width = int.from_bytes(png[16:20]) / _SCALE * _MILLIMETRES
        part: Any = self._document.current_rendering_part
        inline = part.new_pic_inline(BytesIO(png), Mm(min(width, _WIDEST)), None)
        inline.docPr.set("descr", chart.alt)
        for side in ("distT", "distB", "distL", "distR"):
            inline.set(side, "0")
        return f'</w:t></w:r><w:r><w:drawing>{inline.xml}</w:drawing></w:r><w:r><w:t xml:space="preserve">'


class Formatted:
    """Pieces of text that keep their own style, in whatever paragraph a template sets them."""

    def __init__(self, runs: Sequence[Run]) -> None:
        self._runs = runs

    def __html__(self) -> str:
        """Return the pieces as runs of their own; a mark stays on the line of what it marks."""
        marked = [*(run.style is Style.MARK for run in self._runs[1:]), False]
        runs = map(_run_xml, self._runs, marked)
        return f"</w:t></w:r>{''.join(runs)}<w:r>{_TEXT}"


def _run_xml(run: Run, is_before_mark: bool) -> str:
    text = visible(run.text).replace("\n", " ")
    if is_before_mark and text.endswith(" "):
        text = f"{text.rstrip(' ')}\N{NO-BREAK SPACE}"
    return f"<w:r><w:rPr>{_LOOKS[run.style]}</w:rPr>{_TEXT}{escape(text)}</w:t></w:r>"


def write_report(
    report: Report, chosen: Sequence[ChosenAction], catalogue: Catalogue, template: Path, texts: Texts
) -> bytes:
    """Return a report as a Word file; ``InvalidTexts`` if the template can't be read or filled."""
    document = _open(template)
    charts = {
        "phases": tuple(_Picture(document, partial(phase_strip, one, texts)) for one in report.phases),
        "profile": _Picture(document, partial(profile, report.conditions, texts)),
        "tensions": _Picture(document, partial(tensions, report.tensions, texts)),
        "trend": _Picture(document, partial(trend, report.trends, texts)),
    }
    values = {"report": report, "chosen": tuple(chosen), "charts": charts}
    jinja, sources = _jinja(report, catalogue, texts)
    return _write(document, report.alliance, jinja, {**values, "sources": sources})


def write_brief(brief: Brief, catalogue: Catalogue, template: Path, texts: Texts) -> bytes:
    """Return a brief as a Word file, like ``write_report``."""
    jinja, sources = _jinja(brief, catalogue, texts)
    return _write(_open(template), brief.title, jinja, {"brief": brief, "sources": sources})


def write(template: Path, title: str, jinja: Environment, values: Mapping[str, object]) -> bytes:
    """Return a template filled with values, as a Word file of that title; ``InvalidTexts`` as above."""
    return _write(_open(template), title, jinja, dict(values))


def _open(template: Path) -> DocxTemplate:
    from docx.opc.exceptions import PackageNotFoundError
    from docxtpl import DocxTemplate

    document = DocxTemplate(template)
    try:
        document.init_docx()
    except (OSError, PackageNotFoundError, BadZipFile, KeyError, ValueError) as error:
        raise InvalidTexts(file=template.name, key="", reason=str(error)) from error
    return document


def _jinja(
    value: Report | Brief, catalogue: Catalogue, texts: Texts
) -> tuple[Environment, tuple[CitedSource, ...]]:
    citing = Citing.of(catalogue, value)
    return environment(citing, texts, visible, is_xml=True), cited_sources(citing.citations, catalogue)


def _write(document: DocxTemplate, title: str, jinja: Environment, values: dict[str, object]) -> bytes:
    try:
        document.render(values, jinja, autoescape=True)
    except (TemplateError, SyntaxError, TypeError, AttributeError) as error:
        # What is no XML any more is a ``SyntaxError``; a filter over what it can't read one of the others.
        raise InvalidTexts(file=_name(document), key="", reason=str(error)) from error
    document.docx.core_properties.title = visible(title)[:255]
    written = BytesIO()
    document.save(written)
    return written.getvalue()


def _name(document: DocxTemplate) -> str:
    return Path(str(document.template_file)).name
