"""How outcomes are put into words, and from which value on: rules of thumb of our own, in a file."""

from __future__ import annotations

from pathlib import Path
from string import Formatter
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter

from assistant.coach.yaml_files import YamlFile


def _sentence(*names: str) -> AfterValidator:
    """Validate that a text leaves no places open but these."""

    def validate(text: str) -> str:
        unknown = {name for _, name, _, _ in Formatter().parse(text) if name is not None} - set(names)
        if unknown:
            raise ValueError(f"unknown place {sorted(unknown)}; known are {sorted(names)}")
        return text

    return AfterValidator(validate)


Plain = Annotated[str, Field(min_length=1), _sentence()]
Titled = Annotated[str, Field(min_length=1), _sentence("titel")]
Poles = Annotated[str, Field(min_length=1), _sentence("links", "rechts")]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Band(_Shape):
    """What a mean is called from some value on."""

    start: Annotated[float, Field(alias="from", ge=1, le=5)]
    label: Plain
    sentence: Titled


class GapNorm(_Shape):
    """From which difference on partners see something differently."""

    start: Annotated[float, Field(alias="from", gt=0)]
    sentence: Annotated[str, _sentence("titel", "hoog", "laag")]


class SpreadNorm(_Shape):
    """From which spread on a mean says little."""

    start: Annotated[float, Field(alias="from", gt=0)]
    sentence: Titled


class TiltNorm(_Shape):
    """From which distance to the middle on a tension leans to a side."""

    start: Annotated[float, Field(alias="from", gt=0)]
    left: Poles
    right: Poles
    balanced: Poles


class DoubtNorm(_Shape):
    """Within which difference between two shares it is doubtful which phase leads."""

    within: Annotated[float, Field(ge=0, le=1)]
    sentence: Annotated[str, _sentence("eerste", "tweede")]


class SettledNorm(_Shape):
    """What to say of a phase that clearly leads."""

    sentence: Annotated[str, _sentence("fase")]


class TrendNorm(_Shape):
    """What to say of a change since the round before."""

    up: Titled
    down: Titled
    noise: Titled


class AgendaNorm(_Shape):
    """The questions that open a conversation."""

    gap: Titled
    spread: Titled
    low: Titled


class GroupNorm(_Shape):
    """What to call small partners that are shown together."""

    merged: Annotated[str, _sentence("namen")]


class Norms(_Shape):
    """All of ``norms.yaml``."""

    bands: Annotated[tuple[Band, ...], Field(min_length=1)]
    gap: GapNorm
    spread: SpreadNorm
    tilt: TiltNorm
    doubt: DoubtNorm
    settled: SettledNorm
    unseen: Plain
    trend: TrendNorm
    few: Plain
    agenda: AgendaNorm
    groups: GroupNorm

    def band_of(self, mean: float) -> Band:
        """Return the band of a mean; the lowest reaches down to 1."""
        return next((one for one in reversed(self.bands) if mean >= one.start), self.bands[0])


def read_norms(path: Path) -> Norms:
    """Read the norms; raise ``InvalidQuestionnaire`` with the line of a mistake."""
    file = YamlFile.read(path)
    norms = file.parse(TypeAdapter(Norms))
    starts = [one.start for one in norms.bands]
    if starts != sorted(set(starts)):
        raise file.mistake("bands: they don't rise", "bands")
    return norms


def quoted(text: str) -> str:
    """Return a statement as it stands inside a sentence: without its full stop."""
    return text.removesuffix(".")
