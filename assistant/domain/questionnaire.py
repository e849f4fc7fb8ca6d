"""The health check: what it asks, and what an alliance can do about it.

``statements`` are ids of card statements (``funderen#3``): what a text for readers rests on.
A text of our own craft has none, and is shown as such.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from assistant.domain.checking import CheckKind


@dataclass(frozen=True, slots=True)
class Item:
    """A statement that a respondent agrees with, more or less."""

    id: str
    text: str
    term: str
    """The card that explains what it is about."""
    statements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PhaseItem:
    """A statement on what can be seen in an alliance, and the phases that it points to."""

    id: str
    text: str
    phases: tuple[str, ...]
    """Card ids, of one or more models."""
    statements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Condition:
    """Something that an alliance needs, asked for by six items."""

    id: str
    title: str
    about: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Tension:
    """A paradox, as a slider between its poles."""

    id: str
    card_id: str
    question: str
    left: str
    right: str
    statements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CitedText:
    """A text for readers and what it rests on; of our own craft if that is nothing."""

    text: str
    statements: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A question that is answered in one's own words."""

    id: str
    text: str
    statements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PhaseModel:
    """One author's phases, in order, as card ids."""

    id: str
    title: str
    phases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """One version of all that a health check asks, in the order in which it asks it."""

    version: str
    title: str
    minutes: int
    introduction: str
    disclaimer: str
    scale: tuple[str, ...]
    """Five labels, for the scores 1 to 5."""
    not_applicable: str
    models: tuple[PhaseModel, ...]
    phase_names: Mapping[str, str]
    phase_items: tuple[PhaseItem, ...]
    settling: Mapping[str, CitedText]
    """By phase: the question that settles a doubt. If the answer is yes, it is this phase."""
    conditions: tuple[Condition, ...]
    tensions: tuple[Tension, ...]
    open_questions: tuple[OpenQuestion, ...]
    pulse: tuple[str, ...]
    """The items of the short check in between."""

    @property
    def items(self) -> Iterator[Item]:
        """The items of all conditions, in order."""
        for condition in self.conditions:
            yield from condition.items

    def asked(self, kind: CheckKind) -> tuple[str, ...]:
        """Return the ids of all that a check of this kind asks, in order."""
        if kind is CheckKind.PULSE:
            return self.pulse
        blocks = (self.phase_items, tuple(self.items), self.tensions, self.open_questions)
        return tuple(one.id for block in blocks for one in block)


@dataclass(frozen=True, slots=True)
class Action:
    """What an alliance can do, from the cards."""

    id: str
    title: str
    text: str
    statements: tuple[str, ...]
    first_step: str
    sign: str
    """What shows that it works."""
    items: tuple[str, ...]
    """The items that it helps."""
    phases: tuple[str, ...] = ()
    """The phases that it suits best; none means that it suits all."""
    tensions: Mapping[str, str] = field(default_factory=dict)
    """The side (``left`` or ``right``) to which a tension tilts when it helps."""
