"""Draws a part as SVG: how well the confidence is calibrated, how good it is per type, how fast it answers.

The only module that knows matplotlib. The same part gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from io import BytesIO
from typing import TYPE_CHECKING

from evals.report.formatting import number
from evals.report.labels import Labels, PlotTexts
from evals.report.rows import SYSTEMS, TYPES, has_both_errors, in_order
from evals.report.targets import TargetKey, read_targets
from evals.results import ALL, CalibrationBin, Estimate, Part, Timed

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDTH = 7.3
"""Inches; 700 px at 96 dots per inch."""
GREY = "#555555"
STYLES = (("#0072B2", "o"), ("#E69F00", "s"), ("#009E73", "^"), ("#CC79A7", "D"), ("#555555", "v"))
"""Colours of Okabe and Ito, which colour-blind readers can tell apart, each with a marker of its own."""
STEPS = 200
"""Points that a curve of answering times is drawn with."""


def draw_plots(part: Part, labels: Labels) -> Mapping[str, bytes]:
    """Return the plots that there is something to draw for, by name, as SVG."""
    bounds = {target.key: target.bound for target in read_targets()}
    ndcg = {(row.system, row.type): row.ndcg for row in part.ranked if row.ndcg.count}
    vital = {(row.system, row.type): row.vital for row in part.answered if row.vital.count}
    plots: dict[str, bytes] = {}
    if ndcg:
        plots["ndcg"] = _by_type(ndcg, labels.plots.ndcg, bounds[TargetKey.NDCG], labels)
    if vital:
        plots["vital"] = _by_type(vital, labels.plots.vital, bounds[TargetKey.VITAL], labels)
    if part.refused.calibration and has_both_errors(part.refused):
        plots["calibration"] = _calibration(part.refused.calibration, labels.plots)
    if part.timed and part.timed.samples:
        plots["latency"] = _latency(part.timed, bounds[TargetKey.ANSWER_P95], labels.plots)
    return plots


def _by_type(measured: Mapping[tuple[str, str], Estimate], title: str, bound: float, labels: Labels) -> bytes:
    systems = in_order((system for system, _ in measured), SYSTEMS)
    types = in_order((type_ for _, type_ in measured), (*TYPES, ALL))

    def draw(axes: Axes) -> None:
        for row, system in enumerate(systems):
            shown = [
                (place, measured[system, type_])
                for place, type_ in enumerate(types)
                if (system, type_) in measured
            ]
            shift = (row - (len(systems) - 1) / 2) * 0.8 / len(systems)
            _dots(axes, shown, shift, _style(system, row), labels.name(system, "systems"))
        axes.axvline(bound, color=GREY, linestyle="--", linewidth=1, label=labels.plots.target)
        axes.set_yticks(range(len(types)), [labels.name(type_, "types") for type_ in types])
        axes.set_ylim(len(types) - 0.4, -0.6)
        for place in range(1, len(types), 2):
            axes.axhspan(place - 0.5, place + 0.5, color="#f3f3f3", zorder=0)
        axes.set_xlim(right=1.01)
        axes.set_xlabel(title)
        axes.xaxis.set_major_formatter(_with_comma)

    return _svg(draw, height=1.3 + 0.13 * len(types) * (len(systems) + 1))


def _dots(
    axes: Axes, shown: Sequence[tuple[int, Estimate]], shift: float, style: tuple[str, str], label: str
) -> None:
    means = [value.mean for _, value in shown]
    below = [max(0.0, value.mean - value.low) for _, value in shown]
    above = [max(0.0, value.high - value.mean) for _, value in shown]
    places = [place + shift for place, _ in shown]
    colour, marker = style
    axes.errorbar(
        means,
        places,
        xerr=[below, above],
        fmt=marker,
        color=colour,
        markersize=5,
        linewidth=1.6,
        label=label,
    )


def _calibration(bins: Sequence[CalibrationBin], texts: PlotTexts) -> bytes:
    most = max(bin_.count for bin_ in bins) or 1

    def draw(axes: Axes) -> None:
        confidence = [bin_.confidence for bin_ in bins if bin_.count]
        answerable = [bin_.answerable for bin_ in bins if bin_.count]
        sizes = [20 + 180 * bin_.count / most for bin_ in bins if bin_.count]
        axes.plot([0, 1], [0, 1], color=GREY, linestyle="--", linewidth=1, label=texts.perfect)
        axes.plot(confidence, answerable, color=STYLES[0][0], linewidth=1.6)
        axes.scatter(confidence, answerable, s=sizes, color=STYLES[0][0], zorder=3, label=texts.calibration)
        axes.set_xlabel(texts.confidence)
        axes.set_ylabel(texts.answerable)
        axes.set_xlim(-0.04, 1.04)
        axes.set_ylim(-0.06, 1.06)
        axes.xaxis.set_major_formatter(_with_comma)
        axes.yaxis.set_major_formatter(_with_comma)

    return _svg(draw, height=4.2)


def _latency(timed: Timed, bound: float, texts: PlotTexts) -> bytes:
    samples = sorted(timed.samples)
    steps = [round(step * (len(samples) - 1) / STEPS) for step in range(STEPS + 1)]

    def draw(axes: Axes) -> None:
        shares = [(step + 1) / len(samples) for step in steps]
        axes.plot(
            [samples[step] for step in steps], shares, color=STYLES[0][0], linewidth=1.8, label=texts.answers
        )
        axes.axvline(
            timed.embedding_p50, color=STYLES[1][0], linestyle=":", linewidth=1.8, label=texts.embedding
        )
        axes.axvline(bound, color=GREY, linestyle="--", linewidth=1, label=texts.target)
        axes.set_xlim(left=0)
        axes.set_ylim(0, 1.02)
        axes.set_xlabel(texts.milliseconds)
        axes.set_ylabel(texts.share_of_answers)
        axes.yaxis.set_major_formatter(_with_comma)

    return _svg(draw, height=3.4)


def _style(system: str, row: int) -> tuple[str, str]:
    return STYLES[(SYSTEMS.index(system) if system in SYSTEMS else row) % len(STYLES)]


def _with_comma(value: float, _: float) -> str:
    return number(value, 2)


def _svg(draw: Callable[[Axes], None], height: float) -> bytes:
    import matplotlib as mpl
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    with mpl.rc_context({"svg.hashsalt": "evals", "svg.fonttype": "none", "font.size": 10.0}):
        layout = ConstrainedLayoutEngine(w_pad=0.1, h_pad=0.06)
        figure = Figure(figsize=(WIDTH, height), layout=layout, facecolor="white")
        FigureCanvasSVG(figure)
        axes = figure.add_subplot()
        draw(axes)
        axes.grid(axis="x", color="#dddddd", linewidth=0.8)
        axes.set_axisbelow(True)
        axes.spines[["top", "right"]].set_visible(False)
        figure.legend(loc="outside lower center", ncols=3, frameon=False, fontsize=9)
        written = BytesIO()
        figure.savefig(written, format="svg", metadata={"Date": None, "Creator": None})
    return written.getvalue()
