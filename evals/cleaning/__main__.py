"""``python -m evals.cleaning``: how well the originals are cleaned, as ``docs/opschonen.md``.

With ``--draw`` it draws the sample anew, keeps the judgements that still hold, and shows the rest.
"""

from __future__ import annotations

import sys

from assistant.settings import read_settings
from evals.cleaning.defects import read_wording
from evals.cleaning.originals import Texts, clean_all
from evals.cleaning.report import REPORT, report
from evals.cleaning.sampling import Judged, all_repairs, draw, read_sample, write_sample

CONTEXT = 60
"""Characters shown on either side of a repair that is to be judged."""


def main() -> None:
    """Write the report, or draw a new sample."""
    settings = read_settings()
    if settings.originals_folder is None:
        sys.exit("ASSISTANT_ORIGINALS?")
    texts = clean_all(settings.corpus, settings.originals_folder)
    if "--draw" in sys.argv[1:]:
        redraw(texts)
    else:
        REPORT.write_text(report(texts, read_wording(), read_sample()), encoding="utf-8")


def redraw(texts: Texts) -> None:
    """Draw the sample anew and show, with their surroundings, the repairs without a judgement."""
    try:
        known = {item.identity: item for item in read_sample()}
    except FileNotFoundError:
        known = {}
    drawn = draw(all_repairs(texts.cleaned))
    judged = (
        item.model_copy(update={"verdict": old.verdict, "note": old.note})
        if (old := known.get(item.identity))
        else item
        for item in drawn
    )
    sample = tuple(judged)
    write_sample(sample)
    for number, item in enumerate(sample):
        if not item.verdict:
            sys.stdout.write(f"{number} {_surroundings(item, texts)}\n")


def _surroundings(item: Judged, texts: Texts) -> str:
    clean, raw = texts.cleaned[item.source], texts.raw[item.source]
    run = max(
        (run for run in clean.origin if run.cleaned <= max(0, item.offset - 1)), key=lambda run: run.cleaned
    )
    at = run.original + min(run.length, item.offset - run.cleaned)
    found = raw[max(0, at - CONTEXT) : at + CONTEXT]
    made = clean.text[max(0, item.offset - CONTEXT) : item.offset + CONTEXT]
    return f"{item.kind} {item.source[:9]} {item.before!r} → {item.after!r}\n   {found!r}\n   {made!r}"


if __name__ == "__main__":
    main()
