"""Tests of text that does nothing where it is shown."""

from __future__ import annotations

import pytest

from assistant.publishing.inert import inert, visible


def test_what_cannot_be_seen_is_taken_out_and_new_lines_stay() -> None:
    assert visible("a\x00b\u200bc\ud800d\ufffee\r\nf\tg") == "abcde\nf g"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[a](b)", "\\[a\\](b)"),
        ("<b>", "\\<b\\>"),
        ("# kop", "\\# kop"),
        ("1. punt", "1\\. punt"),
        ("- punt", "\\- punt"),
        ("&lt; en A & B", "\\&lt; en A & B"),
        ("zie https://x.nl of www.x.nl", "zie x.nl of www x.nl"),
        ("hthttp://tp://x", "x"),
        ("a@b.nl", "a @ b.nl"),
        ("a | b", "a \\| b"),
        ("een\n\ntwee", "een twee"),
        ("gewone zin, met komma's.", "gewone zin, met komma's."),
    ],
)
def test_nothing_is_active_in_markdown(text: str, expected: str) -> None:
    assert inert(text) == expected
