"""What may be going on in an alliance: phases and paradoxes, with what speaks for and against each."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant.coach.poles import Lean, Pole, Poles
from assistant.coach.signs import Sign
from assistant.coach.situations import Match, Situation
from assistant.coach.told import Told
from assistant.domain import (
    Card,
    CardKind,
    CitedText,
    Hypothesis,
    PhaseResult,
    Report,
    Source,
    TensionResult,
    card_id_of,
)

MOST_PHASES, MOST_PARADOXES = 2, 3

NEAR_BEST_PHASE, NEAR_BEST_PARADOX = 0.75, 0.85
"""Share of the strongest one's weight from which another is a hypothesis too."""

LEAST_WEIGHT = 0.25
"""Below this nothing is suspected."""

NEAR_BEST_RIVAL = 0.6
"""Share of the strongest one's weight from which another is a rival."""

LEAST_LEAN = 0.5
"""From this mean on, from 0 to 2, a tension of a check leans to a side."""

_MOST_FOR, _MOST_AGAINST, _LONGEST_QUOTE = 3, 2, 30


class Wording(Protocol):
    """Texts for readers, by key."""

    def render(self, key: str, /, **values: object) -> str:
        """Return a text with its placeholders filled."""
        ...


@dataclass(frozen=True, slots=True)
class Suspicion:
    """A hypothesis, and for a paradox the pole that seems to prevail."""

    hypothesis: Hypothesis
    lean: Lean | None = None


@dataclass(frozen=True, slots=True)
class Suspecting:
    """Makes hypotheses of a situation, a report, or both."""

    cards: Mapping[str, Card]
    sources: Mapping[str, Source]
    poles: Mapping[str, Poles]
    signs: Mapping[str, Sign]
    wording: Wording

    def suspect(self, situation: Situation | None, report: Report | None) -> tuple[Suspicion, ...]:
        """Return at most two phases and three paradoxes, each kind with the strongest first."""
        told = Told(situation, self.signs) if situation else None
        case = _Case(self, told, report, self._weights(situation, report))
        phases = case.suspicions(CardKind.PHASE, NEAR_BEST_PHASE)[:MOST_PHASES]
        paradoxes = case.suspicions(CardKind.PARADOX, NEAR_BEST_PARADOX)[:MOST_PARADOXES]
        return (*phases, *paradoxes)

    def author(self, card: Card) -> str:
        """Name the source that a card's first statement rests on: "Boonstra 2023"."""
        return self.sources[source_of(card)].label

    def _weights(self, situation: Situation | None, report: Report | None) -> Mapping[str, float]:
        """Weigh each card; what a situation and a check say counts alike."""
        told = situation.weights if situation else {}
        measured = _measured(report) if report else {}
        both = {id_: (told[id_] + measured[id_]) / 2 for id_ in told.keys() & measured.keys()}
        return {**told, **measured, **both}


