"""One question, from start to finish: a synchronous generator of events for every surface."""

from __future__ import annotations

import re
import time
import unicodedata
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol

from assistant.answering.citations import CitationCheck
from assistant.answering.framing import Framer
from assistant.answering.paraphrasing import Paraphrases
from assistant.answering.prompts import Texts
from assistant.answering.refusing import RefusalPolicy
from assistant.answering.selecting import Selection
from assistant.answering.shelf import Lexicon, Shelf
from assistant.answering.suggesting import is_offered, suggest
from assistant.answering.understanding import Understanding
from assistant.answering.writing import Generates, Writer, Writing
from assistant.domain import (
    Answer,
    Catalogue,
    Chunk,
    Claim,
    Event,
    Findings,
    Intent,
    Language,
    Passage,
    PassagesFound,
    Query,
    Question,
    Refusal,
    RefusalReason,
    Timing,
)

MOST_MISSING = 5
"""Words that a refusal names as not found."""

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


class Pipeline:
    """Answers questions from one version of the index."""

    def __init__(  # noqa: PLR0913 - the composition root names each collaborator
        self,
        *,
        catalogue: Catalogue,
        chunks: Mapping[str, Chunk],
        understanding: Understanding,
        retriever: Retrieves,
        lexicon: Lexicon,
        policy: RefusalPolicy,
        texts: Texts,
        generator: Generates | None = None,
    ) -> None:
        self._catalogue = catalogue
        self._understanding = understanding
        self._retriever = retriever
        self._shelf = Shelf(catalogue, lexicon)
        paraphrases = Paraphrases(catalogue, lexicon) if generator else None
        check = CitationCheck(catalogue, chunks, paraphrases)
        self._writer = Writer(self._shelf, check, texts, generator)
        self._composer = self._writer.composer
        self._policy = policy
        self._texts = texts
        self._framer = Framer(catalogue, texts)

    def answer(self, question: Question) -> Iterator[Event]:
        """Yield the passages found, each claim as it passes the check, and last the answer or refusal."""
        clock = _Clock()
        query = self._understanding.understand(question)
        clock.mark("understanding")
        if query.intent is Intent.SMALL_TALK:
            yield self._courtesy(question, query, clock)
            return
        case = self._look_up(question, query)
        cases, uncovered = self._by_part(case)
        clock.mark("retrieval")
        if not cases:
            yield self._refuse(case, case.reason or RefusalReason.NOT_IN_SOURCES, clock)
            return
        case = replace(case, confidence=min(one.confidence for one in cases))
        yield PassagesFound(_merged(cases))
        writing = self._writer.write(query, [(one.query, one.findings) for one in cases])
        yield from writing
        clock.mark("composing")
        if writing.claims:
            yield self._conclude(case, writing, uncovered, clock)
        else:
            yield self._refuse(case, RefusalReason.NOT_IN_SOURCES, clock)

    def _by_part(self, case: _Case) -> tuple[list[_Case], list[str]]:
        """Return what is to be answered, and the questions beside it that the sources say nothing about.

        A message that can't be answered as a whole is answered question by question, as far as it goes.
        """
        whole = [case] if case.reason is None else []
        if case.query.intent in (Intent.SITUATION, Intent.COMPARISON, Intent.TASK):
            return whole, []
        asked = self._understanding.split(case.question)
        parts = [self._look_up(one, self._understanding.understand(one)) for one in asked]
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

    def search(self, question: Question) -> tuple[Passage, ...]:
        """Return the passages that an answer would be composed from, best first."""
        return self._retriever.retrieve(self._understanding.understand(question)).passages

    def _look_up(self, question: Question, query: Query) -> _Case:
        findings = self._retriever.retrieve(query)
        if self._is_on_the_cards(query):
            return _Case(question, query, findings, 1.0, None)
        confidence = self._policy.confidence(query, findings)
        return _Case(question, query, findings, confidence, self._policy.decide(query, findings))

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

    def _conclude(self, case: _Case, writing: Writing, uncovered: Sequence[str], clock: _Clock) -> Answer:
        claims = writing.claims
        citations = tuple(dict.fromkeys(citation for claim in claims for citation in claim.citations))
        used = [claim.claim for claim in claims]
        selection = Selection(self._shelf, case.query, case.findings)
        return Answer(
            _new_id(),
            case.question,
            case.query,
            self._framer.frame(selection, claims, uncovered),
            tuple(claims),
            citations,
            self._suggest(case, used),
            writing.engine,
            case.confidence,
            clock.timings(),
            writing.withheld,
            writing.notices,
        )

    def _refuse(self, case: _Case, reason: RefusalReason, clock: _Clock) -> Refusal:
        query = case.query
        language = query.reply_language
        searched = self._searched(query)
        markdown = self._texts.render(f"refusal_{reason}_{language}", searched=searched)
        missing = _as_typed(case.findings.unknown_terms, case.question.text)
        if missing and language is Language.DUTCH and query.intent is not Intent.TASK:
            markdown += " " + self._texts.render(
                "refusal_missing", words=self._framer.join(missing, language)
            )
        return Refusal(
            _new_id(),
            case.question,
            query,
            markdown,
            reason,
            self._suggest(case, ()),
            self._composer.engine,
            case.confidence,
            clock.timings(),
        )

    def _suggest(self, case: _Case, used: Sequence[Claim]) -> tuple[str, ...]:
        query = case.query
        questions_of = partial(self._understanding.questions_of, language=query.reply_language)
        return suggest(self._catalogue, case.findings, used=used, asked=query.text, questions_of=questions_of)

    def _searched(self, query: Query) -> str:
        """Return the labels of what was searched, as a phrase: "A, B en C"."""
        wanted = query.filters.sources
        sources = self._catalogue.sources.values()
        labels = (source.label for source in sources if not wanted or source.id in wanted)
        return self._framer.join(labels, query.reply_language)

    def _courtesy(self, question: Question, query: Query, clock: _Clock) -> Answer:
        markdown = self._texts.render(f"{query.courtesy}_{query.reply_language}")
        follow_ups = tuple(self._texts.render("first_questions").splitlines())
        return Answer(
            _new_id(),
            question,
            query,
            markdown,
            (),
            (),
            follow_ups,
            self._composer.engine,
            1.0,
            clock.timings(),
        )


