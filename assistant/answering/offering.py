"""What a chat model gets to see: numbered statements and sentences, and never anything else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from assistant.answering.quoting import quotable
from assistant.answering.selecting import Selection
from assistant.answering.shelf import sources_of
from assistant.domain import Claim, card_id_of

MOST_OFFERED = 16
MOST_QUOTES = 3
"""Sentences of originals, beside those that the composer quotes."""

QUOTE_MARKS = "“”\"'‘’"


@dataclass(frozen=True, slots=True)
class Offered:
    """A statement, or a sentence of an original, that an answer may rest on."""

    id: str
    """The statement's or the chunk's."""
    text: str
    topic: str
    """The title of the card or of the section that it stands in."""
    is_quote: bool
    """Whether the words are those of an original: they may only be given as they are."""


def offer(composed: Sequence[Claim], selections: Sequence[Selection]) -> tuple[Offered, ...]:
    """Return what the composer says, then the best of what else suits each question."""
    quotes = [_offer_claim(claim, one) for one in selections for claim in _best_quotes(one)]
    others = chain.from_iterable(map(_statements, selections))
    statements = (*(_offer_claim(claim, selections[0]) for claim in composed), *others)
    chosen = list({one.text: one for one in statements}.values())[: MOST_OFFERED - len(quotes)]
    return tuple({one.text: one for one in (*chosen, *quotes)}.values())


def _best_quotes(selection: Selection) -> list[Claim]:
    scored = sorted(quotable(selection), key=lambda entry: entry[0], reverse=True)
    return [claim for _, claim in scored[:MOST_QUOTES]]


def _statements(selection: Selection) -> Iterator[Offered]:
    wanted = selection.query.filters.sources
    for candidate in selection.candidates({}):
        if not wanted or not wanted.isdisjoint(sources_of(candidate.statement)):
            statement = candidate.statement
            yield Offered(statement.id, statement.text, candidate.card.title, is_quote=False)


def _offer_claim(claim: Claim, selection: Selection) -> Offered:
    """Return a claim as it's offered: it rests on one statement, or quotes one sentence."""
    cited = claim.cites[0]
    card = selection.shelf.cards.get(card_id_of(cited))
    if card is not None:
        return Offered(cited, claim.text, card.title, is_quote=False)
    sections = {passage.chunk.id: passage.chunk.section for passage in selection.findings.passages}
    return Offered(cited, claim.text.strip(QUOTE_MARKS), sections.get(cited, ""), is_quote=True)
