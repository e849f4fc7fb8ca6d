"""Run as a process: keeps one exchange after another, and tells of each once it is kept, until killed."""

from __future__ import annotations

import sys
from itertools import count

from assistant.storage import Storage
from tests.storage.talking import ANNA, exchange


def main(url: str) -> None:
    """Print the id of the conversation, then the id of each exchange that was kept."""
    storage = Storage.open(url)
    first = exchange("Vraag 0")
    id_ = storage.conversations.keep(ANNA, first, "Veel vragen")
    sys.stdout.write(f"{id_}\n{first.id}\n")
    for number in count(1):
        kept = exchange(f"Vraag {number}")
        storage.conversations.keep(ANNA, kept, "", id_)
        sys.stdout.write(f"{kept.id}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
