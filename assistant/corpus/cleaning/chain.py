"""The order of cleaning."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.corpus.anchors import Anchor
from assistant.corpus.cleaning import layout, marks, words
from assistant.corpus.cleaning.tracked import Repair, Tracked
from assistant.corpus.cleaning.vocabulary import Vocabulary
from assistant.corpus.manifest import ColumnSwap
from assistant.domain import OffsetRun


@dataclass(frozen=True, slots=True)
class Layout:
    """What the bibliography says about how a text is laid out."""

    anchors: tuple[Anchor, ...] = ()
    """Where its sections begin, in order."""
    captions: tuple[str, ...] = ()
    asides: tuple[str, ...] = ()
    columns: tuple[ColumnSwap, ...] = ()


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A clean text, where each unchanged character stood in the file, and what was mended."""

    text: str
    origin: tuple[OffsetRun, ...]
    repairs: tuple[Repair, ...]


def clean(text: str, vocabulary: Vocabulary, page: Layout = Layout()) -> Cleaned:
    """Mend what scanning and extraction broke; what isn't in ``repairs`` stands as it stood."""
    tracked = layout.swap_columns(Tracked.of(text), page.columns)
    tracked = marks.drop_invisible(tracked)
    tracked = marks.drop_markdown(tracked)
    tracked = marks.drop_addresses(tracked)
    tracked = layout.drop_captions(tracked, page.captions)
    tracked = layout.drop_asides(tracked, page.asides)
    tracked = layout.drop_running_heads(tracked, page.anchors)
    tracked = layout.drop_pull_quotes(tracked, page.anchors)
    tracked = marks.drop_notes(tracked, vocabulary)
    tracked = layout.join_lines(tracked, page.anchors, vocabulary)
    tracked = layout.drop_repeated_lines(tracked)
    tracked = words.drop_hyphens(tracked, vocabulary)
    tracked = words.mend_letters(tracked, vocabulary)
    tracked = words.split_words(tracked, vocabulary)
    tracked = _without_addresses(tracked)
    return Cleaned(tracked.text, tracked.runs(), tracked.repairs)


def _without_addresses(tracked: Tracked) -> Tracked:
    """Tidy up, and look again for as long as that brings an address to light."""
    while True:
        tidied = layout.tidy(marks.drop_addresses(layout.tidy(tracked)))
        if tidied.text == tracked.text:
            return tidied
        tracked = tidied
