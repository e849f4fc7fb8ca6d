"""``/passage``: evidence in its surroundings beside the card that says it, for a panel next to an answer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from assistant.domain import Card, CardSection, Catalogue, Evidence, Span, Statement, card_id_of
from assistant.surfaces.pages.marking import CITED, fingerprint, link_to_card, link_to_source
from assistant.surfaces.pages.passages import Excerpt, is_within, show_excerpt

MOST_CARDS = 3
"""Cards to show where the address names none."""

_NUMBER = re.compile(r"[0-9]{1,9}")
_PROOF = re.compile(r"[0-9a-f]{8}")


@dataclass(frozen=True, slots=True)
class Place:
    """What an address asks to see."""

    source_id: str
    span: Span | None
    section: str
    """What is meant where there is no span; empty if the address doesn't say."""
    card_id: str
    proof: str
    """The fingerprint of the words that were cited; empty if the address has none."""

    @classmethod
    def read(cls, asked: Mapping[str, str]) -> Place | None:
        """Read an address as ``passage_link`` makes it; ``None`` for one that makes no sense."""
        start, end = asked.get("van", ""), asked.get("tot", "")
        proof, card_id = asked.get("merk", ""), asked.get("kaart", "")
        if not asked.get("bron") or (proof and not _PROOF.fullmatch(proof)):
            return None
        if not (start or end):
            return cls(asked["bron"], None, asked.get("deel", ""), card_id, proof)
        if not (_NUMBER.fullmatch(start) and _NUMBER.fullmatch(end) and int(start) < int(end)):
            return None
        return cls(asked["bron"], Span(int(start), int(end)), "", card_id, proof)


@dataclass(frozen=True, slots=True)
class Said:
    """A statement of a card, and whether it is what was cited."""

    text: str
    is_cited: bool


@dataclass(frozen=True, slots=True)
class CardPart:
    """The sections of a card with what was cited."""

    title: str
    link: str
    statements: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class ShownPassage:
    """What there is to show of evidence."""

    source: str
    section: str
    language: str
    excerpt: Excerpt | None
    """None where the text isn't here, or hasn't the words that were cited any more."""
    is_present: bool
    """Whether the text of the source is here."""
    cards: tuple[CardPart, ...]
    is_said: bool
    """Whether the cards say what was cited; if not, a card shows how it begins."""
    whole: str
    """Where to read on in the source."""


def show_passage(place: Place, catalogue: Catalogue) -> ShownPassage | None:
    """Return what there is of a place; ``None`` if its source is unknown."""
    source = catalogue.sources.get(place.source_id)
    if source is None:
        return None
    is_present = source.id in catalogue.documents
    found = _cited(place, catalogue) if _is_proved(place, catalogue) else {}
    spans = [place.span] if place.span else [one.span for one in found.values() if one.span]
    span = spans[0] if is_present and spans and _is_proved(place, catalogue) else None
    excerpt = show_excerpt(catalogue.documents[source.id], span) if span else None
    link = link_to_source(source.id)
    return ShownPassage(
        source=source.label,
        section=excerpt.section if excerpt else next((one.section for one in found.values()), ""),
        language=source.language,
        excerpt=excerpt,
        is_present=is_present,
        cards=_parts(found, catalogue) or _opening(place, catalogue),
        is_said=bool(found),
        whole=f"{link}?van={span.start}&tot={span.end}#{CITED}" if span else link,
    )


def _is_proved(place: Place, catalogue: Catalogue) -> bool:
    """Return whether a span that is asked for is in the text, with the words that were cited."""
    document = catalogue.documents.get(place.source_id)
    if place.span is None or document is None:
        return place.span is None
    quote = document.text[place.span.start : place.span.end]
    return is_within(document, place.span) and place.proof in ("", fingerprint(quote))


def _cited(place: Place, catalogue: Catalogue) -> dict[str, Evidence]:
    """Return the statements that are meant, with their evidence: on the card if one is named, else on any."""
    found = {
        statement.id: evidence
        for card in _cards(place, catalogue)
        for statement in card.statements
        for evidence in catalogue.evidence.get(statement.id, ())
        if evidence.source_id == place.source_id and _is_meant(statement, evidence, place)
    }
    cards = list(dict.fromkeys(card_id_of(one) for one in found))[:MOST_CARDS]
    return {id_: one for id_, one in found.items() if card_id_of(id_) in cards}


def _cards(place: Place, catalogue: Catalogue) -> Iterator[Card]:
    if place.card_id:
        yield from filter(None, [catalogue.cards.get(place.card_id)])
    elif place.span:
        yield from catalogue.cards.values()


def _is_meant(statement: Statement, evidence: Evidence, place: Place) -> bool:
    if place.span:
        return evidence.span == place.span
    return fingerprint(statement.plain) == place.proof and place.section in ("", evidence.section)


def _parts(found: Mapping[str, Evidence], catalogue: Catalogue) -> tuple[CardPart, ...]:
    cards = dict.fromkeys(card_id_of(one) for one in found)
    return tuple(_part(catalogue.cards[one], found) for one in cards)


def _part(card: Card, found: Mapping[str, Evidence]) -> CardPart:
    """Return the sections of a card that have what was cited."""

    def has_any(section: CardSection) -> bool:
        return any(one.id in found for one in section.statements)

    shown = (one for section in card.sections if has_any(section) for one in section.statements)
    return CardPart(
        card.title, link_to_card(card.id), tuple(Said(one.plain, one.id in found) for one in shown)
    )


def _opening(place: Place, catalogue: Catalogue) -> tuple[CardPart, ...]:
    """Return the first section of the card that is named, where none of its statements is meant."""
    card = catalogue.cards.get(place.card_id)
    if card is None:
        return ()
    statements = tuple(Said(one.plain, False) for one in card.sections[0].statements)
    return (CardPart(card.title, link_to_card(card.id), statements),)
