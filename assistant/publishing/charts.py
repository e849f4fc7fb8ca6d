"""Charts of a report: one specification each, drawn as SVG for the page and as PNG for Word.

Text and lines have the colour of what stands around them (``currentColor``), so that an SVG that is
placed in a page reads on a light and on a dark one. Groups differ in shape as well as in colour.
The only module that knows Altair and vl-convert.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from textwrap import shorten, wrap
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import quoteattr

from assistant.domain import ConditionResult, PhaseResult, Score, TensionResult, Trend
from assistant.publishing.describing import (
    describe_phases,
    describe_profile,
    describe_tensions,
    describe_trends,
    likely_phases,
)
from assistant.publishing.inert import visible
from assistant.publishing.wording import Texts, decimal, figure, percentage

if TYPE_CHECKING:
    import altair

WIDTH = 640
"""Of what a chart draws, in pixels; texts beside it included."""

_INK = "currentColor"
_BLUE = "#3a7ebf"
_COLOURS = ("#3a7ebf", "#c9662b", "#1f9077", "#a55a9c", "#8f7a1e", "#5f7fa8", "#b0556b", "#6b8a3a")
"""Of groups: told apart by who is colour-blind, and of a tone that reads on white and on black."""
_SHAPES = ("circle", "square", "triangle-up", "cross", "triangle-down", "triangle-right", "triangle-left")
_TOTAL = "diamond"
_CONFIG = {
    "background": None,
    "aria": False,
    "font": "Liberation Sans, Arial, Helvetica, sans-serif",
    "view": {"stroke": None},
    "text": {"color": _INK, "fontSize": 13, "lineHeight": 16},
    "title": {"color": _INK, "fontSize": 13, "fontWeight": "bold"},
    "axis": {"labelColor": _INK, "titleColor": _INK, "titleFontWeight": "normal", "domain": False,
             "ticks": False, "labelFlush": False, "labelFontSize": 13, "titleFontSize": 13,
             "gridColor": _INK, "gridOpacity": 0.18},
    "legend": {"labelColor": _INK, "labelFontSize": 13, "labelLimit": 0, "symbolStrokeWidth": 2},
}  # fmt: skip

_Rows = Sequence[Mapping[str, object]]


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart to be drawn, and what it shows in words."""

    specification: Mapping[str, Any]
    """Vega-Lite, with its data."""
    alt: str


def to_svg(chart: Chart) -> str:
    """Return a chart as SVG without scripts or links, that says what it shows to who can't see it."""
    import vl_convert

    drawn: str = vl_convert.vegalite_to_svg(dict(chart.specification), allowed_base_urls=[])
    return drawn.replace("<svg ", f'<svg role="img" aria-label={quoteattr(chart.alt)} ', 1)


def to_png(chart: Chart, scale: float = 2.0) -> bytes:
    """Return a chart as PNG, ``scale`` times as large as the SVG, with black text on white."""
    import vl_convert

    printed = {**chart.specification, "background": "white"}
    drawn: bytes = vl_convert.vegalite_to_png(printed, scale=scale, allowed_base_urls=[])
    return drawn


# ── The phases ───────────────────────────────────────────────────────────────

_STRIP_TOP, _STRIP_BOTTOM = 34, 126


def phase_strip(result: PhaseResult, texts: Texts) -> Chart:
    """Draw the phases of one model in order, the darker the larger their share, with a mark where one is.

    When that is doubtful two phases are marked, and when nothing can be said none.
    """
    import altair as alt

    rows = _phase_rows(result, texts)
    step = alt.X("start:Q", axis=None, scale=alt.Scale(domain=[0, max(len(rows), 1)], nice=False))
    base = alt.Chart(_data(rows)).encode(x=step)
    cells = base.mark_rect(stroke=_INK, strokeOpacity=0.45, fill=_BLUE, cornerRadius=2).encode(
        x2="end:Q",
        y=alt.value(_STRIP_TOP),
        y2=alt.value(_STRIP_BOTTOM),
        fillOpacity=alt.FillOpacity("shade:Q", scale=None),
    )
    middle = base.encode(x=alt.X("middle:Q", axis=None))
    names = middle.mark_text(baseline="top").encode(y=alt.value(_STRIP_TOP + 10), text="name:N")
    shares = middle.mark_text(baseline="bottom", fontWeight="bold", fontSize=14).encode(
        y=alt.value(_STRIP_BOTTOM - 8), text="share:N"
    )
    marked = middle.transform_filter("datum.mark != ''")
    marks = marked.mark_text(baseline="bottom", fontWeight="bold").encode(y=alt.value(18), text="mark:N")
    pointers = marked.mark_point(shape="triangle-down", size=90, filled=True, color=_INK).encode(
        y=alt.value(26)
    )
    drawn = alt.layer(cells, names, shares, marks, pointers).properties(width=WIDTH, height=_STRIP_BOTTOM)
    return _chart(drawn, describe_phases(result, texts))


