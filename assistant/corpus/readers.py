"""Reading an original as it stands: offsets count from here on, so nothing is normalised."""

from __future__ import annotations

from pathlib import Path

from assistant.errors import UnreadableOriginal


def read_original(folder: Path, source_id: str) -> str | None:
    """Read ``<source_id>.txt`` without its byte order mark; ``None`` if there's no such file."""
    path = folder / f"{source_id}.txt"
    if not path.is_file():
        return None
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise UnreadableOriginal(file=str(path), line=str(line), fault="geen-utf8") from error
    except OSError as error:
        raise UnreadableOriginal(file=str(path), line="1", fault="onleesbaar", reason=str(error)) from error
