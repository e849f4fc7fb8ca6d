"""Chunks: a section of a card, or a passage of an original that never crosses a section."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from assistant.corpus.manifest import Manifest
from assistant.corpus.sentences import split_sentences
from assistant.domain import (
    ORIGINAL,
    Card,
    CardSection,
    Chunk,
    Document,
    DocumentSection,
    Phrasing,
    Source,
    Span,
)

PASSAGE_LENGTH = 560
"""What a passage of an original is about, in characters."""
_ID_LENGTH = 16


def split_cards(cards: Iterable[Card], manifest: Manifest) -> tuple[Chunk, ...]:
    """Make one chunk of each section of each card; its sources stand in the order of the manifest."""
    order = [entry.source.id for entry in manifest.sources]
    return _identified("card", (_of_section(card, part, order) for card in cards for part in card.sections))


def split_document(document: Document, source: Source, skip: Collection[str]) -> tuple[Chunk, ...]:
    """Cut a document into passages of whole sentences, without the sections whose titles are in ``skip``."""
    wanted = (section for section in document.sections if section.title not in skip)
    chunks = (
        _of_passage(document, source, section, sentences)
        for section in wanted
        for sentences in _passages(document.text, section)
    )
    return _identified("bron", chunks)


def sentences_of(text: str, section: DocumentSection) -> tuple[Span, ...]:
    """Give the sentences of a section, without the line that is its title."""
    start = section.span.start
    spans = split_sentences(text[start : section.span.end])
    placed = [Span(start + span.start, start + span.end) for span in spans]
    is_title = placed and _same(text[placed[0].start : placed[0].end], section.title)
    return tuple(placed[1:] if is_title else placed)


def _of_section(card: Card, section: CardSection, order: list[str]) -> Chunk:
    names = f" ({', '.join(card.aliases)})" if card.aliases else ""
    cited = {ref.source_id for statement in section.statements for ref in statement.references}
    return Chunk(
        id="",
        text=_markdown(section),
        context=f"{card.title} — {section.heading}{names}",
        kind=card.kind.value,
        section=section.heading,
        source_ids=tuple(source_id for source_id in order if source_id in cited),
        card_id=card.id,
        phrasings=_phrasings(section),
    )


def _of_passage(
    document: Document, source: Source, section: DocumentSection, sentences: tuple[Span, ...]
) -> Chunk:
    span = Span(sentences[0].start, sentences[-1].end)
    return Chunk(
        id="",
        text=document.text[span.start : span.end],
        context=f"{source.label}, {section.title}",
        kind=ORIGINAL,
        section=section.title,
        source_ids=(source.id,),
        span=span,
        sentences=tuple(Span(one.start - span.start, one.end - span.start) for one in sentences),
    )


def _phrasings(section: CardSection) -> tuple[Phrasing, ...]:
    asked = (Phrasing(text, one.id) for one in section.statements for text in one.phrasings)
    return (*(Phrasing(text) for text in section.phrasings), *asked)


def _markdown(section: CardSection) -> str:
    text, number, was_item = "", 0, False
    for statement in section.statements:
        number = number + 1 if statement.is_item else 0
        mark = f"{number}. " if section.is_ordered else "- "
        if statement.is_item:
            text += ("\n" if was_item else "\n\n") + mark + statement.text
        else:
            text += ("\n\n" if was_item else " ") + statement.text
        was_item = statement.is_item
    return text.strip()


def _passages(text: str, section: DocumentSection) -> Iterator[tuple[Span, ...]]:
    """Yield the sentences of each passage."""
    sentences = sentences_of(text, section)
    if not sentences:
        return
    length = sentences[-1].end - sentences[0].start
    share = length / max(1, round(length / PASSAGE_LENGTH))
    cut = sentences[0].start + share
    passage = [sentences[0]]
    for sentence in sentences[1:]:
        is_nearer = sentence.end - cut > cut - passage[-1].end
        if is_nearer:
            yield tuple(passage)
            passage.clear()
            cut += share
        passage.append(sentence)
    yield tuple(passage)


def _identified(prefix: str, chunks: Iterable[Chunk]) -> tuple[Chunk, ...]:
    seen: Counter[str] = Counter()
    done: list[Chunk] = []
    for chunk in chunks:
        content = f"{chunk.context}\0{chunk.text}"
        digest = hashlib.sha256(f"{content}\0{seen[content]}".encode()).hexdigest()
        seen[content] += 1
        done.append(replace(chunk, id=f"{prefix}-{digest[:_ID_LENGTH]}"))
    return tuple(done)


def _same(line: str, title: str) -> bool:
    return "".join(line.casefold().split()) == "".join(title.casefold().split())
