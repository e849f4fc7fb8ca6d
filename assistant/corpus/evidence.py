"""Linking: for each statement of a card, the sentences of an original that support it best."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, takewhile

from assistant.corpus.chunking import sentences_of
from assistant.corpus.likeness import Reader, Terms, Wordings
from assistant.domain import Card, CardSection, Document, Evidence, Reference, Span, Statement

SUPPORT_BAR = 0.2
"""Below this a statement shares too little with its best sentences to rest on them."""
_MOST_SENTENCES = 3
_MARGIN = 0.08
"""A longer window must support a statement this much better than a shorter one."""


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence of an original, with the stems of its words."""

    span: Span
    stems: frozenset[str]


def link_statements(
    cards: Iterable[Card], documents: Mapping[str, Document]
) -> dict[str, tuple[Evidence, ...]]:
    """Give each statement's evidence, one per reference; without the document, the statement itself."""
    linker = _Linker(documents)
    return {
        statement.id: tuple(
            linker.link(card, statement, _items_of(section, position), reference)
            for reference in statement.references
        )
        for card in cards
        for section in card.sections
        for position, statement in enumerate(section.statements)
    }


def unsupported(evidence: Mapping[str, tuple[Evidence, ...]]) -> tuple[str, ...]:
    """Give the ids of the statements that no original supports well enough, weakest first."""
    best = {statement: max(proof.score for proof in proofs) for statement, proofs in evidence.items()}
    return tuple(sorted((name for name in best if best[name] < SUPPORT_BAR), key=lambda name: best[name]))


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

    def link(
        self, card: Card, statement: Statement, items: tuple[Statement, ...], reference: Reference
    ) -> Evidence:
        """Give the evidence for one reference; what leads a list may rest on what its items say."""
        plain = statement.text.replace("**", "")
        document = self._documents.get(reference.source_id)
        sentences = self._sections.get(reference)
        if document is None or not sentences:
            score = 1.0 if document is None else 0.0
            return Evidence(reference.source_id, reference.section, plain, card_id=card.id, score=score)
        cited = [item.text for item in items if reference in item.references]
        readings = [plain, " ".join([plain, *cited])] if cited else [plain]
        span, score = max(
            (self._best_window(self._terms(text, reference), sentences) for text in readings),
            key=lambda found: found[1],
        )
        quote = document.text[span.start : span.end]
        return Evidence(reference.source_id, reference.section, quote, span, card.id, round(score, 4))

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


def _items_of(section: CardSection, position: int) -> tuple[Statement, ...]:
    """Give the list items that follow a statement, if it's what leads them."""
    if section.statements[position].is_item:
        return ()
    following: Iterator[Statement] = iter(section.statements[position + 1 :])
    return tuple(takewhile(lambda statement: statement.is_item, following))
