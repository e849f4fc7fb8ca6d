"""Reads files as a process of its own, so that what that takes can be measured; tells a line for each."""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path
from time import monotonic

from assistant.documents import read_document, recognise_format, safe_name
from assistant.errors import UnreadableDocument


def main() -> None:
    """Read the files that the arguments name: a path, then the name that it came with (JSON), and so on."""
    arguments = iter(sys.argv[1:])
    for path, name in zip(arguments, arguments, strict=True):
        print(json.dumps(told_of(Path(path), json.loads(name))))  # noqa: T201 - that is how it tells


def told_of(path: Path, name: str) -> dict[str, object]:
    """Return what became of a file; the memory is the most that any of the files so far took."""
    start, text = monotonic(), ""
    try:
        text = read_document(path, name, recognise_format(name, path.read_bytes())).text
        outcome = "read"
    except UnreadableDocument as error:
        outcome = error.details["fault"]
    seconds = monotonic() - start
    megabytes = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    told = {"outcome": outcome, "seconds": seconds, "megabytes": megabytes}
    return {**told, "name": safe_name(name), "text": text[:5000]}


if __name__ == "__main__":
    main()
