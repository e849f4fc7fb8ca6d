"""Writes the report: a table, and the text around it, from a template."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from evals.peers.measuring import Column, Comparison
from evals.report.formatting import cell, estimate, number

HERE = Path(__file__).parent
NAME = "peers.md"

LESS_IS_BETTER: Mapping[str, Callable[[Column], float]] = {
    "p50": lambda column: column.p50,
    "index": lambda column: column.indexed.clock,
    "start": lambda column: column.start,
    "memory": lambda column: column.memory,
    "install": lambda column: column.installed.megabytes,
}
"""What the text says who is better at, besides quality."""


def write_report(found: Comparison, is_trial: bool, folder: Path) -> Path:
    """Write ``peers.md``; return its path."""
    path = folder / NAME
    path.write_text(render(found, is_trial), encoding="utf-8")
    return path


def render(found: Comparison, is_trial: bool) -> str:
    """Return the report in Markdown."""
    environment = Environment(
        loader=FileSystemLoader(HERE),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # noqa: S701 - Markdown; ``cell`` escapes what others wrote
    )
    environment.filters.update(number=number, estimate=estimate, cell=cell)
    text = environment.get_template("report.md.jinja").render(
        found=found,
        is_trial=is_trial,
        product=found.columns[0],
        better={name: better_at(found.columns, of) for name, of in LESS_IS_BETTER.items()},
        figure=LESS_IS_BETTER,
    )
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def better_at(columns: Sequence[Column], figure: Callable[[Column], float]) -> list[Column]:
    """Return the peers with less of something than the product, the least first."""
    product, *others = columns
    return sorted((one for one in others if figure(one) < figure(product)), key=figure)