@dataclass(frozen=True, slots=True)
class _Case:
    """One situation or report, or both, with how strongly it suggests each card."""

    tools: Suspecting
    told: Told | None
    report: Report | None
    weights: Mapping[str, float]

    def suspicions(self, kind: CardKind, share: float) -> list[Suspicion]:
        """Return the hypotheses of a kind that something speaks for, the strongest first."""
        likely = [card for card in self._ranked(kind) if self.weights.get(card.id, 0.0) >= LEAST_WEIGHT]
        shown = self._shown(likely)
        least = share * self.weights[shown[0].id] if shown else 0.0
        shown = [card for card in shown if self.weights[card.id] >= least]
        if kind is CardKind.PARADOX and not shown and likely:
            shown = [self._most_pointed_at(likely)]
        suspicions = map(self.suspicion, shown)
        return [one for one in suspicions if one.hypothesis.speaks_for]

    def _shown(self, cards: Sequence[Card]) -> list[Card]:
        """Return the cards that the check shows, or a sentence of the situation that no stronger one has."""
        shown, taken = [], set[str]()
        for card in cards:
            sentences = {match.sentence for match in self._owned(card, self._lean(card))[:_MOST_FOR]}
            if self._measured(card)[0] or sentences - taken:
                shown.append(card)
                taken |= sentences
        return shown

    def _most_pointed_at(self, cards: Sequence[Card]) -> Card:
        """Return, of about equally strong paradoxes, the first with a word that shows a pole."""
        least = NEAR_BEST_PARADOX * self.weights[cards[0].id]
        near = [card for card in cards if self.weights[card.id] >= least]
        return next((card for card in near if self._lean(card)), near[0])

    def suspicion(self, card: Card) -> Suspicion:
        """Return a card as a hypothesis."""
        lean = self._lean(card)
        is_phase = card.kind is CardKind.PHASE
        told_for, told_against = self._told(card, lean)
        measured_for, measured_against = self._measured(card)
        room = _MOST_FOR - 1 if measured_for else _MOST_FOR
        hypothesis = Hypothesis(
            card_id=card.id,
            title=card.title,
            is_phase=is_phase,
            weight=round(min(1.0, self.weights[card.id]), 2),
            claim=self._claim(card, lean),
            speaks_for=(*told_for[:room], *measured_for[:_MOST_FOR]),
            speaks_against=(*told_against[:_MOST_AGAINST], *measured_against[:_MOST_AGAINST]),
        )
        return Suspicion(hypothesis, lean)

    def _ranked(self, kind: CardKind) -> list[Card]:
        cards = [card for card in self.tools.cards.values() if card.kind is kind]
        return sorted(cards, key=lambda card: (-self.weights.get(card.id, 0.0), card.id))

    def _lean(self, card: Card) -> Lean | None:
        if card.kind is not CardKind.PARADOX:
            return None
        mean = next((one.score.mean for one in self._tensions() if one.card_id == card.id), None)
        if mean is not None and abs(mean) >= LEAST_LEAN:
            return "left" if mean < 0 else "right"
        return self.tools.poles[card.id].lean_of(self.told.situation.text) if self.told else None

    def _tensions(self) -> Sequence[TensionResult]:
        return self.report.tensions if self.report else ()

    def _claim(self, card: Card, lean: Lean | None) -> CitedText:
        statement = next(iter(card.statements))
        render = self.tools.wording.render
        if card.kind is CardKind.PHASE:
            author = self.tools.author(card)
            text = render("claim_phase", title=card.title, author=author, statement=statement.plain)
            return CitedText(text, (statement.id,))
        text = render("claim_paradox", title=card.title, statement=statement.plain)
        if lean:
            text += " " + render("claim_lean", pole=self.tools.poles[card.id].pole(lean).name)
        return CitedText(text, (statement.id,))

    # ── What the situation says ──────────────────────────────────────────────

    def _told(self, card: Card, lean: Lean | None) -> tuple[list[CitedText], list[CitedText]]:
        """Return what in the situation speaks for a card, and what against it or isn't told."""
        if self.told is None:
            return [], []
        claimed, other = next(iter(card.statements)).id, self._other_side(card, lean)
        chosen = self._owned(card, lean)[:_MOST_FOR]
        shown = {claimed, *other, *(match.statement.id for match in chosen)}
        quoted_already = {match.sentence for match in chosen}
        against = [
            *self._opposite(card, lean, quoted_already),
            *self._rival(card, quoted_already),
            *(self._untold(self.told, card, shown) if chosen else ()),
        ]
        against = against[:_MOST_AGAINST] or [CitedText(self.tools.wording.render("against_nothing"))]
        return [self._beside("for_told", match) for match in chosen] or self._pointing(card, lean), against

    def _owned(self, card: Card, lean: Lean | None) -> list[Match]:
        """Return the pairs for a card whose sentence fits none of its rivals better."""
        if self.told is None:
            return []
        without = {next(iter(card.statements)).id, *self._other_side(card, lean)}
        return self.told.owned(card, self._rivals(card), without)

    def _pointing(self, card: Card, lean: Lean | None) -> list[CitedText]:
        """Return the sentence that says most of a card, with no statement beside it."""
        pole = self.tools.poles[card.id].pole(lean) if lean else None
        sentence = self.told.pointing(card, pole) if self.told else None
        if sentence is None:
            return []
        return [CitedText(self.tools.wording.render("for_pointing", quote=quoted(sentence)))]

    def _other_side(self, card: Card, lean: Lean | None) -> tuple[str, ...]:
        """Return the statements on the side that doesn't prevail: they'd say the opposite."""
        return self._other_pole(card, lean).statements if lean else ()

    def _other_pole(self, card: Card, lean: Lean) -> Pole:
        return self.tools.poles[card.id].pole("left" if lean == "right" else "right")

    def _opposite(self, card: Card, lean: Lean | None, quoted_already: Collection[str]) -> list[CitedText]:
        """Return a sentence that shows the side that doesn't prevail."""
        if self.told is None or lean is None:
            return []
        other = self._other_pole(card, lean)
        for match in self.told.pairs(card):
            if match.statement.id in other.statements and match.sentence not in quoted_already:
                return [self._beside("against_side", match)]
        return []

    def _rival(self, card: Card, quoted_already: Collection[str]) -> list[CitedText]:
        """Return the sentence that shows the strongest rival, and not this card."""
        for rival in self._rivals(card) if self.told else ():
            claimed = next(iter(rival.statements)).id
            for match in self._owned(rival, self._lean(rival)):
                if match.sentence not in quoted_already and match.statement.id != claimed:
                    return [self._beside("against_rival", match, rival=rival.title)]
        return []

    def _rivals(self, card: Card) -> list[Card]:
        """Return what else it may well be: phases of the same author, or any paradox."""
        ranked = self._ranked(card.kind)
        least = NEAR_BEST_RIVAL * self.weights.get(ranked[0].id, 0.0)
        near = [one for one in ranked if one.id != card.id and self.weights.get(one.id, 0.0) >= least]
        return [one for one in near if card.kind is CardKind.PARADOX or source_of(one) == source_of(card)]

    def _untold(self, told: Told, card: Card, shown: Collection[str]) -> list[CitedText]:
        sign = told.untold(card, shown)
        if sign is None:
            return []
        expected = told.signs[sign.id].expected
        return [CitedText(self.tools.wording.render("against_untold", expected=expected), (sign.id,))]

    def _beside(self, key: str, match: Match, **values: str) -> CitedText:
        text = self.tools.wording.render(
            key, quote=quoted(match.sentence), statement=match.statement.plain, **values
        )
        return CitedText(text, (match.statement.id,))

    # ── What the check says ──────────────────────────────────────────────────

    def _measured(self, card: Card) -> tuple[list[CitedText], list[CitedText]]:
        """Return what in the report speaks for a card, and what against it."""
        if self.report is None:
            return [], []
        shown = self._phase_shown(card) if card.kind is CardKind.PHASE else self._tension_shown(card)
        points = [
            CitedText(self.tools.wording.render("for_finding", finding=point.finding), point.statements)
            for point in self.report.agenda
            if card.id in map(card_id_of, point.statements)
        ]
        return [*shown[0], *points], shown[1]

    def _phase_shown(self, card: Card) -> tuple[list[CitedText], list[CitedText]]:
        results = self.report.phases if self.report else ()
        for result in results:
            shares = {share.phase: share.share for share in result.shares}
            if card.id in shares:
                return self._grounds(card, result, shares[card.id]), self._doubts(card, result)
        return [], []

    def _grounds(self, card: Card, result: PhaseResult, share: float) -> list[CitedText]:
        render = self.tools.wording.render
        grounds = [one for one in result.decided_by if card.id in map(card_id_of, one.statements)]
        return [
            CitedText(render("for_share", share=round(100 * share))),
            *(
                CitedText(render("for_ground", text=one.text, mean=decimal(one.mean)), one.statements)
                for one in grounds
            ),
        ]

    def _doubts(self, card: Card, result: PhaseResult) -> list[CitedText]:
        render = self.tools.wording.render
        others = [one for one in result.shares if one.phase != card.id]
        next_one = max(others, key=lambda one: one.share, default=None)
        doubts = []
        if next_one is not None and next_one.share > 0:
            share = round(100 * next_one.share)
            doubts.append(CitedText(render("against_share", share=share, name=next_one.name)))
        settling = result.settling if result.is_doubtful else ()
        return doubts + [
            CitedText(render("against_settling", text=one.text), one.statements) for one in settling
        ]

    def _tension_shown(self, card: Card) -> tuple[list[CitedText], list[CitedText]]:
        render = self.tools.wording.render
        for one in self._tensions():
            if one.card_id == card.id and one.score.mean is not None:
                spread = one.score.spread or 0.0
                divided = [CitedText(render("against_spread", spread=decimal(spread)))]
                return [
                    CitedText(render("for_finding", finding=one.sentence))
                ], divided if spread >= 1 else []
        return [], []


def source_of(card: Card) -> str:
    """Return the id of the source that a card's first statement rests on."""
    return next(iter(card.statements)).references[0].source_id


def quoted(sentence: str) -> str:
    """Return a sentence as it is quoted, cut where it's long."""
    words = sentence.split()
    return sentence if len(words) <= _LONGEST_QUOTE else " ".join(words[:_LONGEST_QUOTE]) + " …"


def decimal(number: float) -> str:
    """Write a number as Dutch does, with one decimal."""
    return f"{number:.1f}".replace(".", ",")


def _measured(report: Report) -> dict[str, float]:
    """Weigh what a check shows: a phase by its share, a paradox by how far it leans or divides."""
    weights = {share.phase: share.share for result in report.phases for share in result.shares}
    for tension in report.tensions:
        if tension.score.mean is not None:
            weights[tension.card_id] = max(abs(tension.score.mean), tension.score.spread or 0.0) / 2
    return weights
