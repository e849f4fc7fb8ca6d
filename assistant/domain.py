"""The values that travel between the parts: all frozen, none knows a framework.

Read top to bottom they follow the product: what the corpus holds, what an index
finds, what a person asks, and what the assistant answers.
Offsets count Unicode code points; a ``Span`` is half open.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

# ── Corpus ───────────────────────────────────────────────────────────────────


class CardKind(StrEnum):
    """The kinds of curated cards; the values are the folder names under ``corpus/cards``."""

    PHASE = "fase"
    PARADOX = "paradox"
    CONCEPT = "begrip"
    ROLE = "rol"
    FORM = "vorm"
    CASE = "casus"
    INSTRUMENT = "instrument"
    OVERVIEW = "overzicht"


class SectionRole(StrEnum):
    """What a card section is for; ``corpus/headings.yaml`` maps Dutch headings to these."""

    DEFINITION = "definition"
    FEATURES = "features"
    PARTS = "parts"
    CONTRAST = "contrast"
    REASONS = "reasons"
    SIGNALS = "signals"
    APPROACH = "approach"
    PITFALLS = "pitfalls"
    QUESTIONS = "questions"
    EXAMPLE = "example"
    FACTS = "facts"
    BACKGROUND = "background"
    LIMITS = "limits"


ORIGINAL = "bron"
"""The kind of a chunk that comes from an original text rather than from a card."""


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of code points in a text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Source:
    """A bibliographic entry; its text, where present, is a ``Document``."""

    id: str
    authors: tuple[str, ...]
    year: int | None
    title: str
    container: str
    language: str
    rights: str
    label: str
    """How a citation names it: "Boonstra & Eguiguren 2023"."""
    sections: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DocumentSection:
    """A titled part of a document."""

    title: str
    span: Span


@dataclass(frozen=True, slots=True)
class OffsetRun:
    """``length`` code points at ``cleaned`` that stood, unchanged, at ``original`` in the file."""

    cleaned: int
    original: int
    length: int


@dataclass(frozen=True, slots=True)
class Document:
    """The cleaned text of a source, its sections in order, and the way back to the file."""

    source_id: str
    text: str
    sections: tuple[DocumentSection, ...]
    origin: tuple[OffsetRun, ...]


@dataclass(frozen=True, slots=True)
class Reference:
    """What a card statement rests on: a section of a source."""

    source_id: str
    section: str


@dataclass(frozen=True, slots=True)
class Statement:
    """One cited assertion of a card, in our own words, without its citation marks."""

    id: str
    """``<card id>#<position>``, for instance ``funderen#3``."""
    text: str
    label: str | None
    """The bold lead of a list item ("Kennismaking"); ``text`` includes it."""
    is_item: bool
    references: tuple[Reference, ...]
    line: int
    """Where it begins in the card's file, counted from 1."""


@dataclass(frozen=True, slots=True)
class CardSection:
    """A headed part of a card."""

    heading: str
    role: SectionRole
    is_ordered: bool
    """Whether its items are numbered, so that their order means something."""
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """A curated page on one subject: what the assistant knows when the originals aren't there."""

    id: str
    kind: CardKind
    title: str
    aliases: tuple[str, ...]
    phase: str | None
    related: tuple[str, ...]
    questions: tuple[str, ...]
    """Questions that this card answers, offered as follow-ups."""
    sections: tuple[CardSection, ...]


@dataclass(frozen=True, slots=True)
class Chunk:
    """The unit of indexing: a card section or a passage of an original."""

    id: str
    """Content-addressed: the same text in the same context keeps its id."""
    text: str
    """What a reader sees."""
    context: str
    """One line that says where it stands: "Boonstra 2023, Stabiliteit en wendbaarheid"."""
    kind: str
    """A ``CardKind`` value, or ``ORIGINAL``."""
    section: str
    source_ids: tuple[str, ...]
    card_id: str | None = None
    span: Span | None = None
    """Where the passage stands in ``Document.text``; ``None`` for a card."""

    @property
    def indexed_text(self) -> str:
        """What is embedded and tokenised: the context line, then the text."""
        return f"{self.context}\n{self.text}"