def _phase_rows(result: PhaseResult, texts: Texts) -> _Rows:
    likely = likely_phases(result)
    mark = texts.render("chart_maybe" if len(likely) > 1 else "chart_here")
    letters = WIDTH // max(len(result.shares), 1) // 8
    return [
        {
            "start": place,
            "middle": place + 0.5,
            "end": place + 1,
            "name": _lines(one.name, letters, 3),
            "share": percentage(one.share),
            "shade": 0.06 + 0.84 * one.share,
            "mark": mark if one in likely else "",
        }
        for place, one in enumerate(result.shares)
    ]


# ── Profile and tensions: dots on lines ──────────────────────────────────────

_ROW, _HALF_LINE = 58, 8
_LONGEST = 48
"""Letters of a group in the legend."""
_APART, _SHIFT = 0.04, 13
"""Dots nearer to each other than this part of the line stand so many pixels under each other."""


@dataclass(frozen=True, slots=True)
class _Line:
    """A line with the dots of one score, and the texts at its ends."""

    score: Score
    before: str
    after: tuple[str, ...]


def profile(conditions: Sequence[ConditionResult], texts: Texts) -> Chart:
    """Draw each condition as a line from 1 to 5: a dot per group, a large mark and the spread for all."""
    lines = [_Line(one.score, one.score.title, _figures(one.score, texts)) for one in conditions]
    drawn = _dots(lines, (1, 5), (170, 100), texts)
    return _chart(drawn, describe_profile(conditions, texts))


def tensions(results: Sequence[TensionResult], texts: Texts) -> Chart:
    """Draw each tension as a line between its poles: a dot per group, a large mark and the spread for all."""
    lines = [_Line(one.score, one.left, tuple(_lines(one.right, 22, 3))) for one in results]
    return _chart(_dots(lines, (-2, 2), (170, 170), texts), describe_tensions(results, texts))


def _figures(score: Score, texts: Texts) -> tuple[str, ...]:
    if score.mean is None:
        return ("",)
    return decimal(score.mean), texts.render("spread", spread=figure(score.spread, texts))


