"""Drawing a sample of repairs, and what it says."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from assistant.corpus.cleaning import Repair
from evals.cleaning.defects import read_wording
from evals.cleaning.sampling import Judged, describe, draw, read_sample, wilson, write_sample


def repairs(counts: dict[tuple[str, str], int]) -> tuple[Judged, ...]:
    return tuple(
        Judged(source=source, kind=kind, offset=at, before="-", after="", place="a|b")
        for (kind, source), count in counts.items()
        for at in range(count)
    )


def test_a_small_kind_is_drawn_whole_and_a_large_one_evenly_over_its_sources() -> None:
    listed = repairs({("few", "a"): 3, ("many", "a"): 500, ("many", "b"): 20})
    counts = Counter((item.kind, item.source) for item in draw(listed, size=33))
    assert counts == {("few", "a"): 3, ("many", "a"): 15, ("many", "b"): 15}


def test_a_kind_that_runs_out_leaves_its_turns_to_the_others() -> None:
    listed = repairs({("some", "a"): 12, ("many", "a"): 500})
    counts = Counter(item.kind for item in draw(listed, size=100))
    assert counts == {"some": 12, "many": 88}


def test_the_same_seed_draws_the_same_sample() -> None:
    listed = repairs({("many", "a"): 300})
    assert draw(listed, 50) == draw(listed, 50)
    assert draw(listed, 50) != draw(listed, 50, seed=1)


def test_a_repair_is_described_in_few_words_and_an_address_not_at_all() -> None:
    text = "Een brug over het water."
    long = describe("a", Repair("pull-quote", 9, "een twee drie vier vijf", ""), text)
    assert (long.before, long.place) == ("een twee drie … (5)", "brug|over")
    assert describe("a", Repair("contact", 9, "a@b.nl", ""), text).before == "•"
    assert describe("a", Repair("lines", 8, "\n", " "), text).before == "⏎"


def test_judgements_are_read_as_they_were_written(tmp_path: Path) -> None:
    sample = (
        Judged(source="a", kind="note", offset=3, before="2", after="", place="'een:|[twee", verdict="goed"),
        Judged(
            source="a", kind="lines", offset=9, before="⏎", after="␣", place="|#", verdict="fout", note="x"
        ),
    )
    write_sample(sample, tmp_path / "sample.yaml")
    assert read_sample(tmp_path / "sample.yaml") == sample


@pytest.mark.parametrize(
    ("right", "total", "low", "high"), [(200, 200, 0.981, 1.0), (98, 100, 0.930, 0.994), (1, 2, 0.095, 0.905)]
)
def test_the_interval_is_wilsons(right: int, total: int, low: float, high: float) -> None:
    assert wilson(right, total) == pytest.approx((low, high), abs=0.001)


def test_each_pattern_of_a_defect_is_a_pattern() -> None:
    assert [defect.count("") for defect in read_wording().defects] == [0] * len(read_wording().defects)
