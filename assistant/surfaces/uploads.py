"""Files that people send: how large one may be, where it may be sent to, and how it is handed back."""

from __future__ import annotations

import re
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.responses import Response

from assistant.domain import MOST_DOCUMENT_BYTES

MOST_UPLOAD_BYTES = MOST_DOCUMENT_BYTES + 64 * 1024
"""Of a request with a file: what a form adds to it is little."""

PLACES = re.compile(r"/v1/documents(?:/[^/]+)?|/documenten(?:/[^/]+/vervangen)?")
MEGABYTE = 1024 * 1024


class FileTooLarge(HTTPException):
    """A file of more than may be; its detail is the limit, in MB."""

    def __init__(self) -> None:
        super().__init__(413, str(MOST_DOCUMENT_BYTES // MEGABYTE))


def require_size(size: int) -> None:
    """Raise ``FileTooLarge`` for a file of more bytes than may be."""
    if size > MOST_DOCUMENT_BYTES:
        raise FileTooLarge


def attachment(name: str, content: bytes) -> Response:
    """Return a file to keep, which no browser opens by itself: what is in it is somebody else's."""
    headers = {
        "Content-Disposition": f"attachment; filename*=utf-8''{quote(name)}",
        "Cache-Control": "no-store",
    }
    return Response(content, media_type="application/octet-stream", headers=headers)
