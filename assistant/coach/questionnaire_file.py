"""The shape of ``questionnaire.yaml`` and ``actions.yaml``: what pydantic can see of their rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Location = tuple[int | str, ...]
"""Keys and positions from the top of a file."""

Text = Annotated[str, Field(min_length=1)]
Id = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
CiteList = Annotated[tuple[Text, ...], Field(min_length=1)]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class WrittenModel(_Shape):
    """An author's phases, in order."""

    id: Id
    title: Text
    phases: Annotated[tuple[Id, ...], Field(min_length=2)]


class WrittenPhaseItem(_Shape):
    """A statement on what can be seen."""

    id: Id
    text: Text
    phases: Annotated[tuple[Id, ...], Field(min_length=1)]
    cites: CiteList


class WrittenCitedText(_Shape):
    """A text and what it rests on."""

    text: Text
    cites: CiteList


class WrittenItem(_Shape):
    """A statement of a condition."""

    id: Id
    text: Text
    term: Id
    cites: CiteList


class WrittenCondition(_Shape):
    """A condition and its six statements."""

    id: Id
    title: Text
    about: Text
    items: Annotated[tuple[WrittenItem, ...], Field(min_length=6, max_length=6)]


class WrittenTension(_Shape):
    """A slider between the poles of a paradox."""

    id: Id
    card: Id
    question: Text
    left: Text
    right: Text
    cites: CiteList


class WrittenOpenQuestion(_Shape):
    """A question that is answered in words."""

    id: Id
    text: Text
    cites: CiteList


class WrittenQuestions(_Shape):
    """All of ``questionnaire.yaml``."""

    version: Text
    title: Text
    minutes: Annotated[int, Field(ge=1)]
    introduction: Text
    disclaimer: Text
    scale: Annotated[tuple[Text, ...], Field(min_length=5, max_length=5)]
    not_applicable: Text
    models: Annotated[tuple[WrittenModel, ...], Field(min_length=1)]
    phase_names: Mapping[Id, Text]
    phase_items: tuple[WrittenPhaseItem, ...]
    settling: Mapping[Id, WrittenCitedText]
    conditions: Annotated[tuple[WrittenCondition, ...], Field(min_length=5, max_length=5)]
    tensions: tuple[WrittenTension, ...]
    open_questions: tuple[WrittenOpenQuestion, ...]
    pulse: Annotated[tuple[Id, ...], Field(min_length=1)]

    @property
    def phases(self) -> tuple[str, ...]:
        """The phases of all models."""
        return tuple(phase for model in self.models for phase in model.phases)

    @property
    def statements(self) -> Iterator[tuple[WrittenItem, Location]]:
        """The statements of all conditions, and where they stand."""
        for at, condition in enumerate(self.conditions):
            for number, item in enumerate(condition.items):
                yield item, ("conditions", at, "items", number)


class WrittenAction(_Shape):
    """One of the list in ``actions.yaml``."""

    id: Id
    title: Text
    text: Text
    cites: CiteList
    first_step: Text
    sign: Text
    items: Annotated[tuple[Id, ...], Field(min_length=1)]
    phases: tuple[Id, ...] = ()
    tensions: Mapping[Id, Literal["left", "right"]] = Field(default_factory=dict)
