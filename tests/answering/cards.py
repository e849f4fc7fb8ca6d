"""Invented cards, sources and claims, and a lexicon that knows no endings."""

from __future__ import annotations

from assistant.domain import (
    Card,
    CardKind,
    CardSection,
    Catalogue,
    CheckedClaim,
    Chunk,
    Citation,
    Claim,
    ClaimForm,
    Evidence,
    Passage,
    Reference,
    SectionRole,
    Source,
    Statement,
    Support,
)


class Words:
    """A lexicon without stemming, in which every word of four letters is as rare as any other."""

    def content_words(self, text: str) -> tuple[str, ...]:
        """Return the longer words, each once."""
        words = (word.strip(".,?*").casefold() for word in text.split())
        return tuple(dict.fromkeys(word for word in words if len(word) > 3))

    def rarity(self, stem: str) -> float:
        """Return the same weight for every word."""
        return 1.0


SOURCES = {
    "jansen": Source(
        "jansen", ("Piet Jansen",), 1999, "Bruggen", "Blad", "nl", "©", "Jansen 1999", ("Dek", "Pijlers")
    ),
    "de-brug": Source(
        "de-brug", ("De Brug",), None, "Over bruggen", "Site", "nl", "©", "De Brug", ("Dek", "Pijlers")
    ),
}


def a_card(
    title: str, *texts: str, source: str = "jansen", section: str = "Dek", question_back: str | None = None
) -> Card:
    """Return a card of one section; a text with a bold lead is an item."""
    id_ = title.casefold().replace(" ", "-")
    cited = (Reference(source, section),)
    statements = tuple(
        Statement(f"{id_}#{number}", text, None, text.startswith("**"), cited, number)
        for number, text in enumerate(texts, start=1)
    )
    kern = CardSection("Kern", SectionRole.DEFINITION, False, statements)
    return Card(id_, CardKind.CONCEPT, title, (), None, (), (), (kern,), question_back)


def catalogue_of(*cards: Card) -> Catalogue:
    """Return the cards with both sources, and no texts."""
    return Catalogue(SOURCES, {card.id: card for card in cards}, {}, {})


def claims_of(*cards: Card) -> list[CheckedClaim]:
    """Return all that the cards say as claims, each with a number of its own."""
    checked: list[CheckedClaim] = []
    for card in cards:
        for one in card.statements:
            place = one.references[0]
            evidence = Evidence(place.source_id, place.section, one.text, card_id=card.id)
            form = ClaimForm.BULLET if one.is_item else ClaimForm.PARAGRAPH
            citation = Citation(len(checked) + 1, evidence, Support.SUPPORTED)
            checked.append(CheckedClaim(Claim(one.text, (one.id,), form), (citation,)))
    return checked


def found_on(*cards: Card) -> tuple[Passage, ...]:
    """Return the section of each card as a passage, best first."""
    return tuple(
        Passage(Chunk(card.id, "", "", card.kind.value, "Kern", ("jansen",), card.id), 0.9 - place / 10)
        for place, card in enumerate(cards)
    )
