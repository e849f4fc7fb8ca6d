"""What the API gives of health checks and briefs.

``citations`` beside a text are the numbers of those at the end of the whole.
"""

from __future__ import annotations

from datetime import date, datetime

from assistant.client.values import Citation, Value


class CitedText(Value):
    """A text and the numbers of what it rests on; of the makers' own craft if those are none."""

    text: str
    citations: tuple[int, ...]


# ── The questionnaire ────────────────────────────────────────────────────────


class PhaseItem(Value):
    """A statement on what can be seen in an alliance, and the phases that it points to."""

    id: str
    text: str
    phases: tuple[str, ...]
    citations: tuple[int, ...]


class Item(Value):
    """A statement that a respondent agrees with, more or less; ``term`` is the card that explains it."""

    id: str
    text: str
    term: str
    citations: tuple[int, ...]


class Condition(Value):
    """Something that an alliance needs."""

    id: str
    title: str
    about: str
    items: tuple[Item, ...]


class Tension(Value):
    """A paradox, as a slider between its poles."""

    id: str
    card_id: str
    question: str
    left: str
    right: str
    citations: tuple[int, ...]


class OpenQuestion(Value):
    """A question that is answered in one's own words."""

    id: str
    text: str
    citations: tuple[int, ...]


class PhaseModel(Value):
    """One author's phases, in order, as card ids."""

    id: str
    title: str
    phases: tuple[str, ...]


class Questionnaire(Value):
    """All that a health check asks; ``scale`` labels the scores 1 to 5."""

    version: str
    title: str
    minutes: int
    introduction: str
    disclaimer: str
    scale: tuple[str, ...]
    not_applicable: str
    models: tuple[PhaseModel, ...]
    phase_names: dict[str, str]
    phase_items: tuple[PhaseItem, ...]
    settling: dict[str, CitedText]
    conditions: tuple[Condition, ...]
    tensions: tuple[Tension, ...]
    open_questions: tuple[OpenQuestion, ...]
    pulse: tuple[str, ...]
    citations: tuple[Citation, ...]


# ── The report ───────────────────────────────────────────────────────────────


class Group(Value):
    """Respondents who are shown together."""

    label: str
    organisations: tuple[str, ...]
    respondents: int


class GroupScore(Value):
    """A group's mean, and of how many answers."""

    group: str
    mean: float
    count: int


class Score(Value):
    """What was answered on one item, condition or tension; ``mean`` is ``None`` below three answers."""

    id: str
    title: str
    mean: float | None
    spread: float | None
    count: int
    groups: tuple[GroupScore, ...]
    band: str
    gap: float


class ConditionResult(Value):
    """The score of a condition, and those of its items."""

    score: Score
    items: tuple[Score, ...]


class TensionResult(Value):
    """Where a tension stands, from -2 (left) to 2 (right), in a sentence too."""

    score: Score
    card_id: str
    left: str
    right: str
    sentence: str


class PhaseShare(Value):
    """How much of what people see points to a phase."""

    phase: str
    name: str
    share: float


class Ground(Value):
    """A phase item that decided where an alliance is."""

    item_id: str
    text: str
    mean: float
    citations: tuple[int, ...]


class PhaseResult(Value):
    """Where an alliance is in the terms of one model; ``settling`` would settle the doubt."""

    model: str
    title: str
    shares: tuple[PhaseShare, ...]
    leading: str | None
    is_doubtful: bool
    sentence: str
    decided_by: tuple[Ground, ...]
    settling: tuple[CitedText, ...]


class AgendaPoint(Value):
    """Something to talk about, and the question that opens the conversation."""

    kind: str
    item_id: str
    title: str
    finding: str
    question: str
    citations: tuple[int, ...]


class Action(Value):
    """Something to do that the report suggests; ``sign`` shows that it works."""

    id: str
    title: str
    text: str
    first_step: str
    sign: str
    citations: tuple[int, ...]


class ChosenAction(Value):
    """An action that the partners agreed on."""

    id: str
    title: str
    owner: str
    due: date
    is_done: bool


class Remark(Value):
    """What somebody wrote, without who or where."""

    item_id: str
    title: str
    text: str


class Trend(Value):
    """A condition over the rounds; a change within ``noise`` says nothing."""

    id: str
    title: str
    rounds: tuple[tuple[int, float], ...]
    noise: float
    sentence: str


class Report(Value):
    """What a closed check shows. Groups under three respondents are never apart in it."""

    check_id: str
    alliance: str
    kind: str
    round: int
    version: str
    closed: datetime
    respondents: int
    groups: tuple[Group, ...]
    phases: tuple[PhaseResult, ...]
    conditions: tuple[ConditionResult, ...]
    tensions: tuple[TensionResult, ...]
    agenda: tuple[AgendaPoint, ...]
    suggestions: tuple[Action, ...]
    remarks: tuple[Remark, ...]
    trends: tuple[Trend, ...]
    disclaimer: str
    chosen: tuple[ChosenAction, ...]
    citations: tuple[Citation, ...]


# ── The brief ────────────────────────────────────────────────────────────────


class Hypothesis(Value):
    """What may be going on: a phase or a paradox, with what speaks for and against it."""

    card_id: str
    title: str
    is_phase: bool
    weight: float
    claim: CitedText
    speaks_for: tuple[CitedText, ...]
    speaks_against: tuple[CitedText, ...]


class Intervention(Value):
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


class PartyQuestions(Value):
    """What to ask one of the parties."""

    party: str
    questions: tuple[CitedText, ...]


class AgendaBlock(Value):
    """A part of the first session."""

    title: str
    minutes: int
    text: CitedText


class Brief(Value):
    """What a coach takes into a session."""

    title: str
    situation: str
    hypotheses: tuple[Hypothesis, ...]
    interventions: tuple[Intervention, ...]
    questions: tuple[PartyQuestions, ...]
    agenda: tuple[AgendaBlock, ...]
    caveats: tuple[str, ...]
    citations: tuple[Citation, ...]
