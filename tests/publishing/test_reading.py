"""Tests of reading the Markdown of answers, and of writing it again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from assistant.publishing.reading import Block, BlockKind, Run, Style, read_answer, write_markdown
from tests.publishing.hostile import NASTY

ACTIVE = {"link_open", "image", "html_inline", "html_block", "code_inline", "code_block", "fence",
          "heading_open", "hr", "table_open", "s_open", "definition"}  # fmt: skip


def active_in(markdown: str) -> set[str]:
    """Return what of a text would do something, for a parser that reads all that Markdown has."""
    env: dict[str, object] = {}
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(markdown, env)
    seen = {one.type for token in tokens for one in (token, *(token.children or ()))}
    return (seen | ({"definition"} if env.get("references") else set())) & ACTIVE


def test_an_answer_is_paragraphs_and_items_of_lists() -> None:
    blocks = read_answer("Eerst\ndit.\n\n- een\n- twee\n\n1. nu\n2. dan\n\n> Citaat.\n> - punt", ())
    assert [(block.kind, block.number, block.plain, block.is_quoted) for block in blocks] == [
        (BlockKind.PARAGRAPH, 0, "Eerst dit.", False),
        (BlockKind.BULLET, 0, "- een", False),
        (BlockKind.BULLET, 0, "- twee", False),
        (BlockKind.NUMBERED, 1, "1. nu", False),
        (BlockKind.NUMBERED, 2, "2. dan", False),
        (BlockKind.PARAGRAPH, 0, "Citaat.", True),
        (BlockKind.BULLET, 0, "- punt", True),
    ]


def test_bold_and_marks_are_told_apart_from_text() -> None:
    (block,) = read_answer("**Lead.** Tekst met \\[2] en [9]. [1][2]", {1, 2})
    assert block.runs == (
        Run("Lead.", Style.BOLD),
        Run(" Tekst met [2] en [9]. "),
        Run("[1]", Style.MARK),
        Run("[2]", Style.MARK),
    )


@pytest.mark.parametrize(
    "text",
    [
        "[a](b)",
        "![a](b)",
        "<b>x</b>",
        "`code`",
        "# kop",
        "https://x.nl",
        "&lt;",
        "~~door~~",
        "    ver",
    ],
)
def test_what_answers_are_not_made_of_stays_text(text: str) -> None:
    (block,) = read_answer(f"Zie\n{text}", ())
    assert block.runs == (Run(f"Zie {text.strip()}"),)


def test_what_was_read_is_written_the_same() -> None:
    markdown = (
        "Er zijn **twee** dingen. [1][2]\n\n- **Een.** Dit: dat. [1]\n- Twee - of drie.\n\n"
        "1. Eerst.\n2. Dan.\n\n> Een zin. [2]\n>\n> - Punt.\n\nTot slot (bijna)."
    )
    assert write_markdown(read_answer(markdown, {1, 2})) == markdown


@pytest.mark.parametrize(
    "markdown",
    [
        NASTY,
        f"- {NASTY}\n- **{NASTY}**",
        f"> {NASTY}",
        "[1](javascript:alert)",
        "[1]: /adres\n\n[1]",
        "![1](a)",
        "**[1]**(b)",
        "htt**p://x.nl**",
        "a\n===\n\nb\n---",
        "| a | b |\n|---|---|\n| c | d |",
    ],
)
def test_nothing_that_is_written_again_is_active(markdown: str) -> None:
    written = write_markdown(read_answer(markdown, {1}))
    assert written
    assert not active_in(written)
    assert "://" not in written
    assert "www." not in written


@given(st.text(alphabet="ab1[]()!<>*_`#-+.:/\\&;@|~= \n\t", max_size=60))
def test_whatever_an_answer_says_nothing_becomes_active(text: str) -> None:
    assert not active_in(write_markdown(read_answer(text, {1})))


def test_no_text_is_lost_but_what_could_not_be_seen() -> None:
    (block,) = read_answer("A\u202e \\* b __c__ _i_ \\q **d", ())
    assert block == Block(
        (Run("A * b "), Run("c", Style.BOLD), Run(" "), Run("i", Style.ITALIC), Run(" \\q **d"))
    )