class Support(StrEnum):
    """How a claim is proved: by an exact span, or by a statement in our words with its reference."""

    QUOTED = "quoted"
    SUPPORTED = "supported"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What proves a claim: a span of a document, or a card statement where the text isn't there.

    With a span, ``quote == document.text[span.start:span.end]``.
    Without one, ``quote`` is the card's statement and ``card_id`` is set.
    ``score`` is the support that linking found, from 0 to 1.
    """

    source_id: str
    section: str
    quote: str
    span: Span | None = None
    card_id: str | None = None
    score: float = 1.0


_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")


def unproved_figures(
    text: str, evidence: Iterable[Evidence], sources: Mapping[str, Source]
) -> tuple[str, ...]:
    """Return the figures of ``text`` that none of its evidence has.

    A figure counts as found in any of the quotes; the year of the source itself needs no quote.
    """
    known: set[str] = set()
    for one in evidence:
        known.update(_FIGURE.findall(one.quote), (str(sources[one.source_id].year),))
    return tuple(figure for figure in _FIGURE.findall(text) if figure not in known)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All that answers may rest on, as published with one version of the index."""

    sources: Mapping[str, Source]
    cards: Mapping[str, Card]
    documents: Mapping[str, Document]
    """By source id; empty when no originals are present."""
    evidence: Mapping[str, tuple[Evidence, ...]]
    """By statement id: one per reference, linked to a span where the original is present."""


# ── Retrieval ────────────────────────────────────────────────────────────────

Engine = Literal["dense", "keywords", "fusion"]


@dataclass(frozen=True, slots=True)
class Hit:
    """A chunk found by one engine; scores of different engines don't compare."""

    chunk_id: str
    score: float
    engine: Engine


Ranking = tuple[Hit, ...]
"""Hits of one engine, best first."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A chunk found for a question. ``score`` is the fused one, from 0 to 1."""

    chunk: Chunk
    score: float
    dense: float | None = None
    """Cosine similarity, or ``None`` if the dense engine didn't return it."""
    keywords: float | None = None
    """BM25, or ``None`` if the keyword engine didn't return it."""


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found for a query, with the raw evidence that refusing rests on."""

    passages: tuple[Passage, ...]
    best_dense: float
    """Highest cosine similarity over the whole index (within the filters); 0 if nothing was found."""
    coverage: float
    """Share, weighted by rarity, of the query's content words that the best passages hold (0 to 1)."""
    unknown_terms: tuple[str, ...]
    """Content words of the query that occur nowhere in the index."""
    closeness: Mapping[str, float] = field(default_factory=dict)
    """Cosine similarity of each card statement to the query, by statement id."""


# ── Asking ───────────────────────────────────────────────────────────────────


class Language(StrEnum):
    """The languages that questions come in."""

    DUTCH = "nl"
    ENGLISH = "en"


class Intent(StrEnum):
    """What a question wants, which decides how an answer is composed."""

    DEFINITION = "definition"
    LIST = "list"
    COMPARISON = "comparison"
    HOW_TO = "how_to"
    WHY = "why"
    FACT = "fact"
    SITUATION = "situation"
    HEALTH_CHECK = "health_check"
    SMALL_TALK = "small_talk"


class Expectation(StrEnum):
    """What the answer to a question of fact must hold."""

    NAME = "name"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Turn:
    """One earlier message of the conversation."""

    role: Literal["user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Filters:
    """Where to look; empty means everywhere."""

    sources: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Question:
    """What a person asks, as it came in."""

    text: str
    history: tuple[Turn, ...] = ()
    filters: Filters = Filters()


@dataclass(frozen=True, slots=True)
class Query:
    """A question, understood."""

    text: str
    """The question on its own, with what the conversation left unsaid filled in."""
    language: Language
    intent: Intent
    filters: Filters = Filters()
    sides: tuple[str, ...] = ()
    """The two things that a comparison sets side by side."""
    role: SectionRole | None = None
    """The role of the card sections it asks for, if it says so ("waaraan herken ik…")."""
    expects: Expectation | None = None
    courtesy: str | None = None
    """Which courtesy small talk asks for: a key in ``prompts/answers.yaml``."""


# ── Answering ────────────────────────────────────────────────────────────────


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
    timings: tuple[Timing, ...] = field(default=())


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
    timings: tuple[Timing, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class PassagesFound:
    """The passages that an answer is about to be composed from, best first."""

    passages: tuple[Passage, ...]


Event = PassagesFound | CheckedClaim | Answer | Refusal
"""What answering yields: passages first, then claims, and last an ``Answer`` or a ``Refusal``."""


# ── Running ──────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a build is: passages embedded, of how many; of none while they are being counted."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Status:
    """What the running assistant can do at this moment."""

    index_version: str | None
    """The version that answers, or ``None`` when there is none."""
    cards: int
    originals: tuple[str, ...]
    """Ids of the sources whose text can be quoted."""
    building: Progress | None
    """A build that is under way, or ``None``."""
    failure: str | None = None
    """Why the last build failed, in Dutch, or ``None``."""

    @property
    def is_ready(self) -> bool:
        """Whether a question can be answered."""
        return self.index_version is not None
