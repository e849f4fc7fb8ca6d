"""What the assistant says around the claims of an answer: of the question, the sources and itself.

None of it is a fact from the texts, so none of it has a citation.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from assistant.answering.premises import find_miscount, find_other_sources
from assistant.answering.prompts import Texts
from assistant.answering.rendering import inert, render_claims
from assistant.answering.selecting import Selection
from assistant.domain import (
    Card,
    Catalogue,
    CheckedClaim,
    Citation,
    Intent,
    Language,
    Manner,
    Query,
    card_id_of,
)

MOST_PLACES = 4
"""Places that are named to somebody who asks who says it."""

_OPENINGS = frozenset({Intent.LIST, Intent.COMPARISON, Intent.HOW_TO, Intent.SITUATION})
"""Intents whose English answers open in their own way."""


@dataclass(frozen=True, slots=True)
class Framer:
    """Puts an answer in its frame."""

    catalogue: Catalogue
    texts: Texts

    def frame(
        self,
        selection: Selection,
        claims: Sequence[CheckedClaim],
        uncovered: Sequence[str],
        quoted: Sequence[CheckedClaim] = (),
    ) -> str:
        """Return the answer as Markdown; ``uncovered`` are the questions beside it that got none.

        ``quoted`` is what own documents say: it stands below the literature, and apart from it.
        """
        query = selection.query
        body = render_claims(claims)
        if query.reply_language is Language.ENGLISH:
            body = "\n".join(f"> {line}".rstrip() for line in body.splitlines())
        opening = self._opening(selection, claims)
        own = [self.frame_own(quoted, query.reply_language)] if quoted else []
        return "\n\n".join([*opening, body, *own, *self._closing(query, claims, uncovered)])

    def frame_own(self, quoted: Sequence[CheckedClaim], language: Language, *, is_alone: bool = False) -> str:
        """Return what own documents say as Markdown; ``is_alone`` if the literature says nothing."""
        opening = self.texts.render(f"own_alone_{language}" if is_alone else f"own_opening_{language}")
        return f"{opening}\n\n{render_claims(quoted)}"

    def _opening(self, selection: Selection, claims: Sequence[CheckedClaim]) -> Iterator[str]:
        query = selection.query
        language = query.reply_language
        miscount = find_miscount(selection, claims)
        if miscount is not None:
            yield self.texts.render(f"miscount_{language}", asked=inert(miscount))
        others = find_other_sources(query.text, claims, self.catalogue.sources.values())
        if others:
            yield self.texts.render(f"other_sources_{language}", sources=self.join(others, language))
        if Manner.SOURCED in query.manners:
            yield self.texts.render(f"sourced_{language}", places=self._places(claims, language))
        if language is Language.ENGLISH:
            intent = query.intent if query.intent in _OPENINGS else "other"
            yield self.texts.render(f"english_{intent}", topic=inert(self._topic(claims)))

    def _closing(
        self, query: Query, claims: Sequence[CheckedClaim], uncovered: Sequence[str]
    ) -> Iterator[str]:
        language = query.reply_language
        for question in uncovered:
            yield self.texts.render(f"uncovered_{language}", question=inert(question))
        if query.intent is Intent.HEALTH_CHECK:
            yield self.texts.render(f"offer_health_check_{language}")
        counted = Counter(card.question_back for card in self._cards(claims) if card.question_back)
        back = next((question for question, _ in counted.most_common(1)), None)
        if query.intent is Intent.SITUATION and back:
            yield self.texts.render(f"question_back_{language}", question=inert(back))

    def _places(self, claims: Sequence[CheckedClaim], language: Language) -> str:
        cited = dict.fromkeys(citation for checked in claims for citation in checked.citations)
        first = {(one.evidence.source_id, one.evidence.section): one for one in reversed(list(cited))}
        named = sorted(first.values(), key=lambda one: one.number)[:MOST_PLACES]
        return self.join(map(self._place, named), language)

    def _place(self, citation: Citation) -> str:
        label = self.catalogue.sources[citation.evidence.source_id].label
        return f"{inert(label)} (‘{inert(citation.evidence.section)}’) [{citation.number}]"

    def _topic(self, claims: Sequence[CheckedClaim]) -> str:
        return next((card.title for card in self._cards(claims)), self.texts.render("alliances_en"))

    def _cards(self, claims: Sequence[CheckedClaim]) -> Iterator[Card]:
        ids = (card_id_of(cited) for checked in claims for cited in checked.claim.cites)
        return (self.catalogue.cards[id_] for id_ in ids if id_ in self.catalogue.cards)

    def join(self, names: Iterable[str], language: Language) -> str:
        """Return names as a phrase: "A, B en C"."""
        listed = list(names)
        conjunction = self.texts.render(f"and_{language}")
        return f"{', '.join(listed[:-1])} {conjunction} {listed[-1]}" if len(listed) > 1 else "".join(listed)
