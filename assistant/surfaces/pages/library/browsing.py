"""What ``/bibliotheek`` shows: the cards and sources that fit what is sought, and how to narrow that down."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from assistant.domain import Card, CardKind, Catalogue, Source
from assistant.surfaces.pages.library.searching import MOST_LETTERS, Run, Words, fold_for_order
from assistant.surfaces.pages.library.sources import ListedSource, list_sources, source_ids_of
from assistant.surfaces.pages.marking import link_to_card

KINDS = (
    CardKind.OVERVIEW,
    CardKind.PHASE,
    CardKind.PARADOX,
    CardKind.CONCEPT,
    CardKind.ROLE,
    CardKind.FORM,
    CardKind.INSTRUMENT,
    CardKind.CASE,
)
"""In the order in which the library shows them."""


@dataclass(frozen=True, slots=True)
class Sought:
    """What an address asks of the library; an empty value asks nothing."""

    text: str = ""
    kind: str = ""
    phase: str = ""
    source: str = ""

    @classmethod
    def read(cls, asked: Mapping[str, str], catalogue: Catalogue) -> Sought:
        """Read an address; a filter that the catalogue doesn't know is left out."""
        phase = asked.get("fase", "")
        is_phase = phase in catalogue.cards and catalogue.cards[phase].kind is CardKind.PHASE
        source = asked.get("bron", "")
        return cls(
            text=" ".join(asked.get("zoek", "")[:MOST_LETTERS].split()),
            kind=next((kind for kind in KINDS if kind == asked.get("soort")), ""),
            phase=phase if is_phase else "",
            source=source if source in catalogue.sources else "",
        )

    @property
    def is_anything(self) -> bool:
        """Whether anything is sought at all."""
        return self != Sought()

    @property
    def is_filtered(self) -> bool:
        """Whether more is asked than words."""
        return replace(self, text="") != Sought()

    @property
    def address(self) -> str:
        """Where this can be seen."""
        asked = {"zoek": self.text, "soort": self.kind, "fase": self.phase, "bron": self.source}
        given = {name: value for name, value in asked.items() if value}
        return "/bibliotheek" + (f"?{urlencode(given)}" if given else "")


@dataclass(frozen=True, slots=True)
class Option:
    """A value of a filter, and how many cards it leaves."""

    value: str
    name: str
    count: int
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class FoundCard:
    """A card as a result shows it."""

    title: tuple[Run, ...]
    link: str
    kind: str
    text: tuple[Run, ...]
    """Its first sentence, or the one with most of the words."""
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shelf:
    """Cards of one kind; all kinds together, with an empty name, where the best come first."""

    kind: str
    cards: tuple[FoundCard, ...]


@dataclass(frozen=True, slots=True)
class Wider:
    """The same words without filters."""

    link: str
    count: int


@dataclass(frozen=True, slots=True)
class Browsed:
    """All that the page shows of a search."""

    sought: Sought
    count: int
    shelves: tuple[Shelf, ...]
    sources: tuple[ListedSource, ...]
    kinds: tuple[Option, ...]
    phases: tuple[Option, ...]
    from_sources: tuple[Option, ...]
    widened: Wider | None
    """Where the filters leave nothing, and there is something without them."""


def browse(sought: Sought, catalogue: Catalogue, phase_names: Mapping[str, str]) -> Browsed:
    """Return what is found, and the filters with how many cards each leaves."""
    words = Words.read(sought.text)
    ranked = _rank(words, catalogue)
    cards = _fitting(ranked, sought, catalogue)
    kinds = [(kind.value, kind.value) for kind in KINDS]
    sources = [(one.id, one.label) for one in catalogue.sources.values()]

    def options(values: Iterable[tuple[str, str]], chosen: str, narrow: _Narrow) -> tuple[Option, ...]:
        return tuple(
            Option(value, name, len(_fitting(ranked, narrow(value), catalogue)), value == chosen)
            for value, name in values
        )

    return Browsed(
        sought=sought,
        count=len(cards),
        shelves=_shelves(cards, words, catalogue),
        sources=_found_sources(sought, words, catalogue),
        kinds=options(kinds, sought.kind, lambda value: replace(sought, kind=value)),
        phases=options(
            _phases(phase_names, catalogue), sought.phase, lambda value: replace(sought, phase=value)
        ),
        from_sources=options(sources, sought.source, lambda value: replace(sought, source=value)),
        widened=_widen(sought, len(ranked)) if not cards else None,
    )


_Narrow = Callable[[str], Sought]


def _rank(words: Words, catalogue: Catalogue) -> list[Card]:
    """Return the cards that have the words, the best first; all by alphabet where no word is sought."""
    scored = [(words.score(card), card) for card in catalogue.cards.values()]
    found = [(-score, fold_for_order(card.title), card) for score, card in scored if score is not None]
    return [card for _, _, card in sorted(found, key=lambda one: one[:2])]


def _fitting(cards: Iterable[Card], sought: Sought, catalogue: Catalogue) -> list[Card]:
    return [card for card in cards if _fits(card, sought, catalogue)]


def _widen(sought: Sought, count: int) -> Wider | None:
    """Return the same words without filters, if those leave something."""
    return Wider(Sought(sought.text).address, count) if count and sought.is_filtered else None


def _fits(card: Card, sought: Sought, catalogue: Catalogue) -> bool:
    return (
        sought.kind in ("", card.kind)
        and (not sought.phase or _is_of_phase(card, sought.phase, catalogue))
        and (not sought.source or sought.source in source_ids_of(card))
    )


def _is_of_phase(card: Card, phase: str, catalogue: Catalogue) -> bool:
    """Return whether a card is about a phase or is related to it, as either of the two says."""
    return phase in (card.id, card.phase, *card.related) or card.id in catalogue.cards[phase].related


def _shelves(cards: list[Card], words: Words, catalogue: Catalogue) -> tuple[Shelf, ...]:
    if words.typed:
        return (Shelf("", tuple(_show(card, words, catalogue) for card in cards)),) if cards else ()
    by_kind = ((kind, [card for card in cards if card.kind is kind]) for kind in KINDS)
    return tuple(
        Shelf(kind, tuple(_show(card, words, catalogue) for card in of_kind))
        for kind, of_kind in by_kind
        if of_kind
    )


def _show(card: Card, words: Words, catalogue: Catalogue) -> FoundCard:
    statements = list(card.statements)
    text = (words.best(statements) or statements[0]).plain
    labels = tuple(catalogue.sources[one].label for one in source_ids_of(card))
    return FoundCard(words.mark(card.title), link_to_card(card.id), card.kind, words.mark(text), labels)


def _found_sources(sought: Sought, words: Words, catalogue: Catalogue) -> tuple[ListedSource, ...]:
    """Return the sources that have all the words in author, title, container or sections."""
    if not words.typed or sought.is_filtered:
        return ()
    found = {one.id for one in catalogue.sources.values() if words.are_in(*_names_of(one))}
    return tuple(one for one in list_sources(catalogue) if one.id in found)


def _names_of(source: Source) -> Iterator[str]:
    yield from (source.title, source.container, source.label, str(source.year or ""))
    yield from source.authors
    yield from source.sections


def _phases(phase_names: Mapping[str, str], catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    for card in catalogue.cards.values():
        if card.kind is CardKind.PHASE:
            yield card.id, phase_names.get(card.id, card.title)
