"""What a person asks, and what was understood of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from assistant.domain.corpus import SectionRole

USUAL_ROOM = 140
"""Words that an answer may have, unless it's wanted shorter or longer."""


class Language(StrEnum):
    """The languages that questions come in."""

    DUTCH = "nl"
    ENGLISH = "en"


class Intent(StrEnum):
    """What a question wants, which decides how an answer is composed."""

    DEFINITION = "definition"
    LIST = "list"
    COMPARISON = "comparison"
    HOW_TO = "how_to"
    WHY = "why"
    FACT = "fact"
    SITUATION = "situation"
    HEALTH_CHECK = "health_check"
    SMALL_TALK = "small_talk"
    TASK = "task"
    """Asks for work of another kind: repeating, translating, writing, playing a part."""


class Manner(StrEnum):
    """How somebody wants an answer, apart from what it says."""

    SHORT = "short"
    FULL = "full"
    SOURCED = "sourced"
    """Who says it, and where."""
    ENGLISH = "english"
    DUTCH = "dutch"


class Expectation(StrEnum):
    """What the answer to a question of fact must hold."""

    NAME = "name"
    NUMBER = "number"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class Turn:
    """One earlier message of the conversation."""

    role: Literal["user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Filters:
    """Where to look; empty means everywhere."""

    sources: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Question:
    """What a person asks, as it came in."""

    text: str
    history: tuple[Turn, ...] = ()
    filters: Filters = Filters()
    reader: str | None = None
    """Who asks, as owner of documents; ``None`` finds shared ones only."""


@dataclass(frozen=True, slots=True)
class Query:
    """A question, understood."""

    text: str
    """The question on its own, with what the conversation left unsaid filled in."""
    language: Language
    intent: Intent
    filters: Filters = Filters()
    sides: tuple[str, ...] = ()
    """The two things that a comparison sets side by side."""
    role: SectionRole | None = None
    """The role of the card sections it asks for, if it says so ("waaraan herken ik…")."""
    expects: Expectation | None = None
    courtesy: str | None = None
    """Which courtesy small talk asks for: a key in ``prompts/answers.yaml``."""
    manners: frozenset[Manner] = frozenset()
    room: int = USUAL_ROOM
    """About how many words the answer may have."""
    reader: str | None = None
    """Who asks, as owner of documents; ``None`` finds shared ones only."""

    @property
    def reply_language(self) -> Language:
        """The language to answer in: that of the question, unless another is asked for."""
        if Manner.ENGLISH in self.manners:
            return Language.ENGLISH
        return Language.DUTCH if Manner.DUTCH in self.manners else self.language
