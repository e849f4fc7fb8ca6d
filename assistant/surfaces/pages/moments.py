"""When a conversation was, in words: today, yesterday, this week or earlier, by the clock of the server."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import groupby

from assistant.answering.prompts import Texts
from assistant.domain import ConversationSummary


class Period(StrEnum):
    """How long ago, as a list is divided."""

    TODAY = "today"
    YESTERDAY = "yesterday"
    THIS_WEEK = "this_week"
    EARLIER = "earlier"


def period_of(moment: datetime, now: datetime) -> Period:
    """Return how long ago a moment was; a week begins on Monday."""
    day, today = moment.astimezone().date(), now.astimezone().date()
    if day >= today:
        return Period.TODAY
    if day == today - timedelta(days=1):
        return Period.YESTERDAY
    return Period.THIS_WEEK if day >= today - timedelta(days=today.weekday()) else Period.EARLIER


def by_period(
    listed: Iterable[ConversationSummary], now: datetime
) -> list[tuple[Period, list[ConversationSummary]]]:
    """Divide a list, the newest first, into periods; an empty period isn't there."""
    return [(period, list(them)) for period, them in groupby(listed, lambda one: period_of(one.changed, now))]


def describe(moment: datetime, now: datetime, texts: Texts) -> str:
    """Return a moment as people say it: "Vandaag 14:05", "Maandag 9:30" or "12 maart"."""
    local, period = moment.astimezone(), period_of(moment, now)
    is_other_year = local.year != now.astimezone().year
    key = "other_year" if period is Period.EARLIER and is_other_year else period
    return texts.render(
        f"when.{key}",
        time=f"{local.hour}:{local.minute:02}",
        weekday=texts.render("weekdays").split()[local.weekday()],
        day=local.day,
        month=texts.render("months").split()[local.month - 1],
        year=local.year,
    )
