"""A report or a brief as Markdown, through the templates ``report.md.jinja`` and ``brief.md.jinja``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from assistant.domain import Brief, Catalogue, ChosenAction, Report
from assistant.publishing.citing import Citing
from assistant.publishing.inert import inert
from assistant.publishing.templating import cited_sources, environment
from assistant.publishing.wording import Texts


def report_markdown(
    report: Report, chosen: Sequence[ChosenAction], catalogue: Catalogue, template: Path, texts: Texts
) -> str:
    """Return a report with [1] marks and the list of what they stand for; nothing in it is a link."""
    citing = Citing.of(catalogue, report)
    return _fill(template, citing, catalogue, texts, report=report, chosen=tuple(chosen))


def brief_markdown(brief: Brief, catalogue: Catalogue, template: Path, texts: Texts) -> str:
    """Return a brief, like ``report_markdown``."""
    return _fill(template, Citing.of(catalogue, brief), catalogue, texts, brief=brief)


def _fill(template: Path, citing: Citing, catalogue: Catalogue, texts: Texts, **values: object) -> str:
    jinja = environment(citing, texts, inert, is_xml=False)
    sources = cited_sources(citing.citations, catalogue)
    filled = jinja.from_string(template.read_text(encoding="utf-8")).render(sources=sources, **values)
    return re.sub(r"\n{3,}", "\n\n", filled).strip() + "\n"
