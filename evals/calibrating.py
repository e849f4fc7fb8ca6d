"""``python -m evals.calibrating``: fits the refusal policy on the dev split, both ways together.

Answerable are the questions that the sources answer, their English forms and the follow-ups in their
standalone form. Both classes weigh the same, as in the error that is to be small. Cross-validation
says what to expect of questions that it wasn't fitted on; a question and its English form stay
together in it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import yaml
from numpy.typing import NDArray

from assistant.answering.refusing import FILE, RefusalPolicy, signals
from assistant.bootstrap import load_engine
from assistant.domain import Question
from assistant.settings import read_settings
from evals.bench import Bench, RememberingEmbedder, both_ways, open_bench
from evals.items import DATA, Items, read_items

CALIBRATING = DATA / "calibrating.yaml"
"""Questions for calibrating alone: by others than who wrote the dev split and the phrasings."""

FOLDS = 10
STRENGTH = 0.5
"""Inverse of the regularisation's strength."""
DECIMALS = 4

Learn = Callable[[NDArray[np.float64], NDArray[np.bool_], NDArray[np.float64]], NDArray[np.float64]]
"""Learns from signals and the truth of some cases, and gives the confidence in others by theirs."""


@dataclass(frozen=True, slots=True)
class Case:
    """A question, whether the sources answer it, and which belong together."""

    question: str
    is_answerable: bool
    group: str


def cases_of(items: Items) -> Iterator[Case]:
    """Yield all questions of a set that say by themselves whether they can be answered."""
    yield from (Case(item.question, True, item.id) for item in items.answerable)
    yield from (Case(item.question, True, item.of) for item in items.twins)
    yield from (Case(item.standalone, True, item.id) for item in items.follow_ups)
    yield from (Case(item.question, False, item.id) for item in items.unanswerable)


def measure_signals(bench: Bench, cases: list[Case]) -> NDArray[np.float64]:
    """Return the signals of each case; shape (len(cases), number of signals)."""
    rows = []
    for case in cases:
        query = bench.understanding.understand(Question(case.question))
        rows.append(list(signals(query, bench.opened.retriever.retrieve(query)).values()))
    return np.array(rows)


def fit(
    values: NDArray[np.float64], truth: NDArray[np.bool_], names: list[str]
) -> tuple[float, dict[str, float]]:
    """Return the bias and the weights of a logistic model, for the signals as they are."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    scaler = StandardScaler().fit(values)
    model = LogisticRegression(C=STRENGTH, class_weight="balanced").fit(scaler.transform(values), truth)
    weights = model.coef_[0] / scaler.scale_
    bias = float(model.intercept_[0] - weights @ scaler.mean_)
    return bias, dict(zip(names, map(float, weights), strict=True))


def confide(
    values: NDArray[np.float64], truth: NDArray[np.bool_], new: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Fit the model on known cases; return its confidence in new ones, shape (len(new),)."""
    bias, weights = fit(values, truth, [str(column) for column in range(values.shape[1])])
    logits = bias + new @ np.array(list(weights.values()))
    return np.asarray(1 / (1 + np.exp(-logits)), dtype=np.float64)


def held_out(
    values: NDArray[np.float64], truth: NDArray[np.bool_], groups: NDArray[np.str_], learn: Learn
) -> NDArray[np.float64]:
    """Return the confidence in each case, learned without it and its group; shape (len(truth),)."""
    from sklearn.model_selection import GroupKFold

    confidence = np.zeros(len(truth))
    for train, test in GroupKFold(FOLDS, shuffle=True, random_state=0).split(values, truth, groups):
        confidence[test] = learn(values[train], truth[train], values[test])
    return confidence


def main() -> None:
    """Fit, say how well it does, and write the calibration."""
    settings = read_settings()
    engine = load_engine(settings)
    cases = [*cases_of(read_items(DATA / "dev")), *cases_of(read_items(CALIBRATING))]
    measured = []
    with both_ways(settings) as ways:
        for chosen in ways:
            with open_bench(chosen, RememberingEmbedder(engine)) as bench:
                measured.append(measure_signals(bench, cases))
                names = list(names_of(bench, cases[0]))
    values = np.vstack(measured)
    truth = np.array([case.is_answerable for case in cases] * len(measured))
    groups = np.array([case.group for case in cases] * len(measured))
    sys.stdout.write(_expected(values, truth, groups) + "\n")
    bias, weights = fit(values, truth, names)
    old = RefusalPolicy.read()
    calibration = {
        "bias": round(bias, DECIMALS),
        "weights": {name: round(weight, DECIMALS) for name, weight in weights.items()},
        "answered_from": old.answered_from,
        "off_topic": old.off_topic,
    }
    FILE.write_text(yaml.safe_dump(calibration, sort_keys=False), encoding="utf-8")


def names_of(bench: Bench, case: Case) -> Iterator[str]:
    """Yield what the signals are called, in their order."""
    query = bench.understanding.understand(Question(case.question))
    yield from signals(query, bench.opened.retriever.retrieve(query))


def _expected(values: NDArray[np.float64], truth: NDArray[np.bool_], groups: NDArray[np.str_]) -> str:
    """Return what cross-validation expects of the errors, at some thresholds."""
    from sklearn.metrics import roc_auc_score

    confidence = held_out(values, truth, groups, confide)
    lines = [f"AUROC {roc_auc_score(truth, confidence):.3f}"]
    for bound in (0.3, 0.4, 0.5, 0.6, 0.7):
        refused, answered = (confidence < bound)[truth].mean(), (confidence >= bound)[~truth].mean()
        lines.append(f"from {bound}: wrongly refused {refused:.3f}, wrongly answered {answered:.3f}")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
