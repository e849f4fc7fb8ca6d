"""Questions to ask next: only ones that a card answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import chain

from assistant.domain import Card, Catalogue, Claim, Findings, card_id_of

MOST = 3


QuestionsOf = Callable[[Card], Sequence[str]]
"""Gives the questions of a card in the language of the conversation, the most general first."""


def suggest(
    catalogue: Catalogue, findings: Findings, *, used: Sequence[Claim], asked: str, questions_of: QuestionsOf
) -> tuple[str, ...]:
    """Return at most three questions: from cards related to the answer, else from the nearest cards."""
    answered = dict.fromkeys(card_id_of(cited) for claim in used for cited in claim.cites)
    cards = [catalogue.cards[card_id] for card_id in answered if card_id in catalogue.cards]
    related = [name for card in cards for name in card.related]
    nearest = [passage.chunk.card_id for passage in findings.passages if passage.chunk.card_id]
    order = dict.fromkeys(name for name in (*related, *nearest) if name not in answered)
    offered = [questions_of(card)[:1] for name in order if (card := catalogue.cards.get(name))]
    own = [questions_of(card)[1:] for card in cards]
    questions = chain.from_iterable((*offered, *own))
    chosen = dict.fromkeys(question for question in questions if not _same(question, asked))
    return tuple(chosen)[:MOST]


def is_offered(asked: str, cards: Iterable[Card]) -> bool:
    """Return whether a question is, to the letter, one that a card says it answers."""
    sought = _bare(asked)
    return any(_bare(question) == sought for card in cards for question in card.questions)


def _same(one: str, other: str) -> bool:
    return _bare(one) == _bare(other)


@lru_cache(maxsize=4096)
def _bare(question: str) -> str:
    return question.casefold().strip(" ?.!")
