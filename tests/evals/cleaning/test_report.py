"""The report on cleaning, and the judgements that it rests on, are about today's code."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from assistant.settings import read_settings
from evals.cleaning.defects import read_wording
from evals.cleaning.originals import Texts, clean_all
from evals.cleaning.report import REPORT, report
from evals.cleaning.sampling import SIZE, all_repairs, read_sample

pytestmark = pytest.mark.originals


@pytest.fixture(scope="module")
def texts(originals: Path) -> Texts:
    return clean_all(read_settings(originals=originals).corpus, originals)


def test_every_repair_of_the_sample_is_still_made(texts: Texts) -> None:
    made = Counter(repair.identity for repair in all_repairs(texts.cleaned))
    gone = Counter(item.identity for item in read_sample()) - made
    assert not gone


def test_the_sample_is_judged_whole_and_at_least_98_in_100_are_right() -> None:
    sample = read_sample()
    assert len(sample) == SIZE
    assert {item.verdict for item in sample} <= {"goed", "fout"}
    assert all(item.note for item in sample if item.verdict == "fout")
    assert sum(item.verdict == "goed" for item in sample) >= 0.98 * SIZE


def test_the_sample_holds_every_kind_and_every_source_of_today(texts: Texts) -> None:
    strata = {(repair.kind, repair.source) for repair in all_repairs(texts.cleaned)}
    assert {(item.kind, item.source) for item in read_sample()} == strata


def test_no_known_defect_is_left(texts: Texts) -> None:
    left = {
        (defect.title, source): count
        for defect in read_wording().defects
        for source, clean in texts.cleaned.items()
        if (count := defect.count(clean.text))
    }
    assert left == {}


def test_each_defect_was_there_to_be_found(texts: Texts) -> None:
    for defect in read_wording().defects:
        assert sum(defect.count(text) for text in texts.raw.values()) > 0, defect.title


def test_the_report_is_up_to_date(texts: Texts) -> None:
    assert REPORT.read_text(encoding="utf-8") == report(texts, read_wording(), read_sample())
