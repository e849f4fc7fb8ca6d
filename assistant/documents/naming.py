"""File names as they came, made harmless: shown and kept, and never used as the name of a file of ours."""

from __future__ import annotations

import re

from assistant.documents.characters import inert

_MOST = 120
"""Characters of a name, its extension among them."""
_MOST_READ = 2000
_FORBIDDEN = re.compile(r'[<>:"|?*\\/\x00-\x1f\x7f]+')
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?=\.|$)", re.IGNORECASE)
_FALLBACK = "document"


def safe_name(name: str) -> str:
    """Return the last part of a name, without what means something to a file system or a terminal."""
    last = re.split(r"[\\/]", name[-_MOST_READ:])[-1]
    plain = " ".join(_FORBIDDEN.sub(" ", inert(last)).split()).strip(". ")
    if _RESERVED.match(plain):
        plain = f"_{plain}"
    return _shortened(plain) or _FALLBACK


def _shortened(name: str) -> str:
    if len(name) <= _MOST:
        return name
    stem, dot, extension = name.rpartition(".")
    if not dot or len(extension) > 10:
        return name[:_MOST].rstrip(". ")
    return f"{stem[: _MOST - len(extension) - 1].rstrip('. ')}.{extension}"
