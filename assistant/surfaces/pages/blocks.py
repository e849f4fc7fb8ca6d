"""The questionnaire as a respondent walks through it: blocks of fields, and what a form says."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from assistant.answering.prompts import Texts
from assistant.domain import (
    CheckKind,
    Item,
    OpenQuestion,
    PhaseItem,
    Questionnaire,
    Response,
    Tension,
)
from assistant.errors import InvalidResponse

NOT_APPLICABLE = "nvt"
_POLES = ("-2", "-1", "0", "1", "2")
_SCALE = ("1", "2", "3", "4", "5")

Asked = Item | PhaseItem | Tension | OpenQuestion
"""Whatever a check asks."""


class Explanation(NamedTuple):
    """What a card says on something that is asked; the address is empty if there's nothing to open."""

    text: str
    source: str
    address: str


Explain = Callable[[Asked], Sequence[Explanation]]


class FieldKind(StrEnum):
    """How something is answered."""

    SCALE = "scale"
    SLIDER = "slider"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that is asked, and how."""

    asked: Asked
    kind: FieldKind
    text: str

    @property
    def id(self) -> str:
        """The id by which it is answered."""
        return self.asked.id

    @property
    def choices(self) -> tuple[str, ...]:
        """What a form may send as its score, apart from that it doesn't apply."""
        return {FieldKind.SCALE: _SCALE, FieldKind.SLIDER: _POLES, FieldKind.OPEN: ()}[self.kind]


@dataclass(frozen=True, slots=True)
class Block:
    """The fields of one page."""

    id: str
    title: str
    about: str
    fields: tuple[Field, ...]

    def unanswered(self, responses: Mapping[str, Response]) -> int:
        """Return how many statements and tensions have no answer yet; open questions are free."""
        return sum(one.id not in responses for one in self.fields if one.kind is not FieldKind.OPEN)


def blocks_of(questionnaire: Questionnaire, kind: CheckKind, texts: Texts) -> tuple[Block, ...]:
    """Return the blocks of a whole check, or the one block of a short one."""
    phases = _fields(questionnaire.phase_items)
    conditions = [Block(one.id, one.title, one.about, _fields(one.items)) for one in questionnaire.conditions]
    tensions, questions = _fields(questionnaire.tensions), _fields(questionnaire.open_questions)
    blocks = (
        _block("fasen", phases, texts),
        *conditions,
        _block("spanningen", tensions, texts),
        _block("open-vragen", questions, texts),
    )
    if kind is CheckKind.FULL:
        return tuple(block for block in blocks if block.fields)
    by_id = {field.id: field for block in blocks for field in block.fields}
    return (_block("puls", tuple(by_id[one] for one in questionnaire.pulse), texts),)


def first_unanswered(blocks: Sequence[Block], responses: Mapping[str, Response]) -> Block | None:
    """Return the first block with something that isn't answered yet, open questions included."""
    return next((block for block in blocks if any(field.id not in responses for field in block.fields)), None)


def count_answered(blocks: Iterable[Block], responses: Mapping[str, Response]) -> tuple[int, int]:
    """Return how many statements and tensions are answered, and how many there are."""
    ids = [one.id for block in blocks for one in block.fields if one.kind is not FieldKind.OPEN]
    return sum(one in responses for one in ids), len(ids)


def read_response(field: Field, choice: str, remark: str, before: Response | None) -> Response | None:
    """Return what a form says of a field, or ``None`` if it says nothing; ``InvalidResponse`` if it can't be.

    A remark without a choice counts as not applicable; a form without a choice never undoes one.
    """
    if not choice and not remark and before is None:
        return None
    if choice and choice not in (*field.choices, NOT_APPLICABLE):
        raise InvalidResponse(item=field.id, fault="range")
    if not choice:
        return Response(field.id, before.score if before else None, remark)
    return Response(field.id, None if choice == NOT_APPLICABLE else int(choice), remark)


def shown_choice(field: Field, response: Response | None) -> str:
    """Return which choice a form shows as made; empty if none is."""
    if response is None or field.kind is FieldKind.OPEN:
        return ""
    return NOT_APPLICABLE if response.score is None else str(response.score)


def _block(name: str, fields: tuple[Field, ...], texts: Texts) -> Block:
    return Block(name, texts.render(f"block.{name}.title"), texts.render(f"block.{name}.about"), fields)


def _fields(asked: Iterable[Asked]) -> tuple[Field, ...]:
    return tuple(_field(one) for one in asked)


def _field(asked: Asked) -> Field:
    match asked:
        case Tension():
            return Field(asked, FieldKind.SLIDER, asked.question)
        case OpenQuestion():
            return Field(asked, FieldKind.OPEN, asked.text)
    return Field(asked, FieldKind.SCALE, asked.text)
