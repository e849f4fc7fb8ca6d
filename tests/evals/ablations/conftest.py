"""A bench on a corpus of two cards, so that making its indexes anew takes little time."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator

import pytest

from assistant.bootstrap import load_engine
from assistant.settings import Settings, read_settings
from evals.bench import Bench, RememberingEmbedder, open_bench

CARDS = ("begrip/calculatief-vertrouwen", "begrip/relationeel-vertrouwen")
RELATED = re.compile(r"^related:.*\n(?: *- .*\n)*", re.MULTILINE)


@pytest.fixture(scope="session")
def tiny_settings(card_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings with a corpus of two cards that name no others."""
    corpus, shipped = tmp_path_factory.mktemp("tiny"), card_settings.corpus
    for name in ("sources.yaml", "headings.yaml", "unanswered.yaml"):
        shutil.copy(shipped / name, corpus)
    shutil.copytree(shipped / "vectors", corpus / "vectors")
    for name in CARDS:
        for folder, ending in (("cards", "md"), ("phrasings", "yaml")):
            (corpus / folder / name).parent.mkdir(parents=True, exist_ok=True)
            text = (shipped / folder / f"{name}.{ending}").read_text("utf-8")
            (corpus / folder / f"{name}.{ending}").write_text(RELATED.sub("related: []\n", text), "utf-8")
    return read_settings(
        data=tmp_path_factory.mktemp("data"), corpus=corpus, originals=tmp_path_factory.mktemp("none")
    )


@pytest.fixture(scope="session")
def tiny_bench(tiny_settings: Settings) -> Iterator[Bench]:
    """A bench on them."""
    with open_bench(tiny_settings, RememberingEmbedder(load_engine(tiny_settings))) as bench:
        yield bench
