"""The two poles of each paradox: their names, and what shows that one of them prevails."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, TypeAdapter

from assistant.coach.cites import Cites
from assistant.coach.yaml_files import YamlFile
from assistant.domain import Card, CardKind

Lean = Literal["left", "right"]
"""The pole that prevails, in the order of the card's title."""


@dataclass(frozen=True, slots=True)
class Pole:
    """One side of a paradox."""

    name: str
    signs: tuple[str, ...]
    """Beginnings of words that show, in a description, that this side prevails."""
    statements: tuple[str, ...]
    """What the card says of this side alone."""

    def count(self, text: str) -> int:
        """Return how many of its signs a text holds."""
        return sum(re.search(rf"\b{re.escape(sign)}", text, re.IGNORECASE) is not None for sign in self.signs)


@dataclass(frozen=True, slots=True)
class Poles:
    """Both sides of a paradox."""

    left: Pole
    right: Pole

    def lean_of(self, text: str) -> Lean | None:
        """Return the pole that prevails in a description; ``None`` if that can't be seen."""
        left, right = self.left.count(text), self.right.count(text)
        if left == right:
            return None
        return "left" if left > right else "right"

    def pole(self, lean: Lean) -> Pole:
        """Return one of the two."""
        return self.left if lean == "left" else self.right


def read_poles(path: Path, cards: Mapping[str, Card]) -> Mapping[str, Poles]:
    """Read the poles by card id; every paradox has them, or it's an ``InvalidQuestionnaire``."""
    file = YamlFile.read(path)
    poles: dict[str, Poles] = {}
    entries = file.parse(_SHAPE)
    for position, entry in enumerate(entries):
        if entry.card in poles:
            raise file.mistake(f"the card '{entry.card}' occurs twice", position)
        try:
            poles[entry.card] = Poles(_pole(entry.left, cards), _pole(entry.right, cards))
        except ValueError as error:
            raise file.mistake(f"{entry.card}: {error}", position) from error
    paradoxes = {card.id for card in cards.values() if card.kind is CardKind.PARADOX}
    for id_ in sorted(paradoxes ^ poles.keys()):
        raise file.mistake(f"'{id_}' isn't both a paradox among the cards and one in this file")
    return poles


class _Side(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_min_length=1)

    name: str
    signs: tuple[str, ...]
    cites: tuple[str, ...] = ()


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    card: str
    left: _Side
    right: _Side


_SHAPE: TypeAdapter[list[_Entry]] = TypeAdapter(list[_Entry])


def _pole(side: _Side, cards: Mapping[str, Card]) -> Pole:
    return Pole(side.name, side.signs, tuple(map(Cites(cards).resolve, side.cites)))
