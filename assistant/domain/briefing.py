"""The brief that a coach takes into a session."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.domain.questionnaire import CitedText


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
