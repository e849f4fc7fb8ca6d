"""Tests of Markdown: read by a parser, so that what is active would show."""

from __future__ import annotations

import pytest
from markdown_it import MarkdownIt

from assistant.publishing.markdown import brief_markdown, report_markdown
from tests.publishing.examples import CATALOGUE, CHOSEN, PROMPTS, TEXTS, a_brief, a_report, a_small_report
from tests.publishing.hostile import made_hostile

REPORT, BRIEF = PROMPTS / "report.md.jinja", PROMPTS / "brief.md.jinja"


def kinds(markdown: str) -> set[str]:
    """Return the kinds of all that a Markdown parser sees."""
    tokens = MarkdownIt("commonmark").enable("table").parse(markdown)
    return {one.type for token in tokens for one in (token, *(token.children or ()))}


def test_a_report_is_headings_lists_and_tables_with_marks_and_sources() -> None:
    text = report_markdown(a_report(), CHOSEN, CATALOGUE, REPORT, TEXTS)
    assert text.startswith("# Health check Wijkalliantie Oosterveld\n")
    assert "- Het aantal leden groeit. Gemiddeld 3,9. [2][1]" in text
    assert "| Kennismaken op de werkvloer | Gemeente Oosterveld | 31 maart 2025 | gedaan |" in text
    assert "3. Auteur 2004, *Over vertrouwen*, Groei van vertrouwen. “Vertrouwen groeit langzaam.”" in text
    assert {"heading_open", "table_open", "bullet_list_open", "ordered_list_open"} <= kinds(text)


def test_every_table_is_whole() -> None:
    text = report_markdown(a_report(), CHOSEN, CATALOGUE, REPORT, TEXTS)
    assert "|---" in text
    assert "|" not in MarkdownIt("commonmark").enable("table").render(text)


def test_a_report_of_too_few_people_says_so() -> None:
    text = report_markdown(a_small_report(), (), CATALOGUE, REPORT, TEXTS)
    assert "| Vertrouwen | te weinig antwoorden |" in text
    assert "## Bronnen" not in text


def test_a_brief_marks_what_is_proved_and_what_is_our_own_craft() -> None:
    text = brief_markdown(a_brief(), CATALOGUE, BRIEF, TEXTS)
    assert "Partners zoeken in het begin naar hun doel. [1][2][3]" in text
    assert "de ander vraagt door. °" in text


@pytest.mark.parametrize("which", ["report", "brief"])
def test_nothing_that_people_wrote_is_active(which: str) -> None:
    text = (
        report_markdown(made_hostile(a_report()), made_hostile(CHOSEN), CATALOGUE, REPORT, TEXTS)
        if which == "report"
        else brief_markdown(made_hostile(a_brief()), CATALOGUE, BRIEF, TEXTS)
    )
    assert "alert(1)" in text
    assert "{{ 7\\*7 }}" in text
    assert not kinds(text) & {"link_open", "image", "html_inline", "html_block", "code_inline", "fence"}
    assert "://" not in text
    assert "www." not in text
