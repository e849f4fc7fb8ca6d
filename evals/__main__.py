"""``python -m evals``: asks the reference questions, from the cards alone and with the originals."""

from __future__ import annotations

import sys
from statistics import mean
from tempfile import TemporaryDirectory

from assistant.bootstrap import Assistant, Indexer, load_engine
from assistant.settings import Settings, read_settings
from evals.measuring import Report, measure
from evals.questions import read_questions


def main() -> None:
    """Measure with the settings of the environment, and from the cards alone."""
    settings = read_settings()
    with TemporaryDirectory() as empty, TemporaryDirectory() as data:
        show("Kaarten alleen", run(read_settings(data=data, originals=empty)))
    if settings.originals_folder:
        show("Met originelen", run(settings))


def run(settings: Settings) -> Report:
    """Build the index if need be, and measure."""
    Indexer(settings, load_engine(settings)).build(lambda step: None)
    assistant = Assistant(settings, load_engine(settings))
    try:
        return measure(assistant, read_questions())
    finally:
        assistant.close()


def show(title: str, report: Report) -> None:
    """Print a report as Markdown."""
    kinds = sorted({fault.kind for fault in report.faults})
    lines = [
        f"## {title}",
        f"- {report.answered} te beantwoorden, {report.refused} te weigeren",
        f"- {report.citations} verwijzingen",
        f"- gemiddeld {mean(report.words):.0f} woorden, hoogstens {max(report.words)}",
        *(f"- {kind}: {report.count(kind)}" for kind in kinds),
        *(f"  - {fault.kind}: {fault.question} → {fault.found[:120]!r}" for fault in report.faults),
    ]
    sys.stdout.write("\n".join(lines) + "\n\n")


if __name__ == "__main__":
    main()
