"""Questions to ask next: only ones that a card answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from assistant.domain import Card, Catalogue, Claim, Findings, card_id_of

MOST = 3


def suggest(catalogue: Catalogue, findings: Findings, used: Sequence[Claim], asked: str) -> tuple[str, ...]:
    """Return at most three questions: from cards related to the answer, else from the nearest cards."""
    answered = dict.fromkeys(card_id_of(cited) for claim in used for cited in claim.cites)
    cards = [catalogue.cards[card_id] for card_id in answered if card_id in catalogue.cards]
    related = [name for card in cards for name in card.related]
    nearest = [passage.chunk.card_id for passage in findings.passages if passage.chunk.card_id]
    order = dict.fromkeys(name for name in (*related, *nearest) if name not in answered)
    offered = _first_questions(catalogue, order)
    own = [question for card in cards for question in card.questions[1:]]
    chosen = dict.fromkeys(question for question in (*offered, *own) if not _same(question, asked))
    return tuple(chosen)[:MOST]


def is_offered(asked: str, cards: Iterable[Card]) -> bool:
    """Return whether a question is, to the letter, one that a card says it answers."""
    return any(_same(asked, question) for card in cards for question in card.questions)


def _first_questions(catalogue: Catalogue, card_ids: Iterable[str]) -> list[str]:
    cards = (catalogue.cards[name] for name in card_ids if name in catalogue.cards)
    return [card.questions[0] for card in cards if card.questions]


def _same(one: str, other: str) -> bool:
    return one.casefold().strip(" ?.!") == other.casefold().strip(" ?.!")
