"""To which side of its paradoxes an alliance leans."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from assistant.coach.norms import Norms, quoted
from assistant.coach.scoring import Answers, score_item
from assistant.domain import Score, Tension, TensionResult


class Tilt(StrEnum):
    """Where respondents put a tension; two of the values name sides, as actions do."""

    LEFT = "left"
    RIGHT = "right"
    BALANCED = "balanced"
    DIVIDED = "divided"
    UNKNOWN = "unknown"


def weigh(tensions: Sequence[Tension], answers: Sequence[Answers], norms: Norms) -> tuple[TensionResult, ...]:
    """Score each tension, and say where it stands."""
    return tuple(_weigh(one, answers, norms) for one in tensions)


def tilt_of(score: Score, norms: Norms) -> Tilt:
    """Return the side to which a tension leans; where people differ too much to lean it's divided."""
    if score.mean is None or score.spread is None:
        return Tilt.UNKNOWN
    if abs(score.mean) >= norms.tilt.start:
        return Tilt.LEFT if score.mean < 0 else Tilt.RIGHT
    return Tilt.DIVIDED if score.spread >= norms.spread.start else Tilt.BALANCED


def _weigh(tension: Tension, answers: Sequence[Answers], norms: Norms) -> TensionResult:
    score = score_item(tension.id, tension.question, answers)
    sentences = {
        Tilt.LEFT: norms.tilt.left,
        Tilt.RIGHT: norms.tilt.right,
        Tilt.BALANCED: norms.tilt.balanced,
        Tilt.DIVIDED: norms.spread.sentence,
        Tilt.UNKNOWN: norms.few,
    }
    sentence = sentences[tilt_of(score, norms)].format(
        links=tension.left, rechts=tension.right, titel=quoted(tension.question)
    )
    return TensionResult(score, tension.card_id, tension.left, tension.right, sentence)
