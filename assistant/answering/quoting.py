"""Sentences of the originals that can stand alone in an answer, for what no card says."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.answering.selecting import Selection
from assistant.domain import Chunk, Claim, Span

FEWEST_WORDS, MOST_WORDS = 6, 45
"""A sentence outside these bounds is a heading or a list, or too long to quote."""

_LEANING_BACK = re.compile(
    r"(Dit|Dat|Deze|Die|Hij|Zij|Ze|Het|Hun|Zo|Ook|Daar|Hier|Dan|Toen|Juist|Verder|Bovendien|Echter)\w*\b"
    r"|(Een|Het|De|Ten) (eerste|tweede|derde|vierde|laatste|slotte)\b"
)
"""How a sentence opens that needs the one before it."""


def quotable(selection: Selection) -> Iterator[tuple[float, Claim]]:
    """Yield the quotable sentences of the passages as claims, each scored like a candidate."""
    for passage in selection.findings.passages:
        text = passage.chunk.text
        for sentence in (text[span.start : span.end] for span in stand_alone(passage.chunk)):
            words = selection.shelf.overlap(selection.wanted, selection.shelf.stems(sentence))
            yield (passage.score + words) / 2, Claim(f"“{sentence}”", (passage.chunk.id,))


def stand_alone(chunk: Chunk) -> tuple[Span, ...]:
    """Return the sentences of a passage, as places in its text, that make sense without their neighbours."""
    return tuple(span for span in chunk.sentences if _stands_alone(chunk.text[span.start : span.end]))


def _stands_alone(sentence: str) -> bool:
    return FEWEST_WORDS <= len(sentence.split()) <= MOST_WORDS and not _LEANING_BACK.match(sentence)
