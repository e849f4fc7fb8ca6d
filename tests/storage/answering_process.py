"""Run as a process: answers one item after another, and tells of each once it is kept, until it is killed."""

from __future__ import annotations

import sys
from itertools import count

from assistant.domain import Response
from assistant.storage import Storage


def main(url: str, token: str) -> None:
    """Print a code, then the id of each item that was saved."""
    storage = Storage.open(url)
    code = storage.respondents.begin(token).code
    sys.stdout.write(f"{code}\n")
    for number in count():
        storage.respondents.save(code, Response(f"item-{number}", number % 5 + 1, f"opmerking {number}"))
        sys.stdout.write(f"item-{number}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
