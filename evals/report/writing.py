"""Writes a report: Markdown to read, plots beside it, and the numbers as JSON for a program."""

from __future__ import annotations

import dataclasses
import json
import math
import re
from collections.abc import Mapping
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from evals.report import formatting, rows, worth
from evals.report.labels import Labels, read_labels
from evals.report.plots import draw_plots
from evals.report.shortfalls import WITHHELD, find_shortfalls, withhold_texts
from evals.report.targets import Verdict, check_targets, read_targets
from evals.results import ALL, Part, Report

HERE = Path(__file__).parent
SPLITS = (WITHHELD, "own", "dev")
"""The order in which the splits are shown."""
SAMPLES = "samples"
"""What the JSON leaves out: each single time, of which a plot is made."""
DECIMALS = 4
"""Of the numbers in JSON."""
Plain = dict[str, "Plain"] | list["Plain"] | str | int | float | bool | None


def write_report(report: Report, folder: Path, name: str = "evals") -> Path:
    """Write ``name.md``, ``name/report.json`` and the plots ``name/*.svg``; return the Markdown's path.

    The texts of the test split are left out everywhere.
    """
    shown = _prepare(report)
    beside = folder / name
    beside.mkdir(parents=True, exist_ok=True)
    (beside / "report.json").write_text(_as_json(shown), encoding="utf-8")
    plots: dict[str, list[str]] = {}
    for part in leading(shown):
        drawn = draw_plots(part, read_labels())
        plots[part.way] = sorted(drawn)
        for plot, svg in drawn.items():
            (beside / f"{plot}-{part.way}.svg").write_bytes(svg)
    markdown = folder / f"{name}.md"
    markdown.write_text(_render("report.md.jinja", shown, plots=plots, beside=name), encoding="utf-8")
    return markdown


def summarize(report: Report) -> str:
    """Return about 25 Dutch lines for a terminal: what went well, and what to look at."""
    return _render("summary.txt.jinja", _prepare(report))


def leading(report: Report) -> tuple[Part, ...]:
    """Return the parts of the split that counts most: the test split, if it was measured."""
    first = report.parts[0].split if report.parts else ""
    return tuple(part for part in report.parts if part.split == first)


def _prepare(report: Report) -> Report:
    hidden = withhold_texts(report)
    order = rows.in_order((part.split for part in hidden.parts), SPLITS)
    return dataclasses.replace(
        hidden, parts=tuple(sorted(hidden.parts, key=lambda part: order.index(part.split)))
    )


def _as_json(report: Report) -> str:
    verdicts = [
        {"way": way, "split": split, "targets": {one.key.value: _verdict(one) for one in found}}
        for (way, split), found in _verdicts(report).items()
    ]
    whole = {"report": _plain(report), "verdicts": verdicts}
    return json.dumps(whole, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _verdict(verdict: Verdict) -> Plain:
    return {
        "measured": _plain(verdict.measured),
        "bound": verdict.bound,
        "is_met": verdict.is_met,
    }


def _verdicts(report: Report) -> dict[tuple[str, str], tuple[Verdict, ...]]:
    return {
        (part.way, part.split): check_targets(part, report.support_by_hand.get(part.split))
        for part in report.parts
    }


def _plain(value: object) -> Plain:
    """Return a value as JSON knows it: fields and derived properties, no NaN, four decimals."""
    if dataclasses.is_dataclass(value):
        fields = [field.name for field in dataclasses.fields(value) if field.name != SAMPLES]
        derived = [name for name, kind in vars(type(value)).items() if isinstance(kind, property)]
        return {name: _plain(getattr(value, name)) for name in (*fields, *derived)}
    if isinstance(value, Mapping):
        return {str(name): _plain(inner) for name, inner in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(inner) for inner in value]
    if isinstance(value, float):
        return round(value, DECIMALS) if math.isfinite(value) else None
    if value is None or isinstance(value, str | int):
        return value
    raise TypeError(value)


def _render(template: str, report: Report, **more: object) -> str:
    verdicts = _verdicts(report)
    shortfalls = [
        short for part in report.parts for short in find_shortfalls(part, verdicts[part.way, part.split])
    ]
    text = (
        _environment(read_labels())
        .get_template(template)
        .render(
            report=report,
            leading=leading(report),
            targets=read_targets(),
            verdicts=verdicts,
            shortfalls=shortfalls,
            **more,
        )
    )
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def _environment(labels: Labels) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # noqa: S701 - Markdown and terminal text; ``cell`` escapes what people wrote
    )
    environment.filters.update(
        label=labels.name,
        number=formatting.number,
        percentage=formatting.percentage,
        estimate=formatting.estimate,
        estimated_percentage=formatting.estimated_percentage,
        in_unit=formatting.in_unit,
        bound_in_unit=formatting.bound_in_unit,
        cell=formatting.cell,
        few=formatting.few,
        in_block=worth.in_block,
        difference=worth.difference,
    )
    environment.globals.update(
        ALL=ALL,
        PRODUCT=rows.PRODUCT,
        WITHHELD=WITHHELD,
        find=rows.find,
        systems_of=rows.systems_of,
        types_of=rows.types_of,
        fusion_gap=rows.fusion_gap,
        has_both_errors=rows.has_both_errors,
        in_order=rows.in_order,
        TYPES=rows.TYPES,
        KINDS=rows.KINDS,
        blocks_of=worth.blocks_of,
        measures_of=worth.measures_of,
        read_block=worth.read_block,
    )
    return environment
