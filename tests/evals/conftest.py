"""Benches on the shipped cards and on the originals, opened once, and the judge that needs no model."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assistant.settings import Settings
from evals.bench import Bench, RememberingEmbedder, open_bench
from evals.judging.support import WordSupport
from evals.judging.words import WordJudge
from tests.fakes import a_catalogue


@pytest.fixture(scope="session")
def card_bench(card_settings: Settings, remembering: RememberingEmbedder) -> Iterator[Bench]:
    """A bench on the cards alone."""
    with open_bench(card_settings, remembering) as bench:
        yield bench


@pytest.fixture(scope="session")
def original_bench(original_settings: Settings, remembering: RememberingEmbedder) -> Iterator[Bench]:
    """A bench on the cards and the originals."""
    with open_bench(original_settings, remembering) as bench:
        yield bench


@pytest.fixture(params=["card_bench", pytest.param("original_bench", marks=pytest.mark.originals)])
def bench(request: pytest.FixtureRequest) -> Bench:
    """A bench on either."""
    found = request.getfixturevalue(request.param)
    assert isinstance(found, Bench)
    return found


@pytest.fixture(scope="session")
def judge() -> WordJudge:
    """A judge that knows the wording of two sentences."""
    return WordJudge(WordSupport(a_catalogue()))
