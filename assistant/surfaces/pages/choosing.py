"""The actions on the page of a report: laid out as a form, and read back from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from assistant.domain import MOST_ACTIONS, Action, ChosenAction, Report
from assistant.errors import InvalidAction
from assistant.surfaces.pages.site import Visit

OWN = "eigen"
"""Names the fields of an action that the partners thought of themselves."""


@dataclass(frozen=True, slots=True)
class Choice:
    """An action as the form shows it: to choose, or chosen, with what was filled in."""

    id: str
    title: str = ""
    owner: str = ""
    due: str = ""
    """As a form has it: ``2027-03-31``, or empty."""
    is_chosen: bool = False
    is_done: bool = False
    is_kept: bool = False
    """Whether it was chosen before, so that it can be done by now."""
    action: Action | None = None
    """The suggestion that it comes from, if any."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The actions on the page: those agreed on, those offered, and room for one of their own."""

    kept: tuple[Choice, ...]
    offered: tuple[Choice, ...]
    own: Choice


def lay_out(report: Report, chosen: tuple[ChosenAction, ...]) -> Sheet:
    """Return the actions that were chosen, and apart from them the other suggestions."""
    suggested = {one.id: one for one in report.suggestions}
    kept = tuple(
        Choice(
            one.id, one.title, one.owner, one.due.isoformat(), True, one.is_done, True, suggested.get(one.id)
        )
        for one in chosen
    )
    ids = {one.id for one in chosen}
    offered = (Choice(one.id, one.title, action=one) for one in report.suggestions if one.id not in ids)
    return Sheet(kept, tuple(offered), Choice(OWN))


def fill_in(sheet: Sheet, visit: Visit) -> Sheet:
    """Return the sheet as somebody filled it in."""
    return Sheet(
        tuple(_filled(one, visit) for one in sheet.kept),
        tuple(_filled(one, visit) for one in sheet.offered),
        replace(_filled(sheet.own, visit), title=visit.value(f"titel.{OWN}")),
    )


def read_choices(visit: Visit) -> list[ChosenAction]:
    """Return the actions that somebody chose; ``InvalidAction`` if there are too many or one has no date."""
    ids = [*visit.values("actie"), *([OWN] if _has_own(visit) else [])]
    if len(ids) > MOST_ACTIONS:
        raise InvalidAction(fault="many")
    return list(_read(visit, ids))


def _filled(choice: Choice, visit: Visit) -> Choice:
    return replace(
        choice,
        owner=visit.value(f"trekker.{choice.id}"),
        due=visit.value(f"datum.{choice.id}"),
        is_chosen=choice.id in visit.values("actie"),
        is_done=choice.id in visit.values("klaar"),
    )


def _has_own(visit: Visit) -> bool:
    return any(visit.value(f"{field}.{OWN}") for field in ("titel", "trekker", "datum"))


def _read(visit: Visit, ids: list[str]) -> Iterator[ChosenAction]:
    for id_ in ids:
        yield ChosenAction(
            id="" if id_ == OWN else id_,
            title=visit.value(f"titel.{id_}"),
            owner=visit.value(f"trekker.{id_}"),
            due=_day(visit.value(f"datum.{id_}")),
            is_done=id_ in visit.values("klaar"),
        )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InvalidAction(fault="due") from error
