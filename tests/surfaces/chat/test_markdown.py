"""Text of others stays text."""

from __future__ import annotations

import html
import re

import pytest

from assistant.surfaces.chat.markdown import show_answer, show_plain
from tests.surfaces.chat.scripted import HOSTILE

STRUCTURE = re.compile(r"[\\`<>\[\]!|~$^{}_:@=]|www\.|#(?!\d)", re.IGNORECASE)
"""What Markdown would need to become anything but text."""


def test_plain_text_holds_no_structure_and_reads_back_as_it_was() -> None:
    shown = show_plain(HOSTILE)
    assert STRUCTURE.search(shown) is None
    assert "*" not in shown
    assert html.unescape(shown) == HOSTILE.replace("\n ", "\n")


def test_an_answer_holds_no_structure_but_bold_lists_and_its_own_marks() -> None:
    shown = show_answer(HOSTILE, 1, {2})
    assert shown.count("](") == 1
    assert STRUCTURE.search(shown.replace("[&#91;2&#93;](#bron-1-2)", "")) is None


def test_bold_paragraphs_and_lists_stay() -> None:
    text = "**Vet** en gewoon.\n\n- een\n* twee\n1. drie"
    assert show_answer(text, 1, ()) == "**Vet** en gewoon.\n\n- een\n- twee\n1. drie"


def test_only_marks_with_a_citation_link_and_they_name_their_answer() -> None:
    assert show_answer("Zin. [2][9]", 4, {2}) == "Zin. [&#91;2&#93;](#bron-4-2)&#91;9&#93;"


@pytest.mark.parametrize("text", ["Titel\n---", "Titel\n-", "Titel\n===", "Titel\n- - -"])
def test_no_line_turns_the_one_before_it_into_a_heading(text: str) -> None:
    assert re.search(r"^[-=][-=\s]*$", show_plain(text), re.MULTILINE) is None


def test_indented_text_does_not_become_a_code_block() -> None:
    assert show_plain("een\n\n      twee") == "een\n\ntwee"


def test_a_lone_asterisk_is_a_character() -> None:
    assert show_answer("2 * 3 ** 4", 1, ()) == "2 &#42; 3 &#42;&#42; 4"


def test_an_escaped_bracket_is_a_bracket_and_never_a_mark() -> None:
    assert show_answer(r"Bewezen in \[2], zegt \<b>. [2]", 1, {2}) == (
        "Bewezen in &#91;2&#93;, zegt &#60;b&#62;. [&#91;2&#93;](#bron-1-2)"
    )
