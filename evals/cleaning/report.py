"""The report on cleaning, in Markdown: what was broken, mended and dropped, and how often it is right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from evals.cleaning.defects import Wording
from evals.cleaning.originals import Texts
from evals.cleaning.sampling import Judged, all_repairs, wilson

REPORT = Path(__file__).parents[2] / "docs" / "opschonen.md"


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