@dataclass(frozen=True, slots=True)
class _Case:
    """A question, what was found for it, and whether that is enough."""

    question: Question
    query: Query
    findings: Findings
    confidence: float
    reason: RefusalReason | None
    """Why it's refused, or ``None``."""


class _Clock:
    """Stages and how long each took."""

    def __init__(self) -> None:
        self._started = self._last = time.perf_counter()
        self._timings: list[Timing] = []

    def mark(self, stage: str) -> None:
        now = time.perf_counter()
        self._timings.append(Timing(stage, (now - self._last) * 1000))
        self._last = now

    def timings(self) -> tuple[Timing, ...]:
        total = Timing("total", (time.perf_counter() - self._started) * 1000)
        return (*self._timings, total)


def _as_typed(terms: tuple[str, ...], text: str) -> list[str]:
    """Return the first words of a question, but no figures, that are among folded terms, quoted, once."""
    words = dict.fromkeys(re.findall(r"[^\W_]{1,40}", text))
    return [f"‘{word}’" for word in words if _fold(word) in terms and not word.isdigit()][:MOST_MISSING]


def _fold(word: str) -> str:
    plain = unicodedata.normalize("NFKD", word.casefold())
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def _merged(cases: Sequence[_Case]) -> tuple[Passage, ...]:
    """Return the passages found for the parts of a question, each once."""
    found = {passage.chunk.id: passage for one in reversed(cases) for passage in one.findings.passages}
    return tuple(sorted(found.values(), key=lambda passage: -passage.score))


def _new_id() -> str:
    return uuid.uuid4().hex
