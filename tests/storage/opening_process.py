"""Run as a process: waits for a file to appear, then opens a database and makes a check in it."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from assistant.domain import CheckKind
from assistant.storage import Storage


def main(url: str, starting_shot: str) -> None:
    """Print ``ready`` once all is loaded, and the owner key of the check that was made."""
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while not Path(starting_shot).exists():
        time.sleep(0.001)
    created = Storage.open(url).checks.create("Samen", ["A", "B"], CheckKind.FULL, "1")
    sys.stdout.write(f"{created.owner_key}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
