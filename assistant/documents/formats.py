"""What kind of file it is, by its content; the name only decides between kinds of plain text."""

from __future__ import annotations

import re
from pathlib import PurePath

from assistant.documents.charsets import as_text, guess_wide
from assistant.documents.faults import Fault
from assistant.documents.naming import safe_name
from assistant.domain import DocumentFormat
from assistant.errors import UnreadableDocument

_MOST_START = 65536
_NOTHING = b"\x00 \t\r\n\x0c\xef\xbb\xbf\xff\xfe"
_ZIP = b"PK\x03\x04"
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""The container of old Office files, and of those with a password."""
_PASSWORD = "EncryptedPackage".encode("utf-16-le")
_BINARY_STARTS = (
    b"\x7fELF",
    b"MZ\x90",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"{\\rtf",
    b"\x1f\x8b",
    b"7z\xbc\xaf",
    b"Rar!",
    b"%!PS",
    b"BM6",
    b"II*\x00",
    b"MM\x00*",
    b"RIFF",
    b"ID3",
    b"PAR1",
    b"SQLite format 3",
    b"\xca\xfe\xba\xbe",
    b"#!/",
    b"#! /",
)
_PDF = re.compile(rb"\A[\s\x00\xef\xbb\xbf]{0,64}%PDF-")
_LATE_PDF = re.compile(rb"%PDF-\d\.\d")
_HTML = re.compile(
    r"\A(?>\s+|<!--.*?-->|<\?xml[^>]{0,200}\?>){0,50}+<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_TAG = re.compile(
    r"<(?:html|head|body|title|meta|div|p|h[1-6]|article|section|table|ul|ol|span|br)\b[^<>]*>", re.IGNORECASE
)
_BY_NAME = {
    ".md": DocumentFormat.MARKDOWN,
    ".markdown": DocumentFormat.MARKDOWN,
    ".mdown": DocumentFormat.MARKDOWN,
}
_PAGES_BY_NAME = frozenset({".html", ".htm", ".xhtml"})
_NOT_TEXT_BY_NAME = frozenset({".pdf", ".docx", ".docm", ".dotx", ".doc"})
_MOST_CONTROL = 0.05
"""The share of control characters from which bytes are no text."""


def recognise_format(name: str, start: bytes) -> DocumentFormat:
    """Tell the kind of a file by its name and how it begins (4 kB or more, or all of it).

    Raises ``UnreadableDocument``: ``leeg``, ``formaat``, ``versleuteld`` or ``kapot``.
    """
    found = _found(PurePath(safe_name(name)).suffix.lower(), start[:_MOST_START], start)
    if isinstance(found, Fault):
        raise UnreadableDocument(name=safe_name(name), fault=found.value)
    return found


def _found(suffix: str, start: bytes, content: bytes) -> DocumentFormat | Fault:
    if not start.strip(_NOTHING) and not content.strip(_NOTHING):
        return Fault.EMPTY
    if start.startswith(_ZIP):
        is_word = b"word/" in content or (suffix in _NOT_TEXT_BY_NAME and b"[Content_Types].xml" in start)
        return DocumentFormat.DOCX if is_word else Fault.FORMAT
    if start.startswith(_COMPOUND):
        return Fault.LOCKED if _PASSWORD in content else Fault.FORMAT
    if _PDF.match(start):
        return DocumentFormat.PDF
    if start.startswith(_BINARY_STARTS):
        return Fault.FORMAT
    return _of_text(suffix, start)


def _of_text(suffix: str, start: bytes) -> DocumentFormat | Fault:
    if guess_wide(start) is None and _is_binary(start):
        return DocumentFormat.PDF if _LATE_PDF.search(start[:1024]) else Fault.FORMAT
    text = as_text(start)
    if _HTML.match(text) or (suffix in _PAGES_BY_NAME and _TAG.search(text)):
        return DocumentFormat.HTML
    if _LATE_PDF.search(start[:1024]) and suffix == ".pdf":
        return DocumentFormat.PDF
    if suffix in _NOT_TEXT_BY_NAME:
        return Fault.BROKEN
    return _BY_NAME.get(suffix, DocumentFormat.TEXT)


def _is_binary(start: bytes) -> bool:
    control = sum(start.count(bytes([byte])) for byte in range(32) if byte not in b"\t\n\r\x0c\x1b")
    return control > _MOST_CONTROL * len(start)
