"""Run as a process: waits for a file to appear, then makes keys and revokes others as fast as it can."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from assistant.domain import CreatedKey, KeyScope
from assistant.storage import Storage


def grant(storage: Storage, revoked: Sequence[str]) -> Iterator[CreatedKey]:
    """Make a key for each that is revoked."""
    for id_ in revoked:
        yield storage.api_keys.create("Nieuw", {KeyScope.ASK})
        storage.api_keys.revoke(id_)


def main(url: str, starting_shot: str, *revoked: str) -> None:
    """Print ``ready`` once the database is open, and then the secret of each key that was made."""
    storage = Storage.open(url)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while not Path(starting_shot).exists():
        time.sleep(0.001)
    for made in grant(storage, revoked):
        sys.stdout.write(f"{made.secret}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
