"""What a report's figures look like on its page: its charts, and the cells of its tables."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup

from assistant.domain import ConditionResult, PhaseResult, Report, Score
from assistant.publishing import charts
from assistant.publishing.charts import Chart
from assistant.publishing.wording import Texts, decimal

_ROLE_OF_PART = re.compile(r' role="graphics-\w+"(?: aria-roledescription="[^"]*")?')


@dataclass(frozen=True, slots=True)
class Drawn:
    """The charts of a report as SVG; empty where there is nothing to draw."""

    phases: tuple[tuple[PhaseResult, Markup], ...]
    profile: Markup
    tensions: Markup
    trend: Markup


def draw(report: Report, texts: Texts) -> Drawn:
    """Draw all charts of a report; ``texts`` is ``prompts/publishing.yaml``."""
    trends = [one for one in report.trends if len(one.rounds) > 1]
    return Drawn(
        phases=tuple((one, _svg(charts.phase_strip(one, texts))) for one in report.phases),
        profile=_svg(charts.profile(report.conditions, texts)) if report.conditions else Markup(),
        tensions=_svg(charts.tensions(report.tensions, texts)) if report.tensions else Markup(),
        trend=_svg(charts.trend(trends, texts)) if trends else Markup(),
    )


def shows_anything(report: Report) -> bool:
    """Return whether enough people answered, and are left, for any figure at all."""
    return any(condition.score.mean is not None for condition in report.conditions)


def groups_of(condition: ConditionResult) -> tuple[str, ...]:
    """Return the groups that any item of a condition shows, in their order: the columns of its table."""
    scores = (condition.score, *condition.items)
    return tuple(dict.fromkeys(group.group for score in scores for group in score.groups))


def mean_of(score: Score, group: str) -> str:
    """Return the mean of a group, or a dash where it isn't shown."""
    return next((decimal(one.mean) for one in score.groups if one.group == group), "–")


def by_question(report: Report) -> Sequence[tuple[str, tuple[str, ...]]]:
    """Return the remarks under what they were made with, in the order of the report."""
    grouped = groupby(report.remarks, key=lambda one: (one.item_id, one.title))
    return [(title, tuple(one.text for one in remarks)) for (_, title), remarks in grouped]


def _svg(chart: Chart) -> Markup:
    """Return a chart as one image: its parts lose the roles that would make nameless images of them."""
    drawn = _ROLE_OF_PART.sub("", charts.to_svg(chart))
    return Markup(drawn)  # noqa: S704 - drawn by us, every text in it escaped
