"""The network of multilingual-e5-small as an ONNX model with weights of 8 bits.

From the sum of word and position of each token to its last hidden state; what comes before (a look-up
in a large table) and after (a mean) is cheaper outside. The activations get 8 bits too, anew for each
text (Zafrir et al., "Q8BERT", 2019); that depends on all tokens of a run, so a text is always run alone.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from assistant.retrieval.embedding.onnx_format import MICROSOFT, Graph
from assistant.retrieval.embedding.packed_e5 import PackedE5

EMBEDDINGS, STATES = "embeddings", "last_hidden_state"

LARGEST = 64
"""Seven of the eight bits: on processors without VNNI, sums of two larger products would be cut off."""


def write_model(packed: PackedE5) -> bytes:
    """Return the model; ``EMBEDDINGS`` and ``STATES`` have shape (1, tokens, width)."""
    graph = Graph()
    encode(graph, packed, graph.input(EMBEDDINGS, "float32", 1, "tokens", packed.shape.width))
    graph.output(STATES, "float32", 1, "tokens", packed.shape.width)
    return graph.model()


def encode(graph: Graph, packed: PackedE5, embeddings: str) -> str:
    """Add all layers, from the embeddings of tokens to ``STATES``; return that name."""
    states = _normalise(graph, packed, "emb.ln", embeddings, "normalised")
    for layer in range(packed.shape.layers):
        states = _add_layer(graph, packed, f"l{layer}", states)
    return graph.node("Identity", [states], STATES)


def _add_layer(graph: Graph, packed: PackedE5, layer: str, states: str) -> str:
    width, inner = packed.shape.width, packed.shape.inner
    parts = [f"{layer}.{part}" for part in "qkv"]
    joined = _multiply(graph, packed, parts, states, f"{layer}.qkv", (width, width))
    graph.node("Split", [joined], " ".join(f"{part}.states" for part in parts), axis=2)
    heads = [f"{part}.states" for part in parts]
    seen = graph.node("MultiHeadAttention", heads, f"{layer}.seen", MICROSOFT, num_heads=packed.shape.heads)
    attended = _multiply(graph, packed, [f"{layer}.ao"], seen, f"{layer}.attended", (width, width))
    summed = graph.node("Add", [states, attended], f"{layer}.with_attended")
    between = _normalise(graph, packed, f"{layer}.aln", summed, f"{layer}.between")
    wide = _multiply(graph, packed, [f"{layer}.fi"], between, f"{layer}.wide", (inner, width))
    active = graph.node("Gelu", [wide], f"{layer}.active", MICROSOFT)
    narrow = _multiply(graph, packed, [f"{layer}.fo"], active, f"{layer}.narrow", (width, inner))
    summed = graph.node("Add", [between, narrow], f"{layer}.with_narrow")
    return _normalise(graph, packed, f"{layer}.oln", summed, f"{layer}.out")


def _multiply(  # noqa: PLR0913, PLR0917 - from where to where, and by what
    graph: Graph, packed: PackedE5, names: list[str], states: str, result: str, shape: tuple[int, int]
) -> str:
    """Multiply by matrices of this shape that share their input, as one, and add their biases."""
    weights = np.concatenate([packed.matrix(f"{name}.w", *shape) for name in names])
    biases = np.concatenate([packed.floats(f"{name}.b", shape[0]) for name in names])
    small, scales = quantise(weights)
    constants = [
        graph.constant(f"{result}.weights", np.ascontiguousarray(small.T)),
        graph.constant(f"{result}.scales", scales),
        graph.constant(f"{result}.zeros", np.zeros(len(scales), np.int8)),
        graph.constant(f"{result}.biases", biases),
    ]
    return graph.node("DynamicQuantizeMatMul", [states, *constants], result, MICROSOFT)


def quantise(weights: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Return weights of shape (outputs, inputs) as small numbers, and what one is worth for each output."""
    largest = np.maximum(weights.max(axis=1), -weights.min(axis=1))
    scales = np.maximum(largest / LARGEST, np.finfo(np.float32).tiny).astype(np.float32)
    small = weights / scales[:, np.newaxis]
    return np.rint(small, out=small).astype(np.int8), scales


def _normalise(graph: Graph, packed: PackedE5, name: str, states: str, result: str) -> str:
    sizes = (packed.shape.width,)
    weights = graph.constant(f"{result}.w", packed.floats(f"{name}.w", *sizes))
    biases = graph.constant(f"{result}.b", packed.floats(f"{name}.b", *sizes))
    inputs = [states, weights, biases]
    return graph.node("LayerNormalization", inputs, result, axis=-1, epsilon=packed.shape.epsilon)
