"""``python -m evals.peers``: our retrieval beside that of others; installs them in a folder that it keeps."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from evals.items import DATA, read_items
from evals.peers.installing import read_peers
from evals.peers.measuring import Questions, compare
from evals.peers.reporting import render, write_report

SPLITS = ("dev", "test")
WARMING = 10


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print the report, and write it where ``--to`` says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True, help="for environments and indexes; gigabytes")
    parser.add_argument("--to", type=Path, help="folder in which peers.md is written")
    parser.add_argument("--questions", type=int, help="of each split, for a trial")
    chosen = parser.parse_args(arguments)
    questions = read_questions(chosen.questions)
    found = compare(read_peers(), chosen.folder.resolve(), questions, _say)
    is_trial = chosen.questions is not None
    sys.stdout.write(render(found, is_trial))
    if chosen.to:
        write_report(found, is_trial, chosen.to)


def read_questions(most: int | None) -> Questions:
    """Read the questions that the sources answer; warm up with others, that they don't."""
    sets = {split: read_items(DATA / split) for split in SPLITS}
    splits = {split: items.answerable[:most] for split, items in sets.items()}
    warming = [item.question for item in sets["dev"].unanswerable[:WARMING]]
    return Questions(splits, warming)


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")


if __name__ == "__main__":
    main()
