"""Sentences of the originals that can stand alone in an answer, for what no card says."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.answering.selecting import Selection
from assistant.domain import Claim, Passage

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
        for sentence in _standing_alone(passage):
            words = selection.shelf.overlap(selection.wanted, selection.shelf.stems(sentence))
            yield (passage.score + words) / 2, Claim(f"“{sentence}”", (passage.chunk.id,))


def _standing_alone(passage: Passage) -> Iterator[str]:
    for span in passage.chunk.sentences:
        sentence = passage.chunk.text[span.start : span.end]
        if FEWEST_WORDS <= len(sentence.split()) <= MOST_WORDS and not _LEANING_BACK.match(sentence):
            yield sentence
