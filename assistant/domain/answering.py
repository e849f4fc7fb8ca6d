"""What the assistant answers: claims, the citations that prove them, and how a question ends."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from assistant.domain.asking import Language, Query, Question
from assistant.domain.corpus import Evidence, Support
from assistant.domain.retrieval import Passage


class ClaimForm(StrEnum):
    """How a claim stands in the answer."""

    SENTENCE = "sentence"
    PARAGRAPH = "paragraph"
    """A sentence that opens a new paragraph."""
    BULLET = "bullet"
    NUMBERED = "numbered"


@dataclass(frozen=True, slots=True)
class Claim:
    """One assertion of an answer, and the ids of what it rests on (statements or chunks)."""

    text: str
    cites: tuple[str, ...]
    form: ClaimForm = ClaimForm.SENTENCE


@dataclass(frozen=True, slots=True)
class Citation:
    """Evidence with the number that the reader sees."""

    number: int
    evidence: Evidence
    support: Support


@dataclass(frozen=True, slots=True)
class CheckedClaim:
    """A claim that passed the check, with the citations that prove it."""

    claim: Claim
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Timing:
    """How long a stage took, in milliseconds."""

    stage: str
    milliseconds: float


@dataclass(frozen=True, slots=True)
class Answer:
    """A question answered: every claim checked, every mark backed by a citation."""

    id: str
    question: Question
    query: Query
    markdown: str
    claims: tuple[CheckedClaim, ...]
    citations: tuple[Citation, ...]
    follow_ups: tuple[str, ...]
    engine: str
    confidence: float
    """How surely the sources answer the question, from 0 to 1."""
    timings: tuple[Timing, ...] = field(default=())
    withheld: int = 0
    """Sentences that a chat model wrote and the check kept from the reader."""
    notices: tuple[str, ...] = ()
    """What to tell the reader of how the answer came about, beside it."""
    lapse: str | None = None
    """Why the composer had to stand in for a chat model, or ``None`` if it hadn't."""


class RefusalReason(StrEnum):
    """Why there is no answer."""

    NOT_IN_SOURCES = "not_in_sources"
    OUT_OF_SCOPE = "out_of_scope"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A question that the sources don't answer: what was searched, and what can be asked instead."""

    id: str
    question: Question
    query: Query
    markdown: str
    reason: RefusalReason
    follow_ups: tuple[str, ...]
    engine: str
    confidence: float
    """How surely the sources answer the question, from 0 to 1."""
    timings: tuple[Timing, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class PassagesFound:
    """The passages that an answer is about to be composed from, best first."""

    passages: tuple[Passage, ...]
    language: Language = Language.DUTCH
    """The language that the answer will be in."""


Event = PassagesFound | CheckedClaim | Answer | Refusal
"""What answering yields: passages first, then claims, and last an ``Answer`` or a ``Refusal``."""


def outcome_of(events: Iterable[Event]) -> Answer | Refusal:
    """Run an answer to its end and return how it ended; ``RuntimeError`` if it has no outcome."""
    outcome: Answer | Refusal | None = None
    for event in events:
        if isinstance(event, Answer | Refusal):
            outcome = event
    if outcome is None:
        raise RuntimeError("answering ended without an outcome")
    return outcome
