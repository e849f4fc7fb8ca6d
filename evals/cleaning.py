"""``python -m evals.cleaning``: how well the originals are cleaned, as ``docs/opschonen.md``.

With ``--draw`` it draws the sample anew, keeps the judgements that still hold, and shows the rest.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.corpus.cleaning import Cleaned, Vocabulary
from assistant.corpus.documents import clean_original
from assistant.corpus.manifest import read_manifest
from assistant.corpus.readers import read_original
from assistant.settings import read_settings
from evals.defects import Wording, read_wording
from evals.sampling import Judged, all_repairs, draw, read_sample, wilson, write_sample

REPORT = Path(__file__).parents[1] / "docs" / "opschonen.md"
CONTEXT = 60
"""Characters shown on either side of a repair that is to be judged."""


@dataclass(frozen=True, slots=True)
class Texts:
    """The originals by source id, as the files have them and cleaned."""

    raw: Mapping[str, str]
    cleaned: Mapping[str, Cleaned]


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


def clean_all(corpus: Path, originals: Path) -> Texts:
    """Clean all originals that are there, as building the index does."""
    entries = read_manifest(corpus / "sources.yaml").sources
    found = {entry.source.id: read_original(originals, entry.source.id) for entry in entries}
    raw = {source: text for source, text in found.items() if text is not None}
    words = Vocabulary(raw.values())
    cleaned = {
        entry.source.id: clean_original(entry, raw[entry.source.id], words)
        for entry in entries
        if entry.source.id in raw
    }
    return Texts(raw, cleaned)


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


def report(texts: Texts, wording: Wording, sample: Sequence[Judged]) -> str:
    """Say in Markdown what was broken, mended and dropped, and how often a repair is right."""
    repairs = all_repairs(texts.cleaned)
    parts = [
        (f"# {wording.title}", wording.intro, ""),
        (f"## {wording.defects_title}", wording.defects_intro, _defects(texts, wording)),
        (f"## {wording.repairs_title}", wording.repairs_intro, _repairs(repairs, wording)),
        (f"## {wording.dropped_title}", wording.dropped_intro, _dropped(texts, wording)),
        (f"## {wording.sample_title}", wording.sample_intro, _precision(sample, wording)),
        (f"## {wording.left_title}", "\n".join(f"- {line}" for line in wording.left), ""),
    ]
    return "\n\n".join(block for part in parts for block in part if block) + "\n"


def _defects(texts: Texts, wording: Wording) -> str:
    rows = []
    for defect in wording.defects:
        pairs = [
            (defect.count(texts.raw[source]), defect.count(texts.cleaned[source].text))
            for source in wording.sources
        ]
        total = sum(before for before, _ in pairs), sum(after for _, after in pairs)
        rows.append([defect.title, *map(_change, [*pairs, total])])
    return _by_source("defect", rows, wording)


def _repairs(repairs: Iterable[Judged], wording: Wording) -> str:
    counts = Counter((repair.kind, repair.source) for repair in repairs)
    rows = []
    for kind, name in wording.kinds.items():
        numbers = [counts[kind, source] for source in wording.sources]
        if sum(numbers):
            rows.append([name, *(str(number or "–") for number in [*numbers, sum(numbers)])])
    return _by_source("kind", rows, wording)


def _dropped(texts: Texts, wording: Wording) -> str:
    rows = []
    for source, heading in wording.sources.items():
        for kind, name in wording.kinds.items():
            taken = [
                repair.before
                for repair in texts.cleaned[source].repairs
                if repair.kind == kind and not repair.after.strip() and any(map(str.isalnum, repair.before))
            ]
            if taken:
                sizes = len(taken), sum(len(text.split()) for text in taken), sum(map(len, taken))
                rows.append([name, heading, *map(str, sizes)])
    names = [wording.columns[name] for name in ("kind", "source", "repairs", "words", "characters")]
    return _table(names, sorted(rows))


def _precision(sample: Sequence[Judged], wording: Wording) -> str:
    judged = Counter(item.kind for item in sample)
    right = Counter(item.kind for item in sample if item.verdict == "goed")
    rows = [
        _precision_row(name, right[kind], judged[kind])
        for kind, name in wording.kinds.items()
        if judged[kind]
    ]
    rows.append(_precision_row(f"**{wording.columns['total']}**", right.total(), judged.total()))
    names = [wording.columns[name] for name in ("kind", "judged", "right", "precision", "interval")]
    return _table(names, rows)


def _precision_row(name: str, right: int, total: int) -> list[str]:
    low, high = wilson(right, total)
    return [
        name,
        str(total),
        str(right),
        _percentage(right / total),
        f"{_percentage(low)} – {_percentage(high)}",
    ]


def _by_source(first: str, rows: Iterable[Sequence[str]], wording: Wording) -> str:
    return _table([wording.columns[first], *wording.sources.values(), wording.columns["total"]], rows)


def _table(names: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [names, ["---", *("---:" for _ in names[1:])], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _change(pair: tuple[int, int]) -> str:
    return f"{pair[0]} → {pair[1]}" if any(pair) else "–"


def _percentage(share: float) -> str:
    return f"{100 * share:.1f} %".replace(".", ",")


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
