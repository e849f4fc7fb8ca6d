"""When the sources don't answer a question: decided from raw engine scores and word coverage."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict

from assistant.domain import Findings, Intent, Language, Query, RefusalReason
from assistant.errors import InvalidTexts

FILE = Path(__file__).with_name("refusing.yaml")

SIMILARITIES_FROM = 0.8
"""Similarities of e5 on Dutch lie close together above this; a tenth more is a great deal."""

Signal = Literal[
    "passage",
    "phrasing",
    "unanswered",
    "suited",
    "coverage",
    "unknown",
    "unknown_name",
    "length",
    "story",
    "english",
]
"""What the decision rests on, by name."""

USUAL_UNANSWERED = 0.86
"""Similarity of a question to the nearest one that the texts don't answer, where none are listed."""

USUAL_SUITED = 0.15
"""Nearness of the adapted question to the nearest statement, where there is no adapter."""

_NAME = re.compile(r"(?<=[a-zà-ÿ,] )[A-Z][\w-]+")


class _Calibration(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    bias: float
    weights: Mapping[Signal, float]
    answered_from: float
    off_topic: float


@dataclass(frozen=True, slots=True)
class RefusalPolicy:
    """A logistic model of whether the sources answer a question, calibrated on the evals' dev split.

    ``python -m evals.calibrating`` fits it; it holds for multilingual-e5-small.
    """

    bias: float
    weights: Mapping[Signal, float]
    answered_from: float
    """Confidence from which a question is answered."""
    off_topic: float
    """Below this similarity a question is about something else altogether."""

    @classmethod
    def read(cls, path: Path = FILE) -> RefusalPolicy:
        """Read a calibration; raise ``InvalidTexts`` where the file is anything else."""
        try:
            found = _Calibration.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
        except (OSError, yaml.YAMLError, ValueError) as error:
            raise InvalidTexts(file=path.name, key="", reason=str(error)) from error
        return cls(found.bias, found.weights, found.answered_from, found.off_topic)

    def confidence(self, query: Query, findings: Findings) -> float:
        """Return how surely the sources answer a question, from 0 to 1."""
        if not findings.passages or query.intent is Intent.TASK:
            return 0.0
        found = signals(query, findings)
        logit = self.bias + sum(weight * found[name] for name, weight in self.weights.items())
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))

    def decide(self, query: Query, findings: Findings) -> RefusalReason | None:
        """Return why the question is refused, or ``None`` to answer it."""
        if self.confidence(query, findings) >= self.answered_from:
            return None
        is_task = query.intent is Intent.TASK
        is_off_topic = is_task or not findings.passages or _nearest(findings) < self.off_topic
        return RefusalReason.OUT_OF_SCOPE if is_off_topic else RefusalReason.NOT_IN_SOURCES


def signals(query: Query, findings: Findings) -> dict[Signal, float]:
    """Return what the decision rests on, by name.

    Similarities: of the nearest passage and phrasing, and of the nearest question that the texts
    don't answer; a corpus without phrasings, or without such questions, gets what is usual.
    Then how near the adapted question is to the nearest statement.
    Words: the share of the question's content that the best passages hold,
    the share that no text holds, and whether a name is among those. A story has many words that no
    text holds, and an English question has none in common with Dutch texts.
    """
    is_english = query.language is Language.ENGLISH
    statement = max(findings.closeness.values(), default=0.0)
    return {
        "passage": _tenths(findings.best_dense),
        "phrasing": _tenths(findings.best_phrasing or max(findings.best_dense, statement)),
        "unanswered": _tenths(findings.best_unanswered or USUAL_UNANSWERED),
        "suited": 10 * max(findings.suited.values(), default=USUAL_SUITED),
        "coverage": 0.0 if is_english else findings.coverage,
        "unknown": 0.0 if is_english else findings.unknown_share,
        "unknown_name": float(_has_unknown_name(query.text, findings.unknown_terms)),
        "length": math.log(max(1, len(query.text.split()))),
        "story": float(query.intent is Intent.SITUATION),
        "english": float(is_english),
    }


def _tenths(similarity: float) -> float:
    return (similarity - SIMILARITIES_FROM) * 10


def _nearest(findings: Findings) -> float:
    return max([findings.best_dense, findings.best_phrasing, *findings.closeness.values()])


def _has_unknown_name(text: str, unknown: tuple[str, ...]) -> bool:
    return any(part in unknown for name in _NAME.findall(text) for part in name.casefold().split("-"))
