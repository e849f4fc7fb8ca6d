"""How well the product tells what the sources answer from what they don't."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from assistant.domain import Answer, Refusal
from evals.items import Answerable, Unanswerable
from evals.measures.estimating import estimate
from evals.results import CalibrationBin, Estimate, Refused

BINS = 10
Outcome = Answer | Refusal


def measure_refusing(
    answerable: Sequence[tuple[Answerable, Outcome]], unanswerable: Sequence[tuple[Unanswerable, Outcome]]
) -> Refused:
    """Count both errors, and see whether the confidence sets the two apart."""
    refused = [(item.type.value, isinstance(outcome, Refusal)) for item, outcome in answerable]
    answered = [(item.kind.value, isinstance(outcome, Answer)) for item, outcome in unanswerable]
    confidence = np.array([outcome.confidence for _, outcome in [*answerable, *unanswerable]])
    truth = np.array([True] * len(answerable) + [False] * len(unanswerable))
    bins = tuple(_bins(confidence, truth))
    return Refused(
        wrongly_refused=estimate([wrong for _, wrong in refused]),
        wrongly_answered=estimate([wrong for _, wrong in answered]),
        by_type=_by_name(refused),
        by_kind=_by_name(answered),
        auroc=area_under_roc(confidence, truth),
        calibration=bins,
        calibration_error=_calibration_error(bins),
    )


def area_under_roc(confidence: np.ndarray, truth: np.ndarray) -> float:
    """Return the area under the ROC curve; .5 where only one class is there."""
    from sklearn.metrics import roc_auc_score

    return float(roc_auc_score(truth, confidence)) if 0 < truth.sum() < len(truth) else 0.5


def _by_name(pairs: Iterable[tuple[str, bool]]) -> Mapping[str, Estimate]:
    grouped: dict[str, list[bool]] = {}
    for name, wrong in pairs:
        grouped.setdefault(name, []).append(wrong)
    return {name: estimate(values) for name, values in sorted(grouped.items())}


def _bins(confidence: np.ndarray, truth: np.ndarray) -> Iterable[CalibrationBin]:
    places = np.minimum((confidence * BINS).astype(int), BINS - 1)
    for place in range(BINS):
        inside = places == place
        if inside.any():
            yield CalibrationBin(
                float(confidence[inside].mean()), float(truth[inside].mean()), int(inside.sum())
            )


def _calibration_error(bins: Sequence[CalibrationBin]) -> float:
    total = sum(one.count for one in bins)
    return sum(abs(one.confidence - one.answerable) * one.count for one in bins) / total if total else 0.0
