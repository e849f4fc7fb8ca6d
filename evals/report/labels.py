"""What everything in a report is called in Dutch."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

from evals.report.targets import TargetKey

FILE = Path(__file__).with_name("labels.yaml")


class PlotTexts(BaseModel):
    """The words along the axes and in the legends."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    confidence: str
    answerable: str
    perfect: str
    calibration: str
    ndcg: str
    vital: str
    target: str
    milliseconds: str
    share_of_answers: str
    answers: str
    embedding: str


class Labels(BaseModel):
    """Names by group; a name that isn't listed (a model, say) stays what it is."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    ways: Mapping[str, str]
    splits: Mapping[str, str]
    lists: Mapping[str, str]
    systems: Mapping[str, str]
    types: Mapping[str, str]
    kinds: Mapping[str, str]
    settings: Mapping[str, str]
    outcomes: Mapping[str, str]
    targets: Mapping[TargetKey, str]
    judges: Mapping[str, str]
    classes: Mapping[str, str]
    measures: Mapping[str, str]
    variants: Mapping[str, str]
    plots: PlotTexts

    def name(self, key: str, group: str) -> str:
        """Return what ``key`` is called."""
        names: Mapping[str, str] = getattr(self, group)
        return names.get(key, key)


@cache
def read_labels(path: Path = FILE) -> Labels:
    """Read and validate the names."""
    return Labels.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
