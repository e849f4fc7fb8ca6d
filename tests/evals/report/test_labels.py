"""Everything that can occur in a report has a Dutch name."""

from __future__ import annotations

from assistant.domain import RefusalReason
from evals.items import Items, QuestionType, RefusalKind
from evals.report.labels import read_labels
from evals.report.rows import SYSTEMS
from evals.report.targets import TargetKey
from evals.results import ALL


def test_all_types_kinds_outcomes_systems_lists_and_targets_have_a_name() -> None:
    labels = read_labels()
    assert set(labels.types) == {ALL, *QuestionType}
    assert set(labels.kinds) == set(RefusalKind)
    assert set(labels.outcomes) == {"answered", *RefusalReason}
    assert set(labels.systems) == set(SYSTEMS)
    assert set(labels.lists) == set(Items.model_fields)
    assert set(labels.targets) == set(TargetKey)


def test_a_name_that_is_not_listed_stays_what_it_is() -> None:
    assert read_labels().name("bge-m3", "systems") == "bge-m3"
