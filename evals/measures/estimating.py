"""Means with their uncertainty."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from evals.results import Estimate

SEED = 20260101
RESAMPLES = 2000


def estimate(values: Sequence[float]) -> Estimate:
    """Return the mean with its 95 % percentile bootstrap interval; no values count as 0."""
    if not values:
        return Estimate(0.0, 0.0, 0.0, 0)
    array = np.asarray(values, dtype=float)
    drawn = np.random.default_rng(SEED).integers(len(array), size=(RESAMPLES, len(array)))
    low, high = np.quantile(array[drawn].mean(axis=1), [0.025, 0.975])
    return Estimate(float(array.mean()), float(low), float(high), len(array))
