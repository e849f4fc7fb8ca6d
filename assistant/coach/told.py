"""What a situation tells of each card: which statements are at issue, in which sentence, and which aren't.

A statement is only put beside a sentence that holds its signs; how near the two are only orders what is left.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from assistant.coach.poles import Pole
from assistant.coach.signs import Sign
from assistant.coach.situations import Match, Situation
from assistant.domain import Card, Statement

LEAST_MATCH = 0.05
"""How well a sentence must fit a statement whose signs it holds."""

UNTOLD = 0.6
"""How well some sentence may fit a statement that is said not to be told."""


@dataclass(frozen=True, slots=True)
class Told:
    """A situation, heard with the signs of the statements."""

    situation: Situation
    signs: Mapping[str, Sign]

    def pairs(self, card: Card, without: Collection[str] = ()) -> list[Match]:
        """Return sentences beside the statements of a card that they show, best first; each once.

        ``without`` holds ids of statements to leave out.
        """
        matches = (one for one in self.situation.matches(card) if one.statement.id not in without)
        return _apart(one for one in matches if one.strength >= LEAST_MATCH and self._shows(one))

    def owned(self, card: Card, rivals: Sequence[Card], without: Collection[str]) -> list[Match]:
        """Return the pairs of a card whose sentence fits none of its rivals better."""
        best: dict[str, float] = {}
        for rival in rivals:
            for match in self.pairs(rival):
                best[match.sentence] = max(match.strength, best.get(match.sentence, 0.0))
        return [one for one in self.pairs(card, without) if one.strength >= best.get(one.sentence, 0.0)]

    def pointing(self, card: Card, pole: Pole | None) -> str | None:
        """Return the sentence that says most of a card, of those that show a pole if there are such."""
        matches = self.situation.matches(card)
        shown = [one for one in matches if pole and pole.count(one.sentence)]
        return next((one.sentence for one in shown or matches), None)

    def untold(self, card: Card, without: Collection[str]) -> Statement | None:
        """Return the statement with signs that the situation says least of, if there's none of it."""
        best: dict[str, tuple[float, Statement]] = {}
        heard = self.statements()
        for match in self.situation.matches(card):
            best.setdefault(match.statement.id, (match.strength, match.statement))
        expected = {id_ for id_, sign in self.signs.items() if sign.expected}
        left = best.keys() & expected - heard - set(without)
        least = min(left, key=lambda id_: (best[id_][0], id_), default=None)
        return best[least][1] if least is not None and best[least][0] < UNTOLD else None

    def statements(self) -> set[str]:
        """Return the ids of all statements that some sentence shows."""
        sentences = [sentence for sentence, _ in self.situation.parts]
        return {id_ for id_, sign in self.signs.items() if any(map(sign.shows_in, sentences))}

    def _shows(self, match: Match) -> bool:
        sign = self.signs.get(match.statement.id)
        return sign is not None and sign.shows_in(match.sentence)


def _apart(matches: Iterable[Match]) -> list[Match]:
    """Return the matches, each of another sentence and another statement, best first."""
    chosen: list[Match] = []
    for match in matches:
        if all(one.sentence != match.sentence and one.statement != match.statement for one in chosen):
            chosen.append(match)
    return chosen
