"""What people type into a check, made readable, or refused with the field and the reason."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from assistant.answering.reading import find_flaws, visible
from assistant.domain import MOST_ACTIONS, CheckKind, ChosenAction, Questionnaire, Response
from assistant.errors import InvalidAction, InvalidCheck, InvalidResponse

FEWEST_PARTNERS, MOST_PARTNERS = 2, 20
LONGEST_NAME, LONGEST_TITLE, LONGEST_REMARK = 120, 200, 2000


def read_name(field: str, text: str) -> str:
    """Return a name on one line; raise ``InvalidCheck`` if it is empty, too long or can't be read."""
    name = _readable(text, LONGEST_NAME)
    if not name:
        raise InvalidCheck(field=field, fault="empty" if name == "" else "length", limit=str(LONGEST_NAME))
    return name


def read_partners(names: Sequence[str]) -> list[str]:
    """Return the names of partners; raise ``InvalidCheck`` if there are too few, too many, or doubles."""
    if len(names) < FEWEST_PARTNERS:
        raise InvalidCheck(field="organisations", fault="few", limit=str(FEWEST_PARTNERS))
    if len(names) > MOST_PARTNERS:
        raise InvalidCheck(field="organisations", fault="many", limit=str(MOST_PARTNERS))
    partners = [read_name(f"organisations.{place}", name) for place, name in enumerate(names)]
    if len({name.casefold() for name in partners}) < len(partners):
        raise InvalidCheck(field="organisations", fault="double", limit="")
    return partners


def read_actions(actions: Sequence[ChosenAction]) -> list[ChosenAction]:
    """Return the actions to keep, each with an id; raise ``InvalidAction`` where one can't be kept."""
    if len(actions) > MOST_ACTIONS:
        raise InvalidAction(fault="many")
    kept = [_read_action(action) for action in actions]
    if len({action.id for action in kept}) < len(kept):
        raise InvalidAction(fault="double")
    return kept


def read_response(asked: Questionnaire, kind: CheckKind, response: Response) -> Response:
    """Return an answer to keep; raise ``InvalidResponse`` if the questionnaire has no place for it."""
    item = response.item_id
    if item not in asked.asked(kind):
        raise InvalidResponse(item=item, fault="unknown")
    remark = visible(response.remark).strip()
    if any(find_flaws(remark, LONGEST_REMARK)):
        raise InvalidResponse(item=item, fault="length")
    if response.score is not None and item in {one.id for one in asked.open_questions}:
        raise InvalidResponse(item=item, fault="score")
    low, high = (-2, 2) if item in {one.id for one in asked.tensions} else (1, 5)
    if response.score is not None and not low <= response.score <= high:
        raise InvalidResponse(item=item, fault="range")
    return replace(response, remark=remark)


def _read_action(action: ChosenAction) -> ChosenAction:
    title, owner = _readable(action.title, LONGEST_TITLE), _readable(action.owner, LONGEST_NAME)
    if not title:
        raise InvalidAction(fault="title")
    if not owner:
        raise InvalidAction(fault="owner")
    return replace(action, id=action.id or _slug(title), title=title, owner=owner)


def _readable(text: str, limit: int) -> str | None:
    """Return a text on one line; ``None`` if it is too long or holds what can't be read."""
    line = " ".join(visible(text).split())
    return None if any(find_flaws(line, limit)) else line


def _slug(title: str) -> str:
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.casefold()).strip("-") or "actie"
