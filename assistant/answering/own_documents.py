"""What somebody's own documents say to a question: a few sentences to the letter, apart from the literature.

Nothing is worded anew, and nothing of it reaches a chat model: what stands in a document is a quotation with
its place, whatever it asks of who reads it.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant.answering.prompts import Texts
from assistant.answering.quoting import stand_alone
from assistant.answering.shelf import Lexicon
from assistant.domain import (
    CheckedClaim,
    Citation,
    Claim,
    ClaimForm,
    Evidence,
    Intent,
    Language,
    OwnPassage,
    Query,
    Span,
    Support,
)
from assistant.errors import IndexUnavailable, StorageUnavailable

_log = logging.getLogger(__name__)

MOST_QUOTED = 3
"""Sentences of own documents in one answer."""

BIAS, COVERAGE, NEARER, SUITED, ENGLISH = -0.56, 1.11, 11.3, 15.7, 2.6
"""A logistic model of whether documents answer a question: ``python -m evals.own --fit`` fits it on the dev
split, for multilingual-e5-small. Coverage of the question's words, how much nearer the documents are than
the literature, nearness to the adapted question, and whether the question is English, which has no words
in common with Dutch documents."""

USUAL_LITERATURE = 0.84
"""Similarity of the nearest passage of the literature, where that isn't searched."""

QUOTED_FROM = 0.65
"""Confidence from which documents are quoted: a wrong quotation is worse than none."""

NEXT_TO_BEST = 0.012
"""How much farther than the best passage another may lie to be quoted too."""

WORDS_COUNT, LEANS = 0.05, 0.01
"""What sharing all words with the question adds to a sentence's similarity, and what needing the sentence
before it, or being too short or too long to quote, takes off."""

NOT_ASKED = frozenset({Intent.SMALL_TALK, Intent.TASK, Intent.HEALTH_CHECK})
"""Intents for which documents aren't opened."""


class OwnFinds(Protocol):
    """Finds passages in the documents that who asks may see."""

    def find(self, query: Query) -> tuple[OwnPassage, ...]:
        """Return the passages for a query, best first."""
        ...

    def closeness(self, query: Query, sentences: Sequence[str]) -> Sequence[float]:
        """Return the cosine similarity of each sentence to a query."""
        ...


@dataclass(frozen=True, slots=True)
class _Quote:
    """A sentence of a passage, and how well it suits the question."""

    passage: OwnPassage
    span: Span
    """Within the passage's text."""
    score: float

    @property
    def text(self) -> str:
        return self.passage.chunk.text[self.span.start : self.span.end]


@dataclass(frozen=True, slots=True)
class Quoted:
    """What own documents say to a question."""

    claims: tuple[CheckedClaim, ...] = ()
    notices: tuple[str, ...] = ()
    """That they couldn't be searched."""


class OwnVoice:
    """Quotes own documents."""

    def __init__(self, documents: OwnFinds, lexicon: Lexicon, texts: Texts) -> None:
        self._documents, self._lexicon, self._texts = documents, lexicon, texts

    def quote(self, query: Query, literature: float, numbered_from: int) -> Quoted:
        """Return what own documents say to a query, its citations numbered from ``numbered_from``.

        ``literature`` is the similarity of the nearest passage there. Where documents can't be searched the
        literature stands alone, and the reader is told.
        """
        if query.intent in NOT_ASKED:
            return Quoted()
        try:
            return Quoted(self._quoted(query, literature, numbered_from))
        except (IndexUnavailable, StorageUnavailable) as error:
            _log.warning("own documents can't be searched: %s", error)
            return Quoted(notices=(self._texts.render(f"own_unsearched_{query.reply_language}"),))

    def _quoted(self, query: Query, literature: float, numbered_from: int) -> tuple[CheckedClaim, ...]:
        found = self._documents.find(query)
        if not found or confidence(query, found, literature) < QUOTED_FROM:
            return ()
        quotes = self._choose(query, tuple(_best_of(found)))
        return tuple(
            self._claim(query, quote, number) for number, quote in enumerate(quotes, start=numbered_from)
        )

    def _choose(self, query: Query, passages: Sequence[OwnPassage]) -> list[_Quote]:
        """Return the best sentence of each passage, each text once, without those that lie far behind."""
        wanted = self._lexicon.content_words(query.text)
        best = [max(self._sentences(query, one, wanted), key=lambda quote: quote.score) for one in passages]
        distinct = {quote.text: quote for quote in sorted(best, key=lambda quote: quote.score)}
        ranked = sorted(distinct.values(), key=lambda quote: -quote.score)
        return [quote for quote in ranked if quote.score >= ranked[0].score - NEXT_TO_BEST]

    def _sentences(self, query: Query, passage: OwnPassage, wanted: Sequence[str]) -> Iterator[_Quote]:
        chunk = passage.chunk
        spans = chunk.sentences or (Span(0, len(chunk.text)),)
        texts = [chunk.text[span.start : span.end] for span in spans]
        alone = stand_alone(chunk)
        for span, text, near in zip(spans, texts, self._documents.closeness(query, texts), strict=True):
            shared = WORDS_COUNT * self._share(wanted, set(self._lexicon.content_words(text)))
            yield _Quote(passage, span, near + shared - (0.0 if span in alone else LEANS))

    def _share(self, wanted: Sequence[str], held: set[str]) -> float:
        total = sum(map(self._lexicon.rarity, wanted))
        return sum(self._lexicon.rarity(stem) for stem in wanted if stem in held) / total if total else 0.0

    def _claim(self, query: Query, quote: _Quote, number: int) -> CheckedClaim:
        passage, language = quote.passage, query.reply_language
        document, chunk = passage.document, passage.chunk
        start = (chunk.span.start if chunk.span else 0) + quote.span.start
        page = self._texts.render(f"own_page_{language}", page=passage.page) if passage.page else ""
        kind = "shared" if document.is_shared and document.owner != query.reader else "own"
        text = self._texts.render(
            f"{kind}_document_{language}", title=document.title, page=page, quote=quote.text
        )
        evidence = Evidence(
            document.id,
            chunk.section,
            quote.text,
            Span(start, start + len(quote.text)),
            own=document.source,
            page=passage.page,
        )
        claim = Claim(text, (chunk.id,), ClaimForm.BULLET)
        return CheckedClaim(claim, (Citation(number, evidence, Support.QUOTED),))


def confidence(query: Query, passages: Sequence[OwnPassage], literature: float) -> float:
    """Return how surely passages answer a query, from 0 to 1; ``literature`` is the best similarity there."""
    logit = BIAS + sum(weight * found for weight, found in signals(query, passages, literature))
    return 1 / (1 + math.exp(-logit))


def signals(
    query: Query, passages: Sequence[OwnPassage], literature: float
) -> tuple[tuple[float, float], ...]:
    """Return what the decision rests on, each behind its weight: of the passages that could be quoted."""
    best = passages[:MOST_QUOTED]
    is_english = query.language is not Language.DUTCH
    return (
        (COVERAGE, 0.0 if is_english else max(one.coverage for one in best)),
        (NEARER, max(one.dense for one in best) - (literature or USUAL_LITERATURE)),
        (SUITED, max(one.suited for one in best)),
        (ENGLISH, float(is_english)),
    )


def _best_of(passages: Sequence[OwnPassage]) -> Iterator[OwnPassage]:
    """Yield the best passage, and those that are as near or hold as many of the words."""
    first = passages[0]
    yield first
    for one in passages[1:MOST_QUOTED]:
        if one.dense >= first.dense - NEXT_TO_BEST and one.coverage >= first.coverage - 0.1:
            yield one
