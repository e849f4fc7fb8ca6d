"""A brief that is edited in the page: its texts as fields with a path for a name, and back."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import fields, is_dataclass, replace
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from assistant.domain import Brief, Catalogue, CitedText, PartyQuestions
from assistant.surfaces.pages.site import Visit

T = TypeVar("T")

_BRIEF = TypeAdapter(Brief)
_FIXED = ("id", "card_id", "statements", "is_phase", "weight")
"""What names something, or proves it: no text for readers."""


def brief_to_json(brief: Brief) -> str:
    """Return a brief as JSON, for a form to carry along."""
    return _BRIEF.dump_json(brief).decode()


def brief_from_json(text: str, catalogue: Catalogue) -> Brief:
    """Return the brief in a form; ``ValueError`` if it is none, or cites what isn't known."""
    try:
        brief = _BRIEF.validate_json(text)
    except ValidationError as error:
        raise ValueError("not a brief") from error
    unknown = statements_of(brief) - catalogue.evidence.keys()
    if unknown:
        raise ValueError(f"unknown statements: {', '.join(sorted(unknown))}")
    return brief


def edited(brief: Brief, visit: Visit) -> Brief:
    """Return a brief with what was typed in its fields, and without what was taken out or emptied.

    A field is named after its place: ``hypotheses.0.claim.text``. What can be taken out is named in
    ``wegneembaar``, and in ``houd`` if it stays.
    """
    taken_out = set(visit.values("wegneembaar")) - set(visit.values("houd"))
    return _edited(brief, "", visit, taken_out)


def statements_of(value: object) -> set[str]:
    """Return the ids of all statements that a value and its parts cite."""
    if isinstance(value, tuple):
        return {id_ for part in value for id_ in statements_of(part)}
    if not is_dataclass(value):
        return set()
    own = set(getattr(value, "statements", ()))
    return own.union(*(statements_of(getattr(value, one.name)) for one in fields(value)))


def _edited(value: T, path: str, visit: Visit, taken_out: Collection[str]) -> T:
    if isinstance(value, str):
        return visit.value(path) if path in visit.form else value  # type: ignore[return-value]
    if isinstance(value, int):
        return _number(visit.value(path), value)  # type: ignore[return-value]
    if isinstance(value, tuple):
        places = (f"{path}.{place}" for place in range(len(value)))
        kept = (
            _edited(part, at, visit, taken_out)
            for part, at in zip(value, places, strict=True)
            if at not in taken_out
        )
        return tuple(part for part in kept if not _is_empty(part))  # type: ignore[return-value]
    if is_dataclass(value) and not isinstance(value, type):
        names = (one.name for one in fields(value) if one.name not in _FIXED)
        parts = {
            name: _edited(getattr(value, name), f"{path}.{name}".lstrip("."), visit, taken_out)
            for name in names
        }
        return replace(value, **parts)
    return value


def _number(text: str, before: int) -> int:
    return int(text) if text.isdecimal() and len(text) < 4 else before


def _is_empty(part: object) -> bool:
    match part:
        case CitedText(text=""):
            return True
        case PartyQuestions(questions=()):
            return True
    return part == ""
