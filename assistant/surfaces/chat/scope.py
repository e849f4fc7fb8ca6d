"""Where the assistant looks: the sources and kinds that a reader can choose, and how that is told."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from assistant.answering.prompts import Texts
from assistant.domain import ORIGINAL, OWN, CardKind, Catalogue, Filters

_KINDS: tuple[str, ...] = (ORIGINAL, *CardKind, OWN)

Choices = list[tuple[str, str]]
"""What is shown and what it stands for, in order."""


class Scope:
    """Names sources and kinds for readers; all chosen is the same as none."""

    def __init__(self, texts: Texts) -> None:
        self._text = texts.render
        self._labels: dict[str, str] = {}

    def sources(self, catalogue: Catalogue | None) -> Choices:
        """Return the sources to choose from."""
        found = catalogue.sources.values() if catalogue else ()
        self._labels.update({source.id: source.label for source in found})
        return [(source.label, source.id) for source in found]

    def kinds(self) -> Choices:
        """Return the kinds of text to choose from: originals, each kind of card, own documents."""
        return [(self._text(f"kind_{kind}"), kind) for kind in _KINDS]

    def filters(self, sources: Iterable[str], kinds: Iterable[str]) -> Filters:
        """Return the filters of a choice; who chooses all there is of something, leaves it open."""
        return Filters(_unless_all(sources, self._labels), _unless_all(kinds, _KINDS))

    def describe(self, filters: Filters) -> str:
        """Return where a question was sought, or an empty text if that was everywhere."""
        chosen = [*map(self._label, sorted(filters.sources)), *map(self._label, sorted(filters.kinds))]
        return self._text("scope_of_answer", chosen=", ".join(chosen)) if chosen else ""

    def heading(self, filters: Filters) -> str:
        """Return in a few words where the next question will be sought."""
        chosen = [*map(self._label, sorted(filters.sources)), *map(self._label, sorted(filters.kinds))]
        return self._text("scope_chosen", chosen=", ".join(chosen)) if chosen else self._text("scope_all")

    def _label(self, chosen: str) -> str:
        return self._text(f"kind_{chosen}") if chosen in _KINDS else self._labels.get(chosen, chosen)


def _unless_all(chosen: Iterable[str], there: Collection[str]) -> frozenset[str]:
    found = frozenset(chosen)
    return frozenset() if there and found.issuperset(there) else found
