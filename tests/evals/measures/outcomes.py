"""Answers and refusals of a chosen confidence."""

from __future__ import annotations

from dataclasses import replace

from assistant.domain import Answer, Refusal
from tests.fakes import a_refusal, an_answer


def answered(markdown: str = "Vertrouwen groeit langzaam. [1]", confidence: float = 0.9) -> Answer:
    """Return an answer of two claims; its text is what is given."""
    answer = an_answer()[-1]
    assert isinstance(answer, Answer)
    return replace(answer, markdown=markdown, confidence=confidence)


def refused(confidence: float = 0.1, markdown: str = "Dit staat niet in de bronnen.") -> Refusal:
    """Return a refusal."""
    refusal = a_refusal()[-1]
    assert isinstance(refusal, Refusal)
    return replace(refusal, markdown=markdown, confidence=confidence)
