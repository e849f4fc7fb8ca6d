"""The sources as the library lists them, and what the cards say of each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from markupsafe import Markup

from assistant.domain import Card, Catalogue, Source, Statement
from assistant.publishing.references import reference_html
from assistant.surfaces.pages.marking import link_to_source, link_to_statement


@dataclass(frozen=True, slots=True)
class ListedSource:
    """A source as a list shows it."""

    id: str
    title: str
    label: str
    reference: Markup
    rights: str
    language: str
    is_present: bool
    """Whether its text is here."""
    cards: int
    """How many cards rest on it."""
    link: str
    asking: str
    """Where to ask a question of this source alone."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What a card says of a source, and where."""

    text: str
    card: str
    link: str


def list_sources(catalogue: Catalogue) -> tuple[ListedSource, ...]:
    """Return the sources in the order of the bibliography."""
    resting = [source_ids_of(card) for card in catalogue.cards.values()]
    return tuple(
        ListedSource(
            id=source.id,
            title=source.title,
            label=source.label,
            reference=reference_html(source),
            rights=source.rights,
            language=source.language,
            is_present=source.id in catalogue.documents,
            cards=sum(source.id in one for one in resting),
            link=link_to_source(source.id),
            asking=f"/?bron={quote(source.id)}",
        )
        for source in catalogue.sources.values()
    )


def source_ids_of(card: Card) -> tuple[str, ...]:
    """Return the sources that a card rests on, in the order in which it cites them."""
    cited = (one.source_id for statement in card.statements for one in statement.references)
    return tuple(dict.fromkeys(cited))


def summarise(source: Source, catalogue: Catalogue) -> list[tuple[str, tuple[Summary, ...]]]:
    """Return what the cards say of a source, by its sections and in their order."""
    found: dict[str, list[Summary]] = {section: [] for section in source.sections}
    for card in catalogue.cards.values():
        for statement in card.statements:
            for section in _sections_of(statement, source):
                found.setdefault(section, []).append(
                    Summary(statement.plain, card.title, link_to_statement(statement.id))
                )
    return [(section, tuple(summaries)) for section, summaries in found.items() if summaries]


def _sections_of(statement: Statement, source: Source) -> Iterator[str]:
    return (one.section for one in dict.fromkeys(statement.references) if one.source_id == source.id)
