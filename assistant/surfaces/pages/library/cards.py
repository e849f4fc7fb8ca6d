"""A card as its page shows it: each statement with where it comes from, and where one can go from here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from assistant.domain import Card, CardKind, Catalogue, Statement, card_id_of
from assistant.surfaces.pages.library.sources import source_ids_of
from assistant.surfaces.pages.marking import link_to, link_to_card, link_to_source


@dataclass(frozen=True, slots=True)
class Link:
    """A text that leads somewhere."""

    text: str
    link: str


@dataclass(frozen=True, slots=True)
class ShownPlace:
    """Where a statement comes from."""

    source: str
    section: str
    link: str


@dataclass(frozen=True, slots=True)
class ShownStatement:
    """A statement as its card shows it."""

    number: str
    label: str
    """The bold lead of a list item, with its full stop; mostly empty."""
    text: str
    places: tuple[ShownPlace, ...]


@dataclass(frozen=True, slots=True)
class ShownSection:
    """A section of a card."""

    heading: str
    statements: tuple[ShownStatement, ...]


@dataclass(frozen=True, slots=True)
class ShownCard:
    """All that the page of a card shows besides its title and aliases."""

    sections: tuple[ShownSection, ...]
    phases: tuple[Link, ...]
    sources: tuple[Link, ...]
    related: tuple[Link, ...]
    questions: tuple[Link, ...]
    """Each leads to the chat, typed out."""


def show_card(card: Card, catalogue: Catalogue, phase_names: Mapping[str, str]) -> ShownCard:
    """Return what there is to show of a card."""
    return ShownCard(
        sections=tuple(
            ShownSection(section.heading, tuple(_statement(one, catalogue) for one in section.statements))
            for section in card.sections
        ),
        phases=tuple(_phases(card, catalogue, phase_names)),
        sources=tuple(Link(catalogue.sources[one].label, link_to_source(one)) for one in source_ids_of(card)),
        related=tuple(Link(catalogue.cards[one].title, link_to_card(one)) for one in card.related),
        questions=tuple(Link(one, link_to_asking(one)) for one in card.questions),
    )


def link_to_asking(question: str) -> str:
    """Return the address of the chat with a question typed out."""
    return f"/?vraag={quote(question, safe='')}"


def _phases(card: Card, catalogue: Catalogue, phase_names: Mapping[str, str]) -> Iterator[Link]:
    """Return the phases that a card belongs to: its own, and those that it is related to."""
    if card.kind is CardKind.PHASE:
        return
    named = (card.phase, *card.related)
    for id_ in dict.fromkeys(one for one in named if one):
        if catalogue.cards[id_].kind is CardKind.PHASE:
            yield Link(phase_names.get(id_, catalogue.cards[id_].title), link_to_card(id_))


def _statement(statement: Statement, catalogue: Catalogue) -> ShownStatement:
    number = statement.id.removeprefix(f"{card_id_of(statement.id)}#")
    end = statement.plain.find(" ", len(statement.label)) if statement.label else -1
    label, text = statement.plain[: end + 1].strip(), statement.plain[end + 1 :]
    return ShownStatement(number, label, text, tuple(_places(statement, catalogue)))


def _places(statement: Statement, catalogue: Catalogue) -> Iterator[ShownPlace]:
    for evidence in catalogue.evidence.get(statement.id, ()):
        link = link_to(evidence, catalogue) if evidence.span else link_to_source(evidence.source_id)
        yield ShownPlace(catalogue.sources[evidence.source_id].label, evidence.section, link)
