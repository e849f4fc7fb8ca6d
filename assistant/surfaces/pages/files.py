"""Files to keep: what kinds there are, and how one is handed over."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping

from starlette.responses import Response

from assistant.bootstrap.files import Format

MEDIA_TYPES: Mapping[str, str] = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "md": "text/markdown; charset=utf-8",
    "json": "application/json",
}

FORMATS: Mapping[str, Format] = {"docx": "docx", "md": "md"}
"""The kinds that are written through a template."""


def attach(content: bytes, title: str, kind: str) -> Response:
    """Return a file that a browser keeps, under a title."""
    name = f"{file_name(title)}.{kind}"
    return Response(
        content,
        media_type=MEDIA_TYPES[kind],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def as_json(content: Mapping[str, object]) -> bytes:
    """Return values as the text of a JSON file that a person can read."""
    return json.dumps(content, ensure_ascii=False, indent=2).encode()


def file_name(title: str) -> str:
    """Return a title as the name of a file, in plain letters."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:80].strip("-") or "bestand"
