"""A run: which ways are measured, and who judges."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.settings import Settings, read_settings
from evals.bench import Bench, both_ways
from evals.judging.words import WordJudge
from evals.running import Choices, build_judge


def test_without_originals_the_cards_alone_are_measured(card_settings: Settings) -> None:
    with both_ways(card_settings) as ways:
        (cards,) = ways
        assert cards.originals_folder is None
        assert cards.index_folder != card_settings.index_folder


def test_with_originals_the_cards_alone_come_first(tmp_path: Path) -> None:
    (tmp_path / "tekst.txt").write_text("Een brug.", encoding="utf-8")
    settings = read_settings(data=tmp_path / "data", originals=tmp_path)
    with both_ways(settings) as ways:
        cards, originals = ways
        assert cards.originals_folder is None
        assert originals == settings
        kept = cards.data
        assert kept is not None
        assert kept.is_dir()
    assert not kept.exists()


@pytest.mark.parametrize("has_originals", [True, False])
def test_a_corpus_of_ones_own_is_measured_as_it_is(tmp_path: Path, has_originals: bool) -> None:
    if has_originals:
        (tmp_path / "tekst.txt").write_text("Een brug.", encoding="utf-8")
    settings = read_settings(data=tmp_path / "data", originals=tmp_path)
    with both_ways(settings, is_own=True) as ways:
        assert ways == [settings]


def test_no_model_judges_unless_it_is_asked_for(card_bench: Bench) -> None:
    assert isinstance(build_judge(Choices(), card_bench), WordJudge)
