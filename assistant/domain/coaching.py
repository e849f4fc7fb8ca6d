"""The health check: what it asks, what people answer, what it shows, and a brief for a coach.

Scores are 1 (not at all) to 5 (wholly); a tension is set from -2 (wholly left) to 2 (wholly right).
``statements`` are ids of card statements (``funderen#3``): what a text for readers rests on.
A text of our own craft has none, and is shown as such.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date, datetime
from enum import StrEnum

from assistant.domain.corpus import Evidence

SMALLEST_GROUP = 3
"""Fewer respondents than this are never shown apart."""

MOST_ACTIONS = 3
"""So many actions are chosen at most, each with an owner and a date."""

# ── What it asks ─────────────────────────────────────────────────────────────


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


# ── What people answer ───────────────────────────────────────────────────────


class CheckKind(StrEnum):
    """A whole check, or a short one between two rounds."""

    FULL = "full"
    PULSE = "pulse"


@dataclass(frozen=True, slots=True)
class Response:
    """What one person answers to one item, tension or open question."""

    item_id: str
    score: int | None
    """1 to 5, or -2 to 2 for a tension; ``None`` if it doesn't apply, and for an open question."""
    remark: str = ""
    """Room to explain; for an open question, the answer."""


@dataclass(frozen=True, slots=True)
class Submission:
    """All that one person answered, and for which organisation; nothing says who it was."""

    organisation_id: str
    responses: tuple[Response, ...]


@dataclass(frozen=True, slots=True)
class Organisation:
    """A partner in the alliance that takes part in a check."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Check:
    """One round of a health check of one alliance."""

    id: str
    series_id: str
    """The same for all rounds of one alliance."""
    alliance: str
    kind: CheckKind
    round: int
    """Counted from 1 within the series."""
    version: str
    """Of the questionnaire."""
    organisations: tuple[Organisation, ...]
    created: datetime
    closed: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether people can still answer."""
        return self.closed is None


@dataclass(frozen=True, slots=True)
class Participation:
    """How many people of an organisation began, and how many finished."""

    organisation: Organisation
    begun: int
    finished: int


@dataclass(frozen=True, slots=True)
class Respondent:
    """One person's answers so far. Only who holds the code can see or change them."""

    code: str
    check: Check
    organisation: Organisation
    responses: Mapping[str, Response]
    """By item id."""
    is_finished: bool


@dataclass(frozen=True, slots=True)
class ChosenAction:
    """An action that the partners agreed on."""

    id: str
    """Of the ``Action``, or a slug of its title if the partners thought of it themselves."""
    title: str
    owner: str
    due: date
    is_done: bool = False


# ── What it shows ────────────────────────────────────────────────────────────


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


# ── The brief ────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Intervention:
    """Something that a coach can do with the partners."""

    id: str
    title: str
    aim: CitedText
    takes: str
    group: str
    steps: tuple[CitedText, ...]
    risks: tuple[CitedText, ...]
    not_when: CitedText
    sign: CitedText


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """What may be going on: a phase or a paradox, with what speaks for and against it."""

    card_id: str
    title: str
    is_phase: bool
    weight: float
    """How strongly it is suggested, from 0 to 1."""
    claim: CitedText
    speaks_for: tuple[CitedText, ...]
    speaks_against: tuple[CitedText, ...]


@dataclass(frozen=True, slots=True)
class PartyQuestions:
    """What to ask one of the parties."""

    party: str
    questions: tuple[CitedText, ...]


@dataclass(frozen=True, slots=True)
class AgendaBlock:
    """A part of the first session."""

    title: str
    minutes: int
    text: CitedText


@dataclass(frozen=True, slots=True)
class Brief:
    """What a coach takes into a session."""

    title: str
    situation: str
    """As it was described; empty if the brief comes from a check alone."""
    hypotheses: tuple[Hypothesis, ...]
    interventions: tuple[Intervention, ...]
    questions: tuple[PartyQuestions, ...]
    agenda: tuple[AgendaBlock, ...]
    caveats: tuple[str, ...]
    """What the brief can't know."""


# ── Keys ─────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Created:
    """A check just made: the key of who made it, and an invitation for every organisation, by its id."""

    check: Check
    owner_key: str
    invitations: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Portfolio:
    """A coach's view of several alliances: a key to see it, and a code to share a check with it."""

    key: str
    share_code: str


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
