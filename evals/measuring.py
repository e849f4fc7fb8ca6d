"""Asks the reference questions and counts what goes wrong, without a model as judge."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from assistant.bootstrap import Assistant
from assistant.domain import Answer, Catalogue, Question, Refusal, card_id_of, outcome_of
from evals.questions import Answerable, Questions

LONGEST = 165
"""Words in an answer, marks included, above which it counts as too long."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A question that went wrong, and how."""

    kind: str
    question: str
    found: str


@dataclass(frozen=True, slots=True)
class Report:
    """What was asked and what went wrong."""

    answered: int
    refused: int
    citations: int
    words: tuple[int, ...]
    faults: tuple[Fault, ...]

    def count(self, kind: str) -> int:
        """Return how many faults of a kind there are."""
        return sum(fault.kind == kind for fault in self.faults)


def measure(assistant: Assistant, questions: Questions) -> Report:
    """Ask every reference question and report."""
    faults: list[Fault] = []
    answers: list[Answer] = []
    for item in questions.answered:
        outcome = ask(assistant, item.question)
        if isinstance(outcome, Refusal):
            faults.append(Fault("wrongly refused", item.question, outcome.reason))
        else:
            answers.append(outcome)
            faults.extend(_judge(item, outcome, assistant.catalogue))
    for text in questions.refused:
        outcome = ask(assistant, text)
        if isinstance(outcome, Answer):
            faults.append(Fault("wrongly answered", text, outcome.markdown))
    return Report(
        answered=len(questions.answered),
        refused=len(questions.refused),
        citations=sum(len(answer.citations) for answer in answers),
        words=tuple(len(answer.markdown.split()) for answer in answers),
        faults=tuple(faults),
    )


def ask(assistant: Assistant, text: str) -> Answer | Refusal:
    """Return how a question ends."""
    return outcome_of(assistant.ask(Question(text)))


def _judge(item: Answerable, answer: Answer, catalogue: Catalogue) -> Iterable[Fault]:
    used = {card_id_of(cited) for checked in answer.claims for cited in checked.claim.cites}
    if used.isdisjoint(item.cards):
        yield Fault("other cards", item.question, ", ".join(sorted(used)))
    missing = [word for word in item.holds if word not in answer.markdown]
    if missing:
        yield Fault("incomplete", item.question, ", ".join(missing))
    if len(answer.markdown.split()) > LONGEST:
        yield Fault("too long", item.question, str(len(answer.markdown.split())))
    for checked in answer.claims:
        if not checked.citations:
            yield Fault("no citation", item.question, checked.claim.text)
    for citation in answer.citations:
        span, evidence = citation.evidence.span, citation.evidence
        if span and catalogue.documents[evidence.source_id].text[span.start : span.end] != evidence.quote:
            yield Fault("inexact span", item.question, evidence.quote)
