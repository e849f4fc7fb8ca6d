"""Linking: for each statement of a card, the sentences of an original that support it best."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, takewhile

from assistant.corpus.anchors import find_words
from assistant.corpus.chunking import sentences_of
from assistant.corpus.likeness import Reader, Terms, Wordings
from assistant.domain import Card, CardSection, Document, Evidence, Reference, Span, Statement

SUPPORT_BAR = 0.2
"""Below this a statement shares too little with its best sentences to rest on them."""
_MOST_SENTENCES = 3
_SECTION_MARGIN = 0.35
"""Another section that supports a statement this much better is probably the one to cite."""
_MARGIN = 0.08
"""A longer window must support a statement this much better than a shorter one."""


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence of an original, with the stems of its words."""

    span: Span
    stems: frozenset[str]


@dataclass(frozen=True, slots=True)
class Misplaced:
    """A citation of a statement, and the section of the same source that supports it much better."""

    statement_id: str
    cited: Reference
    better: str


def link_statements(
    cards: Iterable[Card], documents: Mapping[str, Document]
) -> dict[str, tuple[Evidence, ...]]:
    """Give each statement's evidence, one per reference; without the document, the statement itself.

    A passage that a curator names has full support: somebody read it. The rest is found by wording.
    """
    linker = _Linker(documents)
    return {
        statement.id: tuple(linker.link(card, statement, items, ref) for ref in statement.references)
        for card, statement, items in _with_items(cards)
    }


def unsupported(evidence: Mapping[str, tuple[Evidence, ...]]) -> tuple[str, ...]:
    """Give the ids of the statements that no original supports well enough, weakest first."""
    best = {name: strongest(proofs).score for name, proofs in evidence.items() if proofs}
    return tuple(sorted((name for name in best if best[name] < SUPPORT_BAR), key=lambda name: best[name]))


def strongest(proofs: Iterable[Evidence]) -> Evidence:
    """Give the evidence that supports a statement best: the nearest passage."""
    return max(proofs, key=lambda proof: proof.score)


def find_misplaced(cards: Iterable[Card], documents: Mapping[str, Document]) -> tuple[Misplaced, ...]:
    """Give the citations whose source has another section that supports the statement much better."""
    linker = _Linker(documents)
    return tuple(
        Misplaced(statement.id, reference, better)
        for _, statement, items in _with_items(cards)
        for reference in statement.references
        if reference.passage is None
        if (better := linker.better_section(statement, items, reference))
    )


def find_lost(
    cards: Iterable[Card], documents: Mapping[str, Document]
) -> Iterator[tuple[Statement, Reference]]:
    """Yield the statements with a passage, as a curator names it, that isn't in the section."""
    for statement in chain.from_iterable(card.statements for card in cards):
        for reference in statement.references:
            document = documents.get(reference.source_id)
            if document and reference.passage and not find_passage(document, reference):
                yield statement, reference


def find_passage(
    document: Document, reference: Reference, sentences: Sequence[Span] | None = None
) -> Span | None:
    """Find the sentences that a reference names; ``None`` if it names none, or they aren't there.

    They run from the one with the words before "…" to the one with those behind it.
    """
    begin, _, end = (words.strip() for words in (reference.passage or "").partition("…"))
    if not begin:
        return None
    section = next((one for one in document.sections if one.title == reference.section), None)
    if section is None:
        return None
    first = find_words(document.text, begin, section.span.start)
    last = find_words(document.text, end, first.end) if first and end else first
    if first is None or last is None or last.end > section.span.end:
        return None
    spans = sentences if sentences is not None else sentences_of(document.text, section)
    touched = [one for one in spans if one.start < last.end and one.end > first.start]
    return Span(touched[0].start, touched[-1].end) if touched else None


