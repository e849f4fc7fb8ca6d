"""What the corpus holds: sources and their texts, cards and their statements, and evidence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache


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
    """What a card statement rests on: a section of a source, and its sentences if a curator names them."""

    source_id: str
    section: str
    passage: str | None = field(default=None, compare=False)
    """A few words of the first and of the last sentence: "begin … end", or of the only one."""


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
    phrasings: tuple[str, ...] = ()
    """How people ask for it: questions and situations, only there to be found by."""

    @property
    def plain(self) -> str:
        """The text without the marks of its bold lead."""
        return self.text.replace("**", "")


@dataclass(frozen=True, slots=True)
class CardSection:
    """A headed part of a card."""

    heading: str
    role: SectionRole
    is_ordered: bool
    """Whether its items are numbered, so that their order means something."""
    statements: tuple[Statement, ...]
    phrasings: tuple[str, ...] = ()
    """How people ask for the whole of the section."""


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
    question_back: str | None = None
    """What to ask somebody whose situation the card describes."""

    @property
    def statements(self) -> Iterator[Statement]:
        """All statements of the card, in order."""
        for section in self.sections:
            yield from section.statements


def card_id_of(statement_id: str) -> str:
    """Return the id of the card that a statement stands on."""
    return statement_id.rpartition("#")[0]


@dataclass(frozen=True, slots=True)
class Phrasing:
    """How people ask for what a section of a card says, or for one of its statements."""

    text: str
    statement_id: str = ""
    """Empty where it asks for the whole section."""


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
    sentences: tuple[Span, ...] = ()
    """The sentences of the passage, as places in ``text``; none for a card."""
    phrasings: tuple[Phrasing, ...] = ()
    """How people ask for what a section of a card says; found by, never shown."""

    @property
    def indexed_text(self) -> str:
        """What is embedded: the context line, then the text."""
        return f"{self.context}\n{self.text}"

    @property
    def sought_text(self) -> str:
        """What keywords are sought in: what is indexed, and how people say it."""
        return "\n".join([self.indexed_text, *(phrasing.text for phrasing in self.phrasings)])


def phrasing_id(chunk_id: str, number: int, statement_id: str = "") -> str:
    """Return the id of a phrasing of a chunk, or of one of its statements."""
    return f"{chunk_id}~{statement_id}~{number}"


@cache
def phrased_by(phrasing: str) -> tuple[str, str]:
    """Return the ids of the chunk and of the statement, if any, that a phrasing asks for, by its id."""
    chunk_id, statement_id, _ = phrasing.split("~")
    return chunk_id, statement_id


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
    own: Source | None = None
    """The document that somebody added, where that is what proves it: no bibliography has it."""
    page: int | None = None
    """The page of that document, from 1."""


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
