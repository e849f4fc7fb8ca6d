"""A cite names a statement of a card by a few of its words, so that it survives moving about."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.domain import Card

BETWEEN = " | "
"""Between the id of a card and the words of its statement."""


class Cites:
    """Finds the statements that cites such as ``funderen | komen er leden bij`` name."""

    def __init__(self, cards: Mapping[str, Card]) -> None:
        self._cards = cards

    def resolve(self, cite: str) -> str:
        """Return the id of the one statement that ``cite`` names, or raise ``ValueError`` with the reason."""
        card_id, _, words = (part.strip() for part in " ".join(cite.split()).partition(BETWEEN))
        if not card_id or not words:
            raise ValueError(f"cite: '{cite}' isn't '<card id>{BETWEEN}<words>'")
        if card_id not in self._cards:
            raise ValueError(f"cite: there's no card '{card_id}'")
        found = [one.id for one in self._cards[card_id].statements if words in " ".join(one.plain.split())]
        if len(found) != 1:
            number = "no statement has" if not found else f"{len(found)} statements have"
            raise ValueError(f"cite: {number} the words '{words}' on card '{card_id}'")
        return found[0]

    def has_card(self, card_id: str) -> bool:
        """Whether there is such a card."""
        return card_id in self._cards