def _dots(
    lines: Sequence[_Line], ends: tuple[int, int], margins: tuple[int, int], texts: Texts
) -> altair.LayerChart | altair.FacetChart:
    """Layer lines, spreads, texts and dots; ``margins`` are the room in pixels for the texts beside them."""
    import altair as alt

    low, high = ends
    width = WIDTH - sum(margins)
    is_scored = low == 1
    axis = alt.Axis(
        values=list(range(low, high + 1)),
        title=texts.render("chart_scale") if is_scored else None,
        labels=is_scored,
        format="d",
    )
    x = alt.X("mean:Q", scale=alt.Scale(domain=[low, high], nice=False, zero=False), axis=axis)
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[0, _ROW * len(lines)], reverse=True, nice=False))
    base = alt.Chart(_data(_beside(lines, ends, margins[0] // 8, texts))).encode(y=y)
    beside = [
        base.mark_text(align="right", dx=-14, baseline="middle").encode(
            x=alt.value(0), y=alt.Y("before_y:Q", axis=None), text="before:N"
        ),
        base.mark_text(dy=-12).encode(x=alt.value(width / 2), text="few:N"),
        base.mark_text(align="left", dx=14, baseline="middle").encode(
            x=alt.value(width), y=alt.Y("after_y:Q", axis=None), text="after:N"
        ),
    ]
    rule = base.mark_rule(color=_INK, opacity=0.35).encode(x=x, x2="to:Q")
    spreads = alt.Chart(_data(_spreads(lines, ends))).encode(x=x, x2="to:Q", y=y)
    spread = spreads.mark_rule(color=_INK, opacity=0.5, strokeWidth=4, strokeCap="round")
    dots = (layer.encode(x=x, y=y) for layer in _marks(lines, ends, texts))
    return alt.layer(rule, spread, *beside, *dots).properties(width=width, height=_ROW * len(lines))


def _beside(lines: Sequence[_Line], ends: tuple[int, int], letters: int, texts: Texts) -> _Rows:
    rows: list[Mapping[str, object]] = []
    for place, line in enumerate(lines):
        before, after = _lines(line.before, letters, 3), list(map(visible, line.after))
        rows.append(
            {
                "y": _middle(place),
                "mean": ends[0],
                "to": ends[1],
                "before": before,
                "before_y": _middle(place) - _HALF_LINE * (len(before) - 1),
                "after": after,
                "after_y": _middle(place) - _HALF_LINE * (len(after) - 1),
                "few": texts.render("too_few") if line.score.mean is None else "",
            }
        )
    return rows


def _marks(lines: Sequence[_Line], ends: tuple[int, int], texts: Texts) -> tuple[altair.Chart, altair.Chart]:
    """Return the marks of the groups and, over them, those of the total: apart by colour, shape and size."""
    import altair as alt

    shown = _group_names(lines)
    groups = list(shown.values())
    names = [texts.render("everyone"), *groups]
    colours = _cycle(_COLOURS, len(groups))
    legend = alt.Legend(title=None, orient="top", columns=2, symbolSize=120)
    # With more groups than shapes, the rest has the same shapes, but open.
    filled = [colour if at < len(_SHAPES) else "transparent" for at, colour in enumerate(colours)]
    fills = alt.Scale(domain=names, range=["transparent", *filled])
    strokes = alt.Scale(domain=names, range=[_INK, *colours])
    shapes = alt.Scale(domain=names, range=[_TOTAL, *_cycle(_SHAPES, len(groups))])
    base = alt.Chart(_data(_placed(lines, ends, names[0], shown))).encode(
        fill=alt.Fill("group:N", scale=fills, legend=legend),
        stroke=alt.Stroke("group:N", scale=strokes, legend=legend),
        shape=alt.Shape("group:N", scale=shapes, legend=legend),
    )
    dots = base.mark_point(size=95, strokeWidth=2, opacity=1).transform_filter("!datum.is_total")
    totals = base.mark_point(size=380, strokeWidth=2.5, opacity=1).transform_filter("datum.is_total")
    return dots, totals


def _group_names(lines: Sequence[_Line]) -> dict[str, str]:
    """Return what the legend calls each group: short enough, and no two the same.

    Vega would cut through the middle of an emoji, and fail.
    """
    shown: dict[str, str] = {}
    for name in dict.fromkeys(one.group for line in lines for one in line.score.groups):
        short = shorten(visible(name), _LONGEST, placeholder=" …") or visible(name)[:_LONGEST]
        shown[name] = short if short not in shown.values() else f"{short} ({len(shown) + 1})"
    return shown


def _placed(lines: Sequence[_Line], ends: tuple[int, int], everyone: str, shown: Mapping[str, str]) -> _Rows:
    """Return each mark with its place; marks that would hide one another stand under each other."""
    rows: list[Mapping[str, object]] = []
    for place, line in enumerate(lines):
        if line.score.mean is not None:
            rows.append({"y": _middle(place), "mean": line.score.mean, "group": everyone, "is_total": True})
        taken = {0: [] if line.score.mean is None else [line.score.mean]}
        for one in sorted(line.score.groups, key=lambda one: one.mean):
            room = _APART * (ends[1] - ends[0])
            level = next(at for at in count() if all(abs(one.mean - x) > room for x in taken.get(at, ())))
            taken.setdefault(level, []).append(one.mean)
            shift = (level + 1) // 2 * (-1 if level % 2 else 1) * _SHIFT
            mark = {"y": _middle(place) + shift, "mean": one.mean, "group": shown[one.group]}
            rows.append({**mark, "is_total": False})
    return rows


def _spreads(lines: Sequence[_Line], ends: tuple[int, int]) -> _Rows:
    return [
        {
            "y": _middle(place),
            "mean": max(ends[0], line.score.mean - line.score.spread),
            "to": min(ends[1], line.score.mean + line.score.spread),
        }
        for place, line in enumerate(lines)
        if line.score.mean is not None and line.score.spread is not None
    ]


def _middle(place: int) -> float:
    return (place + 0.5) * _ROW


# ── Rounds ───────────────────────────────────────────────────────────────────

_PANELS = 3
"""So many beside each other."""


def trend(trends: Sequence[Trend], texts: Texts) -> Chart:
    """Draw each condition over the rounds: a band holds what lies inside the noise of the round before.

    A round that lies outside of it has a filled dot, one inside it an open one.
    """
    import altair as alt

    panels = [_panel(one, texts) for one in trends]
    rows = [alt.hconcat(*panels[at : at + _PANELS], spacing=24) for at in range(0, len(panels), _PANELS)]
    return _chart(alt.vconcat(*rows, spacing=24), describe_trends(trends, texts))


def _panel(one: Trend, texts: Texts) -> altair.LayerChart | altair.FacetChart:
    import altair as alt

    width = (WIDTH - (_PANELS - 1) * 24) // _PANELS - 22
    numbers = [number for number, _ in one.rounds]
    ends = [min(numbers, default=1) - 0.25, max(numbers, default=1) + 0.25]
    labels = alt.Axis(values=numbers, format="d", grid=False, title=None, labelExpr=_label(texts))
    x = alt.X("round:Q", scale=alt.Scale(domain=ends, nice=False, zero=False), axis=labels)
    scale = alt.Scale(domain=[1, 5], nice=False, zero=False)
    y = alt.Y("mean:Q", scale=scale, axis=alt.Axis(values=[1, 2, 3, 4, 5], format="d", title=None))
    base = alt.Chart(_data(_rounds(one))).encode(x=x, y=y)
    bands = alt.Chart(_data(_bands(one))).encode(x=x, x2="to:Q", y=y, y2="high:Q")
    fill = alt.condition("datum.is_change", alt.value(_BLUE), alt.value("transparent"))
    title = alt.TitleParams(text=_lines(one.title, 24, 2), anchor="start")
    return alt.layer(
        bands.mark_rect(fill=_INK, opacity=0.14),
        base.mark_line(stroke=_BLUE, strokeWidth=2.5),
        base.mark_point(size=80, stroke=_BLUE, strokeWidth=2.5, opacity=1).encode(fill=fill),
        base.mark_text(dy=-14, fontWeight="bold").encode(text="label:N"),
    ).properties(width=width, height=120, title=title)


def _label(texts: Texts) -> str:
    before, _, after = texts.render("chart_round", round="\n").partition("\n")
    return f"'{before}' + datum.label + '{after}'"


def _rounds(one: Trend) -> _Rows:
    before: float | None = None
    rows: list[Mapping[str, object]] = []
    for number, mean in one.rounds:
        is_change = before is not None and round(abs(mean - before), 1) > one.noise
        rows.append({"round": number, "mean": mean, "label": decimal(mean), "is_change": is_change})
        before = mean
    return rows


def _bands(one: Trend) -> _Rows:
    steps = zip(one.rounds, one.rounds[1:], strict=False)
    return [
        {
            "round": number,
            "to": following,
            "mean": max(1.0, mean - one.noise),
            "high": min(5.0, mean + one.noise),
        }
        for (number, mean), (following, _) in steps
    ]


# ── All of them ──────────────────────────────────────────────────────────────


def _chart(drawn: altair.TopLevelMixin, alt_text: str) -> Chart:
    specification = drawn.to_dict(validate=False)
    return Chart({**specification, "config": _CONFIG, "padding": 4}, visible(alt_text))


def _data(rows: _Rows) -> altair.InlineData:
    import altair as alt

    return alt.InlineData(values=list(rows))


def _lines(text: str, letters: int, most: int) -> list[str]:
    """Return a text in lines of at most so many letters, cut where it has more lines than fit."""
    return wrap(visible(text), max(letters, 8), max_lines=most, placeholder=" …") or [""]


def _cycle(looks: Sequence[str], length: int) -> list[str]:
    return [looks[at % len(looks)] for at in range(length)]
