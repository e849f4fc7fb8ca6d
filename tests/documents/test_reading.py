"""The child: its limits, its messages, and what reaches it; names and formats."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from time import monotonic

import pytest

from assistant.answering.prompts import Texts
from assistant.documents import Cancelled, Limits, read_document, recognise_format, safe_name
from assistant.documents.faults import Fault
from assistant.documents.messages import Failed, Step, from_line, to_line
from assistant.domain import DocumentFormat, DocumentSection, Notice, ReadText, Span
from assistant.errors import UnreadableDocument
from tests.documents.pdf_making import make_pdf
from tests.faults.hostile_documents import paragraph, word

ROOT = Path(__file__).parents[2]
READ = ReadText(
    "Een tekst.", (DocumentSection("Een", Span(0, 10)),), (Span(0, 4), Span(4, 10)), "Titel", "nl"
)


def written(folder: Path, content: bytes) -> Path:
    """Write a file to be read."""
    path = folder / "document"
    path.write_bytes(content)
    return path


def test_a_file_is_read_in_a_child_that_tells_how_far_it_is(tmp_path: Path) -> None:
    path = written(tmp_path, make_pdf([["Een bladzijde met een zin."], ["En nog een."]]))
    told: list[tuple[int, int]] = []
    found = read_document(
        path, "a.pdf", DocumentFormat.PDF, on_progress=lambda done, total: told.append((done, total))
    )

    assert found.text == "Een bladzijde met een zin.\n\nEn nog een."
    assert told == [(0, 2), (2, 2)]


def test_a_fault_comes_with_the_harmless_name(tmp_path: Path) -> None:
    with pytest.raises(UnreadableDocument) as refused:
        read_document(written(tmp_path, b"%PDF-1.7 niets"), "../kwaad.pdf", DocumentFormat.PDF)
    assert refused.value.details == {"name": "kwaad.pdf", "fault": "kapot"}


def test_what_takes_too_long_is_ended(tmp_path: Path) -> None:
    path, start = written(tmp_path, b"# Kop\n\n" + b"![" * 200_000), monotonic()
    with pytest.raises(UnreadableDocument) as refused:
        read_document(path, "a.md", DocumentFormat.MARKDOWN, Limits(seconds=0.4))
    assert refused.value.details["fault"] == "te-lang"
    assert monotonic() - start < 5


def test_what_takes_too_much_memory_is_ended(tmp_path: Path) -> None:
    path = written(tmp_path, b"x" * 40_000_000 + "\u4e2d".encode())
    with pytest.raises(UnreadableDocument) as refused:
        read_document(path, "a.txt", DocumentFormat.TEXT, Limits(memory=150_000_000))
    assert refused.value.details["fault"] == "te-veel-geheugen"


def test_a_file_that_is_too_large_starts_no_child(tmp_path: Path) -> None:
    with pytest.raises(UnreadableDocument) as refused:
        read_document(written(tmp_path, b"x" * 11), "a.txt", DocumentFormat.TEXT, Limits(size=10))
    assert refused.value.details["fault"] == "te-groot"


def test_cancelling_ends_the_child(tmp_path: Path) -> None:
    path, start = written(tmp_path, b"# Kop\n\n" + b"![" * 200_000), monotonic()
    with pytest.raises(Cancelled):
        read_document(path, "a.md", DocumentFormat.MARKDOWN, is_cancelled=lambda: monotonic() > start + 0.3)
    orders = [one.read_bytes() for one in Path("/proc").glob("[0-9]*/cmdline") if one.exists()]
    assert not any(str(path).encode() in order for order in orders)


def test_the_child_asks_no_network_starts_no_shell_and_writes_no_file(tmp_path: Path) -> None:
    written = str(tmp_path / "x")
    tried = f"""
import os, signal, socket, subprocess
from assistant.documents import Limits
from assistant.documents.child import confine

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
confine(Limits())

def fails(what):
    try:
        what()
    except OSError:
        return True
    return False

print([
    fails(lambda: socket.create_connection(("127.0.0.1", 9))),
    fails(lambda: os.system("true")),
    fails(lambda: subprocess.run(["true"])),
    fails(lambda: os.write(os.open({written!r}, os.O_CREAT | os.O_WRONLY), b"x")),
])
"""
    done = subprocess.run([sys.executable, "-c", tried], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[True, True, True, True]"


@pytest.mark.parametrize(
    "message",
    [
        Step(3, 7, is_recognising=True),
        Failed(Fault.LOCKED),
        replace(READ, unread=(2,), notices=(Notice.PAGES_UNREAD,)),
    ],
)
def test_messages_come_over_as_they_were(message: Step | Failed | ReadText) -> None:
    assert from_line(to_line(message)) == message


@pytest.mark.parametrize(
    "line",
    [b"", b"x", b"[]", b"{}", to_line(replace(READ, pages=(Span(0, 4),))), to_line(replace(READ, text=""))],
)
def test_what_is_no_message_is_not_believed(line: bytes) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        from_line(line)


@pytest.mark.parametrize(
    ("name", "start", "expected"),
    [
        ("a.txt", b"%PDF-1.7\n", "pdf"),
        ("a.pdf", b"<!DOCTYPE html><p>x", "html"),
        ("a.txt", b"<!-- x --><html>", "html"),
        ("a.html", b"zomaar <p>tekst", "html"),
        ("a.md", b"# Kop", "md"),
        ("a", b"tekst", "txt"),
        ("a.txt", "tekst".encode("utf-16"), "txt"),
        ("a.docx", word(paragraph("x")), "docx"),
        ("a.pdf", b"geen pdf", "kapot"),
        ("a.txt", b" \n", "leeg"),
        ("a.docx", b"PK\x03\x04 iets anders", "formaat"),
        ("a.txt", bytes(range(256)), "formaat"),
    ],
)
def test_a_format_is_recognised_by_what_is_in_the_file(name: str, start: bytes, expected: str) -> None:
    try:
        found = recognise_format(name, start).value
    except UnreadableDocument as error:
        found = error.details["fault"]
    assert found == expected


def test_recognising_is_quick_whatever_the_file_begins_with() -> None:
    start = monotonic()
    for piece in (b"<!--", b"<!---->", b"<?xml ", b"<p ", b"<!-- --> ", b"%PDF", b"\x00 "):
        with_start = piece * (60_000 // len(piece))
        try:
            recognise_format("a.html", with_start)
        except UnreadableDocument:
            continue
    assert monotonic() - start < 2


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\map\\brief.docx", "brief.docx"),
        ("con.txt", "_con.txt"),
        ("a\0b\n.txt", "ab .txt"),
        ("\u202etxt.exe", "txt.exe"),
        ("....", "document"),
        ("", "document"),
        ("cafe\u0301.pdf", "café.pdf"),
        ("<b>x</b>.txt", "b .txt"),
        ("x" * 500 + ".pdf", "x" * 116 + ".pdf"),
    ],
)
def test_names_are_made_harmless(name: str, expected: str) -> None:
    assert safe_name(name) == expected


def test_each_fault_and_notice_has_a_text() -> None:
    texts = Texts.read(ROOT / "prompts" / "documents.yaml")
    assert set(texts.entries) >= {one.value for kind in (Fault, Notice) for one in kind}