class _Linker:
    """Finds the best window for a statement; reads every document once."""

    def __init__(self, documents: Mapping[str, Document]) -> None:
        self._documents = documents
        self._reader = Reader()
        read = {
            Reference(document.source_id, section.title): [
                (span, self._reader.terms(document.text[span.start : span.end]))
                for span in sentences_of(document.text, section)
            ]
            for document in documents.values()
            for section in document.sections
        }
        self._wordings = Wordings(terms for _, terms in chain.from_iterable(read.values()))
        self._sections = {
            reference: [_Sentence(span, frozenset(term.stem for term in terms)) for span, terms in sentences]
            for reference, sentences in read.items()
        }
        self._stems = {
            reference: frozenset(chain.from_iterable(sentence.stems for sentence in sentences))
            for reference, sentences in self._sections.items()
        }

    def link(
        self, card: Card, statement: Statement, items: tuple[Statement, ...], reference: Reference
    ) -> Evidence:
        """Give the evidence for one reference; what leads a list may rest on what its items say."""
        document = self._documents.get(reference.source_id)
        sentences = self._sections.get(reference)
        if document is None or not sentences:
            score = 1.0 if document is None else 0.0
            return Evidence(
                reference.source_id, reference.section, statement.plain, card_id=card.id, score=score
            )
        named = find_passage(document, reference, [sentence.span for sentence in sentences])
        span, score = (
            (named, 1.0) if named else self._support(self._readings(statement, items, reference), sentences)
        )
        quote = document.text[span.start : span.end]
        return Evidence(reference.source_id, reference.section, quote, span, card.id, round(score, 4))

    def better_section(
        self, statement: Statement, items: tuple[Statement, ...], reference: Reference
    ) -> str | None:
        """Give the section of the same source that supports a statement much better, if there is one."""
        sentences = self._sections.get(reference)
        if not sentences:
            return None
        readings = self._readings(statement, items, reference)
        bar = self._support(readings, sentences)[1] + _SECTION_MARGIN
        found: dict[str, float] = {}
        for other, theirs in self._sections.items():
            is_rival = other.source_id == reference.source_id and other not in statement.references
            if is_rival and theirs and self._most(readings, other) >= bar:
                found[other.section] = self._support(readings, theirs)[1]
        best = max(found, key=lambda title: found[title], default=None)
        return best if best and found[best] >= bar else None

    def _readings(
        self, statement: Statement, items: tuple[Statement, ...], reference: Reference
    ) -> list[Terms]:
        """Read a statement by itself and, if it leads a list, with the items that rest on the same."""
        plain = statement.plain
        cited = [item.text for item in items if reference in item.references]
        texts = [plain, " ".join([plain, *cited])] if cited else [plain]
        return [self._terms(text, reference) for text in texts]

    def _support(self, readings: list[Terms], sentences: list[_Sentence]) -> tuple[Span, float]:
        windows = (self._best_window(terms, sentences) for terms in readings)
        return max(windows, key=lambda found: found[1])

    def _most(self, readings: list[Terms], reference: Reference) -> float:
        """Give a bound that no window of a section exceeds: what the whole section holds."""
        whole = self._stems[reference]
        return max(self._held_by(terms, whole) for terms in readings)

    def _held_by(self, terms: Terms, stems: frozenset[str]) -> float:
        weights = [self._wordings.weight(term) for term in terms]
        return _score(weights, [[self._wordings.match(term, stems) for term in terms]])

    def _terms(self, text: str, reference: Reference) -> Terms:
        """Read a statement without the name of its source: "volgens De Beuk" proves nothing."""
        attribution = reference.source_id.split("-")
        return tuple(term for term in self._reader.terms(text) if term.letters not in attribution)

    def _best_window(self, terms: Terms, sentences: list[_Sentence]) -> tuple[Span, float]:
        best = Span(sentences[0].span.start, sentences[0].span.end), 0.0
        held = [[self._wordings.match(term, sentence.stems) for term in terms] for sentence in sentences]
        weights = [self._wordings.weight(term) for term in terms]
        for size in range(1, min(_MOST_SENTENCES, len(sentences)) + 1):
            for at in range(len(sentences) - size + 1):
                score = _score(weights, held[at : at + size])
                margin = _MARGIN * (size - 1) if best[1] else 0.0
                if score > best[1] + margin:
                    best = Span(sentences[at].span.start, sentences[at + size - 1].span.end), score
        return best


def _score(weights: list[float], held: list[list[float]]) -> float:
    total = sum(weights)
    columns = zip(weights, zip(*held, strict=True), strict=True)
    return sum(weight * max(column) for weight, column in columns) / total if total else 0.0


def _with_items(cards: Iterable[Card]) -> Iterator[tuple[Card, Statement, tuple[Statement, ...]]]:
    for card in cards:
        for section in card.sections:
            for position, statement in enumerate(section.statements):
                yield card, statement, _items_of(section, position)


def _items_of(section: CardSection, position: int) -> tuple[Statement, ...]:
    """Give the list items that follow a statement, if it's what leads them."""
    if section.statements[position].is_item:
        return ()
    following: Iterator[Statement] = iter(section.statements[position + 1 :])
    return tuple(takewhile(lambda statement: statement.is_item, following))
