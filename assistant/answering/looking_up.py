"""What is found for a question, or for each of the questions in one message, and whether that is enough."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Protocol

from assistant.answering.refusing import RefusalPolicy
from assistant.answering.shelf import Shelf
from assistant.answering.suggesting import is_offered
from assistant.answering.understanding import MOST_PARTS, Understanding
from assistant.domain import Findings, Intent, Query, Question, RefusalReason

UNCOVERED, COVERED = 0.15, 0.7
"""Confidence up to which a part of a question is said not to be in the sources, and from which a part is
answered of a question that as a whole would be refused."""

NAMED_IN_FULL = 0.9
"""Share of a question's content that a card's name accounts for when the question is about that card."""


class Retrieves(Protocol):
    """Finds the passages for a query."""

    def retrieve(self, query: Query, limit: int = 12) -> Findings:
        """Return what was found, best first."""
        ...

    def prepare(self, query: Query, limit: int = 12) -> Callable[[], Findings]:
        """Begin to retrieve, as far as that goes beside other work; calling what is returned ends it."""
        ...


@dataclass(frozen=True, slots=True)
class Case:
    """A question, what was found for it, and whether that is enough."""

    question: Question
    query: Query
    findings: Findings
    confidence: float
    reason: RefusalReason | None
    """Why it's refused, or ``None``."""


class LookUp:
    """Looks up questions in one version of the index."""

    def __init__(
        self,
        understanding: Understanding,
        retriever: Retrieves,
        shelf: Shelf,
        policy: RefusalPolicy,
    ) -> None:
        self._understanding = understanding
        self._retriever = retriever
        self._shelf = shelf
        self._policy = policy
        self._beside = ThreadPoolExecutor(MOST_PARTS, "look-ahead")

    def look_up(self, question: Question, query: Query) -> tuple[Case, list[Case], list[str]]:
        """Return the case of the whole message, the cases to answer, and the questions that aren't covered.

        Those last are in its own words, and stand beside what is answered.
        """
        case, *parts = self._look_up_all([(question, query), *self._parts(question, query)])
        return case, *self._by_part(case, parts)

    def _parts(self, question: Question, query: Query) -> list[tuple[Question, Query]]:
        """Return the questions in a message that may be more than one, each as it is understood."""
        if query.intent in (Intent.SITUATION, Intent.COMPARISON, Intent.TASK):
            return []
        return [(one, self._understanding.understand(one)) for one in self._understanding.split(question)]

    def _look_up_all(self, asked: Sequence[tuple[Question, Query]]) -> list[Case]:
        """Look up several questions; while the first is looked up, the others are begun beside it."""
        (question, query), *others = asked
        ahead = [self._beside.submit(self._retriever.prepare, query) for _, query in others]
        first = self._judge(question, query, self._retriever.prepare(query))
        return [first, *(self._judge(*one, begun.result()) for one, begun in zip(others, ahead, strict=True))]

    def _by_part(self, case: Case, parts: Sequence[Case]) -> tuple[list[Case], list[str]]:
        """Return what is to be answered, and the questions beside it that the sources say nothing about.

        A message that can't be answered as a whole is answered question by question, as far as it goes.
        """
        whole = [case] if case.reason is None else []
        uncovered = [
            one.question.text for one in parts if one.reason is not None and one.confidence <= UNCOVERED
        ]
        if whole:
            return whole, uncovered if len(parts) > 1 else []
        clear = [one for one in parts if one.reason is None and one.confidence >= COVERED]
        answered = [one for one in clear if self._says_enough(one.query)]
        room = case.query.room // max(1, len(answered))
        return [replace(one, query=replace(one.query, room=room)) for one in answered], uncovered

    def _says_enough(self, query: Query) -> bool:
        """Return whether the words of a part can be judged by themselves: several, or a card's name."""
        wanted = self._shelf.stems(query.text)
        cards = self._shelf.admitted(query.filters)
        return len(wanted) > 1 or any(self._shelf.naming(card, wanted) >= NAMED_IN_FULL for card in cards)

    def _judge(self, question: Question, query: Query, finding: Callable[[], Findings]) -> Case:
        findings = finding()
        if self._is_on_the_cards(query):
            return Case(question, query, findings, 1.0, None)
        confidence = self._policy.confidence(query, findings)
        return Case(question, query, findings, confidence, self._policy.decide(query, findings))

    def _is_on_the_cards(self, query: Query) -> bool:
        """Whether the words alone show that a card answers, however far off the question seems.

        A card offers this very question, or the question hardly says more than a card's name, or
        one statement holds all of its content, or it compares what two cards are named after.
        """
        if query.intent is Intent.TASK:
            return False
        cards = tuple(self._shelf.admitted(query.filters))
        wanted = self._shelf.stems(query.text)
        sides = [self._shelf.stems(side) for side in query.sides]
        are_named = [any(self._shelf.naming(card, side) >= NAMED_IN_FULL for card in cards) for side in sides]
        if len(sides) > 1 and all(are_named):
            return True
        return is_offered(query.text, cards) or any(
            self._shelf.naming(card, wanted) >= NAMED_IN_FULL or self._shelf.says_all(card, wanted)
            for card in cards
        )
