"""The health check: what it shows once it is closed, and who may see that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import datetime
from enum import StrEnum

from assistant.domain.checking import Check, CheckKind, ChosenAction
from assistant.domain.corpus import Evidence
from assistant.domain.questionnaire import Action, CitedText

SMALLEST_GROUP = 3
"""Fewer respondents than this are never shown apart."""


@dataclass(frozen=True, slots=True)
class Group:
    """Respondents who are shown together: one organisation, or several small ones."""

    label: str
    organisations: tuple[str, ...]
    """Names."""
    respondents: int


@dataclass(frozen=True, slots=True)
class GroupScore:
    """A group's mean, rounded to one decimal, and of how many answers."""

    group: str
    mean: float
    count: int


@dataclass(frozen=True, slots=True)
class Score:
    """What respondents answered on one item, condition or tension, all together and by group."""

    id: str
    title: str
    mean: float | None
    """Rounded to one decimal; ``None`` when fewer than three answered."""
    spread: float | None
    """Standard deviation of the answers, rounded to one decimal."""
    count: int
    groups: tuple[GroupScore, ...] = ()
    """Empty where some group has fewer than three answers."""
    band: str = ""
    """What the norms call such a mean."""

    @property
    def gap(self) -> float:
        """The difference between the highest and the lowest group."""
        means = [one.mean for one in self.groups]
        return round(max(means) - min(means), 1) if len(means) > 1 else 0.0


@dataclass(frozen=True, slots=True)
class ConditionResult:
    """The score of a condition, and those of its items."""

    score: Score
    items: tuple[Score, ...]


@dataclass(frozen=True, slots=True)
class TensionResult:
    """Where a tension stands, from -2 (left) to 2 (right), in a sentence too."""

    score: Score
    card_id: str
    left: str
    right: str
    sentence: str


@dataclass(frozen=True, slots=True)
class PhaseShare:
    """How much of what people see points to a phase; the shares of a model add up to 1."""

    phase: str
    name: str
    share: float


@dataclass(frozen=True, slots=True)
class Ground:
    """A phase item that decided where an alliance is, and how it was answered."""

    item_id: str
    text: str
    mean: float
    statements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PhaseResult:
    """Where an alliance is in the terms of one model."""

    model: str
    title: str
    shares: tuple[PhaseShare, ...]
    leading: str | None
    """The phase with the largest share; ``None`` if nothing can be said."""
    is_doubtful: bool
    sentence: str
    decided_by: tuple[Ground, ...]
    settling: tuple[CitedText, ...]
    """What would settle the doubt; empty if there is none."""


class AgendaKind(StrEnum):
    """Why something deserves a conversation."""

    GAP = "gap"
    SPREAD = "spread"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class AgendaPoint:
    """Something to talk about, and the question that opens the conversation."""

    kind: AgendaKind
    item_id: str
    title: str
    finding: str
    question: str
    statements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Trend:
    """A condition over the rounds; a change within ``noise`` says nothing."""

    id: str
    title: str
    rounds: tuple[tuple[int, float], ...]
    noise: float
    sentence: str


@dataclass(frozen=True, slots=True)
class Remark:
    """What somebody wrote, without who or where."""

    item_id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Report:
    """What a closed check shows. It can't be traced to a person, and never changes but to show less."""

    check_id: str
    alliance: str
    kind: CheckKind
    round: int
    version: str
    closed: datetime
    respondents: int
    groups: tuple[Group, ...]
    """Every respondent is in one of them, and each has at least three; empty if there are too few."""
    phases: tuple[PhaseResult, ...]
    conditions: tuple[ConditionResult, ...]
    tensions: tuple[TensionResult, ...]
    agenda: tuple[AgendaPoint, ...]
    suggestions: tuple[Action, ...]
    """Actions to choose from, the most fitting first."""
    remarks: tuple[Remark, ...]
    trends: tuple[Trend, ...]
    disclaimer: str
    evidence: Mapping[str, tuple[Evidence, ...]] = field(default_factory=dict)
    """What the statements rested on when the check was closed, by statement id: cards may change."""


@dataclass(frozen=True, slots=True)
class Shared:
    """A check that an alliance shared with a coach."""

    check: Check
    report: Report | None
    chosen: tuple[ChosenAction, ...]


def statements_in(value: object) -> Iterator[str]:
    """Yield the ids of the statements that a report, a brief or a part of one rests on, in its order."""
    if is_dataclass(value):
        for one in fields(value):
            part = getattr(value, one.name)
            yield from part if one.name == "statements" else statements_in(part)
    elif isinstance(value, Mapping):
        yield from statements_in(tuple(value.values()))
    elif isinstance(value, tuple | list):
        for part in value:
            yield from statements_in(part)
