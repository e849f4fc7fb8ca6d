"""A tiny real cross-encoder, whose weights are set by hand so that its order can be foretold."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

HIDDEN = 128
LONGEST = 96
"""Tokens of a pair."""

_SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
_SEGMENT, _SHARED = HIDDEN - 1, HIDDEN - 2
"""Places in the hidden vectors: is a token of the passage; has its twin in the passage."""


def words_of(text: str) -> list[str]:
    """Split a text as the cross-encoder does."""
    return re.findall(r"\w+|[^\w\s]", text.lower())


def write_cross_encoder(folder: Path, texts: Iterable[str], labels: int = 1) -> str:
    """Write a BERT that scores a pair by the share of the question's words that the passage holds.

    Its words are those of the texts, at most some 120; every other word is one and the same to it.
    """
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizer

    words = sorted({word for text in texts for word in words_of(text)})
    vocabulary = {word: number for number, word in enumerate((*_SPECIAL, *words))}
    assert len(vocabulary) <= _SHARED
    config = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=HIDDEN,
        num_hidden_layers=2,
        num_attention_heads=1,
        intermediate_size=8,
        max_position_embeddings=LONGEST,
    )
    config.num_labels = labels
    model = BertForSequenceClassification(config)
    with torch.no_grad():
        _set_weights(model)
    model.save_pretrained(folder)
    BertTokenizer(vocab=vocabulary, strip_accents=False).save_pretrained(folder)
    return str(folder)


def _set_weights(model: Any) -> None:
    """Let a token look for its twin, then [CLS] average over the question how many found one."""
    for name, weights in model.named_parameters():
        weights.fill_(1.0 if "LayerNorm.weight" in name else 0.0)
    embeddings = model.bert.embeddings
    embeddings.word_embeddings.weight.fill_diagonal_(1.0)
    embeddings.token_type_embeddings.weight[1, _SEGMENT] = 0.1
    twins, question = (layer.attention for layer in model.bert.encoder.layer)
    twins.self.query.weight[:_SHARED].fill_diagonal_(1.0)
    twins.self.key.weight[:_SHARED].fill_diagonal_(1.0)
    twins.self.value.weight[_SHARED, _SEGMENT] = 1.0
    question.self.query.bias[_SEGMENT] = 10.0
    question.self.key.weight[_SEGMENT, _SEGMENT] = -10.0
    question.self.value.weight[_SHARED, _SHARED] = 1.0
    for attention in (twins, question):
        attention.output.dense.weight.fill_diagonal_(1.0)
    model.bert.pooler.dense.weight[_SHARED, _SHARED] = 1.0
    model.classifier.weight[0, _SHARED] = 20.0
