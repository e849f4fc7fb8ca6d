"""The citation check: no claim reaches a reader without evidence that stands where it says it stands."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping

from assistant.answering.paraphrasing import Ground, Paraphrases
from assistant.domain import (
    Catalogue,
    CheckedClaim,
    Chunk,
    Citation,
    Claim,
    Evidence,
    Span,
    Statement,
    Support,
    card_id_of,
    unproved_figures,
)

_log = logging.getLogger(__name__)

_Place = tuple[str, str, str]

_QUOTE_MARKS = "“”\"'‘’"


class CitationCheck:
    """Checks claims against one catalogue.

    A claim counts as *quoted* if its words stand, to the letter, in the passage it cites; as
    *supported* if it is a card statement whose evidence holds and has every figure of the claim, or,
    given ``paraphrases``, if it says in other words what such statements say.
    Any other claim is kept from the reader and logged.
    """

    def __init__(
        self, catalogue: Catalogue, chunks: Mapping[str, Chunk], paraphrases: Paraphrases | None = None
    ) -> None:
        self._catalogue = catalogue
        self._chunks = chunks
        self._paraphrases = paraphrases
        self._statements = {
            statement.id: statement for card in catalogue.cards.values() for statement in card.statements
        }

    def check(self, claims: Iterable[Claim]) -> Iterator[CheckedClaim]:
        """Yield the claims of one answer that hold, their evidence numbered in order of first use."""
        numbered: dict[_Place, Citation] = {}
        for claim in claims:
            found = [pair for cited in claim.cites for pair in self._resolve(claim, cited)]
            found = found or self._resolve_together(claim)
            if not found:
                _log.warning("claim withheld: %s does not support it", ", ".join(claim.cites))
                continue
            places = [_place(evidence) for evidence, _ in found]
            for place, (evidence, support) in zip(places, found, strict=True):
                numbered.setdefault(place, Citation(len(numbered) + 1, evidence, support))
            yield CheckedClaim(claim, tuple(dict.fromkeys(numbered[place] for place in places)))

    def _resolve(self, claim: Claim, cited: str) -> list[tuple[Evidence, Support]]:
        """Return the evidence that a claim has in one thing it cites; none if that doesn't support it."""
        if cited in self._statements:
            evidence = self._catalogue.evidence.get(cited, ())
            stands = all(self._stands(one) for one in evidence)
            if stands and self._supports(claim.text, self._statements[cited], evidence):
                return [(one, Support.SUPPORTED) for one in evidence]
        elif cited in self._chunks:
            quoted = _find_quote(claim.text, self._chunks[cited])
            if quoted is not None and self._stands(quoted):
                return [(quoted, Support.QUOTED)]
        return []

    def _resolve_together(self, claim: Claim) -> list[tuple[Evidence, Support]]:
        """Return the evidence of the statements that together say what a claim says in other words."""
        if self._paraphrases is None:
            return []
        grounds = {cited: ground for cited in claim.cites if (ground := self._ground(cited)) is not None}
        bearing = self._paraphrases.bearing(claim.text, grounds)
        return [(one, Support.SUPPORTED) for cited in bearing for one in self._catalogue.evidence[cited]]

    def _ground(self, cited: str) -> Ground | None:
        """Return what a statement says and rests on; ``None`` where that doesn't hold."""
        evidence = self._catalogue.evidence.get(cited, ())
        if cited not in self._statements or not evidence or not all(map(self._stands, evidence)):
            return None
        sources = [self._catalogue.sources[one.source_id] for one in evidence]
        names = (name for source in sources for name in (source.label, *source.authors))
        title = self._catalogue.cards[card_id_of(cited)].title
        quotes = tuple(one.quote for one in evidence)
        return Ground(self._statements[cited].plain, quotes, (title, *names))

    def _supports(self, text: str, statement: Statement, evidence: tuple[Evidence, ...]) -> bool:
        """Whether a claim is the statement it cites, and its evidence has all of its figures."""
        unproved = unproved_figures(text, evidence, self._catalogue.sources)
        return text == statement.text and bool(evidence) and not unproved

    def _stands(self, evidence: Evidence) -> bool:
        """Whether the quote is, to the letter, what the document has at that place."""
        if evidence.span is None:
            return evidence.card_id is not None
        document = self._catalogue.documents.get(evidence.source_id)
        span = evidence.span
        return document is not None and document.text[span.start : span.end] == evidence.quote


def _place(evidence: Evidence) -> _Place:
    """Return what makes two pieces of evidence one citation: the same words in the same place."""
    return evidence.source_id, evidence.section, evidence.quote


def _find_quote(text: str, chunk: Chunk) -> Evidence | None:
    wanted = text.strip(_QUOTE_MARKS)
    position = chunk.text.find(wanted)
    if position < 0 or chunk.span is None or not wanted:
        return None
    start = chunk.span.start + position
    return Evidence(chunk.source_ids[0], chunk.section, wanted, Span(start, start + len(wanted)))
