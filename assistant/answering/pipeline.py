"""One question, from start to finish: a synchronous generator of events for every surface."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial

from assistant.answering.citations import CitationCheck
from assistant.answering.framing import Framer
from assistant.answering.looking_up import Case, LookUp, Retrieves
from assistant.answering.own_documents import OwnFinds, OwnVoice, Quoted
from assistant.answering.paraphrasing import Paraphrases
from assistant.answering.prompts import Texts
from assistant.answering.refusing import RefusalPolicy
from assistant.answering.rendering import inert
from assistant.answering.selecting import Selection
from assistant.answering.shelf import Lexicon, Shelf
from assistant.answering.suggesting import suggest
from assistant.answering.understanding import Understanding
from assistant.answering.writing import Generates, Writer, Writing
from assistant.domain import (
    Answer,
    Catalogue,
    CheckedClaim,
    Chunk,
    Citation,
    Claim,
    Event,
    Intent,
    Language,
    Passage,
    PassagesFound,
    Query,
    Question,
    Refusal,
    RefusalReason,
    Timing,
    is_own,
)
from assistant.domain.folding import folded

MOST_MISSING = 5
"""Words that a refusal names as not found."""


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
        own: OwnFinds | None = None,
    ) -> None:
        """``own`` finds what somebody added; without it only the literature is asked."""
        self._catalogue = catalogue
        self._understanding = understanding
        self._retriever = retriever
        self._shelf = Shelf(catalogue, lexicon)
        paraphrases = Paraphrases(catalogue, lexicon) if generator else None
        check = CitationCheck(catalogue, chunks, paraphrases)
        self._writer = Writer(self._shelf, check, texts, generator)
        self._composer = self._writer.composer
        self._texts = texts
        self._framer = Framer(catalogue, texts)
        self._own = OwnVoice(own, lexicon, texts) if own else None
        self._look_up = LookUp(understanding, retriever, self._shelf, policy)

    def answer(self, question: Question) -> Iterator[Event]:
        """Yield the passages found, each claim as it passes the check, and last the answer or refusal."""
        clock = _Clock()
        query = self._understanding.understand(question)
        clock.mark("understanding")
        if query.intent is Intent.SMALL_TALK:
            yield self._courtesy(question, query, clock)
            return
        case, cases, uncovered = self._look_up.look_up(question, query)
        clock.mark("retrieval")
        if not cases:
            yield from self._answer_from_own(case, case.reason or RefusalReason.NOT_IN_SOURCES, clock)
            return
        case = replace(case, confidence=min(one.confidence for one in cases))
        yield PassagesFound(_merged(cases), query.reply_language)
        writing = self._writer.write(query, [(one.query, one.findings) for one in cases])
        yield from writing
        clock.mark("composing")
        if not writing.claims:
            yield from self._answer_from_own(case, RefusalReason.NOT_IN_SOURCES, clock)
            return
        quoted = self._quote(case, 1 + max((one.number for one in _citations(writing.claims)), default=0))
        yield from quoted.claims
        clock.mark("own documents")
        yield self._conclude(case, writing, quoted, uncovered, clock)

    def _answer_from_own(self, case: Case, reason: RefusalReason, clock: _Clock) -> Iterator[Event]:
        """Answer from own documents where the literature says nothing; refuse where they don't either."""
        quoted = self._quote(case, numbered_from=1)
        clock.mark("own documents")
        if not quoted.claims:
            yield self._refuse(case, reason, clock, quoted.notices)
            return
        yield PassagesFound((), case.query.reply_language)
        yield from quoted.claims
        yield Answer(
            _new_id(),
            case.question,
            case.query,
            self._framer.frame_own(quoted.claims, case.query.reply_language, is_alone=True),
            quoted.claims,
            _citations(quoted.claims),
            (),
            self._composer.engine,
            case.confidence,
            clock.timings(),
        )

    def _quote(self, case: Case, numbered_from: int) -> Quoted:
        if self._own is None:
            return Quoted()
        return self._own.quote(case.query, case.findings.best_dense, numbered_from)

    def search(self, question: Question, limit: int = 12) -> tuple[Passage, ...]:
        """Return the passages that an answer would be composed from, best first."""
        return self._retriever.retrieve(self._understanding.understand(question), limit).passages

    def _conclude(
        self,
        case: Case,
        writing: Writing,
        quoted: Quoted,
        uncovered: Sequence[str],
        clock: _Clock,
    ) -> Answer:
        claims = writing.claims
        used = [claim.claim for claim in claims]
        selection = Selection(self._shelf, case.query, case.findings)
        return Answer(
            _new_id(),
            case.question,
            case.query,
            self._framer.frame(selection, claims, uncovered, quoted.claims),
            (*claims, *quoted.claims),
            _citations((*claims, *quoted.claims)),
            self._suggest(case, used),
            writing.engine,
            case.confidence,
            clock.timings(),
            writing.withheld,
            (*writing.notices, *quoted.notices),
            writing.lapse,
        )

    def _refuse(
        self, case: Case, reason: RefusalReason, clock: _Clock, notices: Sequence[str] = ()
    ) -> Refusal:
        query = case.query
        language = query.reply_language
        searched = self._searched(query)
        markdown = self._texts.render(f"refusal_{reason}_{language}", searched=searched)
        missing = _as_typed(case.findings.unknown_terms, case.question.text)
        if missing and language is Language.DUTCH and query.intent is not Intent.TASK:
            markdown += " " + self._texts.render(
                "refusal_missing", words=self._framer.join(missing, language)
            )
        markdown = " ".join([markdown, *notices])
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

    def _suggest(self, case: Case, used: Sequence[Claim]) -> tuple[str, ...]:
        query = case.query
        questions_of = partial(self._understanding.questions_of, language=query.reply_language)
        return suggest(self._catalogue, case.findings, used=used, asked=query.text, questions_of=questions_of)

    def _searched(self, query: Query) -> str:
        """Return the labels of what was searched, as a phrase: "A, B en C"."""
        wanted = query.filters.sources
        sources = self._catalogue.sources.values()
        labels = [inert(source.label) for source in sources if not wanted or source.id in wanted]
        if any(map(is_own, wanted)):
            labels.append(self._texts.render(f"own_searched_{query.reply_language}"))
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
    return [f"‘{word}’" for word in words if folded(word) in terms and not word.isdigit()][:MOST_MISSING]


def _citations(claims: Sequence[CheckedClaim]) -> tuple[Citation, ...]:
    """Return the citations of claims, each once."""
    return tuple(dict.fromkeys(citation for claim in claims for citation in claim.citations))


def _merged(cases: Sequence[Case]) -> tuple[Passage, ...]:
    """Return the passages found for the parts of a question, each once."""
    found = {passage.chunk.id: passage for one in reversed(cases) for passage in one.findings.passages}
    return tuple(sorted(found.values(), key=lambda passage: -passage.score))


def _new_id() -> str:
    return uuid.uuid4().hex
