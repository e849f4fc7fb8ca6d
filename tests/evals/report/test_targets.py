"""Targets are read strictly, and judged on the right side of their bound."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import ValidationError

from evals.report.targets import Target, TargetKey, Unit, Verdict, check_targets, read_targets
from evals.results import ALL, Part
from tests.evals.report.reports import own_report, part


def verdict(of: Part, key: TargetKey) -> Verdict:
    return next(one for one in check_targets(of) if one.key is key)


def test_the_targets_are_those_of_the_design() -> None:
    bounds = {target.key.value: (target.at_least, target.at_most) for target in read_targets()}
    assert bounds == {
        "ndcg": (0.96, None),
        "recall": (0.985, None),
        "fusion": (0, None),
        "english": (0.99, None),
        "inexact": (None, 0),
        "uncited": (None, 0),
        "support": (0.99, None),
        "vital": (0.85, None),
        "nuggets": (0.65, None),
        "words": (None, 150),
        "refusing": (None, 0.03),
        "follow_ups": (0.97, None),
        "answer_p95": (None, 100),
        "latency_ratio": (None, 1.5),
    }


def test_each_target_is_measured_on_a_full_part() -> None:
    measured = {one.key.value: (one.measured, one.is_met) for one in check_targets(part())}
    assert measured == {
        "ndcg": (0.9567, False),
        "recall": (pytest.approx(0.9867), True),
        "fusion": (pytest.approx(-0.012), False),
        "english": (pytest.approx(0.975 / 0.97), True),
        "inexact": (0, True),
        "uncited": (0, True),
        "support": (0.994, True),
        "vital": (0.861, True),
        "nuggets": (pytest.approx(0.701), True),
        "words": (149, True),
        "refusing": (pytest.approx(0.0415), False),
        "follow_ups": (pytest.approx(0.95 / 0.99), False),
        "answer_p95": (38.2, True),
        "latency_ratio": (pytest.approx(21.4 / 18.1), True),
    }


def test_what_was_not_measured_is_neither_met_nor_missed() -> None:
    open_ = {one.key.value for one in check_targets(own_report().parts[0]) if one.is_met is None}
    assert {"inexact", "uncited", "support", "words"} == {key.value for key in TargetKey} - open_


def test_a_type_where_the_fusion_equals_its_better_leg_is_good_enough() -> None:
    rows = [row for row in part().ranked if row.type in {"why", ALL}]
    dense = next(row for row in rows if (row.system, row.type) == ("dense", "why"))
    level = [replace(row, ndcg=dense.ndcg) if row.type == "why" else row for row in rows]
    assert verdict(replace(part(), ranked=tuple(level)), TargetKey.FUSION).is_met


def test_without_legs_the_fusion_cannot_be_compared() -> None:
    alone = tuple(row for row in part().ranked if row.system == "product")
    assert verdict(replace(part(), ranked=alone), TargetKey.FUSION).measured is None


@pytest.mark.parametrize(("measured", "is_met"), [(0.03, True), (0.1 * 0.3, True), (0.0301, False)])
def test_a_bound_itself_is_allowed_whatever_the_last_bit(measured: float, is_met: bool) -> None:
    assert Target(key=TargetKey.REFUSING, at_most=0.03, unit=Unit.PERCENT).allows(measured) is is_met


@pytest.mark.parametrize("bounds", [{}, {"at_least": 0.1, "at_most": 0.2}])
def test_a_target_without_one_bound_is_refused(bounds: dict[str, float]) -> None:
    with pytest.raises(ValidationError, match="either"):
        Target(key=TargetKey.NDCG, unit=Unit.SHARE, **bounds)


def test_a_file_that_forgets_a_target_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "targets.yaml"
    file.write_text("targets: [{key: ndcg, at_least: 0.9, unit: share}]", encoding="utf-8")
    with pytest.raises(ValidationError, match="each target must occur once"):
        read_targets(file)
