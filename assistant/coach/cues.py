"""What the coach recognises words by, validated as it is read: ``prompts/interview_cues.yaml``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, TypeAdapter

from assistant.coach.yaml_files import YamlFile

SHORTEST_MISTYPED = 5
"""Letters from which on a word is recognised with one letter amiss."""


class Command(StrEnum):
    """What a respondent can ask of the coach beside answering."""

    STOP = "stop"
    BACK = "back"
    SKIP = "skip"
    AGAIN = "again"
    GO_ON = "go_on"
    SCALE = "scale"
    PROGRESS = "progress"
    PRIVACY = "privacy"


def _compile(pattern: object) -> object:
    try:
        return re.compile(pattern) if isinstance(pattern, str) else pattern
    except re.error as error:
        raise ValueError(f"pattern: {error}") from error


def _join(patterns: object) -> object:
    joined = "|".join(f"(?:{one})" for one in patterns) if isinstance(patterns, list) else patterns
    return _compile(joined)


Pattern = Annotated[re.Pattern[str], BeforeValidator(_compile)]
Patterns = Annotated[re.Pattern[str], BeforeValidator(_join)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class Graded(_Strict):
    """Patterns by score: what they say for sure, and what is asked back."""

    sure: Mapping[int, Patterns]
    unsure: Mapping[int, Patterns]


class Ungraded(_Strict):
    """Patterns that say that one can't judge."""

    sure: Patterns
    unsure: Patterns


class PositionCues(Graded):
    """Words for where a tension stands: which side, and how far."""

    left: Pattern
    right: Pattern
    middle: Pattern
    strong: Pattern
    slight: Pattern
    negation: Pattern
    than: Pattern
    idle: frozenset[str]
    most_idle: int


class Cues(_Strict):
    """All that the coach recognises words by."""

    spoken: Mapping[str, str]
    fillers: Patterns
    separators: Pattern
    joints: Pattern
    numbers: Mapping[str, int]
    exact_number: Pattern
    rough_number: Pattern
    two_numbers: Pattern
    half_number: Pattern
    sign: Pattern
    beyond: Pattern
    beyond_words: Mapping[str, int]
    statement: Graded
    not_applicable: Ungraded
    explicit: Pattern
    negated: Pattern
    position: PositionCues
    courtesies: Pattern
    commands: Mapping[Command, Pattern]
    jump: Pattern
    meaning: Pattern
    reason: Pattern
    questions: Pattern
    pronouns: Pattern
    articles: Pattern
    agreed: Pattern
    denied: Pattern
    nothing: Pattern
    remark_words: int

    @classmethod
    def read(cls, path: Path) -> Cues:
        """Read the cues of one file, or raise ``InvalidQuestionnaire``."""
        return YamlFile.read(path).parse(TypeAdapter(cls))

    def vocabulary(self) -> Iterator[str]:
        """Yield the longer words by which answers and commands are recognised."""
        graded = (self.statement, self.position)
        patterns: list[re.Pattern[str]] = [one for two in graded for one in two.sure.values()]
        patterns += [one for two in graded for one in two.unsure.values()]
        patterns += [
            *self.commands.values(),
            self.not_applicable.sure,
            self.not_applicable.unsure,
            self.fillers,
        ]
        patterns += [self.position.strong, self.position.slight, self.agreed, self.denied]
        for pattern in patterns:
            yield from re.findall(rf"[a-z]{{{SHORTEST_MISTYPED},}}", pattern.pattern)
