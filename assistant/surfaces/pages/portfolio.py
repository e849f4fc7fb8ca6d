"""``/portfolio``: a coach's view over the alliances that shared their checks, and nothing to change in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Protocol

from starlette.responses import Response
from starlette.routing import BaseRoute

from assistant.answering.prompts import Texts
from assistant.domain import Check, ChosenAction, Portfolio, Report, Score, Shared
from assistant.publishing.wording import decimal
from assistant.surfaces.pages.figures import shows_anything
from assistant.surfaces.pages.site import Site, Visit, see_other


class Coaching(Protocol):
    """What a coach can see of the checks of others."""

    def open_portfolio(self) -> Portfolio:
        """Open an empty portfolio."""

    def portfolio(self, key: str) -> Portfolio:
        """Return a portfolio with its share code; ``UnknownKey`` if there is none with this key."""

    def shared(self, key: str) -> tuple[Shared, ...]:
        """Return the checks that were shared with a coach, the newest first."""


@dataclass(frozen=True, slots=True)
class Gap:
    """The item that groups answer most differently, with the groups at the ends."""

    title: str
    distance: float
    high: str
    low: str


@dataclass(frozen=True, slots=True)
class SharedAlliance:
    """An alliance as a coach sees it: its newest round, and the newest that shows something."""

    newest: Check
    report: Report | None
    gap: Gap | None
    actions: tuple[ChosenAction, ...]
    """Those that aren't done."""


class PortfolioPages:
    """The routes of a portfolio."""

    def __init__(self, site: Site, texts: Texts, checks: Coaching) -> None:
        self._site, self._texts, self._checks = site, texts, checks

    @property
    def routes(self) -> list[BaseRoute]:
        """All routes, in the order in which they match."""
        route = self._site.route
        return [route("/portfolio", self.start, self.open), route("/portfolio/{key}", self.show)]

    def start(self, visit: Visit) -> Response:
        """Show what a portfolio is."""
        return self._site.page("portfolio_start.html", say=self._texts.render)

    def open(self, visit: Visit) -> Response:
        """Open a portfolio."""
        return see_other(f"/portfolio/{self._checks.open_portfolio().key}")

    def show(self, visit: Visit) -> Response:
        """Show the alliances in a portfolio."""
        key = visit.key("key")
        return self._site.page(
            "portfolio_page.html",
            say=self._texts.render,
            decimal=decimal,
            shows_anything=shows_anything,
            address=visit.address(f"/portfolio/{key}"),
            share_code=self._checks.portfolio(key).share_code,
            alliances=list_alliances(self._checks.shared(key)),
        )


def list_alliances(shared: Sequence[Shared]) -> tuple[SharedAlliance, ...]:
    """Return one entry for each alliance, by name."""
    series = groupby(sorted(shared, key=_series), key=_series)
    found = (_alliance(sorted(rounds, key=_round)) for _, rounds in series)
    return tuple(sorted(found, key=lambda one: one.newest.alliance.casefold()))


def widest_gap(report: Report) -> Gap | None:
    """Return the item that groups answer most differently; ``None`` if no two groups are shown."""
    scores = [score for condition in report.conditions for score in condition.items if score.gap]
    return _gap(max(scores, key=lambda score: score.gap)) if scores else None


def _alliance(rounds: Sequence[Shared]) -> SharedAlliance:
    newest, shown = rounds[-1], _newest_shown(rounds)
    report = shown.report if shown else None
    return SharedAlliance(
        newest=newest.check,
        report=report,
        gap=widest_gap(report) if report else None,
        actions=tuple(_open(newest.chosen)),
    )


def _newest_shown(rounds: Sequence[Shared]) -> Shared | None:
    return next((one for one in reversed(rounds) if one.report), None)


def _open(actions: Sequence[ChosenAction]) -> Iterator[ChosenAction]:
    return (one for one in sorted(actions, key=lambda one: one.due) if not one.is_done)


def _gap(score: Score) -> Gap:
    ranked = sorted(score.groups, key=lambda one: one.mean)
    return Gap(score.title, score.gap, ranked[-1].group, ranked[0].group)


def _series(shared: Shared) -> str:
    return shared.check.series_id


def _round(shared: Shared) -> int:
    return shared.check.round
