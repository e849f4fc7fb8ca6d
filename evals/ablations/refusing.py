"""What refusing rests on, one thing less at a time: fitted anew, and tried on what it wasn't fitted on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from evals.ablations.measuring import OneWay, Scores, set_side_by_side
from evals.calibrating import Case, Learn, confide, held_out
from evals.results import Block
from evals.systems import PRODUCT

DENSE = "passage"
"""The signal that a threshold on the vectors alone would rest on."""

LESS: Mapping[str, str] = {"no unanswered": "unanswered", "no phrasing near": "phrasing"}
"""What a variant does without."""


def ablate_refusing(
    ways: Sequence[OneWay], listed: Sequence[Case], answered_from: float
) -> tuple[Block, ...]:
    """Return a block for each way; as for the product, one model is fitted on all ways together."""
    names = ways[0].names
    values = np.vstack([way.signals for way in ways])
    truth = np.array([case.is_answerable for case in listed] * len(ways))
    groups = np.array([case.group for case in listed] * len(ways))

    def answers(learn: Learn, chosen: Sequence[str]) -> list[NDArray[np.bool_]]:
        columns = [names.index(name) for name in chosen]
        confidence = held_out(values[:, columns], truth, groups, learn)
        return np.split(confidence >= answered_from, len(ways))

    tried = {
        PRODUCT: answers(confide, names),
        "dense threshold": answers(pass_threshold, [DENSE]),
        **{key: answers(confide, [name for name in names if name != less]) for key, less in LESS.items()},
    }
    return tuple(
        set_side_by_side(
            way.way, "refusing", {key: _errors(listed, by_way[at]) for key, by_way in tried.items()}
        )
        for at, way in enumerate(ways)
    )


def pass_threshold(
    values: NDArray[np.float64], truth: NDArray[np.bool_], new: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return 1 for what lies above the threshold that does best on known cases, else 0.

    ``values`` has shape (cases, 1), ``new`` (other cases, 1).
    """
    known = np.unique(values[:, 0])
    between = [-np.inf, *((known[1:] + known[:-1]) / 2)]
    errors = [(values[truth, 0] < bound).mean() + (values[~truth, 0] >= bound).mean() for bound in between]
    return np.asarray(new[:, 0] >= between[int(np.argmin(errors))], dtype=np.float64)


def _errors(listed: Sequence[Case], answers: NDArray[np.bool_]) -> Scores:
    """Return both errors by case, and their mean: in it, both classes weigh the same."""
    refused = {str(at): float(not answers[at]) for at, case in enumerate(listed) if case.is_answerable}
    answered = {str(at): float(answers[at]) for at, case in enumerate(listed) if not case.is_answerable}
    both = {
        at: wrong * len(listed) / (2 * len(errors))
        for errors in (refused, answered)
        for at, wrong in errors.items()
    }
    return {"wrongly_refused": refused, "wrongly_answered": answered, "mean_error": both}
