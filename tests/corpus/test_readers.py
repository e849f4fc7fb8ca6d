"""Reading originals."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.corpus.readers import read_original
from assistant.errors import UnreadableOriginal


def test_a_byte_order_mark_is_left_out_and_line_ends_stay(tmp_path: Path) -> None:
    (tmp_path / "tekst.txt").write_bytes("\ufeffEén\r\ntwee\n".encode())
    assert read_original(tmp_path, "tekst") == "Eén\r\ntwee\n"


def test_a_text_that_is_not_there_is_nothing(tmp_path: Path) -> None:
    assert read_original(tmp_path, "tekst") is None


def test_a_text_that_is_not_utf8_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "tekst.txt").write_bytes(b"goed\ncre\xebren\n")
    with pytest.raises(UnreadableOriginal) as caught:
        read_original(tmp_path, "tekst")
    assert caught.value.details["line"] == "2"
